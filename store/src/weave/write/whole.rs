//! Writes rows as a whole: new ones, and what is seldom changed in others.

use chrono::{DateTime, Utc};
use domain::place::{Cell, Place};
use domain::spool::Placed;
use domain::view::{NodeRow, ThreadRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{covers, particulars, pictures, yarns};
use crate::StoreError;
use crate::column::column;
use crate::moment::stamp;
use crate::weave::rows::RoleRow;

pub(super) async fn roles(
    connection: &mut PgConnection,
    rows: &[&RoleRow],
) -> Result<(), StoreError> {
    let show = |row: &&RoleRow| match row.placed {
        Placed::Hidden => ("hidden".to_owned(), None),
        Placed::Exact => ("exact".to_owned(), None),
        Placed::Radius { radius } => ("radius".to_owned(), Some(radius.metres() as i16)),
    };
    let (shows, radii): (Vec<String>, Vec<Option<i16>>) = rows.iter().map(show).unzip();
    sqlx::query_file!(
        "src/weave/sql/roles.sql",
        &column(rows, |row| row.role.0),
        &column(rows, |row| row.name.clone()),
        &column(rows, |row| row.version.cast_signed()),
        &shows,
        &radii as &[Option<i16>],
        &column(rows, |row| Some(row.place?.lat)) as &[Option<i32>],
        &column(rows, |row| Some(row.place?.lon)) as &[Option<i32>],
        &column(rows, |row| Some(row.place?.cell().to_i64())) as &[Option<i64>],
        &column(rows, |row| stamp(row.registered_at)),
        &column(rows, |row| stamp(row.acted_at)),
        &column(rows, |row| row.last)
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn nodes(
    connection: &mut PgConnection,
    rows: &[&NodeRow],
) -> Result<(), StoreError> {
    let (yarns, covers) = (yarns(rows)?, covers(rows)?);
    let particulars = particulars(rows.iter().copied())?;
    let pictures = pictures(rows)?;
    sqlx::query_file!(
        "src/weave/sql/nodes.sql",
        &column(rows, |row| row.id.0),
        &column(rows, |row| row.kind.code().to_owned()),
        &column(rows, |row| row.title.clone()),
        &column(rows, |row| row.text.clone()),
        &column(rows, |row| row.place.lat),
        &column(rows, |row| row.place.lon),
        &column(rows, |row| row.place.cell().to_i64()),
        &column(rows, |row| row.owner.0),
        &column(rows, |row| row.owner_name.clone()),
        &column(rows, |row| row.version.cast_signed()),
        &column(rows, |row| stamp(row.created_at)),
        &column(rows, |row| row.starts_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| stamp(row.holds_until)),
        &yarns,
        &column(rows, |row| row.dissolved_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.last),
        &particulars,
        &pictures,
        &covers
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn threads(
    connection: &mut PgConnection,
    rows: &[&ThreadRow],
) -> Result<(), StoreError> {
    let cell = |place: Option<Place>| place.map(|place| Cell::to_i64(place.cell()));
    let spool_cells: Vec<Option<i64>> = rows.iter().map(|row| cell(row.from)).collect();
    let cells: Vec<Option<i64>> = rows.iter().map(|row| cell(row.to)).collect();
    sqlx::query_file!(
        "src/weave/sql/threads.sql",
        &column(rows, |row| row.id.0),
        &column(rows, |row| row.kind.code().to_owned()),
        &column(rows, |row| row.role.0),
        &column(rows, |row| row.role_name.clone()),
        &column(rows, |row| row.target.node().map(|node| node.0)) as &[Option<Uuid>],
        &column(rows, |row| Some(row.from?.lat)) as &[Option<i32>],
        &column(rows, |row| Some(row.from?.lon)) as &[Option<i32>],
        &spool_cells as &[Option<i64>],
        &column(rows, |row| Some(row.to?.lat)) as &[Option<i32>],
        &column(rows, |row| Some(row.to?.lon)) as &[Option<i32>],
        &cells as &[Option<i64>],
        &column(rows, |row| row.version.cast_signed()),
        &column(rows, |row| row.acts.cast_signed()),
        &column(rows, |row| stamp(row.drawn_at)),
        &column(rows, |row| row.expires_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.faded_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.last),
        &column(rows, |row| row.target.role().map(|role| role.0)) as &[Option<Uuid>],
        &column(rows, |row| Some(row.level?.code().to_owned())) as &[Option<String>],
        &column(rows, |row| row.since.map(stamp)) as &[Option<DateTime<Utc>>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
