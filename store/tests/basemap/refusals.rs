//! Files that cannot be a base map.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use store::basemap::{self, Basemap, BasemapError, TileCoord};
use store::testing::town::{self, Faults};

use crate::files::{Files, tile};

#[test]
fn what_cannot_be_a_base_map_is_refused_with_a_way_out() {
    let files = Files::new();
    let refused = |path: &Path, fault: &str| {
        let error = basemap::check(path).expect_err(fault);
        let words = error.to_string();
        assert!(words.contains(fault), "{fault:?} in {words:?}");
        assert!(words.contains("Fix: ") && words.ends_with('.'), "{words}");
        assert!(words.contains(&path.display().to_string()), "{words}");
    };
    refused(&files.path("nirgends.pmtiles"), "does not exist");
    refused(files.folder.path(), "is a folder");
    refused(Path::new("/dev/null"), "is a folder or a device");
    let odd = files.path("odd.mbtiles");
    for (bytes, fault) in [
        (&b""[..], "is empty"),
        (
            b"PK\x03\x04 a zip",
            "neither an .mbtiles (SQLite) nor a .pmtiles file",
        ),
        (b"x", "neither an .mbtiles"),
        (b"PMTiles\x03", "should have 127 bytes and has 8"),
        (b"SQLite format 3\0", "should have 100 bytes and has 16"),
    ] {
        fs::write(&odd, bytes).expect("it is written");
        refused(&odd, fault);
    }
    let old = files.path("old.pmtiles");
    fs::write(&old, [&b"PMTiles\x02"[..], &[0; 200]].concat()).expect("it is written");
    refused(&old, "of version 2");

    for (faults, fault) in [
        (
            Faults {
                is_without_tiles: true,
                ..Faults::default()
            },
            "holds no tiles",
        ),
        (
            Faults {
                format: Some("png"),
                ..Faults::default()
            },
            "only vector tiles",
        ),
        (
            Faults {
                tile: Some(b"\x89PNG\r\n\x1a\n"),
                ..Faults::default()
            },
            "holds PNG tiles",
        ),
        (
            Faults {
                tile: Some(b"\x1f\x8b\x08 no gzip"),
                ..Faults::default()
            },
            "a tile cannot be unpacked",
        ),
        (
            Faults {
                tile: Some(b"not a tile"),
                ..Faults::default()
            },
            "a tile is no vector tile",
        ),
        (
            Faults {
                layers: Some(&["earth", "roads", "water"]),
                ..Faults::default()
            },
            "not in the OpenMapTiles schema: it has no layer `transportation`, only `earth`, `roads`, `water`",
        ),
    ] {
        for path in files.both(faults) {
            refused(&path, fault);
        }
    }
    let other = files.path("other.mbtiles");
    let _ = fs::remove_file(&other);
    rusqlite::Connection::open(&other)
        .and_then(|file| file.execute_batch("create table contacts (name text)"))
        .expect("a database");
    refused(&other, "no tables `tiles` and `metadata`");

    let [unfinished, _] = files.both(Faults::default());
    fs::write(files.path("t.mbtiles-wal"), "something").expect("it is written");
    refused(&unfinished, "is not finished");
}

#[test]
fn what_a_file_may_not_be_read_by_is_told() {
    let files = Files::new();
    let [path, _] = files.both(Faults::default());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("it is ours");
    // Root reads everything.
    if fs::File::open(&path).is_err() {
        let error = basemap::check(&path).expect_err("it is closed");
        assert!(matches!(error, BasemapError::NotReadable { .. }), "{error}");
    }
}

#[test]
fn a_file_that_was_cut_anywhere_is_refused() {
    let files = Files::new();
    for path in files.both(Faults::default()) {
        let whole = fs::read(&path).expect("it is there");
        let cut = files.path("cut");
        for part in 1..40 {
            let end = whole.len() * part / 40;
            fs::write(&cut, &whole[..end]).expect("it is written");
            let error = basemap::check(&cut).expect_err("it is cut");
            assert!(
                matches!(error, BasemapError::Cut { .. }),
                "cut after {end} of {}: {error}",
                whole.len()
            );
        }
    }
}

/// Whatever single byte is wrong: an answer or an error, never a panic and nothing endless.
#[tokio::test]
async fn a_file_with_a_wrong_byte_is_read_or_refused() {
    let files = Files::new();
    let coords: Vec<TileCoord> = town::tiles().into_iter().map(|(coord, _)| coord).collect();
    for path in files.both(Faults::default()) {
        let whole = fs::read(&path).expect("it is there");
        let wrong = files.path("wrong");
        for at in (0..200).chain((200..whole.len()).step_by(257)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xa5;
            fs::write(&wrong, &bytes).expect("it is written");
            if let Ok(map) = Basemap::open(&wrong) {
                for coord in &coords {
                    let _ = tile(&map, *coord).await;
                }
            }
        }
    }
}
