//! A dossier system of an invented province, which knows nothing of our contract.
//!
//! Its address, field names, words, date format and header are its own; it lets in only machines
//! with a certificate of its authority; it never heard of idempotency keys; and it answers 200 to
//! everything and says in the body what became of it. It takes a scan only if every field is as
//! it wants it, so that a wrong mapping shows.

use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::fake_intake::{Request, read_request};

/// What it lets in by, beside the certificate.
pub const KEY: &str = "khoa-bi-mat-cua-phuong";

/// What it does with the next scan.
#[derive(Clone, Copy, Debug)]
pub enum Whim {
    /// Says "99, database error" and takes nothing.
    Error99,
    /// Takes it and says "99, database error" all the same.
    Error99Taken,
    /// Takes it and cuts the line.
    CutTaken,
    /// Cuts the line and takes nothing.
    Cut,
}

/// What it knows.
#[derive(Debug, Default)]
pub struct Book {
    /// By its own id of a scan: what it was told, once for each time.
    pub scans: BTreeMap<String, Vec<Value>>,
    /// The order in which scans took effect.
    pub order: Vec<String>,
    /// Everything that was not as it wants it.
    pub complaints: Vec<String>,
    /// How often it was asked for a scan.
    pub asked: u32,
    whims: VecDeque<Whim>,
}

/// The system, running.
pub struct ForeignSystem {
    book: Arc<watch::Sender<Book>>,
    port: u16,
    folder: tempfile::TempDir,
}

/// A certificate and its key as PEM files.
pub struct Pair {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

impl ForeignSystem {
    /// Listens on a free port of 127.0.0.1; its certificate is for that address and no name.
    pub async fn start() -> Self {
        // Its own, because a program has one for all and the office's devices choose that.
        let ciphers = Arc::new(rustls::crypto::ring::default_provider());
        let folder = tempfile::tempdir().unwrap();
        let root = authority("Tỉnh Mẫu");
        write(folder.path(), "authority.pem", &root.pem());
        for (name, subject) in [("server", "127.0.0.1"), ("office", "phuong-mau")] {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new(vec![subject.to_owned()]).unwrap();
            let certificate = params.signed_by(&key, &*root).unwrap();
            write(folder.path(), &format!("{name}.pem"), &certificate.pem());
            write(folder.path(), &format!("{name}.key"), &key.serialize_pem());
        }
        // One that another authority signed, for whoever comes with the wrong one.
        let stranger = authority("Nơi khác");
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["stranger".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &*stranger).unwrap();
        write(folder.path(), "stranger.pem", &certificate.pem());
        write(folder.path(), "stranger.key", &key.serialize_pem());
        write(folder.path(), "other-authority.pem", &stranger.pem());

        let mut roots = RootCertStore::empty();
        roots.add(root.der().clone()).unwrap();
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), ciphers.clone());
        let clients = clients.build();
        let server_pem = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        use rustls::pki_types::pem::PemObject as _;
        let chain = rustls::pki_types::CertificateDer::from_pem_slice(&server_pem("server.pem"));
        let key = PrivateKeyDer::from_pem_slice(&server_pem("server.key"));
        let config = rustls::ServerConfig::builder_with_provider(ciphers)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients.unwrap())
            .with_single_cert(vec![chain.unwrap()], key.unwrap())
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::new(watch::Sender::new(Book::default()));
        tokio::spawn(accept(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            book.clone(),
        ));
        Self { book, port, folder }
    }

    /// Where it is, under the name that its certificate has.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}/mc-dien-tu", self.port)
    }

    /// The same machine under a name that its certificate has not.
    pub fn other_name(&self) -> String {
        format!("https://localhost:{}/mc-dien-tu", self.port)
    }

    /// A file of its folder: `authority.pem`, `other-authority.pem`, `office.pem`, `office.key`,
    /// `stranger.pem`, `stranger.key`.
    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The section of `kiosk.toml` that describes it, without address, certificates and token.
    pub fn mapping() -> &'static str {
        r#"
