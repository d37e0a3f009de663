//! What both screens do with their daemon: follow it, and ask to be let in where it does not know
//! them.
//!
//! - A screen without a token, or with one that is refused, shows a code until an administrator
//!   has typed it; then it goes on by itself, and keeps its token for the next start.
//! - A token is not thrown away when it is refused: it is tried again before each new code, since
//!   a daemon that has got its own data back knows it again.

use std::path::PathBuf;
use std::time::Duration;

use screens::enrol::{Asker, Enrolment, Step};
use tracing::{info, warn};

use crate::client::{Asked, Client, Door, Over, Standing, Update};
use crate::safe_file;

/// How often a screen looks whether its code was typed.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// When a daemon that does not answer, or has too many to let in, is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// A screen and its daemon.
pub(super) struct Following {
    pub(super) client: Client,
    pub(super) asker: Asker,
    /// The daemon's address, for whoever looks for it.
    pub(super) at: String,
    /// Where the token is kept.
    pub(super) token_file: PathBuf,
}

/// What the screen hears.
pub(super) enum News {
    /// Of the daemon.
    Update(Update),
    /// It is not let in; `None`: it is.
    Enrol(Option<Enrolment>),
}

impl Following {
    /// Follows the daemon for as long as `tell` returns true.
    pub(super) async fn run(self, mut tell: impl FnMut(News) -> bool) {
        let mut revoked = false;
        let mut may_follow = self.client.token().is_some();
        loop {
            if may_follow {
                match self
                    .client
                    .follow(|update| tell(News::Update(update)))
                    .await
                {
                    Over::Unheard => return,
                    Over::Unknown => revoked = true,
                }
            }
            if self.come_in(revoked, &mut tell).await.is_none() || !tell(News::Enrol(None)) {
                return;
            }
            may_follow = true;
        }
    }

    /// Until the screen may follow; `None` when nobody listens any more.
    async fn come_in(&self, revoked: bool, tell: &mut impl FnMut(News) -> bool) -> Option<()> {
        let mut show = |step| {
            let enrolment = Enrolment {
                asker: self.asker,
                revoked,
                step,
            };
            tell(News::Enrol(Some(enrolment))).then_some(())
        };
        loop {
            if self.client.is_known().await {
                return Some(());
            }
            match self.client.ask_in(self.asker).await {
                Door::Code(asked) => {
                    show(Step::Code(asked.code.clone()))?;
                    if self.wait(&asked).await {
                        return Some(());
                    }
                    continue;
                }
                // What is public needs no token; numbers do.
                Door::Public if self.asker == Asker::Lobby => return Some(()),
                Door::Full => show(Step::Full)?,
                Door::Public | Door::Silent => show(Step::Away(self.at.clone()))?,
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    /// Until the code was typed; false: it is too old.
    async fn wait(&self, asked: &Asked) -> bool {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            match self.client.standing(asked).await {
                Standing::Waits => {}
                Standing::Over => return false,
                Standing::LetIn(token) => {
                    self.keep(&token).await;
                    self.client.set_token(token);
                    return true;
                }
            }
        }
    }

    /// For the next start; without it the screen would ask again then.
    async fn keep(&self, token: &str) {
        let (path, token) = (self.token_file.clone(), token.to_owned());
        let kept =
            tokio::task::spawn_blocking(move || safe_file::replace(&path, token.as_bytes())).await;
        match kept {
            Ok(Ok(())) => info!(file = %self.token_file.display(), "This screen is let in"),
            failed => warn!(
                ?failed,
                "the token cannot be kept: the next start asks for another"
            ),
        }
    }
}
