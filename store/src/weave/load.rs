//! Loads the rows that a batch of events touches.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Body, Event};
use domain::id::{NodeId, RoleId, ThreadId};
use domain::place::{Offset, Place, Radius};
use domain::spool::Placed;
use domain::state::StreamId;
use domain::view::{NodeRow, ThreadRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::fold::{Loom, Published};
use super::rows::{RoleRow, SqlNode, SqlRole, SqlThread, placed};
use crate::StoreError;

/// What a batch touches.
#[derive(Debug, Default)]
struct Touched {
    nodes: BTreeSet<NodeId>,
    threads: BTreeSet<ThreadId>,
    roles: BTreeSet<RoleId>,
    /// Their point is resolved anew.
    placed: BTreeSet<RoleId>,
    /// Everything of theirs shows their name or point.
    carried: BTreeSet<RoleId>,
    /// Every thread to them shows their place.
    moved: BTreeSet<NodeId>,
}

impl Touched {
    fn by(events: &[Event]) -> Self {
        let mut touched = Self::default();
        for event in events {
            match event.stream {
                StreamId::Node(node) => {
                    touched.nodes.insert(node);
                    if matches!(event.payload, Body::KnotenGeaendert { place: Some(_), .. }) {
                        touched.moved.insert(node);
                    }
                }
                StreamId::Thread(thread) => {
                    touched.threads.insert(thread);
                }
                StreamId::Message(_) => {}
                StreamId::Role(role) => {
                    touched.roles.insert(role);
                    match event.payload {
                        Body::RolleRegistriert { .. } => {
                            touched.placed.insert(role);
                        }
                        Body::RolleUmbenannt { .. } | Body::RollePlatziert { .. } => {
                            touched.placed.insert(role);
                            touched.carried.insert(role);
                        }
                        _ => {}
                    }
                }
                StreamId::Community => {}
            }
            touched.roles.extend(event.actor.role());
            if let Some(tie) = event.tie {
                touched.nodes.extend(tie.to.node());
                touched.threads.insert(tie.thread);
                touched.roles.insert(tie.from);
                touched.roles.extend(tie.to.role());
            }
        }
        touched
    }
}

/// Loads the rows that `events` touch, as they are before them; those that are in the loom already stay as they are there.
pub(super) async fn into(
    loom: &mut Loom,
    connection: &mut PgConnection,
    events: &[Event],
) -> Result<(), StoreError> {
    let touched = Touched::by(events);
    loom.published = published(&mut *connection, &touched.placed).await?;
    if loom.is_whole {
        return Ok(());
    }
    let carried = ids(touched.carried.iter().map(|role| role.0));
    let roles = missing(touched.roles, &loom.roles);
    for row in sqlx::query_as!(
        SqlRole,
        "SELECT role, name, version, show, radius_m, lat, lon, registered_at, acted_at, last
         FROM roles_read WHERE role = ANY($1)",
        &ids(roles.iter().map(|role| role.0))
    )
    .fetch_all(&mut *connection)
    .await?
    {
        let row = RoleRow::try_from(row)?;
        loom.roles.entry(row.role).or_insert(row);
    }
    let nodes = missing(touched.nodes, &loom.nodes);
    for row in sqlx::query_as!(
        SqlNode,
        "SELECT id, kind, title, text, lat, lon, owner, owner_name, version, created_at, starts_at, holds_until,
                yarns, covers, dissolved_at, last, particulars, pictures
         FROM nodes_read WHERE id = ANY($1) OR owner = ANY($2)",
        &ids(nodes.iter().map(|node| node.0)),
        &carried
    )
    .fetch_all(&mut *connection)
    .await?
    {
        let row = NodeRow::try_from(row)?;
        if !loom.nodes.contains_key(&row.id) {
            loom.hold_node(row);
        }
    }
    let threads = missing(touched.threads, &loom.threads);
    let moved = ids(touched.moved.iter().map(|node| node.0));
    for row in sqlx::query_as!(
        SqlThread,
        "SELECT id, kind, role, role_name, node, to_role, from_lat, from_lon, to_lat, to_lon, version, acts, level, since, drawn_at,
                expires_at, faded_at, last
         FROM threads_read WHERE id = ANY($1) OR role = ANY($2) OR node = ANY($3) OR to_role = ANY($2)",
        &ids(threads.iter().map(|thread| thread.0)),
        &carried,
        &moved
    )
    .fetch_all(connection)
    .await?
    {
        let row = ThreadRow::try_from(row)?;
        if !loom.threads.contains_key(&row.id) {
            loom.hold_thread(row);
        }
    }
    Ok(())
}

/// The rows of `touched` that are not at hand.
fn missing<Id: Ord, Row>(touched: BTreeSet<Id>, at_hand: &BTreeMap<Id, Row>) -> Vec<Id> {
    touched
        .into_iter()
        .filter(|id| !at_hand.contains_key(id))
        .collect()
}

fn ids(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect()
}

/// Resolves published points: the only place where true points are read. What holds is how the role is
/// shown *now*, whatever the event says: who hides tomorrow is hidden yesterday too.
async fn published(
    connection: &mut PgConnection,
    roles: &BTreeSet<RoleId>,
) -> Result<BTreeMap<RoleId, Published>, StoreError> {
    if roles.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted = ids(roles.iter().map(|role| role.0));
    let rows = sqlx::query!(
        "SELECT role, show, radius_m, lat, lon, east_ppm, north_ppm FROM places_private WHERE role = ANY($1)",
        &wanted
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let placed = placed(&row.show, row.radius_m)?;
            let place = match (placed, super::rows::point(row.lat, row.lon)) {
                (Placed::Hidden, _) | (_, None) => None,
                (Placed::Exact, Some(point)) => Some(point),
                (Placed::Radius { radius }, Some(point)) => {
                    displaced(point, radius, &row.east_ppm, &row.north_ppm)?
                }
            };
            Ok((RoleId(row.role), Published { placed, place }))
        })
        .collect()
}

pub(super) fn displaced(
    point: Place,
    radius: Radius,
    east_ppm: &[i32],
    north_ppm: &[i32],
) -> Result<Option<Place>, StoreError> {
    let stored = Radius::ALL
        .iter()
        .position(|known| *known == radius)
        .and_then(|at| east_ppm.get(at).zip(north_ppm.get(at)));
    // Without its displacement the true point would be published.
    let (east_ppm, north_ppm) =
        stored.ok_or_else(|| StoreError::unreadable("a displacement", "it is missing"))?;
    Ok(point.displaced(
        radius,
        Offset {
            east_ppm: *east_ppm,
            north_ppm: *north_ppm,
        },
    ))
}
