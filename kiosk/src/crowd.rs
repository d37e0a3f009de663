//! Many at a door: how many there may be, and who makes way.
//!
//! Nobody who comes is turned away. When there are too many the address with the most loses its
//! oldest: an honest machine has few, and its streams stay.

use std::collections::HashMap;
use std::net::IpAddr;

use tokio::task::{AbortHandle, Id, JoinSet};

/// How many may be inside at once.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// In all.
    pub all: usize,
    /// From one address.
    pub address: usize,
}

/// Tasks of those who are inside.
pub struct Crowd {
    room: Room,
    tasks: JoinSet<()>,
    /// In the order in which they came.
    inside: Vec<(Id, IpAddr, AbortHandle)>,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(room: Room) -> Self {
        Self {
            room,
            tasks: JoinSet::new(),
            inside: Vec::new(),
        }
    }

    /// Lets somebody in from `ip`; who is in the way ends.
    pub fn admit(&mut self, ip: IpAddr, visit: impl Future<Output = ()> + Send + 'static) {
        let addresses: Vec<IpAddr> = self.inside.iter().map(|(_, ip, _)| *ip).collect();
        if let Some(place) = in_the_way(&addresses, ip, self.room) {
            let (_, _, slow) = self.inside.remove(place);
            slow.abort();
        }
        let handle = self.tasks.spawn(visit);
        self.inside.push((handle.id(), ip, handle));
    }

    /// Somebody left. Never ready while nobody is inside.
    pub async fn left(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(done) => {
                let id = done.map_or_else(|error| error.id(), |(id, ())| id);
                self.inside.retain(|(known, ..)| *known != id);
            }
            None => std::future::pending().await,
        }
    }

    /// Everybody left.
    pub async fn empty(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Who makes way for one more from `ip`: its own oldest, or that of whoever has the most.
fn in_the_way(addresses: &[IpAddr], ip: IpAddr, room: Room) -> Option<usize> {
    let mut counts: HashMap<&IpAddr, usize> = HashMap::new();
    for address in addresses {
        *counts.entry(address).or_default() += 1;
    }
    if counts.get(&ip).is_some_and(|count| *count >= room.address) {
        return addresses.iter().position(|other| *other == ip);
    }
    if addresses.len() < room.all {
        return None;
    }
    let most = counts.values().max();
    addresses.iter().position(|ip| counts.get(ip) == most)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn who_fills_the_door_makes_way_and_not_the_last_to_come() {
        let way = |inside: &str, comes: &str, room: Room| {
            let inside: Vec<IpAddr> = inside
                .split_whitespace()
                .map(|ip| ip.parse().unwrap())
                .collect();
            in_the_way(&inside, comes.parse().unwrap(), room)
        };
        let five = Room { all: 5, address: 4 };
        let flood = "10.0.0.1 10.0.0.9 10.0.0.9 10.0.0.9 10.0.0.2";
        assert_eq!(way(flood, "10.0.0.3", five), Some(1));
        assert_eq!(way(flood, "10.0.0.9", five), Some(1));
        let three = Room { all: 3, address: 3 };
        assert_eq!(
            way("10.0.0.1 10.0.0.2 10.0.0.3", "10.0.0.4", three),
            Some(0)
        );
        // There is room, but not for more of one machine.
        let two = Room { all: 9, address: 2 };
        assert_eq!(way("10.0.0.1 10.0.0.9 10.0.0.9", "10.0.0.9", two), Some(1));
        assert_eq!(way("10.0.0.1 10.0.0.9 10.0.0.9", "10.0.0.1", two), None);
    }

    #[tokio::test]
    async fn who_makes_way_ends_and_the_others_stay() {
        let mut crowd = Crowd::new(Room { all: 2, address: 2 });
        let (ends, mut ended) = tokio::sync::mpsc::unbounded_channel();
        for n in 0..3u8 {
            let mine = ends.clone();
            let ip = IpAddr::from([10, 0, 0, 1 + n.min(1)]);
            crowd.admit(ip, async move {
                let _told = Told(n, mine);
                std::future::pending::<()>().await;
            });
            // Begun before the next one comes.
            tokio::task::yield_now().await;
        }
        assert_eq!(ended.recv().await, Some(0));
        crowd.left().await;
        assert_eq!(crowd.inside.len(), 2);
        assert!(ended.try_recv().is_err());
    }

    struct Told(u8, tokio::sync::mpsc::UnboundedSender<u8>);

    impl Drop for Told {
        fn drop(&mut self) {
            let _ = self.1.send(self.0);
        }
    }
}
