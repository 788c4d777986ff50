//! The base map: a file of vector tiles that lies under the weave, read as it is stored.
//!
//! Two formats are read, `.mbtiles` (an SQLite database) and `.pmtiles`, told apart by their content and not by their
//! name. A file is never mapped into memory: one that is cut while it is read must be an error, not a signal.

mod about;
mod archive;
mod coord;
mod error;
mod fit;
mod gzip;
mod hilbert;
mod identity;
mod mbtiles;
mod pmtiles;
mod serve;
#[cfg(feature = "testing")]
pub(crate) mod testing {
    //! For whoever writes such files in tests, or throws bytes at their readers.

    pub(crate) use super::gzip::pack;
    pub(crate) use super::hilbert::tile_id;
    pub(crate) use super::pmtiles::testing::{directory, header};
    pub(crate) use super::vector_tile::layers;
}
mod vector_tile;
pub mod write;

pub use about::{About, Layer};
pub use coord::{TileCoord, ZOOM_MAX};
pub use error::{BasemapError, LAYERS_NAMED_MAX};
pub use fit::{Fit, Lack};
pub use serve::{Away, Basemap, READERS, Tile};

use archive::Archive;

use std::path::Path;

/// Looks whether a file can be the base map, and what of the picture it lacks.
///
/// # Errors
/// [`BasemapError`] says in words why it cannot, and what to do.
pub fn check(path: &Path) -> Result<(About, Fit), BasemapError> {
    let opened = Archive::open(path)?;
    let fit = Fit::of(&opened.about, opened.is_indexed);
    Ok((opened.about, fit))
}

/// Bytes of a tile, as stored, at most: longer ones are refused as damaged.
pub(crate) const TILE_BYTES_MAX: usize = 8 << 20;
