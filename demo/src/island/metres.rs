//! The island's own measure.

use store::basemap::write::Point;

/// The church square: latitude and longitude in degrees.
pub(super) const ORIGIN: (f64, f64) = (54.0520, 7.3400);
/// Metres of a degree from south to north.
const DEGREE: f64 = 111_320.0;

/// Metres east and north of the church square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metres {
    pub x: f64,
    pub y: f64,
}

impl Metres {
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Latitude and longitude in degrees.
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        let (latitude, longitude) = ORIGIN;
        let across = DEGREE * libm::cos(latitude.to_radians());
        (latitude + self.y / DEGREE, longitude + self.x / across)
    }

    pub(super) fn point(self) -> Point {
        let (latitude, longitude) = self.degrees();
        Point::of(latitude, longitude)
    }

    /// So far along a direction, and so far to the left of it.
    pub(super) fn moved(self, direction: Self, ahead: f64, left: f64) -> Self {
        Self {
            x: self.x + direction.x * ahead - direction.y * left,
            y: self.y + direction.y * ahead + direction.x * left,
        }
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        let (east, north) = (self.x - other.x, self.y - other.y);
        (east * east + north * north).sqrt()
    }

    /// The direction to another, of length 1; east where they are the same.
    pub(super) fn towards(self, other: Self) -> Self {
        let length = self.distance(other);
        if length == 0.0 {
            return Self::new(1.0, 0.0);
        }
        Self::new((other.x - self.x) / length, (other.y - self.y) / length)
    }

    pub(super) fn between(self, other: Self, share: f64) -> Self {
        Self::new(
            self.x + share * (other.x - self.x),
            self.y + share * (other.y - self.y),
        )
    }

    /// The direction of an angle, counted from east to north in degrees.
    pub(super) fn at_angle(degrees: f64) -> Self {
        let angle = degrees.to_radians();
        Self::new(libm::cos(angle), libm::sin(angle))
    }
}

/// From pairs of metres.
pub(super) fn metres(pairs: &[(f64, f64)]) -> Vec<Metres> {
    pairs.iter().map(|&(x, y)| Metres::new(x, y)).collect()
}
