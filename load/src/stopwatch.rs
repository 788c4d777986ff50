//! The one clock of a run: microseconds since it began, and the wall clock that began it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Started with a run, copied to all its parts.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    began: Instant,
    began_ms: u64,
}

impl Stopwatch {
    /// Begins now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the run's one look at the wall clock, which commands are stamped with"
    )]
    pub fn start() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            began: Instant::now(),
            began_ms: now.unwrap_or_default().as_millis() as u64,
        }
    }

    /// Microseconds since the beginning.
    #[must_use]
    pub fn now_us(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn wall_ms(&self) -> u64 {
        self.began_ms + self.began.elapsed().as_millis() as u64
    }

    /// That many microseconds after the beginning.
    #[must_use]
    pub fn at(&self, us: u64) -> Instant {
        self.began + Duration::from_micros(us)
    }
}
