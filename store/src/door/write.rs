//! What a batch writes: one statement for each table.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::event::Event;
use domain::id::{AccountId, RoleId};
use domain::place::Radius;
use domain::spool::{Placed, Placement};
use domain::state::{STATE_VERSION, StreamId, deadline};
use domain::time::Millis;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::Ledger;
use super::receipts;
use crate::column::column;
use crate::keys::RoleKey;
use crate::moment::stamp;
use crate::partitions::SeenDay;
use crate::{Store, StoreError, fail, log, pictures, random, tail};

/// Writes all of it, moves the head and tells whoever listens.
pub(super) async fn ledger(
    store: &Store,
    connection: &mut PgConnection,
    seen_day: &mut SeenDay,
    mut ledger: Ledger,
) -> Result<(), StoreError> {
    let new_keys = register(&mut *connection, &ledger.registered, ledger.now).await?;
    place(&mut *connection, &ledger.placed).await?;
    bind(&mut *connection, &ledger.bound).await?;
    pictures::note(&mut *connection, &ledger.pictures, ledger.now).await?;
    pictures::portray(&mut *connection, &ledger.portraits, ledger.now).await?;
    if !ledger.events.is_empty() {
        seal(store, &mut *connection, new_keys, &mut ledger.events).await?;
        seen_day.ensure(&mut *connection, ledger.now).await?;
        log::insert(&mut *connection, &ledger.events).await?;
    }
    let changed = changed(&ledger)?;
    streams(&mut *connection, &changed).await?;
    deadlines(&mut *connection, &changed).await?;
    receipts::insert(&mut *connection, &ledger.receipts).await?;
    fail::point("after_insert").await;
    if !ledger.events.is_empty() {
        sqlx::query!(
            r#"WITH moved AS (UPDATE log_head SET id = $1, at = $2)
               SELECT pg_notify($3, $4) AS "notified: ()""#,
            ledger.head_id,
            stamp(ledger.head_at),
            tail::CHANNEL,
            tail::message(ledger.head_at, ledger.head_id)
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Seals every personal text of the events; the keys of roles new in this batch are not in the table yet.
async fn seal(
    store: &Store,
    connection: &mut PgConnection,
    mut keys: BTreeMap<RoleId, RoleKey>,
    events: &mut [Event],
) -> Result<(), StoreError> {
    let owners: BTreeSet<RoleId> = events
        .iter_mut()
        .flat_map(|event| event.payload.personal_mut())
        .map(|personal| personal.of)
        .filter(|owner| !keys.contains_key(owner))
        .collect();
    if !owners.is_empty() {
        keys.extend(store.role_keys().get(connection, &owners).await?);
    }
    for personal in events
        .iter_mut()
        .flat_map(|event| event.payload.personal_mut())
    {
        let key = keys.get(&personal.of).ok_or_else(|| {
            StoreError::unreadable(format!("the key of role {}", personal.of), "it is gone")
        })?;
        key.seal(personal)?;
    }
    Ok(())
}

/// Makes the keys of new roles.
async fn register(
    connection: &mut PgConnection,
    registered: &BTreeSet<RoleId>,
    now: Millis,
) -> Result<BTreeMap<RoleId, RoleKey>, StoreError> {
    if registered.is_empty() {
        return Ok(BTreeMap::new());
    }
    let made = registered
        .iter()
        .map(|role| Ok((*role, RoleKey::random()?)))
        .collect::<Result<BTreeMap<_, _>, StoreError>>()?;
    let roles: Vec<Uuid> = made.keys().map(|role| role.0).collect();
    let keys: Vec<Vec<u8>> = made.values().map(|key| key.0.to_vec()).collect();
    sqlx::query!(
        "INSERT INTO keys.roles (role, key, made_at)
         SELECT role, key, $3 FROM unnest($1::uuid[], $2::bytea[]) AS new (role, key)",
        &roles,
        &keys,
        stamp(now)
    )
    .execute(connection)
    .await?;
    Ok(made)
}

/// Notes true points. The displacements are drawn at the first time and stay, also while the role is hidden.
async fn place(
    connection: &mut PgConnection,
    placed: &BTreeMap<RoleId, Placement>,
) -> Result<(), StoreError> {
    for (role, placement) in placed {
        let (show, radius_m) = match placement.placed() {
            Placed::Hidden => ("hidden", None),
            Placed::Exact => ("exact", None),
            Placed::Radius { radius } => ("radius", Some(radius.metres() as i16)),
        };
        if let Placement::Kept { .. } = placement {
            sqlx::query!(
                "UPDATE places_private SET show = $2, radius_m = $3 WHERE role = $1",
                role.0,
                show,
                radius_m
            )
            .execute(&mut *connection)
            .await?;
            continue;
        }
        let offsets = Radius::ALL
            .iter()
            .map(|_| random::offset())
            .collect::<Result<Vec<_>, _>>()?;
        let east: Vec<i32> = offsets.iter().map(|offset| offset.east_ppm).collect();
        let north: Vec<i32> = offsets.iter().map(|offset| offset.north_ppm).collect();
        let point = placement.place();
        sqlx::query!(
            "INSERT INTO places_private (role, show, radius_m, lat, lon, east_ppm, north_ppm)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (role) DO UPDATE
             SET show = excluded.show, radius_m = excluded.radius_m, lat = excluded.lat, lon = excluded.lon",
            role.0,
            show,
            radius_m,
            point.map(|point| point.lat),
            point.map(|point| point.lon),
            &east,
            &north
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn bind(
    connection: &mut PgConnection,
    bound: &BTreeMap<AccountId, RoleId>,
) -> Result<(), StoreError> {
    for (account, role) in bound {
        sqlx::query!(
            "UPDATE accounts SET role = $2 WHERE id = $1",
            account.0,
            role.0
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A stream that changed, as columns.
struct Changed {
    stream: String,
    is_known: bool,
    version: i32,
    story: i64,
    state: String,
    due: Option<(DateTime<Utc>, String)>,
    cause: i64,
}

fn changed(ledger: &Ledger) -> Result<Vec<Changed>, StoreError> {
    let unreadable = |stream: &StreamId, error| StoreError::unreadable(stream, error);
    let known = ledger
        .changed
        .iter()
        .filter_map(|(stream, cause)| Some((stream, *cause, ledger.states.0.get(stream)?)));
    known
        .map(|(stream, cause, state)| {
            let due = match deadline(*stream, state) {
                Some((at, due)) => {
                    let due = serde_json::to_string(&due).map_err(|e| unreadable(stream, e))?;
                    Some((stamp(at), due))
                }
                None => None,
            };
            Ok(Changed {
                stream: stream.to_string(),
                is_known: ledger.known_streams.contains(stream),
                version: state.version().cast_signed(),
                story: ledger.stories.get(stream).copied().unwrap_or(cause),
                state: serde_json::to_string(state).map_err(|e| unreadable(stream, e))?,
                due,
                cause,
            })
        })
        .collect()
}

async fn streams(connection: &mut PgConnection, changed: &[Changed]) -> Result<(), StoreError> {
    let (known, new): (Vec<&Changed>, Vec<&Changed>) = changed.iter().partition(|row| row.is_known);
    if !new.is_empty() {
        sqlx::query!(
            "INSERT INTO streams (stream, version, story, v, state)
             SELECT stream, version, story, $5, state::jsonb
             FROM unnest($1::text[], $2::int4[], $3::int8[], $4::text[]) AS new (stream, version, story, state)",
            &column(&new, |row| row.stream.clone()),
            &column(&new, |row| row.version),
            &column(&new, |row| row.story),
            &column(&new, |row| row.state.clone()),
            STATE_VERSION.cast_signed()
        )
        .execute(&mut *connection)
        .await?;
    }
    if !known.is_empty() {
        sqlx::query!(
            "UPDATE streams AS known SET version = new.version, v = $4, state = new.state::jsonb
             FROM unnest($1::text[], $2::int4[], $3::text[]) AS new (stream, version, state)
             WHERE known.stream = new.stream",
            &column(&known, |row| row.stream.clone()),
            &column(&known, |row| row.version),
            &column(&known, |row| row.state.clone()),
            STATE_VERSION.cast_signed()
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

async fn deadlines(connection: &mut PgConnection, changed: &[Changed]) -> Result<(), StoreError> {
    let none: Vec<String> = changed
        .iter()
        .filter(|row| row.due.is_none())
        .map(|row| row.stream.clone())
        .collect();
    if !none.is_empty() {
        sqlx::query!("DELETE FROM deadlines WHERE stream = ANY($1)", &none)
            .execute(&mut *connection)
            .await?;
    }
    let some: Vec<_> = changed
        .iter()
        .filter_map(|row| row.due.as_ref().map(|(at, due)| (row, *at, due.clone())))
        .collect();
    if some.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = some.iter().map(|(row, ..)| row.stream.clone()).collect();
    let causes: Vec<i64> = some.iter().map(|(row, ..)| row.cause).collect();
    let ats: Vec<DateTime<Utc>> = some.iter().map(|(_, at, _)| *at).collect();
    let dues: Vec<String> = some.into_iter().map(|(.., due)| due).collect();
    sqlx::query!(
        "INSERT INTO deadlines (stream, due, command, cause)
         SELECT stream, due, command::jsonb, cause
         FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int8[]) AS new (stream, due, command, cause)
         ON CONFLICT (stream) DO UPDATE
         SET due = excluded.due, command = excluded.command, cause = excluded.cause",
        &names,
        &ats,
        &dues,
        &causes
    )
    .execute(connection)
    .await?;
    Ok(())
}
