//! The `.pmtiles` file, version 3: header, directory, description, tiles.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::super::gzip::pack;
use super::WriteError;
use super::vector_tile::varint;

/// What a file says about itself.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub(crate) name: String,
    pub(crate) attribution: String,
    /// West, south, east, north in degrees.
    pub(crate) bounds: [f64; 4],
    /// Latitude and longitude in degrees.
    pub(crate) centre: (f64, f64),
    pub(crate) zooms: (u8, u8),
    /// As TileJSON describes them.
    pub(crate) layers: Json,
}

/// Tiles one after another along the curve with the same content.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) first: u64,
    pub(crate) tiles: u32,
    /// Packed.
    pub(crate) content: Vec<u8>,
}

/// Bytes of the header.
const HEADER_BYTES: u64 = 127;
/// Readers take header and first directory in one go of 16 KiB.
const DIRECTORY_BYTES_MAX: usize = (16 << 10) - HEADER_BYTES as usize;
const GZIP: u8 = 2;
const VECTOR_TILES: u8 = 1;

/// The bytes of a file.
///
/// # Errors
/// When its tiles are too many for one directory.
pub(crate) fn archive(
    description: &Description,
    mut runs: Vec<Run>,
) -> Result<Vec<u8>, WriteError> {
    runs.sort_unstable_by_key(|run| run.first);
    let addressed: u64 = runs.iter().map(|run| u64::from(run.tiles)).sum();
    let (entries, content, contents) = laid(joined(runs));
    let directory = pack(&directory(&entries));
    if directory.len() > DIRECTORY_BYTES_MAX {
        return Err(WriteError::TooManyTiles {
            tiles: entries.len(),
        });
    }
    let metadata = json!({
        "name": description.name,
        "attribution": description.attribution,
        "vector_layers": description.layers,
    });
    let metadata = pack(metadata.to_string().as_bytes());

    let mut file = b"PMTiles\x03".to_vec();
    let mut offset = HEADER_BYTES;
    for section in [&directory, &metadata, &Vec::new(), &content] {
        file.extend(offset.to_le_bytes());
        file.extend((section.len() as u64).to_le_bytes());
        offset += section.len() as u64;
    }
    for count in [addressed, entries.len() as u64, contents] {
        file.extend(count.to_le_bytes());
    }
    let (zoom_min, zoom_max) = description.zooms;
    // Contents lie in the order of their first tiles.
    file.extend([1, GZIP, GZIP, VECTOR_TILES, zoom_min, zoom_max]);
    let degrees = |side: f64| ((side * 1e7).round() as i32).to_le_bytes();
    description
        .bounds
        .into_iter()
        .for_each(|side| file.extend(degrees(side)));
    file.push(zoom_max);
    let (latitude, longitude) = description.centre;
    [longitude, latitude]
        .into_iter()
        .for_each(|side| file.extend(degrees(side)));
    for section in [&directory, &metadata, &content] {
        file.extend(section);
    }
    Ok(file)
}

/// Runs that go on with the same content become one.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match joined.last_mut() {
            Some(last)
                if last.first + u64::from(last.tiles) == run.first
                    && last.content == run.content
                    && last.tiles.checked_add(run.tiles).is_some() =>
            {
                last.tiles += run.tiles;
            }
            _ => joined.push(run),
        }
    }
    joined
}

struct Entry {
    first: u64,
    tiles: u32,
    offset: u64,
    bytes: u64,
}

/// Where each run's content lies, all contents, and how many differ: equal ones are kept once.
fn laid(runs: Vec<Run>) -> (Vec<Entry>, Vec<u8>, u64) {
    let mut known: HashMap<Vec<u8>, u64> = HashMap::new();
    let (mut entries, mut content) = (Vec::with_capacity(runs.len()), Vec::new());
    for run in runs {
        let (first, tiles, bytes) = (run.first, run.tiles, run.content.len() as u64);
        let offset = *known.entry(run.content).or_insert_with_key(|bytes| {
            let offset = content.len() as u64;
            content.extend(bytes);
            offset
        });
        entries.push(Entry {
            first,
            tiles,
            offset,
            bytes,
        });
    }
    (entries, content, known.len() as u64)
}

/// How many, then all ids as steps, all runs, all lengths, all offsets (0: right after the one before).
fn directory(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    varint(&mut bytes, entries.len() as u64);
    let mut before = 0;
    for entry in entries {
        varint(&mut bytes, entry.first - before);
        before = entry.first;
    }
    for entry in entries {
        varint(&mut bytes, u64::from(entry.tiles));
    }
    for entry in entries {
        varint(&mut bytes, entry.bytes);
    }
    let mut next = None;
    for entry in entries {
        let follows = next == Some(entry.offset);
        varint(&mut bytes, if follows { 0 } else { entry.offset + 1 });
        next = Some(entry.offset + entry.bytes);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        Description {
            name: "Garnau".to_owned(),
            attribution: "erfunden".to_owned(),
            bounds: [8.0, 54.0, 9.0, 55.0],
            centre: (54.5, 8.5),
            zooms: (0, 9),
            layers: json!([]),
        }
    }

    fn run(first: u64, tiles: u32, content: &[u8]) -> Run {
        Run {
            first,
            tiles,
            content: content.to_vec(),
        }
    }

    #[test]
    fn equal_tiles_are_kept_once_and_neighbours_become_one_run() {
        let runs = vec![
            run(5, 1, b"a"),
            run(6, 3, b"a"),
            run(9, 1, b"b"),
            run(20, 1, b"a"),
        ];
        let (entries, content, contents) = laid(joined(runs));
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.first, entry.tiles, entry.offset, entry.bytes))
            .collect();
        assert_eq!(told, [(5, 4, 0, 1), (9, 1, 1, 1), (20, 1, 0, 1)]);
        assert_eq!((content.as_slice(), contents), (&b"ab"[..], 2));
    }

    #[test]
    fn more_than_one_directory_holds_is_refused() {
        let runs = (0..20_000_u64)
            .map(|at| run(at * at, 1, &at.to_le_bytes()))
            .collect();
        let refused = archive(&description(), runs).expect_err("too many");
        assert!(matches!(
            refused,
            WriteError::TooManyTiles { tiles: 20_000 }
        ));
    }
}
