//! Writes the base map of Spulenoog: `cargo run -p demo --example island -- spulenoog.pmtiles`

use std::path::PathBuf;

use demo::island::{Island, IslandError};

fn main() -> Result<(), IslandError> {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    Island::new().write(&path.unwrap_or_else(|| "spulenoog.pmtiles".into()))
}
