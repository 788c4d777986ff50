//! Garnau as a file, whole or with a fault, in a folder of its own.

use std::path::PathBuf;

use store::basemap::{Away, Basemap, TileCoord};
use store::testing::town::{self, Faults};
use tempfile::TempDir;

/// A folder with Garnau in both formats.
pub(crate) struct Files {
    pub(crate) folder: TempDir,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Written in both formats with the same fault.
    pub(crate) fn both(&self, faults: Faults<'_>) -> [PathBuf; 2] {
        let [one, other] = [self.path("t.mbtiles"), self.path("t.pmtiles")];
        town::mbtiles(&one, faults);
        town::pmtiles(&other, faults);
        [one, other]
    }
}

/// A tile's bytes, to an asker who holds nothing.
pub(crate) async fn tile(map: &Basemap, coord: TileCoord) -> Result<Option<Vec<u8>>, Away> {
    map.tile(coord, |_| false).await.map(|tile| tile.bytes)
}
