//! Making a base map: what is drawn of the world is cut into vector tiles and laid into a `.pmtiles` file.
//!
//! The same drawing makes the same bytes.

mod archive;
mod clip;
mod drawing;
mod ring;
mod simplify;
mod tiles;
pub(crate) mod vector_tile;

pub use drawing::{Drawing, Point, Ring, Shape, Thing};
pub use vector_tile::Value;

pub(crate) use archive::archive;
#[cfg(feature = "testing")]
pub(crate) use archive::{Description, Run};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a base map could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("The base map {} cannot be written: {source}. Fix: choose a folder that the user may write to and that has room.", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "The base map has {tiles} different tiles, more than its first directory holds. Fix: draw less, or end at a lower zoom."
    )]
    TooManyTiles { tiles: usize },
}

/// Writes a drawing as `.pmtiles`; whoever reads an older file at that path never sees half of the new one.
///
/// # Errors
/// [`WriteError`] when the file cannot be written, or holds too much for the format as we write it.
pub fn pmtiles(path: &Path, drawing: &Drawing) -> Result<(), WriteError> {
    let bytes = archive(&drawing.description(), tiles::runs(drawing))?;
    let part = super::archive::beside(path, ".part");
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, path))
        .map_err(|source| {
            // What was begun is of no use; that it cannot be removed either says nothing new.
            let _ = fs::remove_file(&part);
            WriteError::Io {
                path: path.to_owned(),
                source,
            }
        })
}
