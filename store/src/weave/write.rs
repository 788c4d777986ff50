//! Writes the rows that a batch of events changed: one statement for each table and extent.

mod facts;
mod whole;

use domain::view::NodeRow;
use sqlx::PgConnection;

use super::changes::Extent::{Facts, Whole};
use super::fold::Loom;
use crate::StoreError;

/// Rows in one statement.
const ROWS_MAX: usize = 4096;

/// Writes what changed.
pub(super) async fn changed(connection: &mut PgConnection, loom: &Loom) -> Result<(), StoreError> {
    for rows in loom.roles_changed.of(Whole, &loom.roles).chunks(ROWS_MAX) {
        whole::roles(&mut *connection, rows).await?;
    }
    for rows in loom.roles_changed.of(Facts, &loom.roles).chunks(ROWS_MAX) {
        facts::roles(&mut *connection, rows).await?;
    }
    for rows in loom.nodes_changed.of(Whole, &loom.nodes).chunks(ROWS_MAX) {
        whole::nodes(&mut *connection, rows).await?;
    }
    for rows in loom.nodes_changed.of(Facts, &loom.nodes).chunks(ROWS_MAX) {
        facts::nodes(&mut *connection, rows).await?;
    }
    for rows in loom
        .threads_changed
        .of(Whole, &loom.threads)
        .chunks(ROWS_MAX)
    {
        whole::threads(&mut *connection, rows).await?;
    }
    for rows in loom
        .threads_changed
        .of(Facts, &loom.threads)
        .chunks(ROWS_MAX)
    {
        facts::threads(&mut *connection, rows).await?;
    }
    Ok(())
}

/// What knots say of their kinds, as it is written.
pub(super) fn particulars<'r>(
    rows: impl Iterator<Item = &'r NodeRow>,
) -> Result<Vec<String>, StoreError> {
    rows.map(|row| serde_json::to_string(&row.particulars))
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::unreadable("what a node says of its kind", error))
}

/// What their yarns cover.
fn covers(rows: &[&NodeRow]) -> Result<Vec<String>, StoreError> {
    rows.iter()
        .map(|row| serde_json::to_string(&row.covers))
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::unreadable("what yarns cover", error))
}

fn yarns(rows: &[&NodeRow]) -> Result<Vec<String>, StoreError> {
    rows.iter()
        .map(|row| serde_json::to_string(&row.yarns))
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::unreadable("yarns", error))
}

/// As the columns `pictures` have them.
pub(super) fn pictures<'a>(
    rows: impl IntoIterator<Item = &'a &'a NodeRow>,
) -> Result<Vec<String>, StoreError> {
    (rows.into_iter())
        .map(|row| serde_json::to_string(&row.pictures))
        .collect::<Result<_, _>>()
        .map_err(|error| StoreError::unreadable("pictures", error))
}
