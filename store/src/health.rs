//! How far things lag: what `/health/ready` and metrics tell.

use crate::moment::millis;
use crate::weave::project;
use crate::{Store, StoreError};

/// Figures of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Events in the log.
    pub events: i64,
    /// Events that the read models don't include yet.
    pub weave_lag_events: i64,
    /// Time since the newest event that they include, where some are missing.
    pub weave_lag_ms: i64,
    /// How long the oldest deadline has been due.
    pub deadline_lag_ms: i64,
    /// Letters that wait to be sent.
    pub mails_waiting: i64,
}

/// Asks the database, which thereby shows that it answers.
///
/// # Errors
/// When it does not.
pub async fn health(store: &Store) -> Result<Health, StoreError> {
    let row = sqlx::query!(
        r#"SELECT h.id AS head_id, h.at AS head_at, c.id AS woven_id, c.at AS woven_at,
                  (SELECT min(due) FROM deadlines) AS due,
                  (SELECT count(*) FROM mails WHERE sent_at IS NULL) AS "mails!"
           FROM log_head h CROSS JOIN checkpoints c WHERE c.name = 'weave'"#
    )
    .fetch_one(store.reads())
    .await?;
    let now = store.now();
    let (head, woven) = (
        store.cursor(millis(row.head_at), row.head_id),
        store.cursor(millis(row.woven_at), row.woven_id),
    );
    Ok(Health {
        events: head.id,
        weave_lag_events: head.id - woven.id,
        weave_lag_ms: project::age_ms(woven, head, now),
        deadline_lag_ms: row.due.map_or(0, |due| (now - millis(due)).max(0)),
        mails_waiting: row.mails,
    })
}
