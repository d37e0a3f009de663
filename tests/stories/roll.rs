//! The kiosk is dead: numbers from a paper roll, entered afterwards.

use std::collections::BTreeSet;

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key};
use tests::office::Office;
use tests::wait;

async fn enter(supervisor: &Device, body: Value) -> tests::api::Answer {
    let path = "/services/A/roll";
    supervisor.post(path, &fresh_key(), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_from_a_paper_roll_wait_like_others_and_none_is_given_out_twice() {
    let office = Office::open(NO_PAPER).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let supervisor = office.device("supervisor").await;
    kiosk.issue("A").await;
    let body = json!({ "from": 101, "to": 105, "served": 102, "reason": "máy in hỏng" });
    enter(&clerk, body.clone()).await.refused(403, "forbidden");

    // Kiosks go on issuing at the same moment.
    let issuing = (0..20).map(|_| {
        let kiosk = kiosk.clone();
        tokio::spawn(async move { kiosk.issue("A").await["number"].clone() })
    });
    let issuing: Vec<_> = issuing.collect();
    let key = fresh_key();
    let entered = supervisor.post("/services/A/roll", &key, &body).await;
    let entered = entered.expect(201).body;
    assert_eq!(
        (&entered["served"], &entered["waiting"]),
        (&json!(2), &json!(3))
    );
    let mut numbers = BTreeSet::from(["A001".to_owned()]);
    for issued in issuing {
        let number = issued.await.unwrap().as_str().unwrap().to_owned();
        assert!(numbers.insert(number.clone()), "{number} came twice");
    }
    for n in 101..=105 {
        assert!(
            numbers.insert(format!("A{n}")),
            "A{n} came from the machine too"
        );
    }
    let again = supervisor.post("/services/A/roll", &key, &body).await;
    assert_eq!(
        again.expect(200).body["to"],
        "A105",
        "the same key is the same roll"
    );

    let newest = numbers.last().unwrap();
    let taken = enter(&supervisor, json!({ "from": 105, "to": 110 })).await;
    let taken = taken.refused(409, "numbers-taken");
    assert!(taken.text("detail").contains(newest), "{taken:?}");
    let backwards = enter(&supervisor, json!({ "from": 210, "to": 201 })).await;
    backwards.refused(422, "not-a-roll");
    let far = enter(&supervisor, json!({ "from": 5000, "to": 5001 })).await;
    far.refused(422, "too-far-ahead");

    // A number of the roll is called, and one that was entered in error is taken back.
    clerk.act("/counters/1/open").await.expect(200);
    let chosen = json!({ "ticket": "A103", "reason": "số từ cuộn giấy" });
    let called = clerk.post("/counters/1/call", &fresh_key(), &chosen).await;
    let called = called.expect(200).body;
    assert_eq!(
        (&called["by_hand"], &called["paper"]),
        (&json!(true), &json!("none"))
    );
    clerk.act("/counters/1/finish").await.expect(200);
    clerk.act("/tickets/A102/cancel").await.expect(200);
    let wrong = json!({ "from": 103, "to": 104 });
    let back = supervisor
        .post("/services/A/roll/cancel", &fresh_key(), &wrong)
        .await;
    assert_eq!(back.expect(200).body["cancelled"], 1, "A103 was served");

    let day = wait::until("the ledger to catch up", async || {
        let answer = supervisor.get("/figures").await;
        (answer.status == 200 && answer.body["behind"] == 0).then_some(answer.body)
    })
    .await;
    let total = &day["total"];
    let counted = ["issued", "served", "cancelled", "open"];
    let found = counted.map(|what| total[what].as_u64().unwrap());
    assert_eq!(found, [26, 2, 2, 22], "{total}");
    assert_eq!(
        total["wait"]["count"], 0,
        "when it was handed out nobody knows"
    );
    assert_eq!(total["service"]["count"], 1, "{total}");
    let why = office
        .say(&["journal", "why", "A103", "--lang", "en"])
        .await;
    assert!(why.contains("by hand from a paper roll"), "{why}");
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_go_on_where_a_supervisor_says_and_never_back() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    kiosk.issue("A").await;
    let go_on = async |body: Value| supervisor.post("/day/numbers", &fresh_key(), &body).await;
    let said = go_on(json!({ "next": 101 })).await.expect(200).body;
    let first = &said["services"][0];
    assert_eq!(
        (&first["service"], &first["next"]),
        (&json!("A"), &json!("A101"))
    );
    assert_eq!(kiosk.issue("A").await["number"], "A101");
    go_on(json!({ "next": 50, "service": "A" }))
        .await
        .expect(200);
    assert_eq!(kiosk.issue("A").await["number"], "A102");
    assert_eq!(kiosk.issue("B").await["number"], "B101");
    let far = go_on(json!({ "next": 5000, "service": "A" })).await;
    far.refused(422, "too-far-ahead");
}
