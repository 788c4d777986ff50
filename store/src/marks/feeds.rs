//! What feeds tell of an area: the newest knots in it, and the events to come.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::area::Area;
use domain::id::NodeId;
use domain::time::{DAY_MS, Millis};
use domain::view::NodeRow;
use domain::weave::{EVENT_DAYS_MAX, NodeKind};
use sqlx::Connection;
use uuid::Uuid;

use super::areas::{codes, columns};
use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

/// So long an event of which no end is said counts as going on, in milliseconds.
const UNDER_WAY_MS: i64 = DAY_MS;
/// One statement may take a second: readers ask again by themselves.
const BEGIN: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = 1000";

/// A knot as a feed lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub node: NodeRow,
    /// When it was last written.
    pub written_at: Millis,
}

/// The newest knots that hold in an area, of these kinds, or of any where none is named; at most `limit`.
///
/// # Errors
/// When the database can't be reached, or takes longer than a second.
pub async fn newest(
    store: &Store,
    area: &Area,
    kinds: &[NodeKind],
    limit: u16,
) -> Result<Vec<Listed>, StoreError> {
    let (lats, lons) = columns(area);
    let mut connection = store.reads().acquire().await?;
    let mut transaction = connection.begin_with(BEGIN).await?;
    let found = sqlx::query_file_as!(
        SqlListed,
        "src/marks/sql/newest.sql",
        &lats,
        &lons,
        &codes(kinds),
        i64::from(limit)
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.rollback().await?;
    listed(store, found).await
}

/// The events that hold in an area and are not over, the next one first; at most `limit`.
///
/// # Errors
/// When the database can't be reached, or takes longer than a second.
pub async fn coming(store: &Store, area: &Area, limit: u16) -> Result<Vec<Listed>, StoreError> {
    let (lats, lons) = columns(area);
    let mut connection = store.reads().acquire().await?;
    let mut transaction = connection.begin_with(BEGIN).await?;
    let found = sqlx::query_file_as!(
        SqlListed,
        "src/marks/sql/coming.sql",
        &lats,
        &lons,
        stamp(store.now()),
        UNDER_WAY_MS as f64,
        EVENT_DAYS_MAX.cast_signed(),
        i64::from(limit)
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.rollback().await?;
    listed(store, found).await
}

struct SqlListed {
    id: Uuid,
    written_at: DateTime<Utc>,
}

/// Their rows, in the same order. What has come undone by now is left out, whether the timer has been there or not.
async fn listed(store: &Store, found: Vec<SqlListed>) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<NodeId> = found.iter().map(|row| NodeId(row.id)).collect();
    let mut nodes: BTreeMap<NodeId, NodeRow> = crate::weave::read::nodes(store, &ids).await?;
    let now = store.now();
    Ok(found
        .into_iter()
        .filter_map(|row| {
            let node = nodes.remove(&NodeId(row.id))?;
            let written_at = millis(row.written_at);
            let is_undone = node.facts().undone_at(now).is_some();
            (!is_undone).then_some(Listed { node, written_at })
        })
        .collect())
}
