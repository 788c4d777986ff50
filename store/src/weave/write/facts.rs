//! Writes what acts change in rows that exist. No geography is made of it and no index holds it, so PostgreSQL computes neither
//! anew and keeps the row on its page; but for the end of a thread or knot, which takes it out of the indexes of what lives.

use chrono::{DateTime, Utc};
use domain::view::{NodeRow, ThreadRow};
use sqlx::PgConnection;

use super::{covers, yarns};
use crate::StoreError;
use crate::column::column;
use crate::moment::stamp;
use crate::weave::rows::RoleRow;

pub(super) async fn roles(
    connection: &mut PgConnection,
    rows: &[&RoleRow],
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE roles_read AS known SET acted_at = new.acted_at, last = new.last
         FROM unnest($1::uuid[], $2::timestamptz[], $3::int8[]) AS new (role, acted_at, last)
         WHERE known.role = new.role",
        &column(rows, |row| row.role.0),
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
    sqlx::query!(
        "UPDATE nodes_read AS known
         SET version = new.version, holds_until = new.holds_until, yarns = new.yarns::jsonb,
             covers = new.covers::jsonb, dissolved_at = new.dissolved_at, last = new.last
         FROM unnest($1::uuid[], $2::int4[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::int8[], $7::text[])
             AS new (id, version, holds_until, yarns, dissolved_at, last, covers)
         WHERE known.id = new.id",
        &column(rows, |row| row.id.0),
        &column(rows, |row| row.version.cast_signed()),
        &column(rows, |row| stamp(row.holds_until)),
        &yarns,
        &column(rows, |row| row.dissolved_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.last),
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
    sqlx::query!(
        "UPDATE threads_read AS known
         SET version = new.version, acts = new.acts, drawn_at = new.drawn_at, expires_at = new.expires_at,
             faded_at = new.faded_at, last = new.last, level = new.level, since = new.since
         FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::int8[],
                     $8::text[], $9::timestamptz[])
             AS new (id, version, acts, drawn_at, expires_at, faded_at, last, level, since)
         WHERE known.id = new.id",
        &column(rows, |row| row.id.0),
        &column(rows, |row| row.version.cast_signed()),
        &column(rows, |row| row.acts.cast_signed()),
        &column(rows, |row| stamp(row.drawn_at)),
        &column(rows, |row| row.expires_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.faded_at.map(stamp)) as &[Option<DateTime<Utc>>],
        &column(rows, |row| row.last),
        &column(rows, |row| Some(row.level?.code().to_owned())) as &[Option<String>],
        &column(rows, |row| row.since.map(stamp)) as &[Option<DateTime<Utc>>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
