//! Between rows of the read models and the domain's.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::id::{NodeId, RoleId, ThreadId};
use domain::place::{Place, Radius};
use domain::spool::Placed;
use domain::time::Millis;
use domain::view::{NodeRow, SpoolRow, ThreadRow};
use domain::weave::{Covering, JoinLevel, NodeKind, Particulars, Picture, Target, ThreadKind};
use uuid::Uuid;

use crate::StoreError;
use crate::moment::millis;

/// A role as the read model has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleRow {
    pub(crate) role: RoleId,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) placed: Placed,
    /// The published point.
    pub(crate) place: Option<Place>,
    pub(crate) registered_at: Millis,
    pub(crate) acted_at: Millis,
    pub(crate) last: i64,
}

impl RoleRow {
    /// As the map shows it; none where it is hidden.
    pub(crate) fn spool(&self) -> Option<SpoolRow> {
        Some(SpoolRow {
            role: self.role,
            name: self.name.clone(),
            place: self.place?,
            radius: match self.placed {
                Placed::Hidden | Placed::Exact => None,
                Placed::Radius { radius } => Some(radius),
            },
            acted_at: self.acted_at,
            last: self.last,
        })
    }
}

/// A row of `nodes_read`.
pub(super) struct SqlNode {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) lat: i32,
    pub(super) lon: i32,
    pub(super) owner: Uuid,
    pub(super) owner_name: String,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) starts_at: Option<DateTime<Utc>>,
    pub(super) holds_until: DateTime<Utc>,
    pub(super) yarns: serde_json::Value,
    pub(super) covers: serde_json::Value,
    pub(super) dissolved_at: Option<DateTime<Utc>>,
    pub(super) last: i64,
    pub(super) particulars: serde_json::Value,
    pub(super) pictures: serde_json::Value,
}

impl TryFrom<SqlNode> for NodeRow {
    type Error = StoreError;

    fn try_from(row: SqlNode) -> Result<Self, StoreError> {
        let yarns: BTreeMap<ThreadId, RoleId> =
            serde_json::from_value(row.yarns).map_err(|error| {
                StoreError::unreadable(format!("the yarns of node {}", row.id), error)
            })?;
        let covers: Vec<Covering> = serde_json::from_value(row.covers).map_err(|error| {
            StoreError::unreadable(format!("what yarns cover of node {}", row.id), error)
        })?;
        Ok(Self {
            pictures: pictures(row.pictures)?,
            id: NodeId(row.id),
            kind: kind(&row.kind)?,
            title: row.title,
            text: row.text,
            place: Place {
                lat: row.lat,
                lon: row.lon,
            },
            owner: RoleId(row.owner),
            owner_name: row.owner_name,
            version: row.version.cast_unsigned(),
            created_at: millis(row.created_at),
            starts_at: row.starts_at.map(millis),
            particulars: particulars(row.particulars)?,
            holds_until: millis(row.holds_until),
            yarns,
            covers,
            dissolved_at: row.dissolved_at.map(millis),
            last: row.last,
        })
    }
}

/// A row of `threads_read`.
pub(super) struct SqlThread {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) role: Uuid,
    pub(super) role_name: String,
    pub(super) node: Option<Uuid>,
    pub(super) to_role: Option<Uuid>,
    pub(super) from_lat: Option<i32>,
    pub(super) from_lon: Option<i32>,
    pub(super) to_lat: Option<i32>,
    pub(super) to_lon: Option<i32>,
    pub(super) version: i32,
    pub(super) acts: i32,
    pub(super) level: Option<String>,
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) drawn_at: DateTime<Utc>,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) faded_at: Option<DateTime<Utc>>,
    pub(super) last: i64,
}

impl TryFrom<SqlThread> for ThreadRow {
    type Error = StoreError;

    fn try_from(row: SqlThread) -> Result<Self, StoreError> {
        Ok(Self {
            id: ThreadId(row.id),
            kind: ThreadKind::from_code(&row.kind)
                .ok_or_else(|| StoreError::unreadable("a kind of thread", row.kind))?,
            role: RoleId(row.role),
            role_name: row.role_name,
            target: match (row.node, row.to_role) {
                (Some(node), None) => Target::Node(NodeId(node)),
                (None, Some(role)) => Target::Role(RoleId(role)),
                _ => return Err(StoreError::unreadable("what a thread leads to", row.id)),
            },
            from: point(row.from_lat, row.from_lon),
            to: point(row.to_lat, row.to_lon),
            version: row.version.cast_unsigned(),
            acts: row.acts.cast_unsigned(),
            level: row.level.as_deref().map(level).transpose()?,
            since: row.since.map(millis),
            drawn_at: millis(row.drawn_at),
            expires_at: row.expires_at.map(millis),
            faded_at: row.faded_at.map(millis),
            last: row.last,
        })
    }
}

/// A row of `roles_read`.
pub(super) struct SqlRole {
    pub(super) role: Uuid,
    pub(super) name: String,
    pub(super) version: i32,
    pub(super) show: String,
    pub(super) radius_m: Option<i16>,
    pub(super) lat: Option<i32>,
    pub(super) lon: Option<i32>,
    pub(super) registered_at: DateTime<Utc>,
    pub(super) acted_at: DateTime<Utc>,
    pub(super) last: i64,
}

impl TryFrom<SqlRole> for RoleRow {
    type Error = StoreError;

    fn try_from(row: SqlRole) -> Result<Self, StoreError> {
        Ok(Self {
            role: RoleId(row.role),
            name: row.name,
            version: row.version.cast_unsigned(),
            placed: placed(&row.show, row.radius_m)?,
            place: point(row.lat, row.lon),
            registered_at: millis(row.registered_at),
            acted_at: millis(row.acted_at),
            last: row.last,
        })
    }
}

/// From the column `particulars` of a node.
pub(super) fn particulars(said: serde_json::Value) -> Result<Particulars, StoreError> {
    serde_json::from_value(said)
        .map_err(|error| StoreError::unreadable("what a node says of its kind", error))
}

/// From a column `pictures`.
pub(super) fn pictures(column: serde_json::Value) -> Result<Vec<Picture>, StoreError> {
    serde_json::from_value(column)
        .map_err(|error| StoreError::unreadable("the pictures of a node", error))
}

/// From the column `kind` of a node.
pub(crate) fn kind(code: &str) -> Result<NodeKind, StoreError> {
    NodeKind::from_code(code).ok_or_else(|| StoreError::unreadable("a kind of node", code))
}

/// From the column `level` of a thread.
pub(crate) fn level(code: &str) -> Result<JoinLevel, StoreError> {
    JoinLevel::from_code(code).ok_or_else(|| StoreError::unreadable("how somebody joined", code))
}

/// From the columns `show` and `radius_m`.
pub(super) fn placed(show: &str, radius_m: Option<i16>) -> Result<Placed, StoreError> {
    match (show, radius_m) {
        ("hidden", None) => Ok(Placed::Hidden),
        ("exact", None) => Ok(Placed::Exact),
        ("radius", Some(metres)) => Ok(Placed::Radius {
            radius: radius(metres)?,
        }),
        _ => Err(StoreError::unreadable("how a role is shown", show)),
    }
}

/// A radius in metres that a role can choose.
pub(super) fn radius(metres: i16) -> Result<Radius, StoreError> {
    u16::try_from(metres)
        .ok()
        .and_then(Radius::from_metres)
        .ok_or_else(|| StoreError::unreadable("a radius", metres))
}

pub(crate) fn point(lat: Option<i32>, lon: Option<i32>) -> Option<Place> {
    Some(Place {
        lat: lat?,
        lon: lon?,
    })
}
