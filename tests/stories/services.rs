//! A service that gives out no numbers for a while.

use crate::NO_PAPER;
use serde_json::json;
use tests::api::fresh_key;
use tests::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_pauses_a_service_and_staff_still_help_people() {
    let office = Office::open(NO_PAPER).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let supervisor = office.device("supervisor").await;
    kiosk.issue("A").await;
    assert_eq!(clerk.act("/services/A/pause").await.status, 403);
    let paused = supervisor.act("/services/A/pause").await.expect(200);
    assert_eq!(paused.body, json!({ "service": "A", "paused": true }));

    let take = json!({ "service": "A" });
    let refused = kiosk.post("/tickets", &fresh_key(), &take).await;
    refused.refused(409, "service-paused");
    let helped = clerk.issue("A").await;
    assert_eq!(helped["number"], "A002");
    kiosk.issue("B").await;

    // Again is no fault, and another day it would be over by itself.
    supervisor.act("/services/A/pause").await.expect(200);
    supervisor.act("/services/A/resume").await.expect(200);
    assert_eq!(kiosk.issue("A").await["number"], "A003");
    let unknown = supervisor.act("/services/Z/pause").await;
    unknown.refused(422, "unknown-service");
}
