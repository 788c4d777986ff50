//! The door: every write goes through it. Commands wait in a bounded channel; one task drains what waits
//! into one transaction.

mod appender;
mod facts;
mod import;
mod judge;
mod ledger;
mod names;
mod receipts;
mod transaction;
mod work;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::command::{Act, Command, Due};
use domain::id::{AccountId, CommandId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::state::StreamId;
use domain::time::Millis;
use domain::weave::Structure;
use domain::wire::Receipt;
use tokio::sync::{mpsc, oneshot};

use crate::clock::ClockJumped;
use crate::{Store, StoreError};
use appender::Appender;
use work::Work;

pub(crate) use transaction::streams;

pub use import::ImportDoor;
pub use judge::judge;
pub use receipts::RECEIPTS_KEPT_MS;

/// Commands that may wait; the next one hears [`Unavailable::Full`].
pub const WAITING_MAX: usize = 4096;
/// Commands in one transaction.
pub const BATCH_MAX: usize = 128;
/// How long an answer is waited for; the command may still be written, and its id tells.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Where commands are handed in. Cheap to clone; when the last one is gone the appender ends.
#[derive(Clone, Debug)]
pub struct Door {
    waiting: mpsc::Sender<Asked>,
    /// The last batch could not be written.
    is_closed: Arc<AtomicBool>,
}

/// Why there is no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    /// For good.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// For now: nothing is known to be decided, the same command id may be sent again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    #[error("{WAITING_MAX} commands wait already")]
    Full,
    #[error(transparent)]
    ClockJumped(#[from] ClockJumped),
    #[error("no answer came in time")]
    Slow,
    #[error(
        "the disk that the database lies on is full. Fix: make room on it; it goes on by itself then"
    )]
    DiskFull,
    #[error("the database does not answer: {reason}")]
    Database { reason: String },
    #[error("the server is stopping")]
    Stopping,
}

type Answer = Result<Receipt, DoorError>;

#[derive(Debug)]
struct Asked {
    work: Work,
    answer: oneshot::Sender<Answer>,
}

impl Asked {
    /// Whether it is the timer that asks.
    const fn is_due(&self) -> bool {
        matches!(self.work, Work::Due { .. })
    }
}

/// A name for an order that nobody has given yet; see [`Door::submit_order`].
///
/// # Errors
/// When the system has no random numbers.
pub fn new_order() -> Result<CommandId, StoreError> {
    crate::random::id().map(CommandId)
}

impl Door {
    /// Starts the task that appends.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (waiting, asked) = mpsc::channel(WAITING_MAX);
        let is_closed = Arc::new(AtomicBool::new(false));
        tokio::spawn(Appender::new(store).run(asked, is_closed.clone()));
        Self { waiting, is_closed }
    }

    /// Whether the last batch could not be written: the disk is full, say, while everything can still be read.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Writes a command of a role. The caller has made sure that whoever asks is `command.by`.
    ///
    /// # Errors
    /// The rule that says no, or why nothing was decided.
    pub async fn submit(&self, command: Command) -> Answer {
        self.ask(Work::Act {
            command: Box::new(command),
            account: None,
        })
        .await
    }

    /// Registers the role of an account that has none, and binds it to the account in the same transaction.
    ///
    /// # Errors
    /// [`Refusal::RoleTaken`] where the account has one or the command is no registration; else as
    /// [`Door::submit`].
    pub async fn submit_registering(&self, account: AccountId, command: Command) -> Answer {
        if !matches!(command.act, Act::RegisterRole { .. }) {
            return Err(Refusal::RoleUnknown.into());
        }
        self.ask(Work::Act {
            command: Box::new(command),
            account: Some(account),
        })
        .await
    }

    /// Writes what whoever runs the house asks for, without a role: what an admin may. The log says that it came from
    /// `because`; the same `id` again has no second effect.
    ///
    /// # Errors
    /// The rule that says no, or why nothing was decided.
    pub async fn submit_order(&self, id: CommandId, act: Act, because: &str) -> Answer {
        self.ask(Work::Order {
            id,
            act: Box::new(act),
            because: because.to_owned(),
        })
        .await
    }

    /// Makes a permanent knot of the community where there is none: at its centre, else at `place`, to which it also moves where
    /// that `is_said` and the community names no centre. Whoever asks again, another instance too, has no second effect.
    ///
    /// # Errors
    /// Why nothing was decided.
    pub async fn found(&self, structure: Structure, place: Place, is_said: bool) -> Answer {
        self.ask(Work::Found {
            structure,
            place,
            is_said,
        })
        .await
    }

    /// Writes what the timer asks for: that of `stream`, due at `due_at`, which the event `cause` set.
    ///
    /// # Errors
    /// Why nothing was decided.
    pub async fn submit_due(
        &self,
        stream: StreamId,
        due_at: Millis,
        due: Due,
        cause: i64,
    ) -> Answer {
        self.ask(Work::Due {
            stream,
            due_at,
            due,
            cause,
        })
        .await
    }

    async fn ask(&self, work: Work) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.waiting
            .try_send(Asked { work, answer })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Unavailable::Full,
                mpsc::error::TrySendError::Closed(_) => Unavailable::Stopping,
            })?;
        match tokio::time::timeout(ANSWER_TIMEOUT, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Unavailable::Stopping.into()),
            Err(_) => Err(Unavailable::Slow.into()),
        }
    }
}
