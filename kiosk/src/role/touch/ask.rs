//! What a visit asks the daemon, and what it makes of the answers.

use screens::board::Ticket;
use screens::visit::{Answer, Card, LookedUp, Pending, Person, Private, Step, Told};
use tracing::warn;

use crate::client::{Client, Failure, Order};

/// A ticket request.
pub(super) async fn send(client: &Client, pending: &Pending) -> Answer {
    let key = &pending.key;
    let language = pending.language.as_str();
    let order = Order {
        service: pending.step.service(),
        class: "",
        language,
        dossier: None,
        person: None,
    };
    let answer = match &pending.step {
        Step::Issue { class, person, .. } => {
            let person = text(person);
            client
                .issue(
                    key,
                    &Order {
                        class,
                        person,
                        ..order
                    },
                )
                .await
        }
        Step::Change { ticket, .. } => client.change(key, ticket, &order).await,
        Step::Receipt {
            dossier,
            class,
            person,
        } => {
            let dossier = Some(dossier.0.as_str());
            let person = text(person);
            let order = Order {
                class,
                dossier,
                person,
                ..order
            };
            match client.issue(key, &order).await {
                Err(Failure::Refused {
                    code,
                    ticket: Some(ticket),
                    ..
                }) if code == "dossier-has-ticket" => {
                    return told(client.ticket(&ticket).await, Answer::Held);
                }
                answer => answer,
            }
        }
        Step::Slip { token } => return slip(client, key, &token.0, language).await,
    };
    told(answer, Answer::Ticket)
}

fn text(person: &Option<Private>) -> Option<&str> {
    person.as_ref().map(|person| person.0.as_str())
}

fn told(answer: Result<Ticket, Failure>, as_what: impl Fn(Box<Ticket>) -> Answer) -> Answer {
    match answer {
        Ok(ticket) => as_what(Box::new(ticket)),
        Err(Failure::Refused { code, detail, .. }) => {
            warn!(code, "the daemon refused a ticket");
            Answer::Refused(detail)
        }
        Err(Failure::Silent(cause)) => {
            warn!(cause, "no answer to a ticket request yet");
            Answer::Silent
        }
    }
}

/// Whatever a slip stands for now. A repeat of what was done before finds it done.
async fn slip(client: &Client, key: &str, token: &str, language: &str) -> Answer {
    let ticket = match client.ticket(token).await {
        Ok(ticket) => ticket,
        // An earlier day's slip that was used: by this very request, whose answer was lost, or
        // for good.
        Err(Failure::Refused { code, .. }) if code == "unknown-ticket" => {
            return match client.resume(key, token, language).await {
                Err(Failure::Refused { code, .. }) if code == "unknown-ticket" => {
                    Answer::Told(Told::OldSlip)
                }
                answer => told(answer, Answer::Ticket),
            };
        }
        failed => return told(failed, Answer::Held),
    };
    match ticket.state.as_str() {
        "parked" | "held" => told(client.resume(key, token, language).await, Answer::Back),
        "deferred" => told(client.resume(key, token, language).await, Answer::Ticket),
        "waiting" | "called" | "serving" => Answer::Held(Box::new(ticket)),
        _ => Answer::Told(Told::OldSlip),
    }
}

/// What a card says here; none where the daemon does not say.
pub(super) async fn card(client: &Client, key: &str, card: Card) -> Option<Person> {
    let birth = card.birth.as_ref().map(|birth| birth.0.as_str());
    match client.card(key, &card.number.0, birth).await {
        Ok(says) => Some(Person {
            word: Private(says.person),
            held: says.held.into_iter().map(|held| held.number).collect(),
            class: says.suggested_class,
        }),
        Err(failure) => {
            // The cause names no value that was sent.
            let cause = match failure {
                Failure::Refused { code, .. } => code,
                Failure::Silent(cause) => cause,
            };
            warn!(cause, "a citizen card could not be checked");
            None
        }
    }
}

/// A try at looking up a dossier. Neither what was sent nor the answer stands in the log.
pub(super) async fn look_up(
    client: &Client,
    key: &str,
    (dossier, factor): (&Private, &Private),
    language: &str,
) -> LookedUp {
    let answer = client.look_up(key, &dossier.0, &factor.0, language).await;
    let failure = match answer {
        Ok(dossier) => return LookedUp::Found(Box::new(dossier)),
        Err(failure) => failure,
    };
    match failure {
        Failure::Silent(cause) => {
            warn!(cause, "no answer about a dossier");
            LookedUp::Away
        }
        Failure::Refused {
            code,
            detail,
            tries_left,
            wait_seconds,
            ..
        } => {
            let wait_ms = wait_seconds.map(|seconds| seconds.saturating_mul(1_000));
            match (code.as_str(), tries_left) {
                ("locked-out", _) | ("wrong-factor", Some(0)) => LookedUp::Locked(wait_ms),
                ("wrong-factor", left) => LookedUp::Wrong(left),
                _ => {
                    warn!(code, "the daemon refused to look up a dossier");
                    LookedUp::Refused(detail)
                }
            }
        }
    }
}
