//! Where something is: points as integers, H3 cells, published points.

use core::fmt;
use core::str::FromStr;

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Coarsest and finest resolution of rooms.
pub const ROOM_RESOLUTIONS: core::ops::RangeInclusive<u8> = 4..=10;
/// From this resolution on rooms show features; coarser ones count the knots in the cells two resolutions finer.
pub const FEATURES_FROM: u8 = 7;
/// How much finer than a count room the cells are that it counts in.
const COUNTED_BELOW: u8 = 2;
/// The resolution of the one index that a located thing stores.
pub const STORED_RESOLUTION: u8 = 12;
/// Rooms that a client may hold at once.
pub const HELD_MAX: usize = 70;

/// A point on Earth in units of 1e-7 degrees (about a centimetre).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// −900,000,000 to 900,000,000.
    pub lat: i32,
    /// −1,800,000,000 to 1,800,000,000.
    pub lon: i32,
}

const UNIT: f64 = 1e7;
/// Metres of one degree of latitude.
const DEGREE_M: f64 = 111_320.0;

impl Place {
    /// From degrees, rounded; `None` outside ±90, ±180 or not a number.
    #[must_use]
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let place = Self {
            lat: round(lat * UNIT)?,
            lon: round(lon * UNIT)?,
        };
        place.is_valid().then_some(place)
    }

    /// Whether both numbers are in their range.
    #[must_use]
    pub fn is_valid(self) -> bool {
        (-900_000_000..=900_000_000).contains(&self.lat)
            && (-1_800_000_000..=1_800_000_000).contains(&self.lon)
    }

    /// Degrees north.
    #[must_use]
    pub fn lat_degrees(self) -> f64 {
        f64::from(self.lat) / UNIT
    }

    /// Degrees east.
    #[must_use]
    pub fn lon_degrees(self) -> f64 {
        f64::from(self.lon) / UNIT
    }

    /// How long a degree of longitude is here, of one of latitude: 1 at the equator, 0 at the poles.
    #[must_use]
    pub fn narrowing(self) -> f64 {
        libm::cos(self.lat_degrees().to_radians())
    }

    /// The cell at the stored resolution; the same on every platform (h3o computes with `libm`).
    #[must_use]
    pub fn cell(self) -> Cell {
        self.cell_at(STORED_RESOLUTION)
    }

    pub(crate) fn cell_at(self, resolution: u8) -> Cell {
        let resolution = Resolution::try_from(resolution).unwrap_or(Resolution::Twelve);
        // A valid place is finite, which is all that h3o asks for.
        let point = LatLng::new(self.lat_degrees(), self.lon_degrees()).unwrap_or_default();
        Cell(point.to_cell(resolution))
    }

    /// Rough distance in metres, good enough to sort a neighbourhood.
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat, other_lat) = (
            self.lat_degrees().to_radians(),
            other.lat_degrees().to_radians(),
        );
        let half_turn = (self.lon_degrees() - other.lon_degrees()).to_radians() / 2.0;
        let (north, east) = (libm::sin((lat - other_lat) / 2.0), libm::sin(half_turn));
        let chord = north * north + libm::cos(lat) * libm::cos(other_lat) * east * east;
        2.0 * libm::asin(libm::sqrt(chord.min(1.0))) * DEGREE_M.to_degrees()
    }

    /// The point published for a true point within `radius`, displaced by the stored `offset`; none rather than the
    /// true one where it can't be computed.
    #[must_use]
    pub fn displaced(self, radius: Radius, offset: Offset) -> Option<Self> {
        let metres = f64::from(radius.metres());
        let north = f64::from(offset.north_ppm) / 1e6 * metres / DEGREE_M;
        let narrowing = self.narrowing().max(0.01);
        let east = f64::from(offset.east_ppm) / 1e6 * metres / (DEGREE_M * narrowing);
        let lat = (self.lat_degrees() + north).clamp(-90.0, 90.0);
        let mut lon = self.lon_degrees() + east;
        if lon > 180.0 {
            lon -= 360.0;
        } else if lon < -180.0 {
            lon += 360.0;
        }
        Self::from_degrees(lat, lon)
    }
}

fn round(value: f64) -> Option<i32> {
    let rounded = libm::round(value);
    (rounded.is_finite() && rounded >= f64::from(i32::MIN) && rounded <= f64::from(i32::MAX))
        .then_some(rounded as i32)
}

/// How far around its true point a spool may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Radius {
    #[serde(rename = "100m")]
    M100,
    #[serde(rename = "250m")]
    M250,
    #[serde(rename = "500m")]
    M500,
    #[serde(rename = "1km")]
    Km1,
    #[serde(rename = "2km")]
    Km2,
    #[serde(rename = "5km")]
    Km5,
}

impl Radius {
    pub const ALL: [Self; 6] = [
        Self::M100,
        Self::M250,
        Self::M500,
        Self::Km1,
        Self::Km2,
        Self::Km5,
    ];

    /// The radius in metres.
    #[must_use]
    pub const fn metres(self) -> u16 {
        match self {
            Self::M100 => 100,
            Self::M250 => 250,
            Self::M500 => 500,
            Self::Km1 => 1000,
            Self::Km2 => 2000,
            Self::Km5 => 5000,
        }
    }

