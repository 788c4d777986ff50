//! The full state of rooms: checkpoint and rows in one REPEATABLE READ.

use std::collections::BTreeMap;

use domain::cursor::Cursor;
use domain::id::NodeId;
use domain::place::Cell;
use domain::view::{CellView, CountRow, NodeRow, ThreadRow};
use domain::wire::RoomId;
use sqlx::{Connection, PgConnection};

use super::rows::{RoleRow, SqlNode, SqlRole, SqlThread, kind};
use crate::moment::millis;
use crate::{Store, StoreError, talk};

/// Rooms read at once; more are read in several goes by the caller.
pub const ROOMS_MAX: usize = 500;

/// What these rooms show, each as a whole, all at the same position of the log; in any order.
///
/// # Errors
/// When the database can't be reached, or more than [`ROOMS_MAX`] are wanted.
pub async fn rooms(
    store: &Store,
    rooms: &[RoomId],
) -> Result<(Cursor, Vec<(RoomId, CellView)>), StoreError> {
    if rooms.len() > ROOMS_MAX {
        return Err(StoreError::unreadable("the rooms", "too many at once"));
    }
    let mut connection = store.reads().acquire().await?;
    let mut transaction = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let row = sqlx::query!("SELECT id, at FROM checkpoints WHERE name = 'weave'")
        .fetch_one(&mut *transaction)
        .await?;
    let (mut counting, mut showing, mut talking) = (Vec::new(), Vec::new(), Vec::new());
    for room in rooms {
        match *room {
            RoomId::Cell(cell) if cell.is_count_room() => counting.push(cell),
            RoomId::Cell(cell) => showing.push(cell),
            RoomId::Talk(node) => talking.push(node),
        }
    }
    let mut views = features(&mut transaction, showing).await?;
    views.append(&mut counts(&mut transaction, counting).await?);
    views.append(&mut conversations(&mut transaction, talking).await?);
    transaction.rollback().await?;
    Ok((store.cursor(millis(row.at), row.id), views))
}

/// What rooms show that show features.
async fn features(
    connection: &mut PgConnection,
    cells: Vec<Cell>,
) -> Result<Vec<(RoomId, CellView)>, StoreError> {
    let ranges = Ranges::new(&cells);
    let mut views = vec![CellView::default(); cells.len()];
    if !cells.is_empty() {
        nodes(&mut *connection, &ranges, &mut views).await?;
        threads(&mut *connection, &ranges, &mut views).await?;
        spools(connection, &ranges, &mut views).await?;
    }
    Ok(cells.into_iter().map(RoomId::Cell).zip(views).collect())
}

/// What the rooms of conversations show.
async fn conversations(
    connection: &mut PgConnection,
    nodes: Vec<NodeId>,
) -> Result<Vec<(RoomId, CellView)>, StoreError> {
    let mut views = vec![CellView::default(); nodes.len()];
    if !nodes.is_empty() {
        for (at, message) in talk::read::recent(connection, &nodes).await? {
            if let Some(view) = views.get_mut(at) {
                view.messages.push(message);
            }
        }
    }
    Ok(nodes.into_iter().map(RoomId::Talk).zip(views).collect())
}

/// What rooms show that count.
async fn counts(
    connection: &mut PgConnection,
    cells: Vec<Cell>,
) -> Result<Vec<(RoomId, CellView)>, StoreError> {
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let ranges = Ranges::new(&cells);
    let counted_at: Vec<i32> = cells.iter().map(|cell| cell.counted_at().into()).collect();
    let rows = sqlx::query_file!(
        "src/weave/sql/rooms_counts.sql",
        &ranges.firsts,
        &ranges.lasts,
        &counted_at
    )
    .fetch_all(connection)
    .await?;
    let mut views = vec![CellView::default(); cells.len()];
    for row in rows {
        let cell = Cell::from_i64(row.cell)
            .map_err(|error| StoreError::unreadable("a counted cell", error))?;
        let kind = kind(&row.kind)?;
        let count = u32::try_from(row.count)
            .map_err(|error| StoreError::unreadable("a number of knots", error))?;
        let Some(view) = room(&mut views, row.room) else {
            continue;
        };
        // The rows come by room and cell.
        match view.counts.last_mut().filter(|last| last.cell == cell) {
            Some(last) => last.kinds.push((kind, count)),
            None => view.counts.push(CountRow {
                cell,
                kinds: vec![(kind, count)],
            }),
        }
    }
    for row in views.iter_mut().flat_map(|view| &mut view.counts) {
        row.kinds.sort_unstable();
    }
    Ok(cells.into_iter().map(RoomId::Cell).zip(views).collect())
}

