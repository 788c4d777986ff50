//! Keeps one service running: starts it, notices its end, starts it again with growing pauses, and stops it in order.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use serde::Serialize;
use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::error::EmbeddedError;
use super::process::{IsWarning, Running};
use crate::signals::{Hold, Shutdown};

/// How often a starting service is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Recovery after a crash of the machine can take long; this bounds it.
const READY_PATIENCE: Duration = Duration::from_mins(15);

/// How often it is told that a start takes long.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The pause before the first restart; each further one is twice as long.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// The longest pause between two restarts.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// What ran this long is steady again: its next crash is a first one.
const STEADY_AFTER: Duration = Duration::from_mins(1);

/// How long one that is stopped at once may take before it is killed.
const AT_ONCE_PATIENCE: Duration = Duration::from_secs(3);

/// How a service is, as far as its process tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Not ours: its address was given, and whoever uses it sees how it is.
    #[default]
    Given,
    /// It runs and answers.
    Running,
    /// It ended unexpectedly and is being started again.
    Restarting,
    /// It was stopped.
    Stopped,
}

/// What a keeper has to know of the service it keeps.
pub(super) trait Service: Send + Sync + 'static {
    /// Its name for people.
    fn name(&self) -> &'static str;

    /// Where its data lies.
    fn folder(&self) -> &Path;

    /// Removes what a killed run left: processes, stale files.
    fn clear(&self) -> impl Future<Output = Result<(), EmbeddedError>> + Send;

    /// How it is started.
    fn command(&self) -> Command;

    /// Which of its lines are warnings.
    fn is_warning(&self) -> IsWarning;

    /// Whether the process answers.
    fn is_ready(&self, pid: u32) -> impl Future<Output = bool> + Send;

    /// Tries to mend what kept it from starting; says what was done, or nothing when nothing could be.
    fn mend(&self, said: &str) -> Option<String>;

    /// The ways to ask it to end, gentle first, each with its patience.
    fn stops(&self) -> &'static [(Signal, Duration)];

    /// The way to end it at once without harm.
    fn stop_at_once(&self) -> Signal;
}

/// Keeps a service running until it is told to stop, or dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    phase: watch::Receiver<Phase>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Returns when the service answers.
    pub(super) async fn start<S: Service>(
        service: S,
        shutdown: &Shutdown,
    ) -> Result<Self, EmbeddedError> {
        let hold = shutdown.hold();
        let running = loop {
            match launch(&service, shutdown.stopping(), shutdown).await {
                Ok(running) => break running,
                Err(EmbeddedError::Ended { how, said, .. }) => match service.mend(&said) {
                    Some(done) => tracing::warn!("{}: {done}", service.name()),
                    None => {
                        let folder = service.folder().to_path_buf();
                        let service = service.name();
                        return Err(EmbeddedError::Ended {
                            service,
                            how,
                            said,
                            folder,
                        });
                    }
                },
                Err(error) => return Err(error),
            }
        };
        let (phase_sender, phase) = watch::channel(Phase::Running);
        let (stop, stop_receiver) = watch::channel(false);
        let keep = Keep {
            service,
            phase: phase_sender,
            stop: stop_receiver,
            shutdown: shutdown.clone(),
            _hold: hold,
        };
        let task = tokio::spawn(keep.keep(running));
        Ok(Self { phase, stop, task })
    }

    pub(super) fn watch(&self) -> watch::Receiver<Phase> {
        self.phase.clone()
    }

    /// Stops it and waits for its end.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        // A keeper that panicked has dropped its child, which was asked to stop by that.
        let _ = self.task.await;
    }
}

/// The task of a keeper.
struct Keep<S> {
    service: S,
    phase: watch::Sender<Phase>,
    stop: watch::Receiver<bool>,
    shutdown: Shutdown,
    _hold: Hold,
}

