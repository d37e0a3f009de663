//! How the rest of the program reaches a screen: a queue that wakes the Slint loop.
//!
//! What is sent before the loop runs waits; what is sent after the window closed is dropped.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Sends to one screen, from any thread.
#[derive(Debug)]
pub struct Remote<T>(Sender<T>);

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Send + 'static> Remote<T> {
    /// Hands `message` to the screen; false once the screen is gone.
    pub fn send(&self, message: T) -> bool {
        if self.0.send(message).is_err() {
            return false;
        }
        // Fails only before the loop runs or after it ended: it drains as it starts.
        let _ = slint::invoke_from_event_loop(drain);
        true
    }
}

/// The screen's end.
#[derive(Debug)]
pub struct Inbox<T>(Receiver<T>);

/// A queue to one screen.
pub fn inbox<T: Send + 'static>() -> (Remote<T>, Inbox<T>) {
    let (sender, receiver) = channel();
    (Remote(sender), Inbox(receiver))
}

thread_local! {
    static DRAIN: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
}

fn drain() {
    // Taken out while it runs, since showing may come back here.
    if let Some(mut each) = DRAIN.take() {
        each();
        DRAIN.set(Some(each));
    }
}

impl<T: 'static> Inbox<T> {
    /// From now on the Slint thread gives every batch that has come to `each`.
    pub(crate) fn attach(self, mut each: impl FnMut(Vec<T>) + 'static) {
        DRAIN.set(Some(Box::new(move || {
            let batch: Vec<T> = self.0.try_iter().collect();
            if !batch.is_empty() {
                each(batch);
            }
        })));
        drain();
    }
}
