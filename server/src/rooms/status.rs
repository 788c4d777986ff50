//! How far relay, bus and hub are, for `/health/ready`.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

/// How long after the log had to be read instead the bus counts as degraded.
const DOUBT: Duration = Duration::from_secs(5);

/// Written by the tasks as they go.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) listening: AtomicBool,
    pub(super) publishing: AtomicBool,
    pub(super) head: AtomicI64,
    pub(super) published: AtomicI64,
    pub(super) followed: AtomicI64,
    pub(super) shown: AtomicI64,
    pub(super) fallbacks: AtomicU64,
    pub(super) queued: AtomicU64,
    pub(super) listeners: AtomicU64,
    fell_back: Mutex<Option<Instant>>,
}

/// How the live channel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Status {
    /// Events arrive by the bus, and this instance can put its own on it.
    pub bus_healthy: bool,
    /// Events that this instance has not yet seen on the bus.
    pub relay_behind: i64,
    /// Events whose changes this instance does not know yet.
    pub follow_behind: i64,
    /// Events that are not yet in what clients were told.
    pub rooms_behind: i64,
    /// How often the log was read because the bus was silent.
    pub fallbacks: u64,
    /// Bytes of the longest queue of a client at the last tick; of who keeps up it is 0.
    pub queued_bytes: u64,
    /// Open sockets.
    pub sockets: u64,
    /// Sockets that are served; the others begin or end.
    pub listening: u64,
}

impl Figures {
    /// The bus was silent, so that the log was read.
    pub(super) fn fell_back(&self) {
        self.fallbacks.fetch_add(1, Relaxed);
        *self
            .fell_back
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    pub(super) fn status(&self, sockets: usize) -> Status {
        let fell_back = *self
            .fell_back
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let in_doubt = fell_back.is_some_and(|at| at.elapsed() < DOUBT);
        let head = self.head.load(Relaxed);
        let behind = |at: &AtomicI64| (head - at.load(Relaxed)).max(0);
        Status {
            bus_healthy: self.listening.load(Relaxed) && self.publishing.load(Relaxed) && !in_doubt,
            relay_behind: behind(&self.published),
            follow_behind: behind(&self.followed),
            rooms_behind: behind(&self.shown),
            fallbacks: self.fallbacks.load(Relaxed),
            queued_bytes: self.queued.load(Relaxed),
            sockets: sockets as u64,
            listening: self.listeners.load(Relaxed),
        }
    }
}
