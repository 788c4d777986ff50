//! What is read from a fit file, and what it lacks.

use std::path::Path;

use store::basemap::{self, Basemap, Lack, TileCoord};
use store::testing::town::{self, Faults};

use crate::files::{Files, tile};

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
        "poi",
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
            "{coord:?}: write it anew with `cargo run -p store --features testing --example town -- end2end/fixtures/garnau.pmtiles`"
        );
    }
}