/// The stored cells of each room, as the columns of an unnest.
struct Ranges {
    firsts: Vec<i64>,
    lasts: Vec<i64>,
}

impl Ranges {
    fn new(cells: &[Cell]) -> Self {
        let (firsts, lasts) = cells.iter().map(|cell| cell.stored_range()).unzip();
        Self { firsts, lasts }
    }
}

/// Puts `row` into the room of that ordinal, which counts from one.
fn room(views: &mut [CellView], ordinal: Option<i64>) -> Option<&mut CellView> {
    let index = usize::try_from(ordinal?).ok()?.checked_sub(1)?;
    views.get_mut(index)
}

async fn nodes(
    connection: &mut PgConnection,
    ranges: &Ranges,
    views: &mut [CellView],
) -> Result<(), StoreError> {
    let rows = sqlx::query_file!(
        "src/weave/sql/rooms_nodes.sql",
        &ranges.firsts,
        &ranges.lasts
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let node = NodeRow::try_from(SqlNode {
            id: row.id,
            kind: row.kind,
            title: row.title,
            text: row.text,
            lat: row.lat,
            lon: row.lon,
            owner: row.owner,
            owner_name: row.owner_name,
            version: row.version,
            created_at: row.created_at,
            starts_at: row.starts_at,
            holds_until: row.holds_until,
            yarns: row.yarns,
            covers: row.covers,
            dissolved_at: row.dissolved_at,
            last: row.last,
            particulars: row.particulars,
            pictures: row.pictures,
        })?;
        if let Some(view) = room(views, row.room) {
            view.nodes.insert(node.id, node);
        }
    }
    Ok(())
}

async fn threads(
    connection: &mut PgConnection,
    ranges: &Ranges,
    views: &mut [CellView],
) -> Result<(), StoreError> {
    let rows = sqlx::query_file!(
        "src/weave/sql/rooms_threads.sql",
        &ranges.firsts,
        &ranges.lasts
    )
    .fetch_all(connection)
    .await?;
    let mut known: BTreeMap<uuid::Uuid, ThreadRow> = BTreeMap::new();
    for row in rows {
        let (id, ordinal) = (row.id, row.room);
        if let std::collections::btree_map::Entry::Vacant(entry) = known.entry(id) {
            entry.insert(ThreadRow::try_from(SqlThread {
                id,
                kind: row.kind,
                role: row.role,
                role_name: row.role_name,
                node: row.node,
                to_role: row.to_role,
                from_lat: row.from_lat,
                from_lon: row.from_lon,
                to_lat: row.to_lat,
                to_lon: row.to_lon,
                version: row.version,
                acts: row.acts,
                level: row.level,
                since: row.since,
                drawn_at: row.drawn_at,
                expires_at: row.expires_at,
                faded_at: row.faded_at,
                last: row.last,
            })?);
        }
        if let (Some(view), Some(thread)) = (room(views, ordinal), known.get(&id)) {
            view.threads.insert(thread.id, thread.clone());
        }
    }
    Ok(())
}

async fn spools(
    connection: &mut PgConnection,
    ranges: &Ranges,
    views: &mut [CellView],
) -> Result<(), StoreError> {
    let rows = sqlx::query_file!(
        "src/weave/sql/rooms_spools.sql",
        &ranges.firsts,
        &ranges.lasts
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let role = RoleRow::try_from(SqlRole {
            role: row.role,
            name: row.name,
            version: row.version,
            show: row.show,
            radius_m: row.radius_m,
            lat: row.lat,
            lon: row.lon,
            registered_at: row.registered_at,
            acted_at: row.acted_at,
            last: row.last,
        })?;
        if let (Some(view), Some(spool)) = (room(views, row.room), role.spool()) {
            view.spools.insert(spool.role, spool);
        }
    }
    Ok(())
}
