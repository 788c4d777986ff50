//! How knots were: what an event adds to their histories, and how those are read.

use chrono::{DateTime, Utc};
use domain::event::{Body, Event};
use domain::id::{NodeId, RoleId};
use domain::place::Place;
use domain::state::StreamId;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::NodeVersion;
use sqlx::PgConnection;

use super::fold::Loom;
use super::rows::{self, kind, particulars};
use super::write;
use crate::column::column;
use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

/// The versions that a batch of events makes.
#[derive(Debug, Default)]
pub(super) struct Versions(Vec<Made>);

#[derive(Debug)]
struct Made {
    /// As it is after the event.
    row: NodeRow,
    role: RoleId,
    at: Millis,
}

impl Versions {
    /// Takes one event that is woven into `loom` already.
    pub(super) fn fold(&mut self, event: &Event, loom: &Loom) {
        let (
            StreamId::Node(node),
            Some(tie),
            Body::KnotenGeknuepft { .. }
            | Body::KnotenGeaendert { .. }
            | Body::BildHinzugefuegt { .. }
            | Body::BildEntfernt { .. },
        ) = (event.stream, event.tie, &event.payload)
        else {
            return;
        };
        if let Some(row) = loom.nodes.get(&node) {
            self.0.push(Made {
                row: row.clone(),
                role: tie.from,
                at: event.at,
            });
        }
    }

    /// Writes what was made.
    pub(super) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let made = std::mem::take(&mut self.0);
        if made.is_empty() {
            return Ok(());
        }
        let rows: Vec<&Made> = made.iter().collect();
        let particulars = write::particulars(rows.iter().map(|made| &made.row))?;
        let nodes = column(&rows, |made| &made.row);
        let pictures = write::pictures(&nodes)?;
        sqlx::query!(
            "INSERT INTO node_versions_read (node, version, role, at, kind, title, text, lat, lon, starts_at, last, particulars, pictures)
             SELECT node, version, role, at, kind, title, text, lat, lon, starts_at, last, particulars::jsonb, pictures::jsonb
             FROM unnest($1::uuid[], $2::int4[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
                         $8::int4[], $9::int4[], $10::timestamptz[], $11::int8[], $12::text[], $13::text[])
                 AS new (node, version, role, at, kind, title, text, lat, lon, starts_at, last, particulars, pictures)",
            &column(&rows, |made| made.row.id.0),
            &column(&rows, |made| made.row.version.cast_signed()),
            &column(&rows, |made| made.role.0),
            &column(&rows, |made| stamp(made.at)),
            &column(&rows, |made| made.row.kind.code().to_owned()),
            &column(&rows, |made| made.row.title.clone()),
            &column(&rows, |made| made.row.text.clone()),
            &column(&rows, |made| made.row.place.lat),
            &column(&rows, |made| made.row.place.lon),
            &column(&rows, |made| made.row.start().map(stamp)) as &[Option<DateTime<Utc>>],
            &column(&rows, |made| made.row.last),
            &particulars,
            &pictures
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The versions of a knot before that one, else the newest ones; the newest first, `limit` at most.
///
/// # Errors
/// When the database can't be reached.
pub async fn page(
    store: &Store,
    node: NodeId,
    before: Option<u32>,
    limit: u16,
) -> Result<Vec<NodeVersion>, StoreError> {
    let end = before.map_or(i32::MAX, |before| i32::try_from(before).unwrap_or(i32::MAX));
    let rows = sqlx::query!(
        "SELECT v.version, v.role, r.name, v.at, v.kind, v.title, v.text, v.lat, v.lon, v.starts_at, v.particulars, v.pictures
         FROM node_versions_read v JOIN roles_read r ON r.role = v.role
         WHERE v.node = $1 AND v.version < $2 ORDER BY v.version DESC LIMIT $3",
        node.0,
        end,
        i64::from(limit)
    )
    .fetch_all(store.reads())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(NodeVersion {
                version: row.version.cast_unsigned(),
                role: RoleId(row.role),
                role_name: row.name,
                at: millis(row.at),
                kind: kind(&row.kind)?,
                title: row.title,
                text: row.text,
                place: Place {
                    lat: row.lat,
                    lon: row.lon,
                },
                starts_at: row.starts_at.map(millis),
                particulars: particulars(row.particulars)?,
                pictures: rows::pictures(row.pictures)?,
            })
        })
        .collect()
}
