//! A small invented town as a base map in the OpenMapTiles schema, in both formats, the same at every run.
//!
//! Garnau lies by the North Sea, on two by two tiles of zoom 14, and has a bit of everything: a river with a bridge, streets
//! of every class, houses, a park, a wood, a railway.

mod files;
mod houses;
mod plan;
mod streets;
mod thing;

pub use files::{Faults, mbtiles, pmtiles};

use crate::basemap::TileCoord;
use crate::basemap::testing::pack;
use crate::basemap::write::vector_tile::{self, Drawn, Feature, Points};

/// The middle of Garnau: latitude and longitude in degrees.
pub const CENTRE: (f64, f64) = (54.149_567_8, 8.459_472_7);
/// West, south, east, north of all that is drawn, in degrees.
pub const BOUNDS: [f64; 4] = [8.437_5, 54.136_696_4, 8.481_445_3, 54.162_435_9];
/// The tile of zoom 14 in its north-west; even in all zooms down to the least, so that a tile there holds all of it.
pub const CORNER: TileCoord = TileCoord {
    z: ZOOM_MAX,
    x: 8576,
    y: 5248,
};
pub const ZOOM_MIN: u8 = 10;
pub const ZOOM_MAX: u8 = 14;

/// Who is told to have made it.
pub const ATTRIBUTION: &str = "© OpenMapTiles © OpenStreetMap contributors";

/// Units of a tile's side.
const SIDE: i32 = 4096;

/// All tiles, packed.
#[must_use]
pub fn tiles() -> Vec<(TileCoord, Vec<u8>)> {
    let mut tiles = Vec::new();
    for z in ZOOM_MIN..=ZOOM_MAX {
        let up = ZOOM_MAX - z;
        let (x, y) = (CORNER.x >> up, CORNER.y >> up);
        let across = if up == 0 { 2 } else { 1 };
        for (east, south) in (0..across).flat_map(|e| (0..across).map(move |s| (e, s))) {
            let coord = TileCoord {
                z,
                x: x + east,
                y: y + south,
            };
            tiles.push((coord, tile(coord)));
        }
    }
    tiles
}

fn tile(coord: TileCoord) -> Vec<u8> {
    let up = ZOOM_MAX - coord.z;
    // From the plan's units to the tile's.
    let shift = |(x, y): (i32, i32)| {
        let from =
            |corner: u32, tile: u32| (corner.cast_signed() - (tile << up).cast_signed()) * SIDE;
        (
            (x + from(CORNER.x, coord.x)) >> up,
            (y + from(CORNER.y, coord.y)) >> up,
        )
    };
    let shifted = |points: &Points| -> Points { points.iter().copied().map(shift).collect() };
    let drawn = |drawn: &Drawn| match drawn {
        Drawn::Point(point) => Drawn::Point(shift(*point)),
        Drawn::Lines(lines) => Drawn::Lines(lines.iter().map(shifted).collect()),
        Drawn::Areas(areas) => Drawn::Areas(
            areas
                .iter()
                .map(|rings| rings.iter().map(shifted).collect())
                .collect(),
        ),
    };
    let layers: Vec<(&str, Vec<Feature>)> = plan::layers()
        .into_iter()
        .filter_map(|(name, things)| {
            let features: Vec<Feature> = things
                .into_iter()
                .filter(|thing| thing.zoom_min <= coord.z)
                .map(|thing| Feature {
                    drawn: drawn(&thing.feature.drawn),
                    tells: thing.feature.tells,
                })
                .filter(|feature| is_near(&feature.drawn))
                .collect();
            (!features.is_empty()).then_some((name, features))
        })
        .collect();
    pack(&vector_tile::tile(&layers))
}

/// Whether a shape lies in the tile or crosses it.
fn is_near(drawn: &Drawn) -> bool {
    let points = match drawn {
        Drawn::Point(point) => vec![*point],
        Drawn::Lines(lines) => lines.concat(),
        Drawn::Areas(areas) => areas.concat().concat(),
    };
    let crosses = |of: fn(&(i32, i32)) -> i32| {
        let (least, most) = points
            .iter()
            .map(of)
            .fold((i32::MAX, i32::MIN), |(least, most), at| {
                (least.min(at), most.max(at))
            });
        most >= 0 && least <= SIDE
    };
    crosses(|point| point.0) && crosses(|point| point.1)
}
