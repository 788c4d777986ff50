//! Reads vector tiles, written from the specification.

use std::collections::BTreeMap;

/// A point in a tile's units.
pub(crate) type At = (i64, i64);

pub(crate) struct Feature {
    pub(crate) tells: BTreeMap<String, String>,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Points(Vec<At>),
    Lines(Vec<Vec<At>>),
    /// All rings of all polygons.
    Rings(Vec<Vec<At>>),
}

impl Shape {
    /// Says what the specification or our buffer does not allow.
    pub(crate) fn check(&self) -> Result<(), String> {
        let (parts, least) = match self {
            Self::Points(points) => (vec![points.clone()], 1),
            Self::Lines(lines) => (lines.clone(), 2),
            Self::Rings(rings) => (rings.clone(), 3),
        };
        if parts.is_empty() {
            return Err("nothing is drawn".to_owned());
        }
        for part in &parts {
            if part.len() < least {
                return Err(format!("too short: {part:?}"));
            }
            let is_far = |along: i64| !(-65..=4161).contains(&along);
            if let Some(at) = part.iter().find(|at| is_far(at.0) || is_far(at.1)) {
                return Err(format!("{at:?} is far outside"));
            }
            if least > 1 && part.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(format!("a step of no length: {part:?}"));
            }
        }
        if let Self::Rings(rings) = self {
            if area(&rings[0]) <= 0 {
                return Err("the first ring is a hole".to_owned());
            }
            if rings
                .iter()
                .any(|ring| area(ring) == 0 || ring.first() == ring.last())
            {
                return Err("a ring is not one".to_owned());
            }
        }
        Ok(())
    }

    /// Whether a point lies in it.
    pub(crate) fn holds(&self, (x, y): (f64, f64)) -> bool {
        let Self::Rings(rings) = self else {
            return false;
        };
        let sides = rings
            .iter()
            .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        sides
            .map(|(a, b)| ((a.0 as f64, a.1 as f64), (b.0 as f64, b.1 as f64)))
            .filter(|(a, b)| {
                (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
            })
            .count()
            % 2
            == 1
    }
}

/// The area in a ring, doubled: positive for outer rings.
fn area(ring: &[At]) -> i64 {
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum()
}

/// The features of a tile by their layers; none where the bytes are no tile.
pub(crate) fn layers(tile: &[u8]) -> Option<BTreeMap<String, Vec<Feature>>> {
    let mut layers = BTreeMap::new();
    for (field, value) in fields(tile)? {
        if let (3, Field::Bytes(layer)) = (field, value) {
            let (name, features) = self::layer(layer)?;
            if layers.insert(name, features).is_some() {
                // Names are unique in a tile.
                return None;
            }
        }
    }
    Some(layers)
}

fn layer(bytes: &[u8]) -> Option<(String, Vec<Feature>)> {
    let (mut name, mut keys, mut values, mut raw) = (None, Vec::new(), Vec::new(), Vec::new());
    let (mut version, mut extent) = (1, 4096);
    for (field, value) in fields(bytes)? {
        match (field, value) {
            (1, Field::Bytes(text)) => name = Some(String::from_utf8(text.to_vec()).ok()?),
            (2, Field::Bytes(feature)) => raw.push(feature),
            (3, Field::Bytes(text)) => keys.push(String::from_utf8(text.to_vec()).ok()?),
            (4, Field::Bytes(value)) => values.push(told(value)?),
            (5, Field::Number(said)) => extent = said,
            (15, Field::Number(said)) => version = said,
            _ => return None,
        }
    }
    if (version, extent) != (2, 4096) {
        return None;
    }
    let features = raw.into_iter().map(|one| feature(one, &keys, &values));
    Some((name?, features.collect::<Option<_>>()?))
}

fn told(bytes: &[u8]) -> Option<String> {
    match fields(bytes)?.first()? {
        (1, Field::Bytes(text)) => String::from_utf8(text.to_vec()).ok(),
        (5, Field::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[String]) -> Option<Feature> {
    let (mut tells, mut kind, mut geometry) = (BTreeMap::new(), 0, Vec::new());
    for (field, value) in fields(bytes)? {
        match (field, value) {
            (2, Field::Bytes(tags)) => {
                for pair in numbers(tags)?.chunks(2) {
                    let [key, value] = *pair else { return None };
                    tells.insert(
                        keys.get(key as usize)?.clone(),
                        values.get(value as usize)?.clone(),
                    );
                }
            }
            (3, Field::Number(said)) => kind = said,
            (4, Field::Bytes(commands)) => geometry = numbers(commands)?,
            _ => return None,
        }
    }
    let parts = drawn(&geometry, kind == 3)?;
    let shape = match kind {
        1 => Shape::Points(parts.concat()),
        2 => Shape::Lines(parts),
        3 => Shape::Rings(parts),
        _ => return None,
    };
    Some(Feature { tells, shape })
}

/// What the pen draws.
fn drawn(commands: &[u64], is_closed: bool) -> Option<Vec<Vec<At>>> {
    let (mut parts, mut part, mut pen) = (Vec::new(), Vec::new(), (0, 0));
    let mut commands = commands.iter().copied();
    let unzigzag = |number: u64| (number >> 1).cast_signed() ^ -((number & 1).cast_signed());
    while let Some(command) = commands.next() {
        match (command & 7, command >> 3) {
            (7, 1) if is_closed => parts.push(std::mem::take(&mut part)),
            (1, 1) => {
                if !part.is_empty() {
                    if is_closed {
                        return None;
                    }
                    parts.push(std::mem::take(&mut part));
                }
                pen = (
                    pen.0 + unzigzag(commands.next()?),
                    pen.1 + unzigzag(commands.next()?),
                );
                part.push(pen);
            }
            (2, count) if !part.is_empty() => {
                for _ in 0..count {
                    pen = (
                        pen.0 + unzigzag(commands.next()?),
                        pen.1 + unzigzag(commands.next()?),
                    );
                    part.push(pen);
                }
            }
            _ => return None,
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    Some(parts)
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            2 => {
                let length = varint(&mut bytes)? as usize;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Field::Bytes(value)
            }
            _ => return None,
        };
        fields.push((key >> 3, value));
    }
    Some(fields)
}

fn numbers(mut bytes: &[u8]) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes)?);
    }
    Some(numbers)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}
