//! `.mbtiles`: an SQLite database with the tables `metadata` and `tiles`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use serde_json::Value;

use super::TILE_BYTES_MAX;
use super::about::About;
use super::archive::beside;
use super::coord::{TileCoord, ZOOM_MAX};
use super::error::BasemapError;
use super::identity::Identity;

/// Connections to one file; as many as there are readers at once.
#[derive(Debug)]
pub(super) struct Mbtiles {
    path: PathBuf,
    identity: Identity,
    idle: Mutex<Vec<Connection>>,
}

/// What opening found.
pub(super) struct Found {
    pub(super) about: About,
    /// A tile of the deepest zoom.
    pub(super) sample: Vec<u8>,
    pub(super) is_indexed: bool,
}

const TILE: &str = "select tile_data from tiles where zoom_level = ?1 and tile_column = ?2 and tile_row = ?3 limit 1";

impl Mbtiles {
    pub(super) fn open(
        path: &Path,
        file: &File,
        bytes: u64,
        identity: Identity,
    ) -> Result<(Self, Found), BasemapError> {
        is_whole(path, file, bytes)?;
        is_finished(path)?;
        let damaged = |error: rusqlite::Error| BasemapError::damaged(path, &error);
        let connection = connect(path).map_err(damaged)?;
        let tables = "select count(*) from sqlite_master where name in ('tiles', 'metadata') and type in ('table', 'view')";
        let tables: i64 = match connection.query_row(tables, (), |row| row.get(0)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => 0,
            tables => tables.map_err(damaged)?,
        };
        if tables < 2 {
            return Err(BasemapError::NotMbtiles {
                path: path.to_owned(),
            });
        }
        let said = metadata(&connection).map_err(damaged)?;
        let text = |name: &str| said.get(name).map_or("", String::as_str);
        let format = text("format");
        if !matches!(format, "pbf" | "mvt" | "") {
            return Err(BasemapError::OtherTiles {
                path: path.to_owned(),
                format: format.chars().take(20).collect(),
            });
        }
        let is_indexed = is_indexed(&connection).map_err(damaged)?;
        let zooms = zooms(&connection, &said, is_indexed).map_err(damaged)?;
        let sample = sample(&connection, zooms.map_or(0, |(_, most)| most)).map_err(damaged)?;
        let (Some(zooms), Some(sample)) = (zooms, sample) else {
            return Err(BasemapError::NoTiles {
                path: path.to_owned(),
            });
        };
        let layers = serde_json::from_str(text("json"))
            .ok()
            .and_then(|mut json: Value| json.get_mut("vector_layers").map(Value::take));
        let about = About::new(
            ".mbtiles",
            text("name"),
            text("attribution"),
            bounds(text("bounds")),
            zooms,
            layers,
        );
        let mbtiles = Self {
            path: path.to_owned(),
            identity,
            idle: Mutex::new(vec![connection]),
        };
        let found = Found {
            about,
            sample,
            is_indexed,
        };
        Ok((mbtiles, found))
    }

    pub(super) fn tile(&self, coord: TileCoord) -> Result<Option<Vec<u8>>, String> {
        let connection = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match connection {
            Some(connection) => connection,
            None => self.connect_again()?,
        };
        // Rows are counted from the south.
        let row = (1_u32 << coord.z) - 1 - coord.y;
        let tile = connection
            .query_row(TILE, (coord.z, coord.x, row), |row| {
                row.get::<_, Option<Vec<u8>>>(0)
            })
            .optional()
            .map_err(|error| error.to_string())?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(tile.flatten().filter(|tile| !tile.is_empty()))
    }

    /// One more connection, to the same file as the first.
    fn connect_again(&self) -> Result<Connection, String> {
        let connection = connect(&self.path).map_err(|error| error.to_string())?;
        // SQLite opens its file when it is first asked.
        connection
            .query_row("select count(*) from sqlite_master", (), |_| Ok(()))
            .map_err(|error| error.to_string())?;
        let metadata = fs::metadata(&self.path).map_err(|error| error.to_string())?;
        if Identity::of(&metadata) == self.identity {
            Ok(connection)
        } else {
            Err("the file was changed".to_owned())
        }
    }
}

