//! What goes wrong below the rules.

use domain::cursor::Cursor;

/// The store could not do what was asked of it; nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database can't be reached, or says no to something that should work.
    #[error("the database does not answer as it should: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The server would lose what it acknowledged, or is too old.
    #[error("this PostgreSQL can't be used: {reason}")]
    Server { reason: String },
    /// A stored row is not what this code writes.
    #[error("{what} can't be read: {reason}")]
    Unreadable { what: String, reason: String },
    /// The position belongs to another epoch or to the future: read the whole state instead.
    #[error("the cursor {cursor} is not of this log")]
    CursorForeign { cursor: Cursor },
    /// The read models are being made anew already.
    #[error("another rebuild is under way")]
    RebuildUnderWay,
    /// The operating system gave no random bytes.
    #[error("there is no randomness: {0}")]
    Random(#[from] getrandom::Error),
    /// A task that owned the work has ended.
    #[error("the work was given up: {0}")]
    GivenUp(#[from] tokio::task::JoinError),
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
