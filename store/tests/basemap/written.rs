//! A drawing, cut into tiles and read again as every other base map is.

use store::basemap::write::{self, Drawing, Point, Shape, Thing, WriteError};
use store::basemap::{self, Basemap, Fit, TileCoord};

use super::files::{Files, tile};

/// One square island in a sea around the world, with a street from zoom 12 on and a name up to zoom 11.
fn drawing() -> Drawing {
    let square = |middle: f64, half: f64| {
        [(-half, -half), (half, -half), (half, half), (-half, half)]
            .map(|(x, y)| Point {
                x: middle + x,
                y: middle + y,
            })
            .to_vec()
    };
    let thing = |zooms, shape, name: &str| Thing {
        zooms,
        shape,
        tells: vec![("name", name.into()), ("rank", 1.into())],
    };
    let street = vec![Point { x: 0.2999, y: 0.3 }, Point { x: 0.3001, y: 0.3 }];
    Drawing {
        name: "Garnau".to_owned(),
        attribution: "erfunden".to_owned(),
        bounds: [-80.0, 60.0, -60.0, 65.0],
        centre: (62.0, -72.0),
        zooms: 0..=14,
        layers: vec![
            (
                "water",
                vec![thing(
                    0..=22,
                    Shape::Area(vec![square(0.5, 0.6), square(0.3, 0.002)]),
                    "sea",
                )],
            ),
            (
                "transportation",
                vec![thing(12..=22, Shape::Line(street), "Uferpfad")],
            ),
            (
                "place",
                vec![thing(
                    0..=11,
                    Shape::Point(Point { x: 0.3, y: 0.3 }),
                    "Garnau",
                )],
            ),
        ],
    }
}

fn at(z: u8, x: f64, y: f64) -> TileCoord {
    let tiles = f64::from(1_u32 << z);
    TileCoord::new(z, (x * tiles) as u32, (y * tiles) as u32).expect("in the world")
}

#[tokio::test]
async fn a_drawing_becomes_a_base_map() {
    let files = Files::new();
    let path = files.path("drawn.pmtiles");
    write::pmtiles(&path, &drawing()).expect("it is written");
    let (about, Fit { .. }) = basemap::check(&path).expect("it can be a base map");
    assert_eq!(
        (about.name.as_str(), about.attribution.as_str()),
        ("Garnau", "erfunden")
    );
    assert_eq!((about.zoom_min, about.zoom_max), (0, 14));
    assert_eq!(about.layers.len(), 3);
    assert_eq!(about.layers[0].fields["rank"], "Number");

    let map = Basemap::open(&path).expect("it fits");
    let tile = async |z, x, y| tile(&map, at(z, x, y)).await.expect("the file is there");
    // The sea is everywhere, and is kept once.
    let sea = tile(14, 0.9, 0.9).await.expect("sea");
    for (z, x, y) in [
        (14, 0.1, 0.7),
        (14, 0.31, 0.3),
        (10, 0.5, 0.5),
        (5, 0.99, 0.01),
    ] {
        assert_eq!(tile(z, x, y).await.as_ref(), Some(&sea), "{z} {x} {y}");
    }
    assert_ne!(
        tile(14, 0.302, 0.3).await,
        Some(sea.clone()),
        "a shore is no open sea"
    );
    assert_eq!(
        tile(14, 0.301, 0.301).await,
        None,
        "nothing is on the island's land"
    );
    let bytes = std::fs::metadata(&path).expect("it is there").len();
    assert!(bytes < 16 << 10, "{bytes} bytes");

    // Where and when things are shown.
    let layers = |packed: Vec<u8>| {
        let mut plain = Vec::new();
        let mut packed = flate2::read::GzDecoder::new(packed.as_slice());
        std::io::Read::read_to_end(&mut packed, &mut plain).expect("it is packed");
        store::testing::bytes::layers(&plain).expect("a vector tile")
    };
    for z in 0..=14 {
        let found = layers(tile(z, 0.3, 0.3).await.expect("the island"));
        let has = |name: &str| found.iter().any(|layer| layer == name);
        assert_eq!(has("place"), z <= 11, "zoom {z}");
        assert_eq!(has("transportation"), z >= 12, "zoom {z}");
    }
}

#[test]
fn the_same_drawing_makes_the_same_bytes_and_replaces_the_older_file() {
    let files = Files::new();
    let path = files.path("drawn.pmtiles");
    write::pmtiles(&path, &drawing()).expect("it is written");
    let before = std::fs::read(&path).expect("it is there");
    write::pmtiles(&path, &drawing()).expect("it is written again");
    assert!(std::fs::read(&path).expect("it is there") == before);
    let beside = std::fs::read_dir(files.folder.path()).expect("a folder");
    assert_eq!(beside.count(), 1);
}

#[test]
fn what_cannot_be_written_is_told_with_the_way_out() {
    let files = Files::new();
    let path = files.path("none/drawn.pmtiles");
    let refused = write::pmtiles(&path, &drawing()).expect_err("no such folder");
    assert!(matches!(refused, WriteError::Io { .. }));
    let told = refused.to_string();
    assert!(
        told.contains("none/drawn.pmtiles") && told.contains("Fix:"),
        "{told}"
    );
}
