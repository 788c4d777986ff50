//! A clock that stands in the past and is moved by hand, until it has caught up.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::time::Millis;
use store::Clock;

/// Wall clock and time since boot, moved together.
#[derive(Debug)]
pub(crate) struct PastClock(AtomicI64);

impl PastClock {
    pub(crate) fn at(start: Millis) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves on to `to`; never back.
    pub(crate) fn move_to(&self, to: Millis) {
        self.0.fetch_max(to.0, Ordering::Relaxed);
    }
}

impl Clock for PastClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Relaxed))
    }

    fn boot(&self) -> Millis {
        self.now()
    }

    /// Nobody who waits moves it: those who wait are told in real time.
    fn sleep_until<'a>(
        &'a self,
        _at: Millis,
        at_most: Duration,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(tokio::time::sleep(at_most))
    }
}
