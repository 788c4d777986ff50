//! What rooms and pages read.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, RoleId, ThreadId};
use domain::lens::Lens;
use domain::page::{End, Near, RoleDetail, RoleThread};
use domain::place::{Cell, Place, Radius};
use domain::spool::Met;
use domain::view::{Me, NodeRow, ThreadRow};
use domain::weave::Target;
use uuid::Uuid;

use super::rows::{self, RoleRow, SqlNode, SqlRole, SqlThread};
use crate::moment::stamp;
use crate::spool::profiles::profile;
use crate::spool::standings::{standing, vouches_for};
use crate::{Store, StoreError};

pub use super::project::{checkpoint, reached};
pub use super::rooms::{ROOMS_MAX, rooms};

/// Threads on one page.
pub const THREADS_MAX: i64 = 500;

/// A knot, dissolved or not, with its threads: those that hold first, the newest first.
///
/// # Errors
/// When the database can't be reached.
pub async fn node(
    store: &Store,
    id: NodeId,
) -> Result<Option<(NodeRow, Vec<ThreadRow>)>, StoreError> {
    let mut connection = store.reads().acquire().await?;
    let row = sqlx::query_as!(
        SqlNode,
        "SELECT id, kind, title, text, lat, lon, owner, owner_name, version, created_at, starts_at, holds_until,
                yarns, covers, dissolved_at, last, particulars, pictures
         FROM nodes_read WHERE id = $1",
        id.0
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let threads = sqlx::query_as!(
        SqlThread,
        "SELECT id, kind, role, role_name, node, to_role, from_lat, from_lon, to_lat, to_lon, version, acts, level, since, drawn_at,
                expires_at, faded_at, last
         FROM threads_read WHERE node = $1
         ORDER BY faded_at IS NOT NULL, drawn_at DESC, id LIMIT $2",
        id.0,
        THREADS_MAX
    )
    .fetch_all(&mut *connection)
    .await?;
    let threads = threads.into_iter().map(ThreadRow::try_from);
    Ok(Some((row.try_into()?, threads.collect::<Result<_, _>>()?)))
}

/// The threads that hold one of these knots, the newest first, at most `limit`.
///
/// # Errors
/// When the database can't be reached.
pub async fn threads(
    store: &Store,
    nodes: &[NodeId],
    limit: u16,
) -> Result<Vec<ThreadRow>, StoreError> {
    let wanted: Vec<Uuid> = nodes.iter().map(|node| node.0).collect();
    let rows = sqlx::query_as!(
        SqlThread,
        "SELECT id, kind, role, role_name, node, to_role, from_lat, from_lon, to_lat, to_lon, version, acts, level, since, drawn_at,
                expires_at, faded_at, last
         FROM threads_read WHERE node = ANY($1) AND faded_at IS NULL
         ORDER BY drawn_at DESC, id LIMIT $2",
        &wanted,
        i64::from(limit)
    )
    .fetch_all(store.reads())
    .await?;
    rows.into_iter().map(ThreadRow::try_from).collect()
}

/// A thread, faded or not, with what it leads to.
///
/// # Errors
/// When the database can't be reached.
pub async fn thread(store: &Store, id: ThreadId) -> Result<Option<(ThreadRow, End)>, StoreError> {
    let row = sqlx::query_as!(
        SqlThread,
        "SELECT id, kind, role, role_name, node, to_role, from_lat, from_lon, to_lat, to_lon, version, acts, level, since, drawn_at,
                expires_at, faded_at, last
         FROM threads_read WHERE id = $1",
        id.0
    )
    .fetch_optional(store.reads())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let thread = ThreadRow::try_from(row)?;
    let end = match thread.target {
        Target::Node(id) => {
            let node = nodes(store, &[id]).await?.remove(&id);
            node.map(|node| End::Node(Box::new(node)))
        }
        Target::Role(id) => role_row(store, id).await?.map(|role| {
            End::Role(Met {
                role: id,
                name: role.name,
            })
        }),
    };
    Ok(end.map(|end| (thread, end)))
}

/// How far from their published points those may be who drew these threads and are not exactly there.
///
/// # Errors
/// When the database can't be reached, or holds a radius that nobody can choose.
pub async fn radii(
    store: &Store,
    threads: &[ThreadRow],
) -> Result<BTreeMap<RoleId, Radius>, StoreError> {
    let roles: BTreeSet<Uuid> = threads.iter().map(|thread| thread.role.0).collect();
    let roles: Vec<Uuid> = roles.into_iter().collect();
    let shown = sqlx::query!(
        "SELECT role, radius_m AS \"radius_m!\" FROM roles_read WHERE role = ANY($1) AND radius_m IS NOT NULL",
        &roles
    )
    .fetch_all(store.reads())
    .await?;
    shown
        .into_iter()
        .map(|row| Ok((RoleId(row.role), rows::radius(row.radius_m)?)))
        .collect()
}

/// Those of these knots that exist, dissolved or not.
///
/// # Errors
/// When the database can't be reached.
pub async fn nodes(store: &Store, ids: &[NodeId]) -> Result<BTreeMap<NodeId, NodeRow>, StoreError> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        SqlNode,
        "SELECT id, kind, title, text, lat, lon, owner, owner_name, version, created_at, starts_at, holds_until,
                yarns, covers, dissolved_at, last, particulars, pictures
         FROM nodes_read WHERE id = ANY($1)",
        &wanted
    )
    .fetch_all(store.reads())
    .await?;
    rows.into_iter()
        .map(|row| NodeRow::try_from(row).map(|node| (node.id, node)))
        .collect()
}