token_header = "X-Ma-Truy-Cap"
key_header = ""
honours_key = false
scan_path = "/dich-vu/quet?don_vi={office}"
ask_path = "/dich-vu/da-nhan?giao_dich={id}"
dossier_path = "/dich-vu/ho-so?ma={id}"
time_format = "%d/%m/%Y %H:%M:%S"
[intake.fields]
id = "GiaoDich.Ma"
dossier = "HoSo.MaHoSo"
purpose = "HoSo.HanhDong"
office = ""
counter = "Quay"
ticket = ""
scanned_at = "ThoiDiem"
device = ""
[intake.constants]
"GiaoDich.Kenh" = "KIOSK"
[intake.purposes]
receive = "TN"
supplement = "BS"
return = "TKQ"
look-up = "TC"
[intake.answer]
taken_when = { field = "trang_thai.ma", equals = "00" }
refused_when = { field = "trang_thai.ma", equals = 17 }
words = ["trang_thai.loi_nhan"]
reasons = ["trang_thai.loi_nhan"]
[intake.asked]
taken_when = { field = "da_nhan", equals = true }
absent_when = { field = "da_nhan", equals = false }
[intake.dossier]
id = "HoSo.MaHoSo"
procedure = "HoSo.ThuTuc.Ten"
state = "HoSo.TrangThai"
received_at = "HoSo.NgayNhan"
due_at = "HoSo.HenTra"
finished_at = "HoSo.NgayXong"
steps = "QuaTrinh"
factors = "HoSo.BonSoCuoi"
unknown_when = { field = "trang_thai.ma", equals = 17 }
[intake.dossier.step]
name = "Phong"
begun_at = "Tu"
due_at = ""
finished_at = "Den"
[intake.dossier.states]
in-progress = ["CT", "TK"]
supplement-asked = "BS"
"#
    }

    /// Appends whims for the coming scans.
    pub fn script(&self, whims: impl IntoIterator<Item = Whim>) {
        self.book.send_modify(|book| book.whims.extend(whims));
    }

    /// Loses all it knows.
    pub fn forget(&self) {
        self.book.send_replace(Book::default());
    }

    /// Looks at what it knows; do not hold the result across an await.
    pub fn book(&self) -> watch::Ref<'_, Book> {
        self.book.borrow()
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, book: Arc<watch::Sender<Book>>) {
    // Ends with the runtime of the story.
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(serve(socket, tls.clone(), book.clone()));
    }
}

