//! A browser without a screen: cookies, forms, and what a real one says of where it is.

use crate::api::{Answer, builder, fresh_key, sent};
use crate::office::Office;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::collections::BTreeMap;

/// Somebody at a browser of their own.
#[derive(Clone)]
pub struct Visitor {
    http: Client,
    url: String,
    /// Where the page they look at came from.
    pub origin: String,
    /// By name.
    pub cookies: BTreeMap<String, String>,
}

/// What a page answered.
#[derive(Debug)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: String,
    /// Each `Set-Cookie` as it came.
    pub set_cookies: Vec<String>,
    /// The page.
    pub text: String,
}

impl Page {
    /// The page, when it has this status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Visitor {
    /// Somebody whom the office does not know yet.
    pub fn new(office: &Office) -> Self {
        Self {
            http: builder().redirect(Policy::none()).build().unwrap(),
            url: office.url().to_owned(),
            origin: office.url().to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// The cookie of who is signed in.
    pub fn session(&self) -> &str {
        self.cookies.get("session").map_or("", String::as_str)
    }

    /// A request as this browser sends it.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.url);
        let request = self.http.request(method.parse().unwrap(), url);
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = match pairs.is_empty() {
            true => request,
            false => request.header(COOKIE, pairs.join("; ")),
        };
        match method {
            "GET" => request,
            _ => request.header(ORIGIN, &self.origin),
        }
    }

    /// Looks at a page.
    pub async fn look(&mut self, path: &str) -> Page {
        let answer = self.request("GET", path).send().await.unwrap();
        self.read(answer).await
    }

    /// Sends a form.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = fields.iter().map(|(n, v)| format!("{n}={}", encoded(v)));
        let request = self.request("POST", path);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        let form = form.collect::<Vec<_>>().join("&");
        let answer = request.body(form).send().await.unwrap();
        self.read(answer).await
    }

    /// Has a page of this browser call the API.
    pub async fn act(&self, path: &str, body: &Value) -> Answer {
        let request = self.request("POST", &format!("/api/v1{path}"));
        let request = request.header("Idempotency-Key", fresh_key());
        sent(request.header("Accept-Language", "en").json(body))
            .await
            .unwrap()
    }

    /// Has a page of this browser read from the API.
    pub async fn get(&self, path: &str) -> Answer {
        sent(self.request("GET", &format!("/api/v1{path}")))
            .await
            .unwrap()
    }

    async fn read(&mut self, answer: Response) -> Page {
        let header = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let set_cookies = answer.headers().get_all(SET_COOKIE).iter().map(header);
        let set_cookies: Vec<String> = set_cookies.collect();
        for cookie in &set_cookies {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match cookie.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Page {
            status: answer.status().as_u16(),
            location: answer
                .headers()
                .get(LOCATION)
                .map(header)
                .unwrap_or_default(),
            set_cookies,
            text: answer.text().await.unwrap(),
        }
    }

    /// Signs in with a PIN.
    pub async fn sign_in(&mut self, person: &str, pin: &str) -> Page {
        self.submit("/login", &[("person", person), ("pin", pin)])
            .await
    }
}

fn encoded(text: &str) -> String {
    let byte = |b: u8| match b.is_ascii_alphanumeric() {
        true => char::from(b).to_string(),
        false => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The PIN of the people of the stories; nobody's in an office.
pub const PIN: &str = "482913";

/// The first admin, who came by the link.
pub async fn first_admin(office: &Office) -> Visitor {
    let link = office.say(&["admin-link"]).await;
    let (_, path) = link.trim().split_once("/admin/").unwrap();
    let mut admin = Visitor::new(office);
    let form = [("name", "Trần Thị Quản"), ("pin", PIN), ("again", PIN)];
    let made = admin
        .submit(&format!("/admin/{path}"), &form)
        .await
        .expect(303);
    assert_eq!(made.location, "/admin/people");
    admin
}

/// Has `admin` add somebody; the staff number.
pub async fn added(admin: &Visitor, name: &str, role: &str) -> String {
    let body = serde_json::json!({ "name": name, "role": role, "pin": PIN });
    admin
        .act("/people", &body)
        .await
        .expect(201)
        .text("id")
        .to_owned()
}

/// Somebody with this role, signed in at a browser of their own.
pub async fn signed_in(office: &Office, admin: &Visitor, role: &str) -> Visitor {
    let id = added(admin, "Lê Văn An", role).await;
    let mut person = Visitor::new(office);
    person.sign_in(&id, PIN).await.expect(303);
    person
}
