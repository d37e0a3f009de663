//! Chromium without a window, driven through WebDriver as a clerk would use it.

use crate::process::Process;
use crate::wait;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::path::Path;
use std::str::FromStr;
use tempfile::TempDir;
use tokio::process::Command;

/// A browser with a fresh profile.
pub struct Browser {
    /// The WebDriver session.
    pub page: Client,
    _driver: Process,
    profile: TempDir,
}

/// What chromedriver says once it listens.
const READY: &str = "started successfully on port ";

impl Browser {
    /// Starts chromedriver on a free port, and Chromium behind it.
    pub async fn open() -> Self {
        Self::started(&[]).await
    }

    /// The same with a microphone that hears this WAV file again and again, and is allowed to.
    pub async fn with_microphone(hears: &Path) -> Self {
        Self::started(&[
            "--use-fake-device-for-media-stream".to_owned(),
            "--use-fake-ui-for-media-stream".to_owned(),
            format!("--use-file-for-fake-audio-capture={}", hears.display()),
            "--autoplay-policy=no-user-gesture-required".to_owned(),
        ])
        .await
    }

    async fn started(more: &[String]) -> Self {
        let profile = tempfile::Builder::new()
            .prefix("browser-")
            .tempdir()
            .unwrap();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        let log = profile.path().join("chromedriver.log");
        let (driver, port) = Process::start(command, &log, |line| {
            let (_, port) = line.split_once(READY)?;
            port.trim_end_matches('.').parse::<u16>().ok()
        })
        .await
        .expect("chromedriver starts");
        let usual = [
            "--headless=new",
            "--no-sandbox", // The stories may run as root in a container.
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1366,768",
        ];
        let own = format!(
            "--user-data-dir={}",
            profile.path().join("profile").display()
        );
        let usual = usual.into_iter().map(str::to_owned);
        let args: Vec<String> = usual.chain([own]).chain(more.iter().cloned()).collect();
        let options = json!({ "args": args });
        let wishes = json!({ "goog:chromeOptions": options });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wishes.as_object().unwrap().clone());
        let address = format!("http://127.0.0.1:{port}");
        let page = wait::soon("a browser", builder.connect(&address)).await;
        Self {
            page: page.unwrap(),
            _driver: driver,
            profile,
        }
    }

    /// Opens an address.
    pub async fn go(&self, url: &str) {
        self.page.goto(url).await.unwrap();
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        wait::until(css, async || self.page.find(Locator::Css(css)).await.ok()).await
    }

    /// Everything a person can read on the page.
    pub async fn text(&self) -> String {
        let script = "return document.body.innerText";
        let text = self.page.execute(script, Vec::new()).await.unwrap();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a person can read `wanted`.
    pub async fn reads(&self, wanted: &str) {
        wait::until(&format!("{wanted:?} on the page"), async || {
            self.text().await.contains(wanted).then_some(())
        })
        .await;
    }

    /// Asks the browser itself, beneath the page: keys with their places, compositions, scripts
    /// that run before a page's own.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let asked = DevTools {
            command,
            parameters,
        };
        self.page.issue_cmd(asked).await.unwrap()
    }

    /// Runs `script` in every page from now on, before the page's own.
    pub async fn prepare(&self, script: &str) {
        let parameters = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", parameters)
            .await;
    }

    /// Runs `script` in the page.
    pub async fn run(&self, script: &str) -> Value {
        self.page.execute(script, Vec::new()).await.unwrap()
    }

    /// Closes the session; Chromium ends with it.
    pub async fn close(self) {
        self.page.clone().close().await.unwrap();
    }
}

/// A command of the DevTools protocol, through chromedriver.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

impl Drop for Browser {
    /// After a story that failed, chromedriver dies and Chromium would stay.
    fn drop(&mut self) {
        let profile = self.profile.path().display().to_string();
        let kill = std::process::Command::new("pkill")
            .args(["-KILL", "-f", &profile])
            .status();
        if let Err(cause) = kill {
            println!("pkill: {cause}");
        }
    }
}
