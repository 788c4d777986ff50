//! `.pmtiles`, version 3: a header, directories that say where each tile lies, and the tiles.
//!
//! Read by ourselves: the format is small, a reader of ours knows when the file is shorter than its header says, unpacks
//! with a roof, and reads by position.

use std::collections::VecDeque;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::about::About;
use super::coord::{TileCoord, ZOOM_MAX};
use super::error::BasemapError;
use super::vector_tile::varint;
use super::{TILE_BYTES_MAX, gzip, hilbert};

/// An open file with its first directory.
#[derive(Debug)]
pub(super) struct Pmtiles {
    file: File,
    header: Header,
    root: Arc<Vec<Entry>>,
    /// Leaves read last, newest first, by their offset.
    leaves: Mutex<VecDeque<(u64, Arc<Vec<Entry>>)>>,
}

const HEADER_BYTES: u64 = 127;
/// Bytes of an unpacked directory at most; usual are 100 KiB.
const DIRECTORY_BYTES_MAX: usize = 1 << 20;
/// Bytes of the unpacked description at most.
const METADATA_BYTES_MAX: usize = 4 << 20;
/// Leaves that are remembered.
const LEAVES_MAX: usize = 32;
/// Directories between root and tile at most, as the specification advises.
const DEPTH_MAX: usize = 4;

const NONE: u8 = 1;
const GZIP: u8 = 2;

#[derive(Debug)]
struct Header {
    root: Section,
    metadata: Section,
    leaves: Section,
    tiles: Section,
    /// How directories and description are packed.
    packing: u8,
    tile_packing: u8,
    tile_type: u8,
    zooms: (u8, u8),
    /// West, south, east, north in units of 1e-7°.
    bounds: [i32; 4],
}

#[derive(Clone, Copy, Debug)]
struct Section {
    offset: u64,
    bytes: u64,
}

/// A run of tiles with the same content, or (run 0) a leaf directory.
#[derive(Clone, Copy, Debug)]
struct Entry {
    id: u64,
    run: u32,
    bytes: u32,
    offset: u64,
}

impl Pmtiles {
    /// Also tells what the file says about itself, and its last tile.
    pub(super) fn open(
        path: &Path,
        file: File,
        found: u64,
    ) -> Result<(Self, About, Vec<u8>), BasemapError> {
        let cut = |expected| BasemapError::Cut {
            path: path.to_owned(),
            expected,
            found,
        };
        if found < HEADER_BYTES {
            return Err(cut(HEADER_BYTES));
        }
        let mut bytes = [0; HEADER_BYTES as usize];
        file.read_exact_at(&mut bytes, 0)
            .map_err(|source| BasemapError::io(path, source))?;
        let header = Header::parse(path, &bytes)?;
        for section in [header.root, header.metadata, header.leaves, header.tiles] {
            match section.offset.checked_add(section.bytes) {
                Some(end) if end <= found => {}
                Some(end) => return Err(cut(end)),
                None => return Err(BasemapError::damaged(path, &"its header is nonsense")),
            }
        }
        header.is_readable(path)?;
        let damaged = |reason: String| BasemapError::damaged(path, &reason);
        let root = header.directory(&file, header.root).map_err(damaged)?;
        let about = header.about(&file).map_err(damaged)?;
        let tiles = Self {
            file,
            header,
            root: Arc::new(root),
            leaves: Mutex::default(),
        };
        let sample = tiles
            .last()
            .map_err(damaged)?
            .ok_or_else(|| BasemapError::NoTiles {
                path: path.to_owned(),
            })?;
        Ok((tiles, about, sample))
    }

    pub(super) fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, String> {
        let id = hilbert::tile_id(coord);
        let mut directory = Arc::clone(&self.root);
        for _ in 0..DEPTH_MAX {
            let at = directory.partition_point(|entry| entry.id <= id);
            let Some(entry) = at.checked_sub(1).and_then(|at| directory.get(at)) else {
                return Ok(None);
            };
            if entry.run > 0 {
                let is_in_run = id - entry.id < u64::from(entry.run);
                return is_in_run.then(|| self.content(entry)).transpose();
            }
            directory = self.leaf(entry)?;
        }
        Err("its directories lead nowhere".to_owned())
    }

    /// The tile that stands last, which is one of the deepest zoom.
    fn last(&self) -> Result<Option<Vec<u8>>, String> {
        let mut directory = Arc::clone(&self.root);
        for _ in 0..DEPTH_MAX {
            match directory.last() {
                None => return Ok(None),
                Some(entry) if entry.run > 0 => return self.content(entry).map(Some),
                Some(entry) => directory = self.leaf(entry)?,
            }
        }
        Err("its directories lead nowhere".to_owned())
    }

    fn content(&self, entry: &Entry) -> Result<Vec<u8>, String> {
        let place = self.header.tiles.part(entry)?;
        if place.bytes > TILE_BYTES_MAX as u64 {
            return Err(format!("a tile has {} bytes", place.bytes));
        }
        read(&self.file, place)
    }

    fn leaf(&self, entry: &Entry) -> Result<Arc<Vec<Entry>>, String> {
        let place = self.header.leaves.part(entry)?;
        let leaves = || self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, leaf)) = leaves().iter().find(|(offset, _)| *offset == place.offset) {
            return Ok(Arc::clone(leaf));
        }
        let leaf = Arc::new(self.header.directory(&self.file, place)?);
        let mut leaves = leaves();
        leaves.push_front((place.offset, Arc::clone(&leaf)));
        leaves.truncate(LEAVES_MAX);
        Ok(leaf)
    }
}

