//! Ctrl-C, SIGTERM and the closing of the terminal: the first asks to stop in order, the second to stop at once.

use std::io;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How far the process is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Running,
    Stopping,
    Hard,
}

/// Tells every part of the process when to stop. Clones speak of the same process.
#[derive(Debug, Clone)]
pub struct Shutdown {
    stage: Arc<watch::Sender<Stage>>,
    holders: Arc<watch::Sender<usize>>,
}

/// Held by what must be ended before the process may: a running service.
#[derive(Debug)]
pub struct Hold(Arc<watch::Sender<usize>>);

impl Shutdown {
    /// Listens for SIGINT, SIGTERM and SIGHUP from now on (not for one that the process was started to ignore, as
    /// `nohup` does it).
    ///
    /// # Errors
    /// When the handlers cannot be set.
    pub fn listen() -> io::Result<Self> {
        let shutdown = Self::by_hand();
        for (kind, name) in [
            (SignalKind::interrupt(), "SIGINT"),
            (SignalKind::terminate(), "SIGTERM"),
            (SignalKind::hangup(), "SIGHUP"),
        ] {
            if is_ignored(kind) {
                continue;
            }
            let mut arrivals = signal(kind)?;
            let shutdown = shutdown.clone();
            tokio::spawn(async move {
                while arrivals.recv().await.is_some() {
                    shutdown.advance(name);
                }
            });
        }
        Ok(shutdown)
    }

    /// One that only [`Shutdown::request`] moves.
    #[must_use]
    pub fn by_hand() -> Self {
        Self {
            stage: Arc::new(watch::Sender::new(Stage::Running)),
            holders: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Asks for the orderly stop from inside the process.
    pub fn request(&self) {
        self.stage.send_if_modified(|stage| match stage {
            Stage::Running => {
                *stage = Stage::Stopping;
                true
            }
            Stage::Stopping | Stage::Hard => false,
        });
    }

    /// Whether the stop was asked for.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stage.borrow() >= Stage::Stopping
    }

    /// Waits until the stop is asked for.
    pub async fn stopping(&self) {
        self.reached(Stage::Stopping).await;
    }

    /// Waits until the stop is asked for a second time: whoever waits for others gives up waiting.
    pub async fn hard(&self) {
        self.reached(Stage::Hard).await;
    }

    /// Keeps [`Shutdown::released`] waiting until it is dropped.
    #[must_use]
    pub fn hold(&self) -> Hold {
        self.holders.send_modify(|count| *count += 1);
        Hold(Arc::clone(&self.holders))
    }

    /// Waits until nothing holds the process any more.
    pub async fn released(&self) {
        // It cannot close while `self` has its sender.
        let _ = self.holders.subscribe().wait_for(|count| *count == 0).await;
    }

    async fn reached(&self, wanted: Stage) {
        let _ = self
            .stage
            .subscribe()
            .wait_for(|stage| *stage >= wanted)
            .await;
    }

    fn advance(&self, signal: &str) {
        if self.is_stopping() {
            tracing::warn!("{signal} again: stopping at once");
            self.stage.send_replace(Stage::Hard);
        } else {
            tracing::info!("{signal}: stopping in order (a second one stops at once)");
            self.request();
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// Asks the kernel, since setting a handler would already change the answer.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_signal_stops_in_order_and_the_second_at_once() {
        let shutdown = Shutdown::by_hand();
        assert!(!shutdown.is_stopping());
        shutdown.advance("SIGINT");
        shutdown.stopping().await;
        assert!(*shutdown.stage.borrow() < Stage::Hard);
        shutdown.advance("SIGINT");
        shutdown.hard().await;
    }

    #[tokio::test]
    async fn the_process_waits_for_what_holds_it() {
        let shutdown = Shutdown::by_hand();
        let hold = shutdown.hold();
        let waiting = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.released().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(hold);
        waiting.await.expect("it is released");
    }
}
