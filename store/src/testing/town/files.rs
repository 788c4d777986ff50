//! Garnau as a file, whole or with a fault.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::super::vector_tile::{gzip, varint};
use super::{ATTRIBUTION, BOUNDS, ZOOM_MAX, ZOOM_MIN, plan, tiles};
use crate::basemap::TileCoord;
use crate::basemap::testing::tile_id;

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

/// Writes it as `.pmtiles`.
///
/// # Panics
/// When the file cannot be written.
pub fn pmtiles(path: &Path, faults: Faults<'_>) {
    let mut tiles: Vec<(u64, Vec<u8>)> = faults
        .tiles()
        .into_iter()
        .map(|(coord, tile)| (tile_id(coord), tile))
        .collect();
    tiles.sort_unstable();
    let mut directory = Vec::new();
    varint(&mut directory, tiles.len() as u64);
    let mut before = 0;
    for (id, _) in &tiles {
        varint(&mut directory, id - before);
        before = *id;
    }
    tiles.iter().for_each(|_| varint(&mut directory, 1));
    tiles
        .iter()
        .for_each(|(_, tile)| varint(&mut directory, tile.len() as u64));
    // The first stands at the beginning, each other right after the one before.
    (0..tiles.len()).for_each(|at| varint(&mut directory, u64::from(at == 0)));
    let directory = gzip(&directory);
    let metadata = json!({ "name": "Garnau", "attribution": faults.attribution(), "vector_layers": faults.layers() });
    let metadata = gzip(metadata.to_string().as_bytes());
    let content: Vec<u8> = tiles
        .iter()
        .flat_map(|(_, tile)| tile.iter().copied())
        .collect();

    let mut file = b"PMTiles\x03".to_vec();
    let mut offset = 127_u64;
    for section in [&directory, &metadata, &Vec::new(), &content] {
        file.extend(offset.to_le_bytes());
        file.extend((section.len() as u64).to_le_bytes());
        offset += section.len() as u64;
    }
    for _ in 0..3 {
        file.extend((tiles.len() as u64).to_le_bytes());
    }
    let tile_type = match faults.format {
        Some("png") => 2,
        _ => 1,
    };
    file.extend([1, 2, 2, tile_type, ZOOM_MIN, ZOOM_MAX]);
    for side in BOUNDS {
        file.extend(((side * 1e7).round() as i32).to_le_bytes());
    }
    file.push(ZOOM_MAX);
    for side in [super::CENTRE.1, super::CENTRE.0] {
        file.extend(((side * 1e7).round() as i32).to_le_bytes());
    }
    for section in [&directory, &metadata, &content] {
        file.extend(section);
    }
    fs::write(path, file).expect("the file is written");
}
