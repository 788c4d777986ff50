//! Writes vector tiles: protobuf by hand, as much as a small town needs.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A shape in a tile's own units, 4096 a side, from its north-west corner.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Point((i32, i32)),
    Line(Vec<(i32, i32)>),
    /// One ring, without its first corner again at the end.
    Area(Vec<(i32, i32)>),
}

/// A feature with what it tells.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub(super) shape: Shape,
    pub(super) tells: Vec<(&'static str, String)>,
}

/// Packs a tile of named layers.
pub(super) fn packed(layers: &[(&'static str, Vec<Feature>)]) -> Vec<u8> {
    let mut tile = Vec::new();
    for (name, features) in layers {
        bytes(&mut tile, 3, &layer(name, features));
    }
    gzip(&tile)
}

pub(super) fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(plain).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

fn layer(name: &str, features: &[Feature]) -> Vec<u8> {
    let (mut keys, mut values) = (Vec::<&str>::new(), Vec::<&str>::new());
    let mut layer = Vec::new();
    number(&mut layer, 15, 2);
    bytes(&mut layer, 1, name.as_bytes());
    for Feature { shape, tells } in features {
        let mut tags = Vec::new();
        for (key, value) in tells {
            varint(&mut tags, place(&mut keys, key) as u64);
            varint(&mut tags, place(&mut values, value) as u64);
        }
        let (kind, geometry) = shape.drawn();
        let mut feature = Vec::new();
        bytes(&mut feature, 2, &tags);
        number(&mut feature, 3, kind);
        bytes(&mut feature, 4, &geometry);
        bytes(&mut layer, 2, &feature);
    }
    for key in keys {
        bytes(&mut layer, 3, key.as_bytes());
    }
    for value in values {
        let mut text = Vec::new();
        bytes(&mut text, 1, value.as_bytes());
        bytes(&mut layer, 4, &text);
    }
    number(&mut layer, 5, 4096);
    layer
}

/// Where a word stands in a table, which it is added to.
fn place<'a>(table: &mut Vec<&'a str>, word: &'a str) -> usize {
    table
        .iter()
        .position(|known| *known == word)
        .unwrap_or_else(|| {
            table.push(word);
            table.len() - 1
        })
}

impl Shape {
    /// Its kind, and the pen's commands: 1 moves, 2 draws, 7 closes; steps from point to point.
    fn drawn(&self) -> (u64, Vec<u8>) {
        let mut commands = Vec::new();
        let (kind, points, is_closed) = match self {
            Self::Point(point) => (1, std::slice::from_ref(point), false),
            Self::Line(points) => (2, points.as_slice(), false),
            Self::Area(points) => (3, points.as_slice(), true),
        };
        let mut pen = (0, 0);
        for (at, point) in points.iter().enumerate() {
            if at == 0 {
                varint(&mut commands, 1 << 3 | 1);
            } else if at == 1 {
                varint(&mut commands, (points.len() as u64 - 1) << 3 | 2);
            }
            for step in [point.0 - pen.0, point.1 - pen.1] {
                varint(
                    &mut commands,
                    u64::from(((step << 1) ^ (step >> 31)).cast_unsigned()),
                );
            }
            pen = *point;
        }
        if is_closed {
            varint(&mut commands, 1 << 3 | 7);
        }
        (kind, commands)
    }
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

/// A number in as many bytes as it needs.
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
