//! A base map that was opened and found fit.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::about::{About, Layer};
use super::coord::TileCoord;
use super::error::BasemapError;
use super::identity::{self, Identity};
use super::mbtiles::Mbtiles;
use super::pmtiles::Pmtiles;
use super::{TILE_BYTES_MAX, gzip, vector_tile};

/// An open file of tiles, as it was when it was opened.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) about: About,
    /// Names what the file holds.
    pub(crate) tag: String,
    pub(crate) identity: Identity,
    /// Whether a tile is found without reading all of them.
    pub(crate) is_indexed: bool,
    tiles: Tiles,
}

#[derive(Debug)]
enum Tiles {
    Mbtiles(Mbtiles),
    Pmtiles(Pmtiles),
}

/// Bytes of an unpacked tile at most.
const PLAIN_BYTES_MAX: usize = 8 * TILE_BYTES_MAX;
/// The layer by which the schema is known: others call their streets `roads` or `streets`.
const STREETS: &str = "transportation";
/// Letters of an unknown file that are told.
const BEGINNING: usize = 8;

impl Archive {
    /// Opens a file and looks whether it can be the base map.
    pub(crate) fn open(path: &Path) -> Result<Self, BasemapError> {
        let io = |source| BasemapError::io(path, source);
        if !fs::metadata(path).map_err(io)?.is_file() {
            return Err(BasemapError::NoFile {
                path: path.to_owned(),
            });
        }
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if metadata.len() == 0 {
            return Err(BasemapError::Empty {
                path: path.to_owned(),
            });
        }
        let tag = identity::tag(&file, &metadata).map_err(io)?;
        let identity = Identity::of(&metadata);
        let mut beginning = [0; 16];
        let read = file.read_at(&mut beginning, 0).map_err(io)?;
        let beginning = &beginning[..read];
        let (about, sample, is_indexed, tiles) = if beginning == b"SQLite format 3\0" {
            let (tiles, found) = Mbtiles::open(path, &file, metadata.len(), identity)?;
            (
                found.about,
                found.sample,
                found.is_indexed,
                Tiles::Mbtiles(tiles),
            )
        } else if beginning.starts_with(b"PMTiles") {
            let (tiles, about, sample) = Pmtiles::open(path, file, metadata.len())?;
            (about, sample, true, Tiles::Pmtiles(tiles))
        } else {
            return Err(BasemapError::UnknownFormat {
                path: path.to_owned(),
                beginning: String::from_utf8_lossy(&beginning[..read.min(BEGINNING)]).into_owned(),
            });
        };
        let about = fit(path, about, &sample)?;
        Ok(Self {
            about,
            tag,
            identity,
            is_indexed,
            tiles,
        })
    }

    /// A tile as it is stored; none where there is none.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub(crate) fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, String> {
        match &self.tiles {
            Tiles::Mbtiles(tiles) => tiles.tile(coord),
            Tiles::Pmtiles(tiles) => tiles.tile(coord),
        }
    }
}

/// The deepest tile is looked into: what the file says about itself may be nothing, or wrong.
fn fit(path: &Path, mut about: About, sample: &[u8]) -> Result<About, BasemapError> {
    if let Some(format) = picture(sample) {
        return Err(BasemapError::OtherTiles {
            path: path.to_owned(),
            format: format.to_owned(),
        });
    }
    let plain = plain(sample).map_err(|error| {
        BasemapError::damaged(path, &format!("a tile cannot be unpacked, {error}"))
    })?;
    let found = vector_tile::layers(&plain)
        .ok_or_else(|| BasemapError::damaged(path, &"a tile is no vector tile"))?;
    if about.layers.is_empty() {
        let layer = |id| Layer {
            id,
            fields: Default::default(),
        };
        about.layers = found.into_iter().map(layer).collect();
    }
    if about.layer(STREETS).is_none() {
        return Err(BasemapError::OtherSchema {
            path: path.to_owned(),
            layers: about.layers.into_iter().map(|layer| layer.id).collect(),
        });
    }
    Ok(about)
}

/// A tile for whoever takes no packed ones.
pub(crate) fn plain(tile: &[u8]) -> std::io::Result<Vec<u8>> {
    if gzip::is_packed(tile) {
        gzip::unpack(tile, PLAIN_BYTES_MAX)
    } else {
        Ok(tile.to_vec())
    }
}

/// The kind of picture that bytes are.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    [
        (&b"\x89PNG"[..], "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"RIFF", "WebP"),
    ]
    .into_iter()
    .find(|(magic, _)| bytes.starts_with(magic))
    .map(|(_, name)| name)
}

/// `FILE-wal` for `FILE`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
