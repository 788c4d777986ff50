//! The base map's file: both formats, everything that can be wrong with it, and what happens when it changes while it is
//! served. Needs no database.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use store::basemap::{self, Away, Basemap, BasemapError, Lack, TileCoord};
use store::testing::town::{self, Faults};
use tempfile::TempDir;

/// A folder with Garnau in both formats.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Written in both formats with the same fault.
    fn both(&self, faults: Faults<'_>) -> [PathBuf; 2] {
        let [one, other] = [self.path("t.mbtiles"), self.path("t.pmtiles")];
        town::mbtiles(&one, faults);
        town::pmtiles(&other, faults);
        [one, other]
    }
}

/// A file that is renamed over another: what editors and `rsync` do.
fn replace(path: &Path, bytes: &[u8]) {
    let fresh = path.with_extension("fresh");
    fs::write(&fresh, bytes).expect("it is written");
    fs::rename(&fresh, path).expect("it is replaced");
}

async fn tile(map: &Basemap, coord: TileCoord) -> Result<Option<Vec<u8>>, Away> {
    map.tile(coord, |_| false).await.map(|tile| tile.bytes)
}

async fn tag(map: &Basemap) -> Result<String, Away> {
    map.about().await.map(|(_, _, tag)| tag)
}

/// Waits until the file is usable again; a new one is looked at once a second at most.
async fn back(map: &Basemap) -> String {
    loop {
        if let Ok(tag) = tag(map).await {
            return tag;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn both_formats_give_the_same_bytes_for_the_same_tile() {
    let files = Files::new();
    let [one, other] = files.both(Faults::default());
    let (one, other) = (
        Basemap::open(&one).expect("fit"),
        Basemap::open(&other).expect("fit"),
    );
    for (coord, stored) in town::tiles() {
        for map in [&one, &other] {
            let found = map.tile(coord, |_| false).await.expect("it is there");
            assert!(found.is_packed(), "{coord:?} goes out as it is stored");
            assert_eq!(found.bytes.as_deref(), Some(stored.as_slice()), "{coord:?}");
        }
    }
    for coord in [
        TileCoord { z: 0, x: 0, y: 0 },
        TileCoord {
            z: 14,
            x: 8575,
            y: 5248,
        },
        TileCoord {
            z: 15,
            x: 17152,
            y: 10496,
        },
        TileCoord {
            z: 22,
            x: 4_194_303,
            y: 4_194_303,
        },
    ] {
        for map in [&one, &other] {
            assert_eq!(tile(map, coord).await, Ok(None), "{coord:?} is not in it");
        }
    }
    let ((about, fit, _), (about_other, fit_other, _)) = (
        one.about().await.expect("there"),
        other.about().await.expect("there"),
    );
    assert_eq!(about.layers, about_other.layers);
    assert_eq!(
        (about.zoom_min, about.zoom_max),
        (town::ZOOM_MIN, town::ZOOM_MAX)
    );
    assert_eq!(about.attribution, town::ATTRIBUTION);
    assert_eq!(fit.lacks, []);
    assert_eq!(fit_other.lacks, []);
}

#[tokio::test]
async fn a_tile_is_unpacked_for_who_takes_no_packed_one() {
    let files = Files::new();
    let [path, _] = files.both(Faults::default());
    let map = Basemap::open(&path).expect("fit");
    let packed = map.tile(town::CORNER, |_| false).await.expect("there");
    let plain = packed.clone().unpacked().expect("it is sound");
    assert!(!plain.is_packed());
    assert!(plain.bytes.expect("bytes").len() > packed.bytes.expect("bytes").len());
}

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

#[tokio::test]
async fn a_replaced_file_is_served_under_another_tag() {
    let files = Files::new();
    for path in files.both(Faults::default()) {
        let map = Basemap::open(&path).expect("fit");
        let before = tag(&map).await.expect("there");
        let other = files.path("other");
        let faults = Faults {
            is_without_attribution: true,
            ..Faults::default()
        };
        if path.extension().is_some_and(|ending| ending == "mbtiles") {
            town::mbtiles(&other, faults);
        } else {
            town::pmtiles(&other, faults);
        }
        replace(&path, &fs::read(&other).expect("it is there"));
        assert!(tile(&map, town::CORNER).await.expect("there").is_some());
        let after = map.about().await.expect("there");
        assert_ne!(after.2, before);
        assert!(!after.0.is_attributed, "it is the new one");
        // And what the asker holds of the old one does not count.
        let asked = map
            .tile(town::CORNER, move |tag| tag == before)
            .await
            .expect("there");
        assert!(!asked.is_held && asked.bytes.is_some());
    }
}

#[tokio::test]
async fn a_file_that_is_cut_or_taken_away_while_it_is_served_is_away_and_comes_back() {
    let files = Files::new();
    for path in files.both(Faults::default()) {
        let whole = fs::read(&path).expect("it is there");
        let map = Basemap::open(&path).expect("fit");
        let coords: Vec<TileCoord> = town::tiles().into_iter().map(|(coord, _)| coord).collect();

        // In place, so that the open file itself gets shorter.
        fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_len(whole.len() as u64 / 2))
            .expect("it is ours");
        for coord in &coords {
            assert_eq!(
                tile(&map, *coord).await,
                Err(Away),
                "{coord:?} of half a file"
            );
        }
        fs::write(&path, &whole).expect("it is written");
        back(&map).await;
        assert!(tile(&map, town::CORNER).await.expect("there").is_some());

        fs::remove_file(&path).expect("it is ours");
        assert_eq!(tag(&map).await, Err(Away));
        replace(&path, b"something else");
        assert_eq!(tile(&map, town::CORNER).await, Err(Away));
        replace(&path, &whole);
        back(&map).await;
        assert!(tile(&map, town::CORNER).await.expect("there").is_some());
    }
}

#[test]
fn what_a_fit_file_lacks_is_told() {
    let files = Files::new();
    let lacks = |faults: Faults<'_>| {
        files
            .both(faults)
            .map(|path| basemap::check(&path).expect("it is fit").1.lacks)
    };
    let all = [
        "water",
        "building",
        "transportation",
        "place",
        "landcover",
        "landuse",
        "waterway",
        "park",
        "water_name",
        "boundary",
    ];
    let few = lacks(Faults {
        layers: Some(&all),
        ..Faults::default()
    });
    let names = ["transportation_name", "housenumber"];
    for lacks in few {
        let layers: Vec<&str> = lacks
            .iter()
            .map(|lack| match lack {
                Lack::Layer { id, .. } => *id,
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(layers, names);
    }
    for lacks in lacks(Faults {
        is_without_attribution: true,
        ..Faults::default()
    }) {
        assert_eq!(lacks, [Lack::Attribution]);
    }
    let [unindexed, _] = lacks(Faults {
        is_without_index: true,
        ..Faults::default()
    });
    assert_eq!(unindexed, [Lack::Index]);
}

#[test]
fn layers_that_the_file_does_not_name_are_found_in_its_tiles() {
    let files = Files::new();
    for path in files.both(Faults {
        layers: Some(&[]),
        ..Faults::default()
    }) {
        let (about, _) = basemap::check(&path).expect("it is fit");
        assert!(
            about
                .layers
                .iter()
                .any(|layer| layer.id == "transportation")
        );
    }
}

/// The file that the tests in a browser lay under the weave is the one that is written here.
#[tokio::test]
async fn the_browsers_fixture_is_this_town() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/fixtures/garnau.pmtiles");
    let map = Basemap::open(&fixture).expect("fit");
    for (coord, stored) in town::tiles() {
        let plain = |tile: basemap::Tile| tile.unpacked().expect("sound").bytes;
        let found = plain(map.tile(coord, |_| false).await.expect("there"));
        let made = basemap::Tile {
            tag: String::new(),
            bytes: Some(stored),
            is_held: false,
        };
        assert_eq!(
            found,
            plain(made),
            "{coord:?}: write it anew with `cargo run -p store --example town`"
        );
    }
}
