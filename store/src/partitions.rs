//! The days of the log: made ahead, at start and hourly.

use std::time::Duration;

use chrono::NaiveDate;
use domain::time::{DAY_MS, Millis};
use sqlx::PgConnection;

use crate::moment::stamp;
use crate::{Store, StoreError};

/// Days made ahead.
pub const DAYS_AHEAD: i64 = 7;
const EVERY_MS: i64 = 60 * 60 * 1000;
const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// The day (in UTC) whose partition holds `at`.
pub(crate) fn day(at: Millis) -> NaiveDate {
    stamp(at).date_naive()
}

/// Makes today's partition and those of the next [`DAYS_AHEAD`] days; those that are there stay.
pub(crate) async fn make_ahead(
    connection: &mut PgConnection,
    now: Millis,
) -> Result<(), StoreError> {
    for ahead in 0..=DAYS_AHEAD {
        make(&mut *connection, day(now + ahead * DAY_MS)).await?;
    }
    Ok(())
}

/// Makes the partitions of all days from `from` to `to`: a story that begins in the past is told into them.
///
/// # Errors
/// When the database can't be reached.
pub async fn make_between(store: &Store, from: Millis, to: Millis) -> Result<(), StoreError> {
    let mut connection = store.writes().acquire().await?;
    let mut at = from;
    while day(at) <= day(to) {
        make(&mut connection, day(at)).await?;
        at = at + DAY_MS;
    }
    Ok(())
}

/// The day whose partition the door has seen last, so that it asks once a day and not at every batch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SeenDay(Option<NaiveDate>);

impl SeenDay {
    /// Makes the partition of `at` unless it was seen.
    pub(crate) async fn ensure(
        &mut self,
        connection: &mut PgConnection,
        at: Millis,
    ) -> Result<(), sqlx::Error> {
        let day = day(at);
        if self.0 == Some(day) {
            return Ok(());
        }
        if make(connection, day).await? {
            tracing::warn!(
                at = at.0,
                "the log's partition was missing and has been made on the spot"
            );
        }
        self.0 = Some(day);
        Ok(())
    }
}

/// Makes the partition of one day and says whether it was missing.
async fn make(connection: &mut PgConnection, day: NaiveDate) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT make_events_partition($1) AS "made!""#, day)
        .fetch_one(connection)
        .await
}

/// Makes partitions ahead, hourly, until the store is closed.
pub async fn run(store: Store) {
    while !store.is_closed() {
        match ahead(&store).await {
            Ok(()) => {
                let next = store.now() + EVERY_MS;
                let at_most = Duration::from_millis(EVERY_MS.unsigned_abs());
                store.clock().sleep_until(next, at_most).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the log's next days could not be made; the door makes what is missing");
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

async fn ahead(store: &Store) -> Result<(), StoreError> {
    let mut connection = store.writes().acquire().await?;
    make_ahead(&mut connection, store.now()).await
}
