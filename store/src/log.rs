//! The log: appended by the door alone, read by position.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::cursor::Cursor;
use domain::event::{Body, Event};
use domain::id::{CommandId, RoleId};
use domain::place::Cell;
use domain::state::StreamId;
use domain::time::{DAY_MS, Millis};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::keys::{self, RoleKey};
use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

/// Events of one read.
pub const PAGE_MAX: usize = 1000;

/// The events after `cursor`, oldest first and without a gap, at most `limit` (and [`PAGE_MAX`]), with
/// their texts opened. For display: what only a newer version of this program understands is left out.
///
/// # Errors
/// [`StoreError::CursorForeign`] where the cursor is of another epoch or of the future.
pub async fn after(
    store: &Store,
    cursor: Cursor,
    limit: usize,
) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let mut from = cursor;
    let mut events = Vec::new();
    loop {
        let rows = rows_after(store, from, limit).await?;
        let Some((at, id)) = rows.last().map(|row| (millis(row.at), row.id)) else {
            break;
        };
        events.extend(rows.into_iter().filter_map(|row| {
            Event::try_from(row)
                .inspect_err(|error| tracing::warn!(%error, "an event is not shown"))
                .ok()
        }));
        // An empty page means the end.
        if !events.is_empty() {
            break;
        }
        from = store.cursor(at, id);
    }
    let mut connection = store.reads().acquire().await?;
    open(store, &mut connection, events.iter_mut()).await?;
    Ok(placed(store, events))
}

/// As [`after`], and of it what may leave the house ([`Event::public`]).
///
/// # Errors
/// As [`after`].
pub async fn public_after(
    store: &Store,
    cursor: Cursor,
    limit: usize,
) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let mut events = after(store, cursor, limit).await?;
    let messages: BTreeSet<StreamId> = events
        .iter()
        .map(|(_, event)| event.stream)
        .filter(|stream| matches!(stream, StreamId::Message(_)))
        .collect();
    // After the events: what was taken back meanwhile is not told either.
    let mut connection = store.reads().acquire().await?;
    let (now, _) = crate::door::streams(&mut connection, &messages).await?;
    for (_, event) in &mut events {
        event.public(&now);
    }
    Ok(events)
}

/// As [`after`], but as stored: personal texts are sealed. For whoever must not miss any: an event that this program
/// does not understand is an error.
///
/// # Errors
/// As [`after`].
pub async fn raw_after(
    store: &Store,
    cursor: Cursor,
    limit: usize,
) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let rows = rows_after(store, cursor, limit).await?;
    let events: Vec<Event> = rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<_, _>>()?;
    Ok(placed(store, events))
}

fn placed(store: &Store, events: Vec<Event>) -> Vec<(Cursor, Event)> {
    events
        .into_iter()
        .map(|event| (store.cursor(event.at, event.id), event))
        .collect()
}

async fn rows_after(
    store: &Store,
    cursor: Cursor,
    limit: usize,
) -> Result<Vec<SqlEvent>, StoreError> {
    if cursor.epoch != store.epoch() {
        return Err(StoreError::CursorForeign { cursor });
    }
    let mut connection = store.reads().acquire().await?;
    let rows = rows(store, &mut connection, cursor, limit).await?;
    if rows.is_empty() && cursor.id > 0 {
        drop(connection);
        let head = store.head().await?;
        // After an event of the log, or a moment before its head, there would have been some.
        if cursor.id > head.id || cursor.at > head.at {
            return Err(StoreError::CursorForeign { cursor });
        }
    }
    Ok(rows)
}

