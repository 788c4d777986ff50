//! From the Earth to pixels: Web Mercator, as every map on the web has it.

use core::f64::consts::PI;

use domain::link::Camera;
use domain::place::Place;

/// The world at zoom 0 is as wide, in pixels.
const WORLD: f64 = 512.0;
/// The projection's own end towards the poles, in degrees.
const LAT_MAX: f64 = 85.051_129;

/// A point in pixels, right and down.
pub type Point = (f64, f64);

/// Metres around the equator.
const EQUATOR_M: f64 = 40_075_016.7;

/// Where a camera looks, in pixels around its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    centre: Point,
    /// Pixels around the equator.
    world: f64,
    pub zoom: f64,
}

impl Projection {
    /// What a camera sees.
    #[must_use]
    pub fn new(camera: Camera) -> Self {
        let zoom = f64::from(camera.zoom_centi) / 100.0;
        let world = WORLD * libm::exp2(zoom);
        Self {
            centre: turns(camera.centre),
            world,
            zoom,
        }
    }

    /// Where a place lies, in pixels right of the centre and below it, the shorter way around the Earth.
    #[must_use]
    pub fn at(&self, place: Place) -> Point {
        let (x, y) = turns(place);
        let mut east = x - self.centre.0;
        if east > 0.5 {
            east -= 1.0;
        } else if east < -0.5 {
            east += 1.0;
        }
        (east * self.world, (y - self.centre.1) * self.world)
    }

    /// How long a metre is at a place, in pixels.
    #[must_use]
    pub fn metre(&self, place: Place) -> f64 {
        self.world / (EQUATOR_M * place.narrowing().max(0.01))
    }
}

/// East from the antimeridian and south from the projection's north, both of the whole world's side.
fn turns(place: Place) -> Point {
    let lat = place.lat_degrees().clamp(-LAT_MAX, LAT_MAX).to_radians();
    let north = libm::log(libm::tan(PI / 4.0 + lat / 2.0)) / PI;
    (place.lon_degrees() / 360.0 + 0.5, 0.5 - north / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_where_the_map_has_it() {
        let camera: Camera = "@48.41,15.61,15".parse().expect("a camera");
        let projection = Projection::new(camera);
        assert_eq!(projection.at(camera.centre), (0.0, 0.0));
        // A hundredth of a degree east: 512 · 2^15 / 36,000 pixels.
        let east = Place {
            lon: camera.centre.lon + 100_000,
            ..camera.centre
        };
        let (x, y) = projection.at(east);
        assert!((x - 466.033_777).abs() < 1e-3 && y.abs() < 1e-6, "{x} {y}");
        // As far north it is farther on the map.
        let north = Place {
            lat: camera.centre.lat + 100_000,
            ..camera.centre
        };
        let (x, y) = projection.at(north);
        assert!(x.abs() < 1e-6 && (y + 702.1).abs() < 1.0, "{x} {y}");
    }

    #[test]
    fn the_way_over_the_antimeridian_is_the_short_one() {
        let camera: Camera = "@0,179.99,10".parse().expect("a camera");
        let there = Place {
            lat: 0,
            lon: -1_799_900_000,
        };
        let (x, _) = Projection::new(camera).at(there);
        assert!(x > 0.0 && x < 100.0, "{x}");
        let pole = Place {
            lat: 900_000_000,
            lon: 0,
        };
        assert!(Projection::new(camera).at(pole).1.is_finite());
    }
}
