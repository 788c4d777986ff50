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

/// Degrees of the church square, from which everything on the island is measured.
const ORIGIN: (f64, f64) = (54.052, 7.34);
/// On the mean sphere.
const METRES_OF_A_DEGREE: f64 = 111_320.0;

/// A point of the island, in metres east and north of the church square.
pub(crate) fn place([east, north]: [f64; 2]) -> Place {
    let (lat, lon) = ORIGIN;
    let narrowing = lat.to_radians().cos();
    let point = Place::from_degrees(
        lat + north / METRES_OF_A_DEGREE,
        lon + east / (METRES_OF_A_DEGREE * narrowing),
    );
    // The island is nowhere near a pole.
    point.unwrap_or(Place { lat: 0, lon: 0 })
}

/// The view of the village with which a visit begins.
#[must_use]
pub fn view() -> Camera {
    Camera {
        centre: place([60.0, 40.0]),
        zoom_centi: 1550,
    }
}
