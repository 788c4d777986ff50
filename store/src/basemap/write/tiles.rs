//! Cuts a drawing into tiles, zoom by zoom: what lies in a tile is cut for its four parts, and where nothing but whole areas
//! are left (the open sea) all tiles below are one run.

use super::super::coord::TileCoord;
use super::super::gzip::pack;
use super::super::hilbert::first_below;
use super::archive::Run;
use super::clip::{self, Frame};
use super::drawing::{Drawing, Point, Ring, Shape, Thing};
use super::ring::directed;
use super::simplify;
use super::vector_tile::{self, Drawn, Feature, Points};

/// Units of a tile's side.
const SIDE: f64 = 4096.0;
/// How far shapes go beyond it, so that lines and their ends do not show where tiles meet.
const BUFFER: f64 = 64.0;
/// Units by which a line may be off: half a pixel where a tile is drawn as large as it is made for.
const TOLERANCE: f64 = 4.0;
/// The deepest tiles are drawn larger than that.
const TOLERANCE_DEEPEST: f64 = 0.7;
/// Square units, doubled, that an area needs to be seen: two pixels.
const AREA_MIN: i64 = 256;

/// All tiles of a drawing.
pub(super) fn runs(drawing: &Drawing) -> Vec<Run> {
    let mut pieces = Vec::new();
    for (layer, (_, things)) in drawing.layers.iter().enumerate() {
        for thing in things {
            let cut = match &thing.shape {
                Shape::Point(point) => Cut::Point(*point),
                Shape::Line(points) => Cut::Lines(vec![points.clone()]),
                Shape::Area(rings) => Cut::Areas(vec![directed(rings.clone())]),
            };
            pieces.push(Piece { layer, thing, cut });
        }
    }
    let mut runs = Vec::new();
    descend(drawing, TileCoord { z: 0, x: 0, y: 0 }, &pieces, &mut runs);
    runs
}

/// What of a thing lies in a tile.
struct Piece<'a> {
    /// The place of its layer in the drawing.
    layer: usize,
    thing: &'a Thing,
    cut: Cut,
}

enum Cut {
    Point(Point),
    Lines(Vec<Vec<Point>>),
    Areas(Vec<Vec<Vec<Point>>>),
}

impl Piece<'_> {
    /// What of it lies in a part of the tile.
    fn within(&self, frame: &Frame, inner: &Frame) -> Option<Self> {
        let cut = match &self.cut {
            // In the one tile that its label shall hang on.
            Cut::Point(point) => {
                let is_here = inner.holds(*point) && point.x < inner.east && point.y < inner.south;
                is_here.then_some(Cut::Point(*point))?
            }
            Cut::Lines(lines) => {
                let lines: Vec<_> = lines
                    .iter()
                    .flat_map(|line| clip::line(line, frame))
                    .collect();
                (!lines.is_empty()).then_some(Cut::Lines(lines))?
            }
            Cut::Areas(areas) => {
                let areas: Vec<_> = areas
                    .iter()
                    .flat_map(|area| clip::area(area, frame))
                    .collect();
                (!areas.is_empty()).then_some(Cut::Areas(areas))?
            }
        };
        Some(Self { cut, ..*self })
    }

    /// Whether it covers all of the tile.
    fn fills(&self, frame: &Frame) -> bool {
        match &self.cut {
            Cut::Areas(areas) => {
                matches!(areas.as_slice(), [area] if matches!(area.as_slice(), [ring] if *ring == frame.corners()))
            }
            Cut::Point(_) | Cut::Lines(_) => false,
        }
    }
}

