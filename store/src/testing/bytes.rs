//! The readers of outside bytes that nobody outside this crate calls by themselves, for whoever throws bytes at them.

use crate::basemap::testing as basemap;

/// Reads a directory of a `.pmtiles` file; how many entries it has.
#[must_use]
pub fn pmtiles_directory(bytes: &[u8]) -> Option<usize> {
    basemap::directory(bytes)
}

/// Reads the beginning of a `.pmtiles` file, and where its parts lie.
#[must_use]
pub fn pmtiles_header(bytes: &[u8]) -> bool {
    basemap::header(bytes)
}

/// The layers of a vector tile.
#[must_use]
pub fn layers(bytes: &[u8]) -> Option<Vec<String>> {
    basemap::layers(bytes)
}