/// Sealed events after a position.
pub(crate) async fn read(
    store: &Store,
    connection: &mut PgConnection,
    after: Cursor,
    limit: usize,
) -> Result<Vec<Event>, StoreError> {
    let rows = rows(store, connection, after, limit).await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// An event as stored.
#[derive(Debug)]
struct SqlEvent {
    id: i64,
    at: DateTime<Utc>,
    kind: String,
    v: i32,
    stream: String,
    stream_version: i32,
    actor: String,
    command_id: Uuid,
    causation_id: Option<i64>,
    correlation_id: i64,
    h3_index: Option<i64>,
    tie: Option<String>,
    payload: String,
}

/// The events up to tomorrow, else whatever there is: a clock may have been a year ahead when the next one was written.
async fn rows(
    store: &Store,
    connection: &mut PgConnection,
    after: Cursor,
    limit: usize,
) -> Result<Vec<SqlEvent>, StoreError> {
    let tomorrow = store.now().max(after.at) + DAY_MS;
    let rows = rows_until(&mut *connection, after, tomorrow, limit).await?;
    if rows.is_empty() {
        return rows_until(connection, after, LATEST, limit).await;
    }
    Ok(rows)
}

/// Later than any event, the year 9999.
const LATEST: Millis = Millis(253_370_764_800_000);

/// The times let it plan and touch the partitions between alone.
async fn rows_until(
    connection: &mut PgConnection,
    after: Cursor,
    until: Millis,
    limit: usize,
) -> Result<Vec<SqlEvent>, StoreError> {
    Ok(sqlx::query_as!(
        SqlEvent,
        r#"SELECT id, at, type AS "kind", v, stream, stream_version, actor::text AS "actor!", command_id,
                  causation_id, correlation_id, h3_index, tie::text AS "tie", payload::text AS "payload!"
           FROM events WHERE id > $1 AND at >= $2 AND at < $3 ORDER BY id LIMIT $4"#,
        after.id,
        stamp(after.at),
        stamp(until),
        limit.min(PAGE_MAX) as i64
    )
    .fetch_all(connection)
    .await?)
}

impl TryFrom<SqlEvent> for Event {
    type Error = StoreError;

    fn try_from(row: SqlEvent) -> Result<Self, StoreError> {
        let id = row.id;
        let what =
            |error: &dyn ToString| StoreError::unreadable(format!("event {id}"), error.to_string());
        Ok(Self {
            id,
            at: millis(row.at),
            v: u16::try_from(row.v).map_err(|error| what(&error))?,
            stream: row
                .stream
                .parse()
                .map_err(|error: domain::state::NotAStream| what(&error))?,
            stream_version: row.stream_version.cast_unsigned(),
            actor: serde_json::from_str(&row.actor).map_err(|error| what(&error))?,
            command_id: CommandId(row.command_id),
            causation_id: row.causation_id,
            correlation_id: row.correlation_id,
            cell: row
                .h3_index
                .map(Cell::from_i64)
                .transpose()
                .map_err(|error| what(&error))?,
            tie: row
                .tie
                .map(|tie| serde_json::from_str(&tie))
                .transpose()
                .map_err(|error| what(&error))?,
            payload: upcast(&row.kind, row.v, &row.payload).map_err(|error| what(&error))?,
        })
    }
}

/// Older shapes of payloads are brought to today's here; there is one shape of each yet.
fn upcast(kind: &str, v: i32, payload: &str) -> Result<Body, String> {
    if v != 1 {
        return Err(format!("this program does not know version {v} of {kind}"));
    }
    let body: Body = serde_json::from_str(payload).map_err(|error| error.to_string())?;
    if body.name() != kind {
        return Err(format!("its type is {kind}, but it holds {}", body.name()));
    }
    Ok(body)
}

/// Opens the personal texts of `events`; those whose owner's key is gone are erased.
pub(crate) async fn open<'e>(
    store: &Store,
    connection: &mut PgConnection,
    events: impl Iterator<Item = &'e mut Event>,
) -> Result<(), StoreError> {
    let mut texts: Vec<_> = events
        .flat_map(|event| event.payload.personal_mut())
        .collect();
    if texts.is_empty() {
        return Ok(());
    }
    let owners: BTreeSet<RoleId> = texts.iter().map(|text| text.of).collect();
    let role_keys: BTreeMap<RoleId, RoleKey> = store.role_keys().get(connection, &owners).await?;
    texts
        .iter_mut()
        .try_for_each(|text| keys::open(text, &role_keys))
}

/// Appends sealed events, all of one moment.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    events: &[Event],
) -> Result<(), StoreError> {
    let json = |error| StoreError::unreadable("an event", error);
    let ids: Vec<i64> = events.iter().map(|event| event.id).collect();
    let ats: Vec<DateTime<Utc>> = events.iter().map(|event| stamp(event.at)).collect();
    let kinds: Vec<String> = events
        .iter()
        .map(|event| event.payload.name().to_owned())
        .collect();
    let versions: Vec<i32> = events.iter().map(|event| i32::from(event.v)).collect();
    let streams: Vec<String> = events
        .iter()
        .map(|event| event.stream.to_string())
        .collect();
    let stream_versions: Vec<i32> = events
        .iter()
        .map(|event| event.stream_version.cast_signed())
        .collect();
    let actors: Vec<String> = all_json(events.iter().map(|event| &event.actor)).map_err(json)?;
    let actor_ids: Vec<Option<Uuid>> = events
        .iter()
        .map(|event| event.actor.role().map(|role| role.0))
        .collect();
    let commands: Vec<Uuid> = events.iter().map(|event| event.command_id.0).collect();
    let causes: Vec<Option<i64>> = events.iter().map(|event| event.causation_id).collect();
    let stories: Vec<i64> = events.iter().map(|event| event.correlation_id).collect();
    let cells: Vec<Option<i64>> = events
        .iter()
        .map(|event| event.cell.map(Cell::to_i64))
        .collect();
    let ties = events
        .iter()
        .map(|event| event.tie.as_ref().map(serde_json::to_string).transpose())
        .collect::<Result<Vec<_>, _>>()
        .map_err(json)?;
    let payloads: Vec<String> =
        all_json(events.iter().map(|event| &event.payload)).map_err(json)?;
    sqlx::query!(
        "INSERT INTO events (id, at, type, v, stream, stream_version, actor, actor_id, command_id, causation_id,
                             correlation_id, h3_index, tie, payload)
         SELECT id, at, type, v, stream, stream_version, actor::jsonb, actor_id, command_id, causation_id,
                correlation_id, h3_index, tie::jsonb, payload::jsonb
         FROM unnest($1::int8[], $2::timestamptz[], $3::text[], $4::int4[], $5::text[], $6::int4[], $7::text[],
                     $8::uuid[], $9::uuid[], $10::int8[], $11::int8[], $12::int8[], $13::text[], $14::text[])
             AS new (id, at, type, v, stream, stream_version, actor, actor_id, command_id, causation_id,
                     correlation_id, h3_index, tie, payload)",
        &ids,
        &ats,
        &kinds,
        &versions,
        &streams,
        &stream_versions,
        &actors,
        &actor_ids as &[Option<Uuid>],
        &commands,
        &causes as &[Option<i64>],
        &stories,
        &cells as &[Option<i64>],
        &ties as &[Option<String>],
        &payloads
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn all_json<'v, T: serde::Serialize + 'v>(
    values: impl Iterator<Item = &'v T>,
) -> Result<Vec<String>, serde_json::Error> {
    values.map(serde_json::to_string).collect()
}
