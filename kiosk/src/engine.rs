//! The engine: one loop owns the state.
//!
//! It takes the commands that wait, decides each on the working state, appends them as one
//! batch (group commit), and only then answers and publishes. An answer leaves only after the
//! append is durable. If the append fails or its outcome is uncertain, the state is rebuilt
//! from the journal: what was decided in vain is forgotten.

mod batch;
mod core;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use queue::{Actor, Command, Event, Now, Refusal, State};
use tokio::sync::{mpsc, oneshot, watch};

pub use self::core::Core;
pub(crate) use self::core::{replay, system};

/// Commands and readings that may wait: a batch each of everything 64 busy clients can have
/// under way, many times over. Beyond it callers wait; none is refused.
const WAITING_MAX: usize = 1_024;

/// The idempotency key of a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Method and path.
    pub call: String,
    /// 1 to 128 visible ASCII characters.
    pub key: String,
    /// The body, in a form equal for equal bodies.
    pub body: Vec<u8>,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What happened; empty: it was so already. Personal values are readable.
    pub events: Vec<Event>,
    /// Whether it had happened before, under the same key.
    pub repeated: bool,
}

/// Why a command has no answer but this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The key was used with another body.
    #[error("the key was used for something else")]
    KeyReused,
    /// The disk is full or read-only; nothing was done.
    #[error("the journal cannot be written: the disk is full or read-only")]
    JournalFull,
    /// The journal failed; whether it was done shows when the key is repeated.
    #[error("the journal failed")]
    JournalFailed,
    /// The daemon is stopping.
    #[error("the daemon is stopping")]
    Stopping,
}

/// The state as of the newest commit, for rendering an answer.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What is true now.
    pub state: &'a State,
    /// The moment.
    pub now: Now,
    /// Of the newest record.
    pub epoch: &'a str,
    /// Of the newest record.
    pub seq: u64,
}

/// A daemon whose engine is dead must not look alive: systemd starts it again.
struct Lifeline;

impl Drop for Lifeline {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the engine panicked; the daemon ends");
            std::process::exit(101);
        }
    }
}

type Decide = Box<dyn FnOnce(&State, Now) -> Result<Command, Refusal> + Send>;
type Answer = Box<dyn FnOnce(View<'_>, Result<Done, Failure>) + Send>;

/// A command on its way.
pub struct Submission {
    actor: Actor,
    key: Option<Key>,
    command: Decide,
    answer: Answer,
}

enum Message {
    Submit(Submission),
    Read(Box<dyn FnOnce(View<'_>) + Send>),
    Stop,
}

/// A handle on the engine; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    messages: mpsc::Sender<Message>,
    newest: watch::Receiver<u64>,
    writable: Arc<AtomicBool>,
}

impl Engine {
    /// Starts the loop on a thread of its own. The thread ends after [`Engine::stop`].
    pub fn start(mut core: Core) -> (Self, std::thread::JoinHandle<()>) {
        let (messages, mut waiting) = mpsc::channel(WAITING_MAX);
        let (publish, newest) = watch::channel(core.seq());
        let writable = Arc::new(AtomicBool::new(true));
        let engine = Self {
            messages,
            newest,
            writable: writable.clone(),
        };
        let thread = std::thread::spawn(move || {
            let _lifeline = Lifeline;
            let mut batch = Vec::new();
            while let Some(first) = waiting.blocking_recv() {
                batch.push(first);
                while let (true, Ok(next)) = (batch.len() < WAITING_MAX, waiting.try_recv()) {
                    batch.push(next);
                }
                let stop = core.run(&mut batch);
                writable.store(core.writable(), Ordering::Relaxed);
                publish.send_if_modified(|seq| std::mem::replace(seq, core.seq()) != core.seq());
                if stop {
                    break;
                }
            }
        });
        (engine, thread)
    }

    /// Has a command decided and journalled; `render` makes the answer from the state after it.
    ///
    /// `command` is made on the state it is decided on, so that a number or a token can be
    /// looked up there.
    pub async fn submit<T: Send + 'static>(
        &self,
        actor: Actor,
        key: Option<Key>,
        command: impl FnOnce(&State, Now) -> Result<Command, Refusal> + Send + 'static,
        render: impl FnOnce(View<'_>, Done) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (send, receive) = oneshot::channel();
        let submission = Submission {
            actor,
            key,
            command: Box::new(command),
            answer: Box::new(move |view, result| {
                // A caller that hung up will ask again under its key.
                let _ = send.send(result.map(|done| render(view, done)));
            }),
        };
        let message = Message::Submit(submission);
        self.messages
            .send(message)
            .await
            .map_err(|_| Failure::Stopping)?;
        receive.await.map_err(|_| Failure::Stopping)?
    }

    /// Does what the program does by itself.
    pub async fn act(&self, actor: Actor, command: Command) -> Result<Done, Failure> {
        self.submit(actor, None, |_, _| Ok(command), |_, done| done)
            .await
    }

    /// Reads from the state as of the newest commit.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(View<'_>) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (send, receive) = oneshot::channel();
        let message = Message::Read(Box::new(move |view| {
            let _ = send.send(read(view));
        }));
        self.messages
            .send(message)
            .await
            .map_err(|_| Failure::Stopping)?;
        receive.await.map_err(|_| Failure::Stopping)
    }

    /// The newest seq, and when it changes. Followers and faces look again then.
    pub fn newest(&self) -> watch::Receiver<u64> {
        self.newest.clone()
    }

    /// Whether the last append succeeded.
    pub fn writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed)
    }

    /// Ends the loop after what waits already.
    pub async fn stop(&self) {
        let _ = self.messages.send(Message::Stop).await;
    }
}
