//! Where a role would be shown: for its owner alone.

use domain::id::RoleId;
use domain::place::{Place, Radius};

use super::load::displaced;
use crate::{Store, StoreError, random};

/// Where others would see `role`, were it at `place`, by the radius within which it chose to be shown: the same points that are
/// published once it has. None where there is no such role.
///
/// # Errors
/// When the database can't be reached, or a displacement is missing.
pub async fn preview(
    store: &Store,
    role: RoleId,
    place: Place,
) -> Result<Option<Vec<(Radius, Place)>>, StoreError> {
    let row = sqlx::query!(
        "SELECT east_ppm, north_ppm FROM places_private WHERE role = $1",
        role.0
    )
    .fetch_optional(store.reads())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut shown = Vec::new();
    for radius in Radius::ALL {
        if let Some(point) = displaced(place, radius, &row.east_ppm, &row.north_ppm)? {
            shown.push((radius, point));
        }
    }
    Ok(Some(shown))
}

/// Where others might see a role that is not there yet, were it at `place`, by the radius: displaced by chance, as its own points will
/// be once it is there.
///
/// # Errors
/// When the system has no randomness.
pub fn example(place: Place) -> Result<Vec<(Radius, Place)>, StoreError> {
    let mut shown = Vec::new();
    for radius in Radius::ALL {
        if let Some(point) = place.displaced(radius, random::offset()?) {
            shown.push((radius, point));
        }
    }
    Ok(shown)
}
