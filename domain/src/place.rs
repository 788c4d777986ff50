//! Where something is: points as integers, H3 cells, the cells that cover a view, published points.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeSet;

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
/// A view's rooms, its ring included, are at most this many.
pub const COVER_MAX: usize = 40;
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

    fn cell_at(self, resolution: u8) -> Cell {
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
pub struct Cell(CellIndex);

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

/// What a map shows: south-west and north-east corner. `west > east` crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub south_west: Place,
    pub north_east: Place,
}

/// The rooms of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    pub resolution: u8,
    /// Cells that overlap the view, and one ring around them: to be listened to.
    pub cells: BTreeSet<Cell>,
    /// One ring more: rooms held already are left only beyond it.
    pub keep: BTreeSet<Cell>,
}

/// The rooms that show `bounds`: the finest resolution whose overlapping cells with one ring are at most
/// [`COVER_MAX`]; `None` when the view is too wide for feature rooms.
#[must_use]
pub fn cover(bounds: Bounds) -> Option<Cover> {
    let planar = Planar::new(bounds);
    ROOM_RESOLUTIONS.rev().find_map(|resolution| {
        let overlapping = overlapping(&planar, resolution)?;
        let cells = ring(&overlapping);
        (cells.len() <= COVER_MAX).then(|| Cover {
            resolution,
            keep: ring(&cells),
            cells,
        })
    })
}

fn ring(cells: &BTreeSet<Cell>) -> BTreeSet<Cell> {
    let mut ring = BTreeSet::new();
    // Collecting sorts before it builds, which weighs more in the client than inserting one by one.
    ring.extend(cells.iter().flat_map(|cell| cell.with_neighbours()));
    ring
}

/// All cells of `resolution` whose polygon overlaps the view; `None` beyond [`COVER_MAX`].
fn overlapping(planar: &Planar, resolution: u8) -> Option<BTreeSet<Cell>> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![planar.centre().cell_at(resolution)];
    let mut seen = BTreeSet::new();
    seen.extend(waiting.iter().copied());
    while let Some(cell) = waiting.pop() {
        if !planar.overlaps(cell) {
            continue;
        }
        found.insert(cell);
        if found.len() > COVER_MAX {
            return None;
        }
        for neighbour in cell.with_neighbours() {
            if seen.insert(neighbour) {
                waiting.push(neighbour);
            }
        }
    }
    Some(found)
}

/// The view as a rectangle in degrees, longitudes turned so that its west edge is the origin.
struct Planar {
    west: f64,
    width: f64,
    south: f64,
    north: f64,
}

impl Planar {
    fn new(
        Bounds {
            south_west,
            north_east,
        }: Bounds,
    ) -> Self {
        let west = south_west.lon_degrees();
        let mut width = north_east.lon_degrees() - west;
        if width < 0.0 {
            width += 360.0;
        }
        Self {
            west,
            width,
            south: south_west.lat_degrees(),
            north: north_east.lat_degrees(),
        }
    }

    fn centre(&self) -> Place {
        let mut lon = self.west + self.width / 2.0;
        if lon > 180.0 {
            lon -= 360.0;
        }
        Place::from_degrees(f64::midpoint(self.south, self.north), lon)
            .unwrap_or(Place { lat: 0, lon: 0 })
    }

    fn overlaps(&self, cell: Cell) -> bool {
        let polygon: Vec<(f64, f64)> = cell
            .0
            .boundary()
            .iter()
            .map(|point| (self.turned(point.lng()), point.lat()))
            .collect();
        let corners = [
            (0.0, self.south),
            (self.width, self.south),
            (self.width, self.north),
            (0.0, self.north),
        ];
        polygon.iter().any(|&(x, y)| {
            (0.0..=self.width).contains(&x) && (self.south..=self.north).contains(&y)
        }) || corners.iter().any(|&corner| inside(&polygon, corner))
            || edges(&polygon).any(|a| edges(&corners).any(|b| crosses(a, b)))
    }

    /// Longitude from the west edge, between −180 and 180 around the view's middle.
    fn turned(&self, lon: f64) -> f64 {
        let mut x = lon - self.west;
        while x - self.width / 2.0 > 180.0 {
            x -= 360.0;
        }
        while x - self.width / 2.0 < -180.0 {
            x += 360.0;
        }
        x
    }
}

type Point = (f64, f64);

fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    (0..polygon.len()).map(|i| (polygon[i], polygon[(i + 1) % polygon.len()]))
}

