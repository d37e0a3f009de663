//! The meaning of every answer, as two tables.

#![allow(clippy::unwrap_used)]

use reqwest::header::HeaderValue;

use super::*;
use crate::config::Intake;

type Judge = fn(StatusCode, &HeaderMap, &[u8], &Answers) -> Verdict;

/// What answers mean where nothing is configured.
fn contract() -> Answers {
    answers("")
}

fn answers(section: &str) -> Answers {
    let section = format!("url = \"http://h\"\n{section}");
    Intake::from_toml(&section).unwrap().answers
}

/// Reads `STATUS [Header=value]… [| body]` and says the verdict in one line.
fn read(line: &str, judge: Judge, answers: &Answers) -> String {
    let (head, body) = line.split_once('|').unwrap_or((line, ""));
    let mut parts = head.split_whitespace();
    let status = StatusCode::from_bytes(parts.next().unwrap().as_bytes()).unwrap();
    let mut headers = HeaderMap::new();
    for part in parts {
        let (name, value) = part.split_once('=').unwrap();
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        headers.insert(
            name,
            HeaderValue::from_str(&value.replace('_', " ")).unwrap(),
        );
    }
    let later = |name: &str, ms: Option<u64>| match ms {
        Some(ms) => format!("{name} after {} s", ms / 1000),
        None => name.to_owned(),
    };
    match judge(status, &headers, body.trim().as_bytes(), answers) {
        Verdict::Taken { answer: None } => "taken".to_owned(),
        Verdict::Taken { answer: Some(text) } => format!("taken: {text}"),
        Verdict::Refused { reason } => format!("refused: {reason}"),
        Verdict::NotYet { retry_after_ms } => later("not yet", retry_after_ms),
        Verdict::Busy { retry_after_ms } => later("busy", retry_after_ms),
        Verdict::Unclear {
            retry_after_ms,
            cause,
        } => {
            let word = match cause {
                AwayCause::OddAnswer => "odd",
                cause => {
                    assert_eq!(cause, AwayCause::ServerError(status.as_u16()));
                    "unclear"
                }
            };
            later(word, retry_after_ms)
        }
        Verdict::NoConnection { cause } => panic!("an answer came: {cause:?}"),
        Verdict::SetupFault { status } => format!("set-up fault {status}"),
        Verdict::Objected { reason } => format!("objected: {reason}"),
        Verdict::Absent => "absent".to_owned(),
        Verdict::CannotTell { reason } => format!("cannot tell: {reason}"),
    }
}

fn check(judge: Judge, table: &str) {
    check_with(judge, &contract(), table);
}

fn check_with(judge: Judge, answers: &Answers, table: &str) {
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let (answer, meaning) = line.split_once("->").unwrap();
        let read = read(answer.trim(), judge, answers);
        assert_eq!(read, meaning.trim(), "{line}");
    }
}

#[test]
fn every_answer_to_a_sent_scan_has_one_meaning() {
    check(
        classify,
        r#"
        200                                               -> taken
        200 | <html>no words of ours</html>               -> taken
        201 | {"id":"1","state":"received"}               -> taken
        201 | {"message":"Đã nhận"}                       -> taken: Đã nhận
        202                                               -> taken
        204                                               -> taken
        422 | {"reason":"Mã không có trong hệ thống"}     -> refused: Mã không có trong hệ thống
        422 | {"title":"T","detail":"Sai mã"}             -> refused: Sai mã
        422 | {"reason":"  two\n lines "}                 -> refused: two lines
        422 | {"reason":"","detail":""}                   -> refused: HTTP 422
        422 content-type=text/plain;charset=utf-8 | Sai   -> refused: Sai
        422 content-type=text/html | <p>Sai</p>           -> refused: HTTP 422
        409                                               -> not yet
        409 retry-after=5                                 -> not yet after 5 s
        429                                               -> busy
        429 retry-after=120                               -> busy after 120 s
        429 retry-after=soon                              -> busy
        429 retry-after=99999999999999999999              -> busy
        429 retry-after=999999999                         -> busy after 3600 s
        500                                               -> unclear
        502                                               -> unclear
        503 retry-after=7                                 -> unclear after 7 s
        503 retry-after=Mon,_23_Nov_2026_00:01:30_GMT date=Mon,_23_Nov_2026_00:00:00_GMT -> unclear after 90 s
        503 retry-after=Mon,_23_Nov_2026_00:00:00_GMT date=Mon,_23_Nov_2026_00:01:30_GMT -> unclear after 0 s
        503 retry-after=Mon,_23_Nov_2026_00:01:30_GMT     -> unclear
        511                                               -> unclear
        401                                               -> set-up fault 401
        403                                               -> set-up fault 403
        404                                               -> set-up fault 404
        302                                               -> set-up fault 302
        400 | {"detail":"bad body"}                       -> objected: bad body
        405                                               -> objected: HTTP 405
        408                                               -> objected: HTTP 408
        410                                               -> objected: HTTP 410
        413                                               -> objected: HTTP 413
        "#,
    );
}