fn descend(drawing: &Drawing, coord: TileCoord, around: &[Piece<'_>], runs: &mut Vec<Run>) {
    let (frame, inner) = (frame(coord, BUFFER), frame(coord, 0.0));
    let pieces: Vec<Piece<'_>> = around
        .iter()
        .filter_map(|piece| piece.within(&frame, &inner))
        .collect();
    if pieces.is_empty() {
        return;
    }
    let (least, most) = (*drawing.zooms.start(), *drawing.zooms.end());
    let is_uniform = pieces.iter().all(|piece| piece.fills(&frame));
    let deepest = if is_uniform { most } else { coord.z };
    for zoom in coord.z.max(least)..=deepest {
        if let Some(content) = tile(drawing, coord, zoom, &pieces) {
            let down = zoom - coord.z;
            runs.push(Run {
                first: first_below(coord, down),
                tiles: 1 << (2 * down),
                content,
            });
        }
    }
    if is_uniform || coord.z == most {
        return;
    }
    for (east, south) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let part = TileCoord {
            z: coord.z + 1,
            x: coord.x * 2 + east,
            y: coord.y * 2 + south,
        };
        descend(drawing, part, &pieces, runs);
    }
}

/// A tile with some units around it.
fn frame(coord: TileCoord, buffer: f64) -> Frame {
    let tiles = f64::from(1_u32 << coord.z);
    let (x, y, more) = (f64::from(coord.x), f64::from(coord.y), buffer / SIDE);
    Frame {
        west: (x - more) / tiles,
        north: (y - more) / tiles,
        east: (x + 1.0 + more) / tiles,
        south: (y + 1.0 + more) / tiles,
    }
}

/// A packed tile as it is at that zoom; none where nothing is to be seen.
fn tile(drawing: &Drawing, coord: TileCoord, zoom: u8, pieces: &[Piece<'_>]) -> Option<Vec<u8>> {
    let tolerance = if zoom == *drawing.zooms.end() {
        TOLERANCE_DEEPEST
    } else {
        TOLERANCE
    };
    let mut layers: Vec<(&str, Vec<Feature>)> = Vec::new();
    for piece in pieces
        .iter()
        .filter(|piece| piece.thing.zooms.contains(&zoom))
    {
        let Some(drawn) = drawn(&piece.cut, coord, tolerance) else {
            continue;
        };
        let feature = Feature {
            drawn,
            tells: piece.thing.tells.clone(),
        };
        let (name, _) = drawing.layers[piece.layer];
        match layers.last_mut() {
            Some((last, features)) if *last == name => features.push(feature),
            _ => layers.push((name, vec![feature])),
        }
    }
    (!layers.is_empty()).then(|| pack(&vector_tile::tile(&layers)))
}

/// A shape in the tile's units, without what is too small to be seen.
fn drawn(cut: &Cut, coord: TileCoord, tolerance: f64) -> Option<Drawn> {
    let tiles = f64::from(1_u32 << coord.z);
    let units = |point: Point| {
        let whole =
            |along: f64, tile: u32| ((along * tiles - f64::from(tile)) * SIDE).round() as i32;
        (whole(point.x, coord.x), whole(point.y, coord.y))
    };
    let distinct = |points: &[Point]| {
        let mut points: Points = points.iter().copied().map(units).collect();
        points.dedup();
        points
    };
    match cut {
        Cut::Point(point) => Some(Drawn::Point(units(*point))),
        Cut::Lines(lines) => {
            let lines: Vec<Points> = lines
                .iter()
                .map(|line| simplify::line(&distinct(line), tolerance))
                .filter(|line| line.len() > 1)
                .collect();
            (!lines.is_empty()).then_some(Drawn::Lines(lines))
        }
        Cut::Areas(areas) => {
            let least = if tolerance < TOLERANCE { 1 } else { AREA_MIN };
            let ring = |ring: &Ring| {
                let mut ring = distinct(ring);
                if ring.first() == ring.last() {
                    ring.pop();
                }
                if vector_tile::area(&ring).abs() < least {
                    return None;
                }
                let ring = simplify::ring(&ring, tolerance);
                (ring.len() > 2 && vector_tile::area(&ring) != 0).then_some(ring)
            };
            let areas: Vec<_> = areas
                .iter()
                .filter_map(|area| {
                    let (outer, holes) = area.split_first()?;
                    let outer = ring(outer)?;
                    Some(
                        std::iter::once(outer)
                            .chain(holes.iter().filter_map(ring))
                            .collect(),
                    )
                })
                .collect();
            (!areas.is_empty()).then_some(Drawn::Areas(areas))
        }
    }
}
