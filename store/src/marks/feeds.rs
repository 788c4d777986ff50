//! What feeds tell of an area: the newest knots in it, and the events to come.

use std::collections::BTreeMap;

use domain::area::Area;
use domain::id::NodeId;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::NodeKind;

use super::areas::{codes, columns};
use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

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
/// When the database can't be reached.
pub async fn newest(
    store: &Store,
    area: &Area,
    kinds: &[NodeKind],
    limit: u16,
) -> Result<Vec<Listed>, StoreError> {
    let (lats, lons) = columns(area);
    let rows = sqlx::query_file!(
        "src/marks/sql/newest.sql",
        &lats,
        &lons,
        &codes(kinds),
        i64::from(limit)
    )
    .fetch_all(store.reads())
    .await?;
    let found = rows
        .into_iter()
        .map(|row| (NodeId(row.id), millis(row.written_at)));
    listed(store, found.collect()).await
}

/// The events that hold in an area and begin later than `from`, the next one first; at most `limit`.
///
/// # Errors
/// When the database can't be reached.
pub async fn coming(
    store: &Store,
    area: &Area,
    from: Millis,
    limit: u16,
) -> Result<Vec<Listed>, StoreError> {
    let (lats, lons) = columns(area);
    let rows = sqlx::query_file!(
        "src/marks/sql/coming.sql",
        &lats,
        &lons,
        stamp(from),
        i64::from(limit)
    )
    .fetch_all(store.reads())
    .await?;
    let found = rows
        .into_iter()
        .map(|row| (NodeId(row.id), millis(row.written_at)));
    listed(store, found.collect()).await
}

/// Their rows, in the same order. What has come undone by now is left out, whether the timer has been there or not.
async fn listed(store: &Store, found: Vec<(NodeId, Millis)>) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<NodeId> = found.iter().map(|(id, _)| *id).collect();
    let mut nodes: BTreeMap<NodeId, NodeRow> = crate::weave::read::nodes(store, &ids).await?;
    let now = store.now();
    Ok(found
        .into_iter()
        .filter_map(|(id, written_at)| {
            let node = nodes.remove(&id)?;
            let is_undone = node.facts().undone_at(now).is_some();
            (!is_undone).then_some(Listed { node, written_at })
        })
        .collect())
}