async fn serve(socket: TcpStream, tls: TlsAcceptor, book: Arc<watch::Sender<Book>>) {
    let mut socket = match tls.accept(socket).into_fallible().await {
        Ok(socket) => socket,
        Err((_, mut socket)) => {
            // Why it was refused is lost where what the other side has sent meanwhile is not read.
            let mut rest = Vec::new();
            let _ = socket.read_to_end(&mut rest).await;
            return;
        }
    };
    while let Some(request) = read_request(&mut socket).await {
        let answer = Mutex::new(None);
        book.send_modify(|book| {
            if let Ok(mut answer) = answer.lock() {
                *answer = book.hear(&request);
            }
        });
        let Ok(Some(body)) = answer.into_inner() else {
            return;
        };
        let body = body.to_string();
        let text = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if socket.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn status(code: &str, words: &str) -> Value {
    json!({ "trang_thai": { "ma": code, "loi_nhan": words } })
}

impl Book {
    /// `None`: the line is cut.
    fn hear(&mut self, request: &Request) -> Option<Value> {
        if request.header("x-ma-truy-cap") != Some(KEY) {
            self.complaints.push("no key".to_owned());
            return Some(status("01", "Sai mã truy cập"));
        }
        let asked = "/mc-dien-tu/dich-vu/da-nhan?giao_dich=";
        let told = "/mc-dien-tu/dich-vu/ho-so?ma=";
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/mc-dien-tu/dich-vu/quet?don_vi=H00.00") => self.hear_scan(&request.body),
            ("GET", path) if path.starts_with(asked) => {
                self.asked += 1;
                let known = self.scans.contains_key(&path[asked.len()..]);
                Some(json!({ "da_nhan": known }))
            }
            ("GET", path) if path.starts_with(told) => Some(hear_dossier(&path[told.len()..])),
            (method, path) => {
                self.complaints.push(format!("{method} {path}"));
                Some(status("04", "Không có dịch vụ"))
            }
        }
    }

    fn hear_scan(&mut self, body: &Value) -> Option<Value> {
        if let Some(complaint) = complaint(body) {
            self.complaints.push(complaint);
            return Some(status("98", "Sai định dạng"));
        }
        let dossier = body["HoSo"]["MaHoSo"].as_str().unwrap_or_default();
        if dossier.ends_with("-9999") {
            return Some(status("17", "Không có hồ sơ này"));
        }
        match self.whims.pop_front() {
            None => {
                self.take(body);
                Some(status("00", "Đã ghi nhận"))
            }
            Some(Whim::Error99) => Some(status("99", "Lỗi cơ sở dữ liệu")),
            Some(Whim::Error99Taken) => {
                self.take(body);
                Some(status("99", "Lỗi cơ sở dữ liệu"))
            }
            Some(Whim::CutTaken) => {
                self.take(body);
                None
            }
            Some(Whim::Cut) => None,
        }
    }

    fn take(&mut self, body: &Value) {
        let id = body["GiaoDich"]["Ma"].as_str().unwrap_or_default();
        self.scans
            .entry(id.to_owned())
            .or_default()
            .push(body.clone());
        self.order.push(id.to_owned());
    }
}

/// It tells of each dossier but those that end on 9999, is out of order at 9998 and takes 9997 for
/// another one.
fn hear_dossier(id: &str) -> Value {
    let id = match id.rsplit_once('-') {
        Some((_, "9999")) => return status("17", "Không có hồ sơ này"),
        Some((_, "9998")) => return status("99", "Lỗi cơ sở dữ liệu"),
        Some((begin, "9997")) => format!("{begin}-9996"),
        _ => id.to_owned(),
    };
    json!({
        "trang_thai": { "ma": "00" },
        "HoSo": {
            "MaHoSo": id, "ThuTuc": { "Ten": "Đăng ký khai sinh" }, "TrangThai": "TK",
            "ChuHoSo": "Nguyễn Văn Mẫu", "NgayNhan": "18/11/2025 08:05:00",
            "HenTra": "20/11/2025", "NgayXong": "", "BonSoCuoi": "5678",
        },
        "QuaTrinh": [{ "Phong": "Tư pháp", "Tu": "18/11/2025", "Den": null }],
    })
}

/// What is not as it should be.
fn complaint(body: &Value) -> Option<String> {
    let text = |of: &Value| of.as_str().map(str::to_owned);
    let purpose = text(&body["HoSo"]["HanhDong"]).unwrap_or_default();
    let time = text(&body["ThoiDiem"]).unwrap_or_default();
    let shape: String = time
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let mut names: Vec<_> = body.as_object()?.keys().map(String::as_str).collect();
    names.sort_unstable();
    let good = names == ["GiaoDich", "HoSo", "Quay", "ThoiDiem"]
        && text(&body["GiaoDich"]["Ma"]).is_some_and(|id| id.len() == 26)
        && body["GiaoDich"]["Kenh"] == "KIOSK"
        && body["HoSo"]
            .as_object()
            .is_some_and(|dossier| dossier.len() == 2)
        && ["TN", "BS", "TKQ", "TC"].contains(&purpose.as_str())
        && (body["Quay"].is_u64() || body["Quay"].is_null())
        && shape == "00/00/0000 00:00:00";
    (!good).then(|| body.to_string())
}
