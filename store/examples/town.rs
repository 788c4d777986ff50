//! Writes the invented town Garnau as a base map, for the tests in a browser:
//! `cargo run -p store --features testing --example town -- end2end/fixtures/garnau.pmtiles`

use std::path::PathBuf;

use store::testing::town::{self, Faults};

fn main() {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let path = path.expect("usage: town FILE.pmtiles | FILE.mbtiles");
    if path.extension().is_some_and(|ending| ending == "mbtiles") {
        town::mbtiles(&path, Faults::default());
    } else {
        town::pmtiles(&path, Faults::default());
    }
}
