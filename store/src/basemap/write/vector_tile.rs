//! Writes vector tiles: protobuf by hand, as much as a base map needs.

/// What a feature tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(u32),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl Value {
    /// As TileJSON calls it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "String",
            Self::Number(_) => "Number",
        }
    }
}

/// Corners or points in a tile's own units, 4096 a side, from its north-west corner.
pub(crate) type Points = Vec<(i32, i32)>;

/// A shape in a tile's own units.
#[derive(Clone, Debug)]
pub(crate) enum Drawn {
    Point((i32, i32)),
    Lines(Vec<Points>),
    /// Polygons: each an outer ring, then its holes, without the first corner again at the end.
    Areas(Vec<Vec<Points>>),
}

/// A feature with what it tells.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    pub(crate) drawn: Drawn,
    pub(crate) tells: Vec<(&'static str, Value)>,
}

/// Units of a tile's side.
const EXTENT: u64 = 4096;

/// A tile of named layers, not packed.
pub(crate) fn tile(layers: &[(&str, Vec<Feature>)]) -> Vec<u8> {
    let mut tile = Vec::new();
    for (name, features) in layers {
        bytes(&mut tile, 3, &layer(name, features));
    }
    tile
}

fn layer(name: &str, features: &[Feature]) -> Vec<u8> {
    let (mut keys, mut values) = (Vec::<&str>::new(), Vec::<&Value>::new());
    let mut layer = Vec::new();
    number(&mut layer, 15, 2);
    bytes(&mut layer, 1, name.as_bytes());
    for Feature { drawn, tells } in features {
        let mut tags = Vec::new();
        for (key, value) in tells {
            varint(&mut tags, place(&mut keys, *key) as u64);
            varint(&mut tags, place(&mut values, value) as u64);
        }
        let (kind, geometry) = drawn.commands();
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
        let mut told = Vec::new();
        match value {
            Value::Text(text) => bytes(&mut told, 1, text.as_bytes()),
            Value::Number(value) => number(&mut told, 5, u64::from(*value)),
        }
        bytes(&mut layer, 4, &told);
    }
    number(&mut layer, 5, EXTENT);
    layer
}

/// Where something stands in a table, which it is added to.
fn place<T: Copy + PartialEq>(table: &mut Vec<T>, one: T) -> usize {
    table
        .iter()
        .position(|known| *known == one)
        .unwrap_or_else(|| {
            table.push(one);
            table.len() - 1
        })
}

const MOVE: u64 = 1;
const DRAW: u64 = 2;
const CLOSE: u64 = 7;

impl Drawn {
    /// Its kind, and what the pen does.
    fn commands(&self) -> (u64, Vec<u8>) {
        let mut pen = Pen::default();
        let kind = match self {
            Self::Point(point) => {
                pen.draw(std::slice::from_ref(point));
                1
            }
            Self::Lines(lines) => {
                lines.iter().for_each(|line| pen.draw(line));
                2
            }
            Self::Areas(areas) => {
                for rings in areas {
                    for (at, ring) in rings.iter().enumerate() {
                        // Outer rings run from east to south, holes the other way.
                        if (area(ring) > 0) == (at == 0) {
                            pen.draw(ring);
                        } else {
                            pen.draw(&ring.iter().rev().copied().collect::<Points>());
                        }
                        pen.close();
                    }
                }
                3
            }
        };
        (kind, pen.commands)
    }
}

/// The area in a ring by the surveyor's formula, doubled.
pub(super) fn area(ring: &[(i32, i32)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let wide = |(x, y): (i32, i32)| (i64::from(x), i64::from(y));
    ring.iter()
        .zip(next)
        .map(|(a, b)| (wide(*a), wide(*b)))
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum()
}

#[derive(Default)]
struct Pen {
    at: (i32, i32),
    commands: Vec<u8>,
}

impl Pen {
    /// Moves to the first point and draws to all others, in steps from point to point.
    fn draw(&mut self, points: &[(i32, i32)]) {
        for (index, point) in points.iter().enumerate() {
            if index == 0 {
                varint(&mut self.commands, 1 << 3 | MOVE);
            } else if index == 1 {
                varint(&mut self.commands, (points.len() as u64 - 1) << 3 | DRAW);
            }
            for step in [point.0 - self.at.0, point.1 - self.at.1] {
                let zigzag = ((step << 1) ^ (step >> 31)).cast_unsigned();
                varint(&mut self.commands, u64::from(zigzag));
            }
            self.at = *point;
        }
    }

    fn close(&mut self) {
        varint(&mut self.commands, 1 << 3 | CLOSE);
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
pub(crate) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification: a polygon, another with a hole, whichever way they run.
    #[test]
    fn polygons_are_written_as_in_the_specification() {
        let expected = [
            9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13,
            26, 0, 8, 8, 0, 0, 7, 15,
        ];
        let one = vec![(0, 0), (10, 0), (10, 10), (0, 10)];
        let other = vec![(11, 11), (20, 11), (20, 20), (11, 20)];
        let hole = vec![(13, 13), (13, 17), (17, 17), (17, 13)];
        let drawn = Drawn::Areas(vec![vec![one], vec![other.clone(), hole.clone()]]);
        assert_eq!(drawn.commands(), (3, expected.to_vec()));
        let turned = |ring: &Points| ring.iter().rev().copied().collect::<Points>();
        let wrong = Drawn::Areas(vec![vec![turned(&other), turned(&hole)]]);
        let right = Drawn::Areas(vec![vec![turned(&turned(&other)), hole]]);
        assert_eq!(wrong.commands().1.len(), right.commands().1.len());
    }

    #[test]
    fn lines_and_points_are_written_as_in_the_specification() {
        let lines = Drawn::Lines(vec![vec![(2, 2), (2, 10), (10, 10)], vec![(1, 1), (3, 5)]]);
        let expected = [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8];
        assert_eq!(lines.commands(), (2, expected.to_vec()));
        assert_eq!(Drawn::Point((25, 17)).commands(), (1, vec![9, 50, 34]));
    }
}
