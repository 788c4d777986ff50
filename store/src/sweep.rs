//! What is kept for a time only goes: receipts, logins, sessions, letters.

use std::time::Duration;

use crate::door::RECEIPTS_KEPT_MS;
use crate::moment::stamp;
use crate::spool::{LOGINS_KEPT_MS, MAILS_KEPT_MS};
use crate::{Store, StoreError};

const EVERY_MS: i64 = 60 * 60 * 1000;

/// Sweeps hourly, until the store is closed.
pub async fn run(store: Store) {
    while !store.is_closed() {
        if let Err(error) = once(&store).await {
            tracing::warn!(%error, "what has expired could not be swept");
        }
        let at_most = Duration::from_millis(EVERY_MS.unsigned_abs());
        store
            .clock()
            .sleep_until(store.now() + EVERY_MS, at_most)
            .await;
    }
}

/// Sweeps once.
///
/// # Errors
/// When the database can't be reached.
pub async fn once(store: &Store) -> Result<(), StoreError> {
    let mut connection = store.writes().acquire().await?;
    let now = store.now();
    // Whatever is swept, the door refuses: a command was made before its receipt.
    sqlx::query!(
        "DELETE FROM receipts WHERE at < $1",
        stamp(now + -RECEIPTS_KEPT_MS)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM logins WHERE made_at < $1",
        stamp(now + -LOGINS_KEPT_MS)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM sessions WHERE expires_at <= $1", stamp(now))
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "DELETE FROM mails WHERE made_at < $1 OR (sent_at IS NULL AND expires_at <= $2)",
        stamp(now + -MAILS_KEPT_MS),
        stamp(now)
    )
    .execute(&mut *connection)
    .await?;
    crate::pictures::sweep(&mut connection, now).await?;
    Ok(())
}
