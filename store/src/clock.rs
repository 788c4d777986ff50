//! The time, as a port that tests move, and the guard that notices when the wall clock jumps.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use domain::time::Millis;
use nix::time::{ClockId, clock_gettime};

/// Where time comes from: the wall clock and the time since boot, suspend included, which move together.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The wall clock.
    fn now(&self) -> Millis;
    /// Milliseconds since boot, suspend included (`CLOCK_BOOTTIME`).
    fn boot(&self) -> Millis;
    /// Returns when [`Clock::now`] has reached `at`, or after `at_most` without it.
    fn sleep_until<'a>(
        &'a self,
        at: Millis,
        at_most: Duration,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
}

/// The machine's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        read(ClockId::CLOCK_REALTIME)
    }

    fn boot(&self) -> Millis {
        read(ClockId::CLOCK_BOOTTIME)
    }

    fn sleep_until<'a>(
        &'a self,
        at: Millis,
        at_most: Duration,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        let wait = Duration::from_millis((at - self.now()).max(0).unsigned_abs());
        Box::pin(tokio::time::sleep(wait.min(at_most)))
    }
}

/// Both clocks exist on every Linux; one that can't be read stands still, which the guard then reports.
fn read(clock: ClockId) -> Millis {
    clock_gettime(clock).map_or(Millis(0), |time| {
        Millis(time.tv_sec() * 1000 + time.tv_nsec() / 1_000_000)
    })
}

/// A jump of the wall clock against the time since boot at which the door stops, in milliseconds.
pub const JUMP_MS: i64 = 5 * 60 * 1000;
/// Below it a difference counts as the clock being set right, and becomes the new normal, in milliseconds.
const SET_RIGHT_MS: i64 = 60 * 1000;

/// Remembers how wall clock and boot time stood to each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockGuard {
    difference_ms: i64,
}

/// The wall clock jumped by so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the wall clock has jumped by {jump_ms} ms; set it right, or restart if it is right now")]
pub struct ClockJumped {
    pub jump_ms: i64,
}

impl ClockGuard {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self {
            difference_ms: clock.now() - clock.boot(),
        }
    }

    /// The time, as long as the two clocks agree.
    pub(crate) fn now(&mut self, clock: &dyn Clock) -> Result<Millis, ClockJumped> {
        let (now, boot) = (clock.now(), clock.boot());
        let difference_ms = now - boot;
        let jump_ms = difference_ms - self.difference_ms;
        if jump_ms.abs() >= JUMP_MS {
            return Err(ClockJumped { jump_ms });
        }
        if jump_ms.abs() < SET_RIGHT_MS {
            self.difference_ms = difference_ms;
        }
        Ok(now)
    }
}
