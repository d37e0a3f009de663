//! Acts that a person signs with number and PIN at a device where nobody is signed in.
//!
//! No session is begun: the PIN is for this one act, and counts as any other try to sign in.

use std::net::SocketAddr;

use queue::Actor;
use serde::Deserialize;
use utoipa::ToSchema;

use super::App;
use super::problem::Problem;

/// Who signs. Never written, neither into a record nor into the fingerprint of a body.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    /// Staff number.
    person: String,
    /// Their PIN.
    pin: String,
}

/// Who acts: whoever signs, else the caller.
pub(crate) async fn signer(
    app: &App,
    caller: Actor,
    signed: Option<Signature>,
    client: SocketAddr,
) -> Result<Actor, Problem> {
    let Some(signed) = signed else {
        return Ok(caller);
    };
    let checked = app
        .people
        .check(signed.person.trim(), &signed.pin, client.ip());
    let person = checked.await.map_err(|denied| Problem::denied(&denied))?;
    Ok(Actor::person(&person.id, person.role))
}