    /// The radius of so many metres, if it is one of ours.
    #[must_use]
    pub fn from_metres(metres: u16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|radius| radius.metres() == metres)
    }
}

/// A displacement inside the unit disk, in millionths of the radius; random, drawn and stored once per
/// role and radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    pub east_ppm: i32,
    pub north_ppm: i32,
}

impl Offset {
    /// Whether it lies inside the disk.
    #[must_use]
    pub fn is_inside(self) -> bool {
        let (east, north) = (i64::from(self.east_ppm), i64::from(self.north_ppm));
        east * east + north * north <= 1_000_000_000_000
    }
}

/// An H3 cell, written as H3's hex string everywhere outside the database.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub(crate) CellIndex);

/// The text is not an H3 cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an H3 cell: 15 hexadecimal digits are expected")]
pub struct NotACell;

impl Cell {
    /// H3's resolution, 0–15.
    #[must_use]
    pub fn resolution(self) -> u8 {
        self.0.resolution().into()
    }

    /// The room at `resolution` that contains this cell; itself where it is already coarser.
    #[must_use]
    pub fn parent(self, resolution: u8) -> Self {
        Resolution::try_from(resolution)
            .ok()
            .and_then(|resolution| self.0.parent(resolution))
            .map_or(self, Self)
    }

    /// The rooms (one per resolution) that a thing stored in this cell belongs to.
    pub fn rooms(self) -> impl Iterator<Item = Self> {
        ROOM_RESOLUTIONS.map(move |resolution| self.parent(resolution))
    }

    /// Whether this room shows how many knots there are instead of the knots.
    #[must_use]
    pub fn is_count_room(self) -> bool {
        self.resolution() < FEATURES_FROM
    }

    /// The cells that this count room counts in have this resolution.
    #[must_use]
    pub fn counted_at(self) -> u8 {
        self.resolution() + COUNTED_BELOW
    }

    /// Whether `other` lies in this cell.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.resolution() >= self.resolution() && other.parent(self.resolution()) == self
    }

    /// The stored cells inside this one, as an inclusive range of [`Cell::to_i64`].
    #[must_use]
    pub fn stored_range(self) -> (i64, i64) {
        let resolution = Resolution::try_from(STORED_RESOLUTION).unwrap_or(Resolution::Twelve);
        let first = Self(self.0.center_child(resolution).unwrap_or(self.0)).to_i64();
        // A finer cell's digit stands in three bits; the first child's are 0, the last one's 6.
        let digits = self.resolution() + 1..=STORED_RESOLUTION;
        (
            first,
            digits.fold(first, |bits, digit| bits | 6 << (3 * (15 - digit))),
        )
    }

    /// The index as the database's signed integer.
    #[must_use]
    pub fn to_i64(self) -> i64 {
        u64::from(self.0).cast_signed()
    }

    /// From the database's signed integer.
    ///
    /// # Errors
    /// When the bits are no cell.
    pub fn from_i64(index: i64) -> Result<Self, NotACell> {
        CellIndex::try_from(index.cast_unsigned())
            .map(Self)
            .map_err(|_| NotACell)
    }

    /// This cell and its neighbours.
    pub fn with_neighbours(self) -> impl Iterator<Item = Self> {
        self.0.grid_disk::<Vec<_>>(1).into_iter().map(Self)
    }

    /// The middle of the cell.
    #[must_use]
    pub fn centre(self) -> Place {
        let centre = LatLng::from(self.0);
        Place::from_degrees(centre.lat(), centre.lng()).unwrap_or(Place { lat: 0, lon: 0 })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Cell {
    type Err = NotACell;

    fn from_str(text: &str) -> Result<Self, NotACell> {
        u64::from_str_radix(text, 16)
            .ok()
            .and_then(|bits| CellIndex::try_from(bits).ok())
            .map(Self)
            .ok_or(NotACell)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn krems() -> Place {
        Place {
            lat: 484_100_000,
            lon: 156_100_000,
        }
    }

    #[test]
    fn the_stored_range_holds_exactly_the_descendants() {
        let room = krems().cell().parent(9);
        let (first, last) = room.stored_range();
        assert!((first..=last).contains(&krems().cell().to_i64()));
        let elsewhere = Place {
            lat: 484_900_000,
            lon: 156_100_000,
        }
        .cell();
        assert!(!(first..=last).contains(&elsewhere.to_i64()));
        for edge in [first, last] {
            assert_eq!(Cell::from_i64(edge).expect("a cell").parent(9), room);
        }
        assert_ne!(
            Cell::from_i64(last + 1).map(|cell| cell.parent(9)),
            Ok(room)
        );
    }

    proptest::proptest! {
        #[test]
        fn a_published_point_stays_inside_its_radius(
            lat in -600_000_000..600_000_000_i32, lon in -1_790_000_000..1_790_000_000_i32,
            east_ppm in -1_000_000..=1_000_000_i32, north_ppm in -1_000_000..=1_000_000_i32,
        ) {
            let (place, offset) = (Place { lat, lon }, Offset { east_ppm, north_ppm });
            if offset.is_inside() {
                for radius in Radius::ALL {
                    let shown = place.displaced(radius, offset).expect("a point on Earth");
                    let distance = place.distance_m(shown);
                    proptest::prop_assert!(distance <= f64::from(radius.metres()) * 1.002 + 0.1);
                }
            }
        }
    }
}
