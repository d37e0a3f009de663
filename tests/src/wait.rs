//! Waiting with a deadline: the only place of the stories that knows real time.

use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long a story waits before it says what did not happen. Long, because a shared
/// machine may be busy with a build; a story that works never comes near it.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at a condition that sends no event.
const GAP: Duration = Duration::from_millis(20);

/// Looks until `look` finds what it wants, and hands that over.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        sleep(GAP).await;
    }
}

/// Waits for one thing that comes by itself.
pub async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    match timeout(PATIENCE, coming).await {
        Ok(came) => came,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