/// `immutable`: no locks, no files beside it, so that a read-only folder is enough. That it changes all the same is noticed
/// by its [`Identity`].
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = String::from("file:");
    for byte in fs::canonicalize(path)
        .unwrap_or_else(|_| path.to_owned())
        .as_os_str()
        .as_bytes()
    {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            byte => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri, flags)?;
    // A file that is mapped and then cut would end the process.
    connection.execute_batch(
        "pragma mmap_size = 0; pragma trusted_schema = off; pragma cell_size_check = on;",
    )?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, TILE_BYTES_MAX as i32)?;
    Ok(connection)
}

/// The header says how long the file is.
fn is_whole(path: &Path, file: &File, found: u64) -> Result<(), BasemapError> {
    const HEADER: u64 = 100;
    let cut = |expected| {
        Err(BasemapError::Cut {
            path: path.to_owned(),
            expected,
            found,
        })
    };
    let mut header = [0; HEADER as usize];
    if found < HEADER {
        return cut(HEADER);
    }
    file.read_exact_at(&mut header, 0)
        .map_err(|source| BasemapError::io(path, source))?;
    let number = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let page_bytes = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    // The count of pages holds where the one who wrote it was the last to write.
    let is_counted = number(24) == number(92);
    let expected = u64::from(number(28)) * page_bytes;
    if is_counted && found < expected {
        return cut(expected);
    }
    Ok(())
}

/// What still lies in a journal is not in the file, and we would not see it.
fn is_finished(path: &Path) -> Result<(), BasemapError> {
    for ending in ["-wal", "-journal"] {
        let journal = beside(path, ending);
        if fs::metadata(&journal).is_ok_and(|found| found.len() > 0) {
            return Err(BasemapError::Unfinished {
                path: path.to_owned(),
                journal,
            });
        }
    }
    Ok(())
}

fn metadata(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare("select name, value from metadata limit 100")?;
    let rows = statement.query_map((), |row| {
        let text =
            |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str().unwrap_or_default().to_owned());
        Ok((text(0)?, text(1)?))
    })?;
    rows.collect()
}

/// Whether SQLite would find a tile by an index.
fn is_indexed(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare(&format!("explain query plan {TILE}"))?;
    let plan = statement.query_map([0, 0, 0], |row| row.get::<_, String>(3))?;
    let plan: Vec<String> = plan.collect::<Result<_, _>>()?;
    Ok(!plan.iter().any(|step| step.starts_with("SCAN")))
}

/// The least and the deepest zoom; none where there are no tiles.
fn zooms(
    connection: &Connection,
    said: &BTreeMap<String, String>,
    is_indexed: bool,
) -> rusqlite::Result<Option<(u8, u8)>> {
    let zoom = |name: &str| {
        said.get(name)?
            .trim()
            .parse()
            .ok()
            .filter(|zoom| *zoom <= ZOOM_MAX)
    };
    // Without an index, counting would read everything.
    if !is_indexed && let (Some(least), Some(most)) = (zoom("minzoom"), zoom("maxzoom")) {
        return Ok(Some((least, most)));
    }
    let end = |which: &str| {
        connection.query_row(
            &format!("select {which}(zoom_level) from tiles"),
            (),
            |row| row.get::<_, Option<u8>>(0),
        )
    };
    let (least, most) = (end("min")?, end("max")?);
    Ok(least.zip(most).filter(|(_, most)| *most <= ZOOM_MAX))
}

fn sample(connection: &Connection, zoom: u8) -> rusqlite::Result<Option<Vec<u8>>> {
    let tile =
        "select tile_data from tiles where zoom_level = ?1 and length(tile_data) > 0 limit 1";
    connection
        .query_row(tile, [zoom], |row| row.get(0))
        .optional()
}

/// `west,south,east,north`.
fn bounds(text: &str) -> Option<[f64; 4]> {
    let sides: Option<Vec<f64>> = text
        .split(',')
        .map(|side| side.trim().parse().ok())
        .collect();
    sides?.try_into().ok()
}
