//! Chromium without a window, driven through WebDriver as a clerk would use it.

use crate::process::Process;
use crate::wait;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
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
        let options = json!({ "args": [
            "--headless=new",
            "--no-sandbox", // The stories may run as root in a container.
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1366,768",
            format!("--user-data-dir={}", profile.path().join("profile").display()),
        ]});
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

    /// Closes the session; Chromium ends with it.
    pub async fn close(self) {
        self.page.clone().close().await.unwrap();
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
