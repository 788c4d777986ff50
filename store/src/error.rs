//! What goes wrong below the rules.

use domain::cursor::Cursor;
use sqlx::migrate::MigrateError;

use crate::guard::Unfit;

/// The store could not do what was asked of it; nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What names the database is no address of one.
    #[error(
        "DATABASE_URL names no database: {0}. Fix: write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE"
    )]
    Address(sqlx::Error),
    /// Nobody answers at that address, or not to this user.
    #[error(
        "the database can't be reached: {0}. Fix: see that it runs, and that DATABASE_URL, where it is set, names it with \
         user and password"
    )]
    NotReached(sqlx::Error),
    /// The database can't be reached any more, or says no to something that should work.
    #[error("the database does not answer as it should: {0}")]
    Database(sqlx::Error),
    /// Nothing more can be written; what is written stays.
    #[error("the disk that the database lies on is full. Fix: make room on it")]
    DiskFull,
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(MigrateError),
    /// The server would lose what it acknowledged, or is too old.
    #[error("this PostgreSQL can't be used: {0}")]
    Unfit(Unfit),
    /// A stored row is not what this code writes.
    #[error("{what} can't be read: {reason}")]
    Unreadable { what: String, reason: String },
    /// The position belongs to another epoch or to the future: read the whole state instead.
    #[error("the cursor {cursor} is not of this log")]
    CursorForeign { cursor: Cursor },
    /// The read models are being made anew already.
    #[error("another rebuild is under way")]
    RebuildUnderWay,
    /// The read models are those of another version of this program.
    #[error(
        "the read models are woven by another version of this program ({version}). Fix: let that one rebuild them"
    )]
    WovenOtherwise { version: i32 },
    /// The operating system gave no random bytes.
    #[error("there is no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// A task that owned the work has ended.
    #[error("the work was given up: {0}")]
    GivenUp(#[from] tokio::task::JoinError),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_disk_full(&error) {
            Self::DiskFull
        } else {
            Self::Database(error)
        }
    }
}

impl StoreError {
    /// What a server says that has not answered once.
    pub(crate) fn at_first(error: sqlx::Error) -> Self {
        match Self::from(error) {
            Self::Database(error) => Self::NotReached(error),
            other => other,
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match &error {
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _)
                if is_disk_full(inner) =>
            {
                Self::DiskFull
            }
            _ => Self::Migration(error),
        }
    }
}

/// PostgreSQL's `disk_full`.
fn is_disk_full(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("53100"))
}

impl StoreError {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over errors and texts made for it"
    )]
    pub(crate) fn unreadable(what: impl ToString, reason: impl ToString) -> Self {
        Self::Unreadable {
            what: what.to_string(),
            reason: reason.to_string(),
        }
    }

    /// Whether the database understood and said no, so that trying again would not help.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            // Data, integrity, syntax, unsupported: the rest is about the moment, not about what was asked.
            Self::Database(sqlx::Error::Database(error)) => error.code().is_some_and(|code| {
                ["0A", "22", "23", "42"]
                    .iter()
                    .any(|class| code.starts_with(class))
            }),
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }
}
