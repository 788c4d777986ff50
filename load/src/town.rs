//! Where a load happens, and which rooms lie there.

use std::sync::{Mutex, PoisonError};

use h3o::{CellIndex, LatLng, Resolution};
use uuid::Uuid;

use crate::act::Place;
use crate::random::Random;

/// The resolution whose parents are the rooms of a thing (docs/protocol.md, "Rooms").
const STORED: Resolution = Resolution::Twelve;
/// Knots that are remembered to be joined, and messages to be answered.
const KNOTS_MAX: usize = 20_000;
const MESSAGES_MAX: usize = 2_000;

/// A square around a centre, and the knots that were made in it.
#[derive(Debug)]
pub struct Town {
    centre: Place,
    /// Half of a side, in units of 1e-7 degrees.
    half: i32,
    knots: Mutex<Vec<Uuid>>,
    /// Who has registered.
    roles: Mutex<Vec<Uuid>>,
    messages: Mutex<Vec<Said>>,
}

/// A message, and the knot at which it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub message: Uuid,
    pub node: Uuid,
}

impl Town {
    /// A square whose sides are twice `half` (in units of 1e-7 degrees) long.
    #[must_use]
    pub const fn new(centre: Place, half: i32) -> Self {
        Self {
            centre,
            half,
            knots: Mutex::new(Vec::new()),
            roles: Mutex::new(Vec::new()),
            messages: Mutex::new(Vec::new()),
        }
    }

    /// A point in it.
    pub fn place(&self, random: &mut Random) -> Place {
        let mut shift = || random.below(2 * self.half as usize + 1) as i32 - self.half;
        Place {
            lat: self.centre.lat + shift(),
            lon: self.centre.lon + shift(),
        }
    }

    /// Remembers a knot that was accepted.
    pub fn remember(&self, node: Uuid) {
        let mut knots = self.knots.lock().unwrap_or_else(PoisonError::into_inner);
        if knots.len() < KNOTS_MAX {
            knots.push(node);
        }
    }

    /// Remembers a role that was registered.
    pub fn remember_role(&self, role: Uuid) {
        let mut roles = self.roles.lock().unwrap_or_else(PoisonError::into_inner);
        roles.push(role);
    }

    /// Somebody's role.
    pub fn role(&self, random: &mut Random) -> Option<Uuid> {
        let roles = self.roles.lock().unwrap_or_else(PoisonError::into_inner);
        (!roles.is_empty()).then(|| roles[random.below(roles.len())])
    }

    /// A knot that somebody made.
    pub fn knot(&self, random: &mut Random) -> Option<Uuid> {
        let knots = self.knots.lock().unwrap_or_else(PoisonError::into_inner);
        (!knots.is_empty()).then(|| knots[random.below(knots.len())])
    }

    /// Remembers a message that was accepted.
    pub fn hear(&self, said: Said) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() < MESSAGES_MAX {
            messages.push(said);
        }
    }

    /// A message that somebody said; it may have been taken back since.
    pub fn message(&self, random: &mut Random) -> Option<Said> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        (!messages.is_empty()).then(|| messages[random.below(messages.len())])
    }
}

/// The room of that resolution in which a thing at `place` lies.
#[must_use]
pub fn room(place: Place, resolution: u8) -> Option<CellIndex> {
    stored_cell(place)?.parent(Resolution::try_from(resolution).ok()?)
}

/// The room of that resolution and its neighbours.
#[must_use]
pub fn rooms_around(place: Place, resolution: u8) -> Vec<String> {
    let disk = room(place, resolution).map(|room| room.grid_disk::<Vec<_>>(1));
    disk.into_iter()
        .flatten()
        .map(|cell| cell.to_string())
        .collect()
}

/// The cell that a thing at `place` stores.
#[must_use]
pub fn stored_cell(place: Place) -> Option<CellIndex> {
    let degrees = |units: i32| f64::from(units) / 1e7;
    let point = LatLng::new(degrees(place.lat), degrees(place.lon)).ok()?;
    Some(point.to_cell(STORED))
}

/// The cell that a hexadecimal text names.
#[must_use]
pub fn cell(text: &str) -> Option<CellIndex> {
    let bits = u64::from_str_radix(text, 16).ok()?;
    CellIndex::try_from(bits).ok()
}
