//! The rooms that a view is covered with.

use std::collections::BTreeSet;

use crate::place::{Cell, Place, ROOM_RESOLUTIONS};

/// A view's rooms, its ring included, are at most this many when they are chosen.
pub const COVER_MAX: usize = 40;
/// They stay until they would be more than this.
pub const COVER_STAYS_MAX: usize = 56;

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
/// [`COVER_MAX`]; `None` when the view is too wide for rooms. How many cells a view overlaps changes with every step aside,
/// so those of `held`, the resolution of the rooms at hand, may be up to [`COVER_STAYS_MAX`] before coarser ones take their
/// place.
#[must_use]
pub fn cover(bounds: Bounds, held: Option<u8>) -> Option<Cover> {
    let planar = Planar::new(bounds);
    ROOM_RESOLUTIONS.rev().find_map(|resolution| {
        let most = if held == Some(resolution) {
            COVER_STAYS_MAX
        } else {
            COVER_MAX
        };
        let overlapping = overlapping(&planar, resolution, most)?;
        let cells = ring(&overlapping);
        (cells.len() <= most).then(|| Cover {
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

/// All cells of `resolution` whose polygon overlaps the view; `None` beyond `most`.
fn overlapping(planar: &Planar, resolution: u8, most: usize) -> Option<BTreeSet<Cell>> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![planar.centre().cell_at(resolution)];
    let mut seen = BTreeSet::new();
    seen.extend(waiting.iter().copied());
    while let Some(cell) = waiting.pop() {
        if !planar.overlaps(cell) {
            continue;
        }
        found.insert(cell);
        if found.len() > most {
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
    use h3o::{LatLng, Resolution};

    use super::*;
    use crate::place::{FEATURES_FROM, HELD_MAX};

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
        let street = cover(view(krems(), 10_000, 10_000), None).expect("a street has rooms");
        assert_eq!(street.resolution, 10);
        assert!(street.cells.len() <= COVER_MAX && street.keep.len() <= HELD_MAX);
        assert!(street.cells.contains(&krems().cell().parent(10)));
        let region = cover(view(krems(), 3_000_000, 3_000_000), None).expect("a region has rooms");
        assert!(region.resolution < FEATURES_FROM, "that count");
        assert_eq!(cover(view(krems(), 20_000_000, 20_000_000), None), None);
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
        let cover = cover(bounds, None).expect("a small view");
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

    fn assert_covers(cover: &Cover, view: Bounds) {
        assert!(cover.cells.len() <= COVER_MAX);
        for point in grid(view) {
            let room = point.cell().parent(cover.resolution);
            assert!(
                cover.cells.contains(&room),
                "{point:?} at {}",
                cover.resolution
            );
        }
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
                    let Some(cover) = cover(view, None) else {
                        continue;
                    };
                    assert_covers(&cover, view);
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
                    let Some(cover) = cover(view, None) else {
                        continue;
                    };
                    covered += 1;
                    assert_covers(&cover, view);
                }
            }
        }
        assert!(covered > 0, "some of them are narrow enough");
    }

    /// A window that is pushed about at one zoom asks for one resolution, except where it would need too many rooms.
    #[test]
    fn steps_aside_do_not_change_the_resolution_to_and_fro() {
        let mut flips = 0;
        for (half_lat, half_lon) in [(24_000, 20_000), (30_000, 24_000), (60_000, 110_000)] {
            let (mut held, mut alone) = (None, None);
            let mut changes = 0;
            for step in 0..200 {
                let centre = Place {
                    lat: krems().lat + step * 500,
                    lon: krems().lon + step * 800,
                };
                let bounds = view(centre, half_lat, half_lon);
                let stays = cover(bounds, held).expect("a small view");
                assert!(stays.cells.len() <= COVER_STAYS_MAX && COVER_STAYS_MAX < HELD_MAX);
                changes += usize::from(held.is_some_and(|held| held != stays.resolution));
                held = Some(stays.resolution);
                let now = cover(bounds, None).map(|cover| cover.resolution);
                flips += usize::from(alone.is_some() && alone != now);
                alone = now;
            }
            assert!(changes <= 1, "{changes} changes");
        }
        assert!(flips > 10, "it would flip {flips} times without");
    }

    #[test]
    fn zooming_to_and_fro_around_a_change_of_resolution_stays_in_one() {
        let seen = |half: i32, held| {
            let cover = cover(view(krems(), half, half), held);
            cover.expect("a small view").resolution
        };
        let mut changes = 0;
        for half in (10_000..400_000).step_by(500) {
            let (inside, outside) = (seen(half, None), seen(half + 500, None));
            if inside == outside {
                continue;
            }
            changes += 1;
            // Fingers that rest on the glass tremble by a hundredth.
            let (near, far) = (half - half / 100, half + 500 + half / 100);
            let mut held = seen(near, None);
            for _ in 0..10 {
                for half in [far, near] {
                    let next = seen(half, Some(held));
                    assert_eq!(next, held, "half a side of {half}");
                    held = next;
                }
            }
        }
        assert!(changes > 1, "{changes} changes were tried");
    }

    #[test]
    fn zooming_leaves_a_resolution_in_both_directions() {
        let near = view(krems(), 10_000, 10_000);
        let far = view(krems(), 100_000, 100_000);
        let fine = cover(near, None).expect("a small view").resolution;
        let coarse = cover(far, Some(fine)).expect("a small view").resolution;
        assert!(coarse < fine);
        let again = cover(near, Some(coarse)).expect("a small view");
        assert_eq!(again.resolution, fine);
    }

    proptest::proptest! {
        #[test]
        fn every_point_of_a_view_lies_in_one_of_its_rooms(
            lat in -850_000_000..850_000_000_i32, lon in -1_790_000_000..1_790_000_000_i32,
            half_lat in 100..200_000_i32, half_lon in 100..200_000_i32,
            x in -100..=100_i32, y in -100..=100_i32,
        ) {
            let centre = Place { lat, lon };
            if let Some(cover) = cover(view(centre, half_lat, half_lon), None) {
                let point = Place { lat: lat + half_lat / 100 * y, lon: lon + half_lon / 100 * x };
                proptest::prop_assert!(cover.cells.contains(&point.cell_at(cover.resolution)));
                // What is stored is found by the parent of its fine cell, which the ring contains.
                proptest::prop_assert!(cover.cells.contains(&point.cell().parent(cover.resolution)));
            }
        }
    }
}
