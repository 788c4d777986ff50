//! Garnau as a file, whole or with a fault.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{ATTRIBUTION, BOUNDS, CENTRE, ZOOM_MAX, ZOOM_MIN, plan, tiles};
use crate::basemap::TileCoord;
use crate::basemap::testing::tile_id;
use crate::basemap::write::{Description, Run, archive};

/// What a file is made wrong on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults<'a> {
    /// These layers instead of the schema's.
    pub layers: Option<&'a [&'a str]>,
    /// These bytes instead of each tile.
    pub tile: Option<&'a [u8]>,
    /// `png` for example.
    pub format: Option<&'a str>,
    pub is_without_tiles: bool,
    pub is_without_index: bool,
    pub is_without_attribution: bool,
}

impl Faults<'_> {
    fn tiles(self) -> Vec<(TileCoord, Vec<u8>)> {
        if self.is_without_tiles {
            return Vec::new();
        }
        let of = |tile: Vec<u8>| self.tile.map_or(tile, <[u8]>::to_vec);
        tiles()
            .into_iter()
            .map(|(coord, tile)| (coord, of(tile)))
            .collect()
    }

    fn layers(self) -> Value {
        let names = match self.layers {
            Some(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            None => plan::layers()
                .into_iter()
                .map(|(name, _)| name.to_owned())
                .collect::<Vec<_>>(),
        };
        names
            .into_iter()
            .map(|id| json!({ "id": id, "fields": { "name": "String" } }))
            .collect()
    }

    fn attribution(self) -> &'static str {
        if self.is_without_attribution {
            ""
        } else {
            ATTRIBUTION
        }
    }
}

/// Writes it as `.mbtiles`.
///
/// # Panics
/// When the file cannot be written.
pub fn mbtiles(path: &Path, faults: Faults<'_>) {
    let _ = fs::remove_file(path);
    let mut file = Connection::open(path).expect("a new file");
    let work = file.transaction().expect("a transaction");
    work.execute_batch(
        "create table metadata (name text, value text);
         create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);",
    )
    .expect("two tables");
    if !faults.is_without_index {
        let index = "create unique index tile_index on tiles (zoom_level, tile_column, tile_row)";
        work.execute_batch(index).expect("an index");
    }
    let bounds = BOUNDS.map(|side| side.to_string()).join(",");
    for (name, value) in [
        ("name", "Garnau"),
        ("format", faults.format.unwrap_or("pbf")),
        ("attribution", faults.attribution()),
        ("bounds", &bounds),
        ("minzoom", &ZOOM_MIN.to_string()),
        ("maxzoom", &ZOOM_MAX.to_string()),
        (
            "json",
            &json!({ "vector_layers": faults.layers() }).to_string(),
        ),
    ] {
        work.execute("insert into metadata values (?1, ?2)", (name, value))
            .expect("a row");
    }
    for (TileCoord { z, x, y }, tile) in faults.tiles() {
        let row = (1_u32 << z) - 1 - y;
        work.execute(
            "insert into tiles values (?1, ?2, ?3, ?4)",
            (z, x, row, tile),
        )
        .expect("a row");
    }
    work.commit().expect("the file is written");
}

/// The byte of the header that tells what the tiles are.
const TILE_TYPE: usize = 99;
const PNG: u8 = 2;

/// Writes it as `.pmtiles`.
///
/// # Panics
/// When the file cannot be written.
pub fn pmtiles(path: &Path, faults: Faults<'_>) {
    let runs = faults
        .tiles()
        .into_iter()
        .map(|(coord, content)| Run {
            first: tile_id(coord),
            tiles: 1,
            content,
        })
        .collect();
    let description = Description {
        name: "Garnau".to_owned(),
        attribution: faults.attribution().to_owned(),
        bounds: BOUNDS,
        centre: CENTRE,
        zooms: (ZOOM_MIN, ZOOM_MAX),
        layers: faults.layers(),
    };
    let mut file = archive(&description, runs).expect("a town has few tiles");
    if faults.format == Some("png") {
        file[TILE_TYPE] = PNG;
    }
    fs::write(path, file).expect("the file is written");
}
