//! What the community is called and where it is: what an event changes of it, and how it is read.

use domain::event::{Body, Event};
use domain::place::Place;
use domain::spool::CommunityState;
use sqlx::PgConnection;

use crate::weave::point;
use crate::{Store, StoreError};

/// What a batch of events changes; what is none stays.
#[derive(Debug, Default)]
pub(crate) struct Community {
    name: Option<String>,
    centre: Option<Place>,
    radius_m: Option<u32>,
    /// The last event that says any of it.
    last: Option<i64>,
}

impl Community {
    /// Takes one event.
    pub(crate) fn fold(&mut self, event: &Event) {
        if let Body::GemeinschaftBeschrieben {
            name,
            centre,
            radius_m,
        } = &event.payload
        {
            self.name = name.clone().or(self.name.take());
            self.centre = centre.or(self.centre);
            self.radius_m = radius_m.or(self.radius_m);
            self.last = Some(event.id);
        }
    }

    /// Writes what is new.
    pub(crate) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let new = std::mem::take(self);
        let Some(last) = new.last else { return Ok(()) };
        sqlx::query!(
            "INSERT INTO community_read AS known (vouches_needed, name, lat, lon, radius_m, last)
             VALUES ($1, coalesce($2, ''), $3, $4, $5, $6)
             ON CONFLICT (one) DO UPDATE
             SET name = coalesce($2, known.name), lat = coalesce($3, known.lat), lon = coalesce($4, known.lon),
                 radius_m = coalesce($5, known.radius_m), last = greatest(known.last, excluded.last)",
            CommunityState::default().vouches_needed.cast_signed(),
            new.name,
            new.centre.map(|place| place.lat),
            new.centre.map(|place| place.lon),
            new.radius_m.map(u32::cast_signed),
            last
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// What the community has decided for all; as it is by itself where nothing was. Its version is that of no stream.
///
/// # Errors
/// When the database can't be reached.
pub async fn community(store: &Store) -> Result<CommunityState, StoreError> {
    let row = sqlx::query!("SELECT vouches_needed, name, lat, lon, radius_m FROM community_read")
        .fetch_optional(store.reads())
        .await?;
    Ok(
        row.map_or_else(CommunityState::default, |row| CommunityState {
            version: 0,
            vouches_needed: row.vouches_needed.cast_unsigned(),
            name: row.name,
            centre: point(row.lat, row.lon),
            radius_m: row.radius_m.map(i32::cast_unsigned),
        }),
    )
}
