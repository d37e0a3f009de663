//! A person in front of a page, who finds things by their words, and may have no mouse.

use crate::browser::Browser;
use crate::wait;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::json;

/// The id of the visible field whose label says exactly this; the last of them.
const FIELD: &str = "const labels = [...document.querySelectorAll('label')]; \
    const found = labels.filter((one) => one.textContent.trim() === arguments[0] && one.checkVisibility()); \
    return found.length ? found[found.length - 1].htmlFor : ''";

/// Whether what has the focus is this.
const HAS_FOCUS: &str = "return document.activeElement.matches(arguments[0])";

/// More presses of Tab than any page has places to stop at.
const TABS_MAX: usize = 400;

impl Browser {
    /// The visible field beside these words; of several the last.
    pub async fn field(&self, label: &str) -> Element {
        let id = wait::until(label, async || {
            let id = self.page.execute(FIELD, vec![json!(label)]).await.ok()?;
            id.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
        });
        self.find(&format!("[id=\"{}\"]", id.await)).await
    }

    /// Writes into the field beside these words, instead of what stands there.
    pub async fn write(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the visible button, link or summary that says exactly this.
    pub async fn push(&self, words: &str) {
        let path =
            format!("//*[self::button or self::a or self::summary][normalize-space()=\"{words}\"]");
        wait::until(words, async || {
            for found in self.page.find_all(Locator::XPath(&path)).await.ok()? {
                if found.is_displayed().await.ok()? && found.is_enabled().await.ok()? {
                    return self.touch(&found).await;
                }
            }
            None
        })
        .await;
    }

    /// Presses what `css` finds, once it is there.
    pub async fn push_on(&self, css: &str) {
        self.push_what(Locator::Css(css)).await;
    }

    async fn push_what(&self, what: Locator<'_>) {
        wait::until(&format!("{what:?}"), async || {
            let found = self.page.find(what).await.ok()?;
            self.touch(&found).await
        })
        .await;
    }

    /// As a person does, clear of what stays at an edge of the page while it scrolls.
    async fn touch(&self, element: &Element) -> Option<()> {
        let words = vec![serde_json::to_value(element).ok()?];
        let scroll = "arguments[0].scrollIntoView({ block: 'center' })";
        self.page.execute(scroll, words).await.ok()?;
        element.click().await.ok()
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn type_keys(&self, text: &str) {
        let mut keys = KeyActions::new("keyboard".into());
        for value in text.chars() {
            keys = keys.then(KeyAction::Down { value });
            keys = keys.then(KeyAction::Up { value });
        }
        self.page.perform_actions(keys).await.unwrap();
    }

    /// Presses one key that has no letter.
    pub async fn press(&self, key: Key) {
        self.type_keys(&char::from(key).to_string()).await;
    }

    /// Presses Tab until the focus is on `css`.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..TABS_MAX {
            let there = self.page.execute(HAS_FOCUS, vec![json!(css)]).await;
            if there.unwrap() == json!(true) {
                return;
            }
            self.press(Key::Tab).await;
        }
        panic!("Tab never came to {css}");
    }
}
