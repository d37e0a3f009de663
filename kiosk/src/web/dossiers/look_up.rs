//! Looking up one's own dossier: the code on the receipt, and something that only whoever handed
//! it in knows. The answer holds no name and the dossier masked.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{StateView, id};
use crate::advice;
use crate::clock::monotonic_ms;
use crate::dossiers::factor;
use crate::web::App;
use crate::web::auth::{Anybody, KeyOf};
use crate::web::problem::{Json, Problem, ProblemBody};

/// What a citizen has and knows.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookUpBody {
    /// Dossier ID, as on the receipt.
    code: String,
    /// Last four digits of the telephone number or identity paper that was given, or the code for
    /// looking up that is printed on the receipt.
    factor: String,
}

/// One's own dossier.
#[derive(Serialize, ToSchema)]
pub(crate) struct LookUpView {
    /// The dossier ID, masked.
    dossier: String,
    #[serde(flatten)]
    stands: StateView,
}

/// Looks up one's own dossier. A dossier that nobody knows and a wrong second factor get the same
/// answer, which says how many tries are left; both count as tries.
#[utoipa::path(post, path = "/api/v1/dossiers/look-up", tag = "dossiers", operation_id = "look_up_dossier",
    params(("Idempotency-Key" = String, Header)), request_body = LookUpBody,
    responses((status = 200, body = LookUpView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn look_up(
    State(app): State<App>,
    Anybody(actor): Anybody,
    _: KeyOf,
    Json(body): Json<LookUpBody>,
) -> Result<axum::Json<LookUpView>, Problem> {
    let dossier = id(&app, &body.code)?;
    let fingerprint = app.dossiers.fingerprint(&dossier);
    let Some(fingerprint) = fingerprint.filter(|_| app.dossiers.has_source()) else {
        return Err(Problem::of(advice::no_source()));
    };
    // Before anything is looked at: a hundred tries at once are a hundred tries.
    let begun = app
        .dossiers
        .guard
        .begin(monotonic_ms(), &fingerprint, &actor.id);
    let locked = |wait_ms: u64| {
        let problem = Problem::instead(advice::look_up_locked(wait_ms));
        problem.with_wait(wait_ms)
    };
    let cost = begun.map_err(locked)?;
    let wrong = || {
        let problem = Problem::of(advice::wrong_factor()).with_tries_left(cost.tries_left);
        match cost.wait_ms {
            0 => problem,
            wait_ms => problem.with_wait(wait_ms),
        }
    };
    let factor = factor(&body.factor).ok_or_else(wrong)?;
    let now = app.engine.read(|view| view.now).await?;
    // Asked before the factor is judged: what proves the receipt may come with the answer.
    let known = app.dossiers.best(&dossier, now).await;
    let proven = app.dossiers.proves(&dossier, &factor);
    let known = match known {
        Ok(known) => known.filter(|_| proven).ok_or_else(wrong)?,
        Err(_) => {
            app.dossiers.guard.unjudged(&fingerprint, &actor.id);
            return Err(Problem::of(advice::dossiers_away()));
        }
    };
    app.dossiers.guard.right(&fingerprint, &actor.id);
    let view = app.engine.read(move |view| LookUpView {
        dossier: dossier.masked(),
        stands: StateView::new(view, &known),
    });
    Ok(axum::Json(view.await?))
}
