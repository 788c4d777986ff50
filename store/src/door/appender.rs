//! The one task that appends: it drains what waits and answers everyone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::wire::Receipt;
use tokio::sync::mpsc;

use super::receipts::Outcome;
use super::transaction::{self, Line};
use super::work::Work;
use super::{Answer, Asked, BATCH_MAX, DoorError, Unavailable};
use crate::clock::ClockGuard;
use crate::partitions::SeenDay;
use crate::session::Purpose;
use crate::{Store, StoreError, fail};

/// How long one transaction may take before its connection is given up.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a batch that met an error is tried again, one by one, before its commands hear that nothing works.
const REPLAY_FOR: Duration = Duration::from_secs(5);
const AGAIN_AFTER: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Appender {
    store: Store,
    guard: ClockGuard,
    line: Option<Line>,
}

impl Appender {
    pub(super) fn new(store: Store) -> Self {
        Self {
            guard: ClockGuard::new(store.clock()),
            store,
            line: None,
        }
    }

    /// Serves until nobody can ask any more.
    /// `is_closed` tells whether the last batch could not be written.
    pub(super) async fn run(
        mut self,
        mut asked: mpsc::Receiver<Asked>,
        is_closed: Arc<AtomicBool>,
    ) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        // What the timer asks for steps aside for who acts, and comes next: neither waits for much of the other.
        let mut aside: Vec<Asked> = Vec::new();
        loop {
            if !aside.is_empty() {
                std::mem::swap(&mut batch, &mut aside);
            } else if asked.recv_many(&mut batch, BATCH_MAX).await == 0 {
                return;
            } else if batch.iter().any(|asked| !asked.is_due()) {
                aside.extend(batch.extract_if(.., |asked| asked.is_due()));
            }
            let (works, answers): (Vec<_>, Vec<_>) = batch
                .drain(..)
                .map(|asked| (asked.work, asked.answer))
                .unzip();
            let results = self.serve(&works).await;
            let fails = |answer: &Answer| matches!(answer, Err(DoorError::Unavailable(_)));
            is_closed.store(results.iter().any(fails), Ordering::Relaxed);
            fail::point("before_answer").await;
            for (answer, result) in answers.into_iter().zip(results) {
                // Whoever asked may be gone; the receipt is kept.
                answer.send(result).ok();
            }
        }
    }

    /// Writes a batch; an answer for each of it.
    pub(super) async fn serve(&mut self, works: &[Work]) -> Vec<Answer> {
        match self.append(works).await {
            Ok(outcomes) => self.answers(works, outcomes),
            Err(Stopped::Clock(jump)) => {
                tracing::error!(%jump, "the door is closed");
                works
                    .iter()
                    .map(|_| Err(Unavailable::from(jump).into()))
                    .collect()
            }
            Err(Stopped::Store(error)) => {
                tracing::warn!(%error, commands = works.len(), "a batch failed and is tried again one by one");
                self.replay(works).await
            }
        }
    }

    /// One by one: receipts tell what a lost commit has written, and whoever spoils a batch is alone.
    async fn replay(&mut self, works: &[Work]) -> Vec<Answer> {
        let until = Instant::now() + REPLAY_FOR;
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            match self.alone(work, until).await {
                Ok(answer) => answers.push(answer),
                // The database is away: nobody waits any longer, and the same ids may come again.
                Err(away) => {
                    let left = works.len() - answers.len();
                    answers.extend(std::iter::repeat_n(Err(away.into()), left));
                    break;
                }
            }
        }
        answers
    }

    /// Tries until it is written or refused, or what it is can't be written; gives up after `until`.
    async fn alone(&mut self, work: &Work, until: Instant) -> Result<Answer, Unavailable> {
        let works = std::slice::from_ref(work);
        loop {
            let error = match self.append(works).await {
                Ok(outcomes) => {
                    let answer = self.answers(works, outcomes).pop();
                    return Ok(answer.unwrap_or(Err(Unavailable::Stopping.into())));
                }
                Err(Stopped::Clock(jump)) => return Err(jump.into()),
                Err(Stopped::Store(error)) => error,
            };
            let unavailable = match &error {
                StoreError::DiskFull => {
                    tracing::error!("the door is closed: {}", Unavailable::DiskFull);
                    return Err(Unavailable::DiskFull);
                }
                error => Unavailable::Database {
                    reason: error.to_string(),
                },
            };
            if error.is_final() {
                tracing::error!(%error, command.id = %work.id(), "a command can't be written");
                return Ok(Err(unavailable.into()));
            }
            if Instant::now() >= until {
                tracing::error!(%error, "the door gives up for now");
                return Err(unavailable);
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    async fn append(&mut self, works: &[Work]) -> Result<Vec<Outcome>, Stopped> {
        let now = self.guard.now(self.store.clock()).map_err(Stopped::Clock)?;
        // Taken out, so that a connection that failed or hangs in the middle is never used again.
        let kept = self.line.take();
        let appending = async {
            let mut line = match kept {
                Some(line) => line,
                None => Line {
                    connection: self.store.address().connect(Purpose::Write).await?,
                    seen_day: SeenDay::default(),
                },
            };
            let outcomes = transaction::append(&self.store, &mut line, works, now).await?;
            Ok::<_, StoreError>((line, outcomes))
        };
        let (line, outcomes) = tokio::time::timeout(TRANSACTION_TIMEOUT, appending)
            .await
            .map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
        self.line = Some(line);
        Ok(outcomes)
    }

    fn answers(&self, works: &[Work], outcomes: Vec<Outcome>) -> Vec<Answer> {
        works
            .iter()
            .zip(outcomes)
            .map(|(work, outcome)| match outcome {
                Ok((at, id)) => Ok(Receipt {
                    command: work.id(),
                    cursor: self.store.cursor(at, id),
                }),
                Err(refusal) => Err(DoorError::Refused(refusal)),
            })
            .collect()
    }
}

enum Stopped {
    Clock(crate::clock::ClockJumped),
    Store(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
