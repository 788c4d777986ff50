//! What is to be drawn, in coordinates of the web's square world.

use std::ops::RangeInclusive;

use serde_json::{Value as Json, json};

use super::archive::Description;
use super::vector_tile::Value;

/// A base map before it is cut into tiles.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub name: String,
    /// Whom it comes from; shown with the map.
    pub attribution: String,
    /// West, south, east, north in degrees: where tiles are asked for.
    pub bounds: [f64; 4],
    /// Where one looks first: latitude and longitude in degrees.
    pub centre: (f64, f64),
    pub zooms: RangeInclusive<u8>,
    /// Layers by their name in the schema; within one, what comes later lies above.
    pub layers: Vec<(&'static str, Vec<Thing>)>,
}

/// A feature, and where and when it is shown.
#[derive(Clone, Debug)]
pub struct Thing {
    pub zooms: RangeInclusive<u8>,
    pub shape: Shape,
    pub tells: Vec<(&'static str, Value)>,
}

/// Where a feature lies.
#[derive(Clone, Debug)]
pub enum Shape {
    Point(Point),
    Line(Vec<Point>),
    /// The outer ring, then its holes, in whichever direction they run. They do not cross themselves or each other.
    Area(Vec<Ring>),
}

/// The corners of an area, the first not again at the end.
pub type Ring = Vec<Point>;

/// A point of the web's square world: from 0 in the west to 1 in the east, from 0 in the north to 1 in the south.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// Where a latitude and a longitude, in degrees, lie. By `libm`, so that it is the same on every machine.
    #[must_use]
    pub fn of(latitude: f64, longitude: f64) -> Self {
        let upright = libm::tan(std::f64::consts::FRAC_PI_4 + latitude.to_radians() / 2.0);
        Self {
            x: longitude / 360.0 + 0.5,
            y: 0.5 - libm::log(upright) / std::f64::consts::TAU,
        }
    }
}

impl Drawing {
    pub(super) fn description(&self) -> Description {
        Description {
            name: self.name.clone(),
            attribution: self.attribution.clone(),
            bounds: self.bounds,
            centre: self.centre,
            zooms: (*self.zooms.start(), *self.zooms.end()),
            layers: self.layers.iter().map(described).collect(),
        }
    }
}

/// A layer as TileJSON names it.
fn described((id, things): &(&'static str, Vec<Thing>)) -> Json {
    let fields: serde_json::Map<String, Json> = things
        .iter()
        .flat_map(|thing| &thing.tells)
        .map(|(key, value)| ((*key).to_owned(), json!(value.kind())))
        .collect();
    json!({ "id": id, "fields": fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_a_square() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let origin = Point::of(0.0, 0.0);
        assert!(near(origin.x, 0.5) && near(origin.y, 0.5), "{origin:?}");
        let corner = Point::of(85.051_128_779_806_6, -180.0);
        assert!(near(corner.x, 0.0) && near(corner.y, 0.0), "{corner:?}");
    }
}