impl<S: Service> Keep<S> {
    async fn keep(self, mut running: Running) {
        let name = self.service.name();
        let mut restarts = 0;
        loop {
            let since = Instant::now();
            let how = tokio::select! {
                how = running.ended() => how,
                () = self.told_to_stop() => {
                    stop(&self.service, &mut running, &self.shutdown).await;
                    break;
                }
            };
            let ended = Instant::now();
            self.phase.send_replace(Phase::Restarting);
            if since.elapsed() >= STEADY_AFTER {
                restarts = 0;
            }
            tracing::warn!(
                service = name,
                "{name} ended unexpectedly ({how}); it is started again"
            );
            tracing::debug!(
                service = name,
                "{name} said last: {}",
                running.last_words().await
            );
            let Some(again) = self.start_again(&mut restarts).await else {
                break;
            };
            running = again;
            let down_ms = ended.elapsed().as_millis() as u64;
            tracing::info!(
                service = name,
                up_again_ms = down_ms,
                restarts,
                "{name} runs again"
            );
            self.phase.send_replace(Phase::Running);
        }
        self.phase.send_replace(Phase::Stopped);
    }

    /// Tries until it runs; none when it was told to stop meanwhile.
    async fn start_again(&self, restarts: &mut u32) -> Option<Running> {
        loop {
            let pause = PAUSE_MIN
                .saturating_mul(1 << (*restarts).min(10))
                .min(PAUSE_MAX);
            *restarts += 1;
            tokio::select! {
                () = sleep(pause) => {}
                () = self.told_to_stop() => return None,
            }
            match launch(&self.service, self.told_to_stop(), &self.shutdown).await {
                Ok(running) => return Some(running),
                Err(EmbeddedError::Interrupted { .. }) => return None,
                Err(error) => {
                    let mended = match &error {
                        EmbeddedError::Ended { said, .. } => self.service.mend(said),
                        _ => None,
                    };
                    let error = error.on_folder(self.service.folder());
                    tracing::warn!(service = self.service.name(), "{error} It is tried again.");
                    if let Some(done) = mended {
                        tracing::warn!("{}: {done}", self.service.name());
                    }
                }
            }
        }
    }

    /// Told by [`Keeper::stop`], by the keeper's end, or by the second signal.
    async fn told_to_stop(&self) {
        let mut stop = self.stop.clone();
        tokio::select! {
            _ = stop.wait_for(|told| *told) => {}
            () = self.shutdown.hard() => {}
        }
    }
}

/// Starts it once and waits until it answers.
async fn launch<S: Service>(
    service: &S,
    interrupted: impl Future<Output = ()>,
    shutdown: &Shutdown,
) -> Result<Running, EmbeddedError> {
    service.clear().await?;
    // Its drop must end it without waiting, so it is the most urgent orderly way.
    let urgent = service
        .stops()
        .last()
        .map_or(Signal::SIGTERM, |(signal, _)| *signal);
    let mut running = Running::spawn(
        service.name(),
        service.command(),
        service.is_warning(),
        urgent,
    )?;
    tokio::pin!(interrupted);
    let began = Instant::now();
    let mut told = began;
    loop {
        tokio::select! {
            biased;
            () = &mut interrupted => {
                stop(service, &mut running, shutdown).await;
                return Err(EmbeddedError::Interrupted { service: service.name() });
            }
            how = running.ended() => {
                return Err(EmbeddedError::Ended {
                    service: service.name(),
                    how,
                    said: running.last_words().await,
                    folder: service.folder().to_path_buf(),
                });
            }
            () = sleep(LOOK_EVERY) => {}
        }
        if service.is_ready(running.pid).await {
            return Ok(running);
        }
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            tracing::info!(
                "{} is still starting after {} s",
                service.name(),
                began.elapsed().as_secs()
            );
        }
        if began.elapsed() >= READY_PATIENCE {
            stop(service, &mut running, shutdown).await;
            return Err(EmbeddedError::TooSlow {
                service: service.name(),
                minutes: READY_PATIENCE.as_secs() / 60,
            });
        }
    }
}

/// Asks it to end, gentle first; a second signal to the server makes it urgent.
async fn stop<S: Service>(service: &S, running: &mut Running, shutdown: &Shutdown) {
    for (signal, patience) in service.stops() {
        running.send(*signal);
        tokio::select! {
            _ = running.ended() => return,
            () = sleep(*patience) => {
                tracing::info!("{} still ends after {} s; it is asked more firmly", service.name(), patience.as_secs());
            }
            () = shutdown.hard() => break,
        }
    }
    for signal in [service.stop_at_once(), Signal::SIGKILL] {
        running.send(signal);
        if tokio::time::timeout(AT_ONCE_PATIENCE, running.ended())
            .await
            .is_ok()
        {
            return;
        }
    }
}