/// A role's public face with its threads: those that hold first, the newest first.
///
/// # Errors
/// When the database can't be reached.
pub async fn role(
    store: &Store,
    id: RoleId,
) -> Result<Option<(RoleDetail, Vec<RoleThread>)>, StoreError> {
    let Some(row) = role_row(store, id).await? else {
        return Ok(None);
    };
    let threads = sqlx::query!(
        r#"SELECT t.id, t.kind, t.role, t.role_name, t.node, t.to_role, t.from_lat, t.from_lon, t.to_lat, t.to_lon,
                t.version, t.acts, t.level, t.since, t.drawn_at, t.expires_at, t.faded_at, t.last, coalesce(n.title, r.name) AS "title!"
         FROM threads_read t LEFT JOIN nodes_read n ON n.id = t.node LEFT JOIN roles_read r ON r.role = t.to_role
         WHERE t.role = $1 AND (n.id IS NOT NULL OR r.role IS NOT NULL)
         ORDER BY t.faded_at IS NOT NULL, t.drawn_at DESC, t.id LIMIT $2"#,
        id.0,
        THREADS_MAX
    )
    .fetch_all(store.reads())
    .await?;
    let threads = threads
        .into_iter()
        .map(|row| {
            let thread = SqlThread {
                id: row.id,
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
            };
            Ok(RoleThread {
                thread: thread.try_into()?,
                title: row.title,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    let detail = RoleDetail {
        role: id,
        placed: row.placed,
        place: row.place,
        registered_at: row.registered_at,
        profile: profile(store, id).await?,
        standing: standing(store, id).await?,
        vouches_for: vouches_for(store, id).await?,
        spool: row.spool(),
        name: row.name,
    };
    Ok(Some((detail, threads)))
}

/// One's own role.
///
/// # Errors
/// When the database can't be reached.
pub async fn me(store: &Store, id: RoleId) -> Result<Option<Me>, StoreError> {
    let Some(row) = role_row(store, id).await? else {
        return Ok(None);
    };
    Ok(Some(Me {
        role: row.role,
        name: row.name,
        version: row.version,
        placed: row.placed,
        place: row.place,
        registered_at: row.registered_at,
        profile: profile(store, id).await?,
        standing: standing(store, id).await?,
    }))
}

async fn role_row(store: &Store, id: RoleId) -> Result<Option<RoleRow>, StoreError> {
    sqlx::query_as!(
        SqlRole,
        "SELECT role, name, version, show, radius_m, lat, lon, registered_at, acted_at, last
         FROM roles_read WHERE role = $1",
        id.0
    )
    .fetch_optional(store.reads())
    .await?
    .map(RoleRow::try_from)
    .transpose()
}

/// The knots that are nearest to `place`, hold and are seen through `lens`, at most `limit`, nearest first.
///
/// # Errors
/// When the database can't be reached.
pub async fn near(
    store: &Store,
    place: Place,
    (lens, me): (Lens, Option<RoleId>),
    limit: u16,
) -> Result<Vec<Near>, StoreError> {
    let kinds: Vec<String> = lens
        .kinds()
        .into_iter()
        .map(|kind| kind.code().to_owned())
        .collect();
    let since = lens.age.map(|age| stamp(store.now() + -age.ms()));
    // Nothing is a guest's own, so that is not asked.
    let mine = me.filter(|_| lens.mine).map(|role| role.0);
    let asks_of_threads = since.is_some() || lens.yarn || mine.is_some();
    let (lon, lat, limit) = (place.lon_degrees(), place.lat_degrees(), i64::from(limit));
    let by_index = sqlx::query_file!(
        "src/weave/sql/near.sql",
        lon,
        lat,
        limit,
        &kinds,
        asks_of_threads,
        since,
        lens.yarn,
        mine
    )
    .map(|row| (NodeId(row.id), row.threads))
    .fetch_all(store.reads())
    .await;
    let found = match by_index {
        Err(error) if is_out_of_order(&error) => {
            sqlx::query_file!(
                "src/weave/sql/near_measured.sql",
                lon,
                lat,
                limit,
                &kinds,
                asks_of_threads,
                since,
                lens.yarn,
                mine
            )
            .map(|row| (NodeId(row.id), row.threads))
            .fetch_all(store.reads())
            .await?
        }
        found => found?,
    };
    let ids: Vec<NodeId> = found.iter().map(|(id, _)| *id).collect();
    let mut rows = nodes(store, &ids).await?;
    let mut near: Vec<Near> = found
        .into_iter()
        .filter_map(|(id, threads)| {
            let node = rows.remove(&id)?;
            Some(Near {
                distance_m: place.distance_m(node.place).round() as u32,
                threads: threads as u32,
                node,
            })
        })
        .collect();
    // The client sorts by this distance, which is rougher than the database's.
    near.sort_by_key(|near| (near.distance_m, near.node.id));
    Ok(near)
}

/// PostGIS' index takes points on both sides of the antimeridian for farther apart than they are, notices it when
/// it measures, and gives up: there every knot has to be measured.
fn is_out_of_order(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.message().contains("wrong order"))
}

/// Where the newest knot that somebody has knotted and that holds is; none in an empty weave.
///
/// # Errors
/// When the database can't be reached.
pub async fn newest_place(store: &Store) -> Result<Option<Place>, StoreError> {
    let row = sqlx::query!(
        "SELECT lat, lon FROM nodes_read WHERE dissolved_at IS NULL AND kind <> 'structure' ORDER BY created_at DESC, last DESC LIMIT 1"
    )
    .fetch_optional(store.reads())
    .await?;
    Ok(row.map(|row| Place {
        lat: row.lat,
        lon: row.lon,
    }))
}

/// The roles of that name, the ones that came first first; at most `limit`.
///
/// # Errors
/// When the database can't be reached.
pub async fn named(store: &Store, name: &str, limit: u16) -> Result<Vec<RoleId>, StoreError> {
    let roles = sqlx::query_scalar!(
        "SELECT role FROM roles_read WHERE name = $1 ORDER BY registered_at, role LIMIT $2",
        name,
        i64::from(limit)
    )
    .fetch_all(store.reads())
    .await?;
    Ok(roles.into_iter().map(RoleId).collect())
}

/// The name of a role; none where there is no such role.
///
/// # Errors
/// When the database can't be reached.
pub async fn role_name(store: &Store, id: RoleId) -> Result<Option<String>, StoreError> {
    Ok(role_row(store, id).await?.map(|row| row.name))
}

/// The roles that ever drew a thread to one of these knots.
///
/// # Errors
/// When the database can't be reached.
pub async fn tied(
    store: &Store,
    nodes: &[NodeId],
) -> Result<BTreeMap<NodeId, BTreeSet<RoleId>>, StoreError> {
    let wanted: Vec<Uuid> = nodes.iter().map(|node| node.0).collect();
    let rows = sqlx::query!(
        r#"SELECT DISTINCT node AS "node!", role FROM threads_read WHERE node = ANY($1)"#,
        &wanted
    )
    .fetch_all(store.reads())
    .await?;
    let mut tied: BTreeMap<NodeId, BTreeSet<RoleId>> = BTreeMap::new();
    for row in rows {
        tied.entry(NodeId(row.node))
            .or_default()
            .insert(RoleId(row.role));
    }
    Ok(tied)
}

/// The stored cells of published points; hidden and unknown roles have none.
///
/// # Errors
/// When the database can't be reached.
pub async fn spool_cells(
    store: &Store,
    roles: &[RoleId],
) -> Result<BTreeMap<RoleId, Cell>, StoreError> {
    let wanted: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"SELECT role, h3_index AS "h3_index!" FROM roles_read WHERE role = ANY($1) AND h3_index IS NOT NULL"#,
        &wanted
    )
    .fetch_all(store.reads())
    .await?;
    rows.into_iter()
        .map(|row| {
            let cell = Cell::from_i64(row.h3_index)
                .map_err(|error| StoreError::unreadable("the cell of a spool", error))?;
            Ok((RoleId(row.role), cell))
        })
        .collect()
}
