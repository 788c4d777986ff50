//! `.pmtiles`, version 3: a header, directories that say where each tile lies, and the tiles.
//!
//! Read by ourselves: the format is small, a reader of ours knows when the file is shorter than its header says, unpacks
//! with a roof, and reads by position.

mod directory;
mod header;

use std::collections::VecDeque;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::about::About;
use super::coord::TileCoord;
use super::error::BasemapError;
use super::{TILE_BYTES_MAX, hilbert};

use directory::Entry;
use header::{HEADER_BYTES, Header, read};

#[cfg(feature = "testing")]
pub(super) mod testing {
    //! Its readers of bytes, each by itself.

    use std::path::Path;

    use super::directory::entries;
    use super::header::Header;

    pub(crate) fn directory(bytes: &[u8]) -> Option<usize> {
        entries(bytes).map(|entries| entries.len())
    }

    pub(crate) fn header(bytes: &[u8]) -> bool {
        let Some(bytes) = bytes.first_chunk() else {
            return false;
        };
        let path = Path::new("");
        Header::parse(path, bytes).is_ok_and(|header| header.is_readable(path).is_ok())
    }
}

/// An open file with its first directory.
#[derive(Debug)]
pub(super) struct Pmtiles {
    file: File,
    header: Header,
    root: Arc<Vec<Entry>>,
    /// Leaves read last, newest first, by their offset.
    leaves: Mutex<VecDeque<(u64, Arc<Vec<Entry>>)>>,
}

/// Leaves that are remembered.
const LEAVES_MAX: usize = 32;
/// Directories between root and tile at most, as the specification advises.
const DEPTH_MAX: usize = 4;

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