impl Section {
    /// Where an entry's content lies, which has to be within the section.
    fn part(&self, entry: &Entry) -> Result<Self, String> {
        let bytes = u64::from(entry.bytes);
        let is_within = entry
            .offset
            .checked_add(bytes)
            .is_some_and(|end| end <= self.bytes);
        is_within
            .then(|| Self {
                offset: self.offset + entry.offset,
                bytes,
            })
            .ok_or_else(|| "a directory points outside the file".to_owned())
    }
}

impl Header {
    fn parse(path: &Path, bytes: &[u8; HEADER_BYTES as usize]) -> Result<Self, BasemapError> {
        let version = bytes[7];
        if version != 3 {
            return Err(BasemapError::OldVersion {
                path: path.to_owned(),
                version,
            });
        }
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        let section = |at: usize| Section {
            offset: long(at),
            bytes: long(at + 8),
        };
        let degrees = |at: usize| i32::from_le_bytes(std::array::from_fn(|byte| bytes[at + byte]));
        Ok(Self {
            root: section(8),
            metadata: section(24),
            leaves: section(40),
            tiles: section(56),
            packing: bytes[97],
            tile_packing: bytes[98],
            tile_type: bytes[99],
            zooms: (bytes[100], bytes[101]),
            bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
        })
    }

    fn is_readable(&self, path: &Path) -> Result<(), BasemapError> {
        for packing in [self.packing, self.tile_packing] {
            let compression = match packing {
                // Unknown: the tiles themselves tell.
                0 | NONE | GZIP => continue,
                3 => "Brotli",
                4 => "Zstandard",
                _ => "something unknown",
            };
            return Err(BasemapError::OtherCompression {
                path: path.to_owned(),
                compression,
            });
        }
        let format = match self.tile_type {
            0 | 1 => None,
            2 => Some("PNG"),
            3 => Some("JPEG"),
            4 => Some("WebP"),
            5 => Some("AVIF"),
            6 => Some("MLT"),
            _ => Some("unknown"),
        };
        if let Some(format) = format {
            return Err(BasemapError::OtherTiles {
                path: path.to_owned(),
                format: format.to_owned(),
            });
        }
        let (least, most) = self.zooms;
        if least > most || most > ZOOM_MAX {
            return Err(BasemapError::damaged(path, &"its header is nonsense"));
        }
        Ok(())
    }

    fn about(&self, file: &File) -> Result<About, String> {
        let said = if self.metadata.bytes == 0 {
            Value::Null
        } else {
            let text = self.unpacked(file, self.metadata, METADATA_BYTES_MAX)?;
            serde_json::from_slice(&text)
                .map_err(|error| format!("its description is no JSON, {error}"))?
        };
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        Ok(About::new(
            ".pmtiles",
            text("name"),
            text("attribution"),
            Some(self.bounds.map(|side| f64::from(side) / 1e7)),
            self.zooms,
            said.get("vector_layers").cloned(),
        ))
    }

    fn unpacked(&self, file: &File, place: Section, most: usize) -> Result<Vec<u8>, String> {
        if place.bytes > most as u64 {
            return Err(format!("a directory has {} bytes", place.bytes));
        }
        let bytes = read(file, place)?;
        if self.packing == GZIP {
            gzip::unpack(&bytes, most)
                .map_err(|error| format!("a directory cannot be unpacked, {error}"))
        } else {
            Ok(bytes)
        }
    }

    fn directory(&self, file: &File, place: Section) -> Result<Vec<Entry>, String> {
        let bytes = self.unpacked(file, place, DIRECTORY_BYTES_MAX)?;
        entries(&bytes).ok_or_else(|| "a directory is nonsense".to_owned())
    }
}

fn read(file: &File, place: Section) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0; usize::try_from(place.bytes).map_err(|error| error.to_string())?];
    file.read_exact_at(&mut bytes, place.offset)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// A directory: how many, then all ids (as steps), all runs, all lengths, all offsets (0: right after the one before).
fn entries(mut bytes: &[u8]) -> Option<Vec<Entry>> {
    let bytes = &mut bytes;
    let count = usize::try_from(varint(bytes)?).ok()?;
    // Each takes at least four bytes.
    if count > bytes.len() / 4 {
        return None;
    }
    let mut entries = Vec::with_capacity(count);
    let mut id = 0_u64;
    for _ in 0..count {
        id = id.checked_add(varint(bytes)?)?;
        entries.push(Entry {
            id,
            run: 0,
            bytes: 0,
            offset: 0,
        });
    }
    for entry in &mut entries {
        entry.run = varint(bytes)?.try_into().ok()?;
    }
    for entry in &mut entries {
        entry.bytes = varint(bytes)?.try_into().ok()?;
    }
    let mut next = None;
    for entry in &mut entries {
        entry.offset = match varint(bytes)? {
            0 => next?,
            offset => offset - 1,
        };
        next = entry.offset.checked_add(u64::from(entry.bytes));
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_no_directory() {
        let sound = [2, 0, 1, 1, 0, 5, 9, 1, 0];
        let entries_of = |bytes: &[u8]| entries(bytes).map(|found| found.len());
        assert_eq!(entries_of(&sound), Some(2));
        assert_eq!(entries_of(&[]), None);
        for end in 0..sound.len() {
            assert_eq!(entries_of(&sound[..end]), None, "cut after {end}");
        }
        assert_eq!(
            entries_of(&[1, 0, 1, 5, 0]),
            None,
            "nothing stands before the first"
        );
        assert_eq!(
            entries_of(&[0xff, 0xff, 0xff, 0xff, 0x7f]),
            None,
            "more than there are"
        );
    }
}
