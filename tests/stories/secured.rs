//! Other machines come in over TLS, and trust the appliance's own authority; openssl and curl
//! judge its certificates.

use crate::NO_PAPER;
use std::net::{IpAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;
use tests::api::{Device, sent};
use tests::office::Office;
use tests::wait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

/// The public door, at a free port that the log tells; a name for the certificate.
const SETTINGS: &str = "names = [\"mayso.local\"]\n[public]\nlisten = \"127.0.0.1:0\"\n";

/// An office on the network of the machine that runs the stories.
pub(crate) struct Networked {
    pub(crate) office: Office,
    ip: IpAddr,
}

impl Networked {
    /// Opened at `listen`, such as `0.0.0.0:0`; `{ip}` is the machine's address.
    pub(crate) async fn open(listen: &str) -> Self {
        let ip = own_address();
        // The names belong to [server], with which the file begins.
        let mut office = Office::furnished("");
        let file = std::fs::read_to_string(office.config()).unwrap();
        let (server, rest) = file.split_once("[office]").unwrap();
        let text = format!("{server}{SETTINGS}{NO_PAPER}[office]{rest}");
        std::fs::write(office.config(), text).unwrap();
        office.listen_on(&listen.replace("{ip}", &ip.to_string()));
        office.start().await;
        Self { office, ip }
    }

    fn port(&self) -> &str {
        self.office.url().rsplit(':').next().unwrap()
    }

    fn outside(&self) -> String {
        format!("{}:{}", self.ip, self.port())
    }

    fn url(&self) -> String {
        format!("https://{}", self.outside())
    }

    /// The newest word of the log behind these.
    fn told(&self, words: &str) -> String {
        let log = self.office.daemon().log();
        let (_, after) = log.rsplit_once(words).expect(words);
        after.lines().next().unwrap().trim().to_owned()
    }

    pub(crate) fn public(&self) -> Device {
        Device::new(&self.told("The public door: "), None)
    }

    /// `/ca.crt` as the public door gives it.
    async fn authority(&self) -> Vec<u8> {
        let answer = self
            .public()
            .request("GET", "/ca.crt")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["content-type"],
            "application/x-x509-ca-cert"
        );
        answer.bytes().await.unwrap().to_vec()
    }

    /// The same as files, as it came and in PEM: for programs that are not ours.
    async fn authority_files(&self) -> (PathBuf, PathBuf) {
        let folder = self.office.folder();
        let (der, pem) = (folder.join("ca.crt"), folder.join("ca.pem"));
        std::fs::write(&der, self.authority().await).unwrap();
        let (from, to) = (der.display().to_string(), pem.display().to_string());
        let words = ["x509", "-inform", "DER", "-in", &from, "-out", &to];
        assert!(run("openssl", &words).await.status.success());
        (der, pem)
    }
}

/// The address by which this machine would talk to another one. No packet is sent.
fn own_address() -> IpAddr {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    let routed = socket.connect("192.0.2.1:9");
    routed.expect("this story needs a machine with an address on some network");
    socket.local_addr().unwrap().ip()
}

async fn run(program: &str, words: &[&str]) -> Output {
    let mut command = Command::new(program);
    // openssl s_client ends when its input does.
    command.args(words).stdin(std::process::Stdio::null());
    let output = wait::soon(program, command.output()).await;
    output.unwrap_or_else(|error| panic!("{program}: {error}; tests/run installs it"))
}

