//! A clerk at the counter page: signs in, opens a counter, presses keys, scans.

use crate::browser::Browser;
use crate::wait;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

/// A clerk with a browser of their own.
pub struct Clerk {
    /// What they sit in front of.
    pub browser: Browser,
    url: String,
}

impl Clerk {
    /// Opens a browser and signs in at the daemon's `/login`.
    pub async fn signed_in(url: &str, token: &str) -> Self {
        Self::signed_in_with(Browser::open().await, url, token).await
    }

    /// The same in a browser that is open already.
    pub async fn signed_in_with(browser: Browser, url: &str, token: &str) -> Self {
        browser.go(&format!("{url}/login")).await;
        let field = browser.find("#token").await;
        field.send_keys(token).await.unwrap();
        field.send_keys(&key(Key::Enter).to_string()).await.unwrap();
        wait::until("the page behind the sign-in", async || {
            let now = browser.page.current_url().await.unwrap();
            (now.path() != "/login").then_some(())
        })
        .await;
        let url = url.to_owned();
        Self { browser, url }
    }

    /// Opens a browser and signs in as a person, by staff number and PIN.
    pub async fn in_person(url: &str, number: &str, pin: &str) -> Self {
        let browser = Browser::open().await;
        browser.go(&format!("{url}/login")).await;
        browser.write("Cán bộ (tên hoặc mã số)", number).await;
        browser.write("PIN", pin).await;
        browser.push("Đăng nhập").await;
        browser.reads("Chọn quầy làm việc").await;
        let url = url.to_owned();
        Self { browser, url }
    }

    /// Sits down at a counter and opens it.
    pub async fn sit_at(&self, counter: u32) {
        self.browser
            .go(&format!("{}/counter/{counter}", self.url))
            .await;
        let open = self.browser.find("#open").await;
        wait::until("the button that opens", async || {
            open.is_displayed().await.unwrap().then_some(())
        })
        .await;
        open.click().await.unwrap();
        wait::until("an open counter", async || {
            (!open.is_displayed().await.unwrap()).then_some(())
        })
        .await;
    }

    /// Clicks on something.
    pub async fn click(&self, css: &str) {
        self.browser.find(css).await.click().await.unwrap();
    }

    /// Presses one key, wherever the focus is.
    pub async fn press(&self, pressed: Key) {
        self.keys(&key(pressed).to_string()).await;
    }

    /// Types key by key wherever the focus is, as a scanner does that the page knows
    /// nothing of.
    pub async fn keys(&self, text: &str) {
        let mut keys = KeyActions::new("scanner".into());
        for value in typed(text).chars() {
            keys = keys.then(KeyAction::Down { value });
            keys = keys.then(KeyAction::Up { value });
        }
        self.browser.page.perform_actions(keys).await.unwrap();
    }

    /// Types into the focused element: the same key events, twice as fast.
    pub async fn burst(&self, text: &str) {
        let focused = self.browser.page.active_element().await.unwrap();
        focused.send_keys(&typed(text)).await.unwrap();
    }

    /// Puts the focus on an element as walking over the buttons would.
    pub async fn walk_to(&self, css: &str) {
        let script = format!("document.querySelector('{css}').focus()");
        let page = &self.browser.page;
        page.execute(&script, Vec::new()).await.unwrap();
    }

    /// Scans that the page still keeps because the daemon has not taken them.
    pub async fn unsent(&self) -> u64 {
        let script = "return Object.keys(localStorage).filter(n => n.startsWith('scan.')).length";
        let count = self.browser.page.execute(script, Vec::new()).await;
        count.unwrap().as_u64().unwrap()
    }

    /// The number in hand, as the page shows it.
    pub async fn reads_in_hand(&self, number: &str) {
        wait::until(&format!("{number} in hand"), async || {
            let hand = self.browser.page.find(Locator::Css("#hand")).await.ok()?;
            let text = hand.text().await.ok()?;
            text.contains(number).then_some(())
        })
        .await;
    }
}

/// Line ends as the key a scanner sends.
fn typed(text: &str) -> String {
    text.replace('\n', &key(Key::Enter).to_string())
}

fn key(key: Key) -> char {
    char::from(key)
}
