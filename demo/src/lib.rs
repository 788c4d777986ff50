//! A living demo: the invented island Spulenoog, its people, what they have woven in 30 days, and what they go on
//! weaving while somebody looks.
//!
//! [`content`] is what is told, [`story`] puts it in order, [`fill`] tells it to an empty system by the door that every
//! write goes through, [`neighbours`] goes on with it. [`island`] is the ground.

pub mod content;
pub mod fill;
pub mod island;
pub mod neighbours;
mod past;
pub mod story;

use domain::link::Camera;
use domain::place::Place;

pub use fill::{FillError, fill};
use island::Metres;

/// A point of the island, in metres east and north of the church square.
pub(crate) fn place([east, north]: [f64; 2]) -> Place {
    let (lat, lon) = Metres::new(east, north).degrees();
    // The island is nowhere near a pole.
    Place::from_degrees(lat, lon).unwrap_or(Place { lat: 0, lon: 0 })
}

/// The view of the village with which a visit begins.
#[must_use]
pub fn view() -> Camera {
    Camera {
        centre: place([60.0, 40.0]),
        zoom_centi: 1550,
    }
}