/// A certificate that signs itself, and its key, as an office may get them elsewhere.
async fn elsewhere(subject: &str, names: &str, certificate: &str, key: &str) {
    let mut words = vec!["req", "-x509", "-newkey", "ec", "-nodes", "-subj", subject];
    words.extend(["-pkeyopt", "ec_paramgen_curve:P-256", "-addext", names]);
    words.extend(["-keyout", key, "-out", certificate]);
    let made = run("openssl", &words).await;
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_machines_come_in_over_tls_and_the_own_screens_without() {
    for listen in ["0.0.0.0:0", "{ip}:0"] {
        let mut office = Networked::open(listen).await;
        let own = office.office.passer_by();
        assert!(office.office.url().starts_with("http://127.0.0.1:"));
        assert!(own.queue().await["services"].is_object());

        let authority = office.authority().await;
        let token = office.office.token("kiosk").await;
        let tablet = Device::trusting(&office.url(), Some(&token), &authority);
        assert_eq!(tablet.issue("A").await["number"], "A001");
        // An event stream, which a stop ends at once.
        let mut stream = tablet
            .request("GET", "/api/v1/events")
            .send()
            .await
            .unwrap();
        let first = wait::soon("the first event", stream.chunk()).await.unwrap();
        let first = String::from_utf8(first.unwrap().to_vec()).unwrap();
        assert!(first.contains("snapshot"), "{first}");
        assert!(office.office.stop().await.success());
        let rest = wait::soon("the stream's end", async {
            while let Some(more) = stream.chunk().await? {
                drop(more);
            }
            reqwest::Result::Ok(())
        });
        rest.await.expect("an end in order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_and_curl_trust_the_authority_for_every_name_of_the_machine() {
    let office = Networked::open("0.0.0.0:0").await;
    let (_, pem) = office.authority_files().await;
    let (pem, to, ip) = (
        pem.display().to_string(),
        office.outside(),
        office.ip.to_string(),
    );
    let names = [
        ["-verify_ip", &ip],
        ["-verify_ip", "127.0.0.1"],
        ["-verify_hostname", "mayso.local"],
        ["-verify_hostname", "localhost"],
    ];
    let judge = async |name: [&str; 2]| {
        let mut words = vec!["s_client", "-connect", &to, "-CAfile", &pem];
        words.push("-verify_return_error");
        words.extend(name);
        run("openssl", &words).await
    };
    for name in names {
        let judged = judge(name).await;
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert!(judged.status.success(), "{name:?}: {said}");
        assert!(
            said.contains("Verify return code: 0 (ok)"),
            "{name:?}: {said}"
        );
    }
    let stranger = judge(["-verify_hostname", "bank.example"]).await;
    assert!(!stranger.status.success());

    let port = office.port();
    let resolve = format!("mayso.local:{port}:{ip}");
    for name in ["mayso.local", &ip] {
        let url = format!("https://{name}:{port}/healthz");
        let words = [
            "-sS",
            "--noproxy",
            "*",
            "--cacert",
            &pem,
            "--resolve",
            &resolve,
            &url,
        ];
        let got = run("curl", &words).await;
        let said = String::from_utf8_lossy(&got.stderr).into_owned();
        assert!(got.status.success(), "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_elsewhere_says_why_it_does_not_trust_the_daemon() {
    let office = Networked::open("0.0.0.0:0").await;
    let (der, _) = office.authority_files().await;
    let folder = office.office.folder();
    let path = |name: &str| folder.join(name).display().to_string();
    let (stranger, key) = (path("stranger.pem"), path("stranger.key"));
    elsewhere(
        "/CN=Stranger",
        "subjectAltName=DNS:stranger",
        &stranger,
        &key,
    )
    .await;

    let (url, der) = (office.url(), der.display().to_string());
    let by_name = url.replace(&office.ip.to_string(), "127.0.0.2");
    let picture = path("lobby.png");
    let empty = path("empty");
    std::fs::write(&empty, "nothing").unwrap();
    let unknown = "an authority that this screen does not know";
    for (at, ca, complaint) in [
        (&url, &der, None),
        (&url, &stranger, Some(unknown)),
        (&by_name, &der, Some("its certificate is not for this name")),
        (&url, &empty, Some("--ca ")),
    ] {
        let words = ["lobby", "--at", at, "--ca", ca, "--render", &picture];
        let said = office.office.run(&words).await;
        let log = String::from_utf8_lossy(&said.stderr).into_owned();
        match complaint {
            Some(complaint) => assert!(log.contains(complaint), "{ca}: {log}"),
            None => assert!(said.status.success() && log.is_empty(), "{ca}: {log}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http_without_tls_gets_a_clear_answer_from_outside_and_silence_an_end() {
    let office = Networked::open("0.0.0.0:0").await;
    let mut silent = TcpStream::connect(office.outside()).await.unwrap();
    let mut plain = TcpStream::connect(office.outside()).await.unwrap();
    let request = "GET /counter HTTP/1.1\r\nhost: kiosk\r\n\r\n";
    plain.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = wait::soon("an answer", plain.read_to_string(&mut answer)).await;
    read.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("Hãy gõ <b>https://</b>"), "{answer}");
    // Neither a page nor a way to go on without TLS.
    assert!(!answer.contains("location"), "{answer}");

    let mut garbage = TcpStream::connect(office.outside()).await.unwrap();
    garbage
        .write_all(&[0x16, 3, 1, 0, 4, 1, 2, 3, 4])
        .await
        .unwrap();
    let mut alert = Vec::new();
    let _ = wait::soon("an end", garbage.read_to_end(&mut alert)).await;
    let mut nothing = Vec::new();
    let _ = wait::soon("an end", silent.read_to_end(&mut nothing)).await;
    assert!(nothing.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_say_nothing_keep_nobody_out() {
    let office = Networked::open("0.0.0.0:0").await;
    let authority = office.authority().await;
    let mut strangers = Vec::new();
    // More than the door has room for; each stays open.
    for _ in 0..300 {
        strangers.push(TcpStream::connect(office.outside()).await.unwrap());
    }
    let clerk = Device::trusting(&office.url(), None, &authority);
    let asked = tokio::time::timeout(Duration::from_secs(5), clerk.queue());
    assert!(asked.await.expect("an answer while they wait")["services"].is_object());
    drop(strangers);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_door_offers_the_authority_and_nothing_else_of_the_staff() {
    let office = Networked::open("0.0.0.0:0").await;
    let public = office.public();
    let page = sent(public.request("GET", "/install-certificate")).await;
    let page = page.unwrap().expect(200).body;
    let page = page.as_str().unwrap();
    let fingerprint = office.told("Fingerprint (SHA-256): ");
    assert!(page.contains(&fingerprint), "{fingerprint}");
    for word in [
        "Windows",
        "Android",
        "Cài chứng thư",
        "Install the appliance",
    ] {
        assert!(page.contains(word), "{word}");
    }
    // The file's own hash, by a program that is not ours.
    let (der, _) = office.authority_files().await;
    let hash = run("sha256sum", &[&der.display().to_string()]).await.stdout;
    let hash = String::from_utf8(hash).unwrap().to_uppercase();
    let groups = fingerprint.replace(' ', "");
    assert!(hash.starts_with(&groups), "{hash} {groups}");

    let entrance = sent(public.request("GET", "/")).await.unwrap().expect(200);
    let entrance = entrance.body.as_str().unwrap().to_owned();
    for way in [
        "/lobby",
        "/install-certificate",
        "quét mã vuông",
        "?lang=en",
    ] {
        assert!(entrance.contains(way), "{way}: {entrance}");
    }
    for closed in [
        "/admin",
        "/login",
        "/counter",
        "/api/v1/scans",
        "/healthz",
        "/tls/authority.pem",
    ] {
        let answer = sent(public.request("GET", closed)).await.unwrap();
        assert_eq!(answer.status, 404, "{closed}");
    }
    // A machine that nobody reaches from elsewhere has nothing to install.
    let alone = Office::open(NO_PAPER).await;
    for path in ["/install-certificate", "/ca.crt"] {
        let answer = sent(alone.passer_by().request("GET", path)).await.unwrap();
        assert_eq!(answer.status, 404, "{path}");
    }
    assert!(!alone.data().join("tls").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_given_over_tls_stay_there() {
    let office = Networked::open("0.0.0.0:0").await;
    let (_, pem) = office.authority_files().await;
    let pem = pem.display().to_string();
    let urls = [
        (office.url(), true),
        (office.office.url().to_owned(), false),
    ];
    for (url, secure) in urls {
        let url = format!("{url}/logout");
        let words = [
            "-sS",
            "--noproxy",
            "*",
            "--cacert",
            &pem,
            "-i",
            "-X",
            "POST",
            &url,
        ];
        let said = String::from_utf8(run("curl", &words).await.stdout).unwrap();
        let cookie = said.lines().find(|line| line.starts_with("set-cookie: "));
        let cookie = cookie.expect("a cookie");
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        assert!(!said.contains("strict-transport-security"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_stays_over_a_restart_and_on_a_spare_machine() {
    let mut office = Networked::open("0.0.0.0:0").await;
    let authority = office.authority().await;
    let copy = office.office.folder().join("copy");
    let to = copy.display().to_string();
    office.office.say(&["journal", "backup", &to]).await;
    assert!(office.office.stop().await.success());
    office.office.start().await;
    assert_eq!(office.authority().await, authority);
    office.office.kill().await;

    let spare = office.office.folder().join("spare");
    office.office.keep_data_in(spare);
    office.office.say(&["journal", "restore", &to]).await;
    office.office.start().await;
    assert_eq!(office.authority().await, authority);
    let tablet = Device::trusting(&office.url(), None, &authority);
    assert!(tablet.queue().await["services"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_with_its_own_certificate_shows_that_and_has_nothing_to_install() {
    let ip = own_address();
    let mut office = Office::furnished("");
    let folder = office.folder().to_owned();
    let path = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (path("office.pem"), path("office.key"));
    let subject = format!("subjectAltName=IP:{ip}");
    elsewhere("/CN=Office", &subject, &certificate, &key).await;
    // Beside the configuration.
    let file = std::fs::read_to_string(office.config()).unwrap();
    let (server, rest) = file.split_once("[office]").unwrap();
    let files = "certificate = \"office.pem\"\nkey = \"office.key\"\n";
    let text = format!("{server}{files}{NO_PAPER}[office]{rest}");
    std::fs::write(office.config(), &text).unwrap();
    let said = office.run(&["check"]).await.stdout;
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("good  certificate: "), "{said}");

    office.listen_on("0.0.0.0:0");
    office.start().await;
    let port = office.url().rsplit(':').next().unwrap();
    let url = format!("https://{ip}:{port}/healthz");
    let words = ["-sS", "--noproxy", "*", "--cacert", &certificate, &url];
    let got = run("curl", &words).await;
    assert!(
        got.status.success(),
        "{}",
        String::from_utf8_lossy(&got.stderr)
    );
    let answer = sent(office.passer_by().request("GET", "/ca.crt")).await;
    answer.unwrap().expect(404);
    assert!(!office.data().join("tls").exists());
    assert!(office.stop().await.success());

    // A key that is not its own: said at once, and other machines still come in.
    elsewhere("/CN=Other", &subject, &path("other.pem"), &key).await;
    let said = office.run(&["check"]).await.stdout;
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("bad   certificate: "), "{said}");
    office.start().await;
    assert!(office.daemon().log().contains("[server] certificate: "));
    let answer = sent(office.passer_by().request("GET", "/ca.crt")).await;
    answer.unwrap().expect(200);
}
