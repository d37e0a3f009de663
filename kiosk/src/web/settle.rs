//! A clerk decides about a scan of which nobody can tell whether the intake server has it.

use axum::extract::State;
use queue::{Command, Event, Personal, Settled};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Clerk, KeyOf};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::views::ScanView;
use crate::engine::Failure;
use crate::ids;

/// What is decided.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decision {
    /// The intake server has it: somebody looked there.
    Taken,
    /// It has not: it goes out under a new key.
    Again,
    /// It need not go out any more.
    Dropped,
}

impl Decision {
    /// What the list of scans says of it from then on.
    fn words(self) -> &'static str {
        match self {
            Self::Taken => "Cán bộ xác nhận phần mềm đã có.",
            Self::Again => "Chưa có trên phần mềm, cán bộ đã cho gửi lại.",
            Self::Dropped => "Cán bộ xác nhận không cần gửi.",
        }
    }
}

/// Body of `settle`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleBody {
    /// taken, again or dropped.
    decision: Decision,
}

/// Decides about a scan whose state is `unknown`. Answers what the clerk goes on with: the scan,
/// or the new one that goes out in its place.
#[utoipa::path(post, path = "/api/v1/scans/{id}/settle", tag = "scans", operation_id = "settle_scan",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = SettleBody,
    responses((status = 200, body = ScanView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn settle(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<SettleBody>,
) -> Result<axum::Json<ScanView>, Problem> {
    let unknown = || Problem::from(Failure::Refused(queue::Refusal::UnknownScan));
    let scan: queue::ScanId = id.parse().map_err(|_| unknown())?;
    let key = key.with(&body);
    let decision = body.decision;
    let command = move |_: &queue::State, now: queue::Now| {
        Ok(Command::Settle {
            scan,
            settled: match decision {
                Decision::Taken => Settled::Taken,
                Decision::Again => Settled::Again(ids::fresh(now)),
                Decision::Dropped => Settled::Dropped,
            },
            words: Personal::Plain(decision.words().to_owned()),
        })
    };
    let settled = app
        .engine
        .submit(actor, Some(key), command, move |view, done| {
            let new = done.events.iter().find_map(|event| match event {
                Event::Scanned { scan, .. } => Some(*scan),
                _ => None,
            });
            let scan = view.state.scan(new.unwrap_or(scan))?;
            Some(ScanView::new(view.state, scan))
        })
        .await?;
    // The key was repeated so late that the scan is of a day gone by.
    settled.map(axum::Json).ok_or_else(unknown)
}
