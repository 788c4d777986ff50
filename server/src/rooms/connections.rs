//! How many sockets there may be, from one address and at all.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Sockets from one address at once: a school behind one router may be many. Loopback is not counted: it is a proxy of
/// ours, or this machine.
pub const PER_ADDRESS_MAX: usize = 200;
/// Sockets at once.
pub const TOTAL_MAX: usize = 12_000;

/// The sockets that are open.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    by_address: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
    total: Arc<watch::Sender<usize>>,
}

/// Held by an open socket.
#[derive(Debug)]
pub(super) struct Place {
    of: Connections,
    address: IpAddr,
}

impl Connections {
    pub(super) fn new() -> Self {
        Self {
            by_address: Arc::default(),
            total: Arc::new(watch::Sender::new(0)),
        }
    }

    /// One more, unless a bound is reached.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Place> {
        let mut by_address = self
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let here = by_address.entry(address).or_default();
        let full = *here >= PER_ADDRESS_MAX && !address.is_loopback();
        if full || self.total() >= TOTAL_MAX {
            if *here == 0 {
                by_address.remove(&address);
            }
            return None;
        }
        *here += 1;
        self.total.send_modify(|total| *total += 1);
        Some(Place {
            of: self.clone(),
            address,
        })
    }

    pub(super) fn total(&self) -> usize {
        *self.total.borrow()
    }

    pub(super) async fn none_left(&self) {
        let mut total = self.total.subscribe();
        let _ = total.wait_for(|&total| total == 0).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self
            .of
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                by_address.remove(&self.address);
            }
        }
        self.of.total.send_modify(|total| *total -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_bounded_and_loopback_is_not() {
        let connections = Connections::new();
        let far = IpAddr::from([203, 0, 113, 7]);
        let held: Vec<_> = (0..PER_ADDRESS_MAX)
            .map(|_| connections.admit(far))
            .collect();
        assert!(held.iter().all(Option::is_some));
        assert!(connections.admit(far).is_none());
        assert!(connections.admit(IpAddr::from([203, 0, 113, 8])).is_some());
        drop(held);
        assert!(connections.admit(far).is_some());
        let near = IpAddr::from([127, 0, 0, 1]);
        let held: Vec<_> = (0..=PER_ADDRESS_MAX)
            .map(|_| connections.admit(near))
            .collect();
        assert!(held.iter().all(Option::is_some));
        assert_eq!(connections.total(), PER_ADDRESS_MAX + 1);
    }
}
