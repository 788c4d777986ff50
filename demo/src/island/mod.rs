//! Spulenoog, an invented island in the North Sea, and its base map in the OpenMapTiles schema.
//!
//! The geography is data: metres east and north of the church square. What nature or chance would shape (the coast, the
//! dunes, which house stands where) grows from it by a seed, so that it is the same island every time.

mod chance;
mod coast;
mod curve;
mod drawing;
mod dunes;
mod fields;
mod green;
mod harbour;
mod house;
mod houses;
mod mainland;
mod metres;
mod names;
mod outline;
mod rectangle;
mod sea;
mod special;
mod streets;
mod village;

pub use house::House;
pub use metres::Metres;
pub use streets::{Street, StreetKind};

use std::path::Path;

use store::basemap::write::{self, WriteError};

/// The island with everything that stands on it.
#[derive(Clone, Debug)]
pub struct Island {
    streets: Vec<Street>,
    houses: Vec<House>,
}

/// Why the island's base map could not be written.
#[derive(Debug, thiserror::Error)]
pub enum IslandError {
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Island {
    /// What it is called.
    pub const NAME: &str = "Spulenoog";
    /// What its base map says about whom it comes from.
    pub const ATTRIBUTION: &str = "Spulenoog, erfunden";
    /// The church square of Spulendorf: latitude and longitude in degrees.
    pub const CENTRE: (f64, f64) = metres::ORIGIN;

    /// Builds it, which takes a moment.
    #[must_use]
    pub fn new() -> Self {
        let streets = streets::all();
        let houses = houses::all(&streets);
        Self { streets, houses }
    }

    /// Its streets and paths.
    #[must_use]
    pub fn streets(&self) -> &[Street] {
        &self.streets
    }

    /// The houses with an address: where people live.
    #[must_use]
    pub fn houses(&self) -> &[House] {
        &self.houses
    }

    /// Writes its base map as `.pmtiles`.
    ///
    /// # Errors
    /// [`IslandError`] when the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), IslandError> {
        Ok(write::pmtiles(path, &drawing::of(self))?)
    }
}

impl Default for Island {
    fn default() -> Self {
        Self::new()
    }
}