fn inside(polygon: &[Point], (x, y): Point) -> bool {
    edges(polygon)
        .filter(|&((ax, ay), (bx, by))| {
            (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        })
        .count()
        % 2
        == 1
}

fn crosses((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
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

    fn view(centre: Place, half_lat: i32, half_lon: i32) -> Bounds {
        Bounds {
            south_west: Place {
                lat: centre.lat - half_lat,
                lon: centre.lon - half_lon,
            },
            north_east: Place {
                lat: centre.lat + half_lat,
                lon: centre.lon + half_lon,
            },
        }
    }

    #[test]
    fn a_view_of_a_street_has_fine_rooms_and_a_country_none() {
        let street = cover(view(krems(), 10_000, 10_000)).expect("a street has rooms");
        assert_eq!(street.resolution, 10);
        assert!(street.cells.len() <= COVER_MAX && street.keep.len() <= HELD_MAX);
        assert!(street.cells.contains(&krems().cell().parent(10)));
        let region = cover(view(krems(), 3_000_000, 3_000_000)).expect("a region has rooms");
        assert!(region.resolution < FEATURES_FROM, "that count");
        assert_eq!(cover(view(krems(), 20_000_000, 20_000_000)), None);
    }

    #[test]
    fn a_view_over_the_antimeridian_is_covered() {
        let bounds = Bounds {
            south_west: Place {
                lat: -180_000_000,
                lon: 1_799_900_000,
            },
            north_east: Place {
                lat: -179_800_000,
                lon: -1_799_900_000,
            },
        };
        let cover = cover(bounds).expect("a small view");
        for lon in [1_799_950_000, -1_799_950_000] {
            let inside = Place {
                lat: -179_900_000,
                lon,
            }
            .cell()
            .parent(cover.resolution);
            assert!(cover.cells.contains(&inside));
        }
    }

    /// Points on a grid over a view, its corners included.
    fn grid(bounds: Bounds) -> impl Iterator<Item = Place> {
        let Bounds {
            south_west: from,
            north_east: to,
        } = bounds;
        let step = |from: i32, to: i32, n: i32| {
            let wide = i64::from(from) + (i64::from(to) - i64::from(from)) * i64::from(n) / 20;
            i32::try_from(wide).expect("between the two")
        };
        (0..=20).flat_map(move |y| {
            (0..=20).map(move |x| Place {
                lat: step(from.lat, to.lat, y),
                lon: step(from.lon, to.lon, x),
            })
        })
    }

    #[test]
    fn views_around_pentagons_have_their_rooms() {
        for resolution in ROOM_RESOLUTIONS {
            let resolution = Resolution::try_from(resolution).expect("a resolution");
            for pentagon in resolution.pentagons() {
                assert_eq!(Cell(pentagon).with_neighbours().count(), 6);
                let middle = LatLng::from(pentagon);
                let centre = Place::from_degrees(middle.lat(), middle.lng()).expect("on Earth");
                for half in [2_000, 60_000, 900_000] {
                    let view = view(centre, half, half);
                    let Some(cover) = cover(view) else { continue };
                    assert!(cover.cells.len() <= COVER_MAX);
                    for point in grid(view) {
                        assert!(
                            cover.cells.contains(&point.cell().parent(cover.resolution)),
                            "{point:?} at {}",
                            cover.resolution
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn views_near_the_poles_have_their_rooms_or_none() {
        let mut covered = 0;
        for (south, north) in [(850_000_000, 850_600_000), (899_000_000, 899_990_000)] {
            for half_lon in [50_000, 5_000_000, 400_000_000, 1_790_000_000] {
                for sign in [1, -1] {
                    let (low, high) = (south.min(north), north.max(south));
                    let (south, north) = if sign > 0 { (low, high) } else { (-high, -low) };
                    let view = Bounds {
                        south_west: Place {
                            lat: south,
                            lon: -half_lon,
                        },
                        north_east: Place {
                            lat: north,
                            lon: half_lon,
                        },
                    };
                    let Some(cover) = cover(view) else { continue };
                    covered += 1;
                    assert!(cover.cells.len() <= COVER_MAX);
                    for point in grid(view) {
                        assert!(
                            cover.cells.contains(&point.cell().parent(cover.resolution)),
                            "{point:?} at {}",
                            cover.resolution
                        );
                    }
                }
            }
        }
        assert!(covered > 0, "some of them are narrow enough");
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
        fn every_point_of_a_view_lies_in_one_of_its_rooms(
            lat in -850_000_000..850_000_000_i32, lon in -1_790_000_000..1_790_000_000_i32,
            half_lat in 100..200_000_i32, half_lon in 100..200_000_i32,
            x in -100..=100_i32, y in -100..=100_i32,
        ) {
            let centre = Place { lat, lon };
            if let Some(cover) = cover(view(centre, half_lat, half_lon)) {
                let point = Place { lat: lat + half_lat / 100 * y, lon: lon + half_lon / 100 * x };
                proptest::prop_assert!(cover.cells.contains(&point.cell_at(cover.resolution)));
                // What is stored is found by the parent of its fine cell, which the ring contains.
                proptest::prop_assert!(cover.cells.contains(&point.cell().parent(cover.resolution)));
            }
        }

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