#[test]
fn every_answer_to_an_ask_has_one_meaning() {
    check(
        classify_ask,
        r#"
        200 | {"id":"1","state":"received"}               -> taken
        404                                               -> absent
        410                                               -> absent
        405                                               -> cannot tell: HTTP 405
        501                                               -> cannot tell: HTTP 501
        401                                               -> set-up fault 401
        403                                               -> set-up fault 403
        302                                               -> set-up fault 302
        400                                               -> objected: HTTP 400
        422 | {"reason":"no"}                             -> objected: no
        409                                               -> not yet
        429 retry-after=3                                 -> busy after 3 s
        500                                               -> unclear
        503 retry-after=3                                 -> unclear after 3 s
        "#,
    );
}

#[test]
fn a_long_reason_is_cut_by_characters() {
    let body = serde_json::json!({ "reason": "ồ".repeat(1000) }).to_string();
    let verdict = classify(
        StatusCode::UNPROCESSABLE_ENTITY,
        &HeaderMap::new(),
        body.as_bytes(),
        &contract(),
    );
    assert_eq!(
        verdict,
        Verdict::Refused {
            reason: "ồ".repeat(REASON_CHARS_MAX)
        }
    );
}

/// A system that answers 200 to everything and says in the body what became of it.
const BODY_SPEAKS: &str = r#"
    [answer]
    taken_when = { field = "status.code", equals = ["00", "DUPLICATE"] }
    refused_when = { field = "status.code", equals = [17, "18"] }
    words = ["status.text"]
    reasons = ["status.text"]
    [asked]
    taken_when = { field = "found", equals = true }
    absent_when = { field = "data", equals = "" }
"#;

#[test]
fn where_the_body_says_what_became_of_a_scan_the_status_alone_says_nothing() {
    check_with(
        classify,
        &answers(BODY_SPEAKS),
        r#"
        200 | {"status":{"code":"00","text":"Đã nhận"}}   -> taken: Đã nhận
        200 | {"status":{"code":"DUPLICATE"}}             -> taken
        409 | {"status":{"code":"DUPLICATE"}}             -> taken
        400 | {"status":{"code":18,"text":"Sai mã"}}      -> refused: Sai mã
        200 | {"status":{"code":17}}                      -> refused: HTTP 200
        200 | {"status":{"code":"99","text":"Lỗi CSDL"}}  -> odd
        200 | {"status":"00"}                             -> odd
        200 | <html>sign in, please</html>                -> odd
        200                                               -> odd
        200 retry-after=9                                 -> odd after 9 s
        500 | {"status":{"code":"00"}}                    -> unclear
        401 | {"status":{"code":"00"}}                    -> set-up fault 401
        429 | {"status":{"code":"00"}}                    -> busy
        409                                               -> not yet
        400 | {"status":{"text":"Thiếu trường"}}          -> objected: Thiếu trường
        "#,
    );
    check_with(
        classify_ask,
        &answers(BODY_SPEAKS),
        r#"
        200 | {"found":true,"data":{"id":1}}              -> taken
        200 | {"found":false,"data":null}                 -> absent
        200 | {"found":false,"data":[]}                   -> absent
        200 | {"found":false}                             -> odd
        200 | {"error":"database"}                        -> odd
        200 | <html>sign in, please</html>                -> odd
        404 | {"data":null}                               -> absent
        404                                               -> set-up fault 404
        500 | {"found":false,"data":null}                 -> unclear
        "#,
    );
}
