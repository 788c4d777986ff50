//! Writes the rows that a batch of events changed: one statement for each table.

use domain::place::Cell;
use domain::spool::Placed;
use domain::view::{NodeRow, ThreadRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::fold::Loom;
use super::rows::RoleRow;
use crate::StoreError;
use crate::moment::stamp;

type Stamp = chrono::DateTime<chrono::Utc>;

/// Writes what changed.
pub(super) async fn changed(connection: &mut PgConnection, loom: &Loom) -> Result<(), StoreError> {
    let rows: Vec<_> = loom
        .roles_changed
        .iter()
        .filter_map(|id| loom.roles.get(id))
        .collect();
    if !rows.is_empty() {
        roles(&mut *connection, &rows).await?;
    }
    let rows: Vec<_> = loom
        .nodes_changed
        .iter()
        .filter_map(|id| loom.nodes.get(id))
        .collect();
    if !rows.is_empty() {
        nodes(&mut *connection, &rows).await?;
    }
    let rows: Vec<_> = loom
        .threads_changed
        .iter()
        .filter_map(|id| loom.threads.get(id))
        .collect();
    if !rows.is_empty() {
        threads(connection, &rows).await?;
    }
    Ok(())
}

async fn roles(connection: &mut PgConnection, rows: &[&RoleRow]) -> Result<(), StoreError> {
    let show = |row: &&RoleRow| match row.placed {
        Placed::Hidden => ("hidden".to_owned(), None),
        Placed::Exact => ("exact".to_owned(), None),
        Placed::Radius { radius } => ("radius".to_owned(), Some(radius.metres() as i16)),
    };
    let (shows, radii): (Vec<String>, Vec<Option<i16>>) = rows.iter().map(show).unzip();
    sqlx::query_file!(
        "src/weave/sql/roles.sql",
        &rows.iter().map(|row| row.role.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| row.name.clone())
            .collect::<Vec<String>>(),
        &rows
            .iter()
            .map(|row| row.version.cast_signed())
            .collect::<Vec<i32>>(),
        &shows,
        &radii as &[Option<i16>],
        &rows
            .iter()
            .map(|row| Some(row.place?.lat))
            .collect::<Vec<_>>() as &[Option<i32>],
        &rows
            .iter()
            .map(|row| Some(row.place?.lon))
            .collect::<Vec<_>>() as &[Option<i32>],
        &rows
            .iter()
            .map(|row| Some(row.place?.cell().to_i64()))
            .collect::<Vec<_>>() as &[Option<i64>],
        &rows
            .iter()
            .map(|row| stamp(row.registered_at))
            .collect::<Vec<Stamp>>(),
        &rows
            .iter()
            .map(|row| stamp(row.acted_at))
            .collect::<Vec<Stamp>>(),
        &rows.iter().map(|row| row.last).collect::<Vec<i64>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn nodes(connection: &mut PgConnection, rows: &[&NodeRow]) -> Result<(), StoreError> {
    let yarns = rows
        .iter()
        .map(|row| serde_json::to_string(&row.yarns))
        .collect::<Result<Vec<String>, _>>()
        .map_err(|error| StoreError::unreadable("yarns", error))?;
    sqlx::query_file!(
        "src/weave/sql/nodes.sql",
        &rows.iter().map(|row| row.id.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| row.kind.code().to_owned())
            .collect::<Vec<String>>(),
        &rows
            .iter()
            .map(|row| row.title.clone())
            .collect::<Vec<String>>(),
        &rows
            .iter()
            .map(|row| row.text.clone())
            .collect::<Vec<String>>(),
        &rows.iter().map(|row| row.place.lat).collect::<Vec<i32>>(),
        &rows.iter().map(|row| row.place.lon).collect::<Vec<i32>>(),
        &rows
            .iter()
            .map(|row| row.place.cell().to_i64())
            .collect::<Vec<i64>>(),
        &rows.iter().map(|row| row.owner.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| row.owner_name.clone())
            .collect::<Vec<String>>(),
        &rows
            .iter()
            .map(|row| row.version.cast_signed())
            .collect::<Vec<i32>>(),
        &rows
            .iter()
            .map(|row| stamp(row.created_at))
            .collect::<Vec<Stamp>>(),
        &rows
            .iter()
            .map(|row| row.starts_at.map(stamp))
            .collect::<Vec<_>>() as &[Option<Stamp>],
        &rows
            .iter()
            .map(|row| stamp(row.holds_until))
            .collect::<Vec<Stamp>>(),
        &yarns,
        &rows
            .iter()
            .map(|row| row.dissolved_at.map(stamp))
            .collect::<Vec<_>>() as &[Option<Stamp>],
        &rows.iter().map(|row| row.last).collect::<Vec<i64>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn threads(connection: &mut PgConnection, rows: &[&ThreadRow]) -> Result<(), StoreError> {
    let spool_cells: Vec<Option<i64>> = rows
        .iter()
        .map(|row| row.from.map(|place| Cell::to_i64(place.cell())))
        .collect();
    sqlx::query_file!(
        "src/weave/sql/threads.sql",
        &rows.iter().map(|row| row.id.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| row.kind.code().to_owned())
            .collect::<Vec<String>>(),
        &rows.iter().map(|row| row.role.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| row.role_name.clone())
            .collect::<Vec<String>>(),
        &rows.iter().map(|row| row.node.0).collect::<Vec<Uuid>>(),
        &rows
            .iter()
            .map(|row| Some(row.from?.lat))
            .collect::<Vec<_>>() as &[Option<i32>],
        &rows
            .iter()
            .map(|row| Some(row.from?.lon))
            .collect::<Vec<_>>() as &[Option<i32>],
        &spool_cells as &[Option<i64>],
        &rows.iter().map(|row| row.to.lat).collect::<Vec<i32>>(),
        &rows.iter().map(|row| row.to.lon).collect::<Vec<i32>>(),
        &rows
            .iter()
            .map(|row| row.to.cell().to_i64())
            .collect::<Vec<i64>>(),
        &rows
            .iter()
            .map(|row| row.version.cast_signed())
            .collect::<Vec<i32>>(),
        &rows
            .iter()
            .map(|row| row.acts.cast_signed())
            .collect::<Vec<i32>>(),
        &rows
            .iter()
            .map(|row| stamp(row.drawn_at))
            .collect::<Vec<Stamp>>(),
        &rows
            .iter()
            .map(|row| row.expires_at.map(stamp))
            .collect::<Vec<_>>() as &[Option<Stamp>],
        &rows
            .iter()
            .map(|row| row.faded_at.map(stamp))
            .collect::<Vec<_>>() as &[Option<Stamp>],
        &rows.iter().map(|row| row.last).collect::<Vec<i64>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}
