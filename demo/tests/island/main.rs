//! The base map of Spulenoog as whoever opens it finds it.

mod vector_tile;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

use demo::island::{Island, Metres};
use store::basemap::write::Point;
use store::basemap::{self, Basemap, TileCoord};
use tempfile::TempDir;

use vector_tile::{Feature, Shape};

/// The file in a folder of its own.
struct Written {
    folder: TempDir,
    path: PathBuf,
}

fn written() -> Written {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("spulenoog.pmtiles");
    Island::new().write(&path).expect("it is written");
    Written { folder, path }
}

/// The tile of a zoom that holds a point in metres, and the point in its units.
fn tile_at(zoom: u8, x: f64, y: f64) -> (TileCoord, (f64, f64)) {
    let (latitude, longitude) = Metres::new(x, y).degrees();
    let point = Point::of(latitude, longitude);
    let side = f64::from(1_u32 << zoom);
    let (column, row) = ((point.x * side).floor(), (point.y * side).floor());
    let coord = TileCoord::new(zoom, column as u32, row as u32).expect("in the world");
    let units = |along: f64, tile: f64| (along * side - tile) * 4096.0;
    (coord, (units(point.x, column), units(point.y, row)))
}

type Layers = BTreeMap<String, Vec<Feature>>;

async fn layers(map: &Basemap, coord: TileCoord) -> Option<Layers> {
    let tile = map.tile(coord, |_| false).await.expect("the file is there");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(tile.bytes?.as_slice())
        .read_to_end(&mut plain)
        .expect("it is packed");
    Some(vector_tile::layers(&plain).unwrap_or_else(|| panic!("{coord:?} is no vector tile")))
}

/// All tiles of a zoom over the island and the sea around it.
fn around(zoom: u8) -> Vec<TileCoord> {
    let (first, _) = tile_at(zoom, -4000.0, 2500.0);
    let (last, _) = tile_at(zoom, 5000.0, -2500.0);
    (first.x..=last.x)
        .flat_map(|x| (first.y..=last.y).map(move |y| TileCoord { z: zoom, x, y }))
        .collect()
}

/// All names of a layer over the island.
async fn names(map: &Basemap, zoom: u8, layer: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for coord in around(zoom) {
        let found = layers(map, coord).await.unwrap_or_default();
        let features = found.get(layer).into_iter().flatten();
        names.extend(features.filter_map(|feature| feature.tells.get("name").cloned()));
    }
    names
}

fn holds(names: &BTreeSet<String>, wanted: &[&str]) {
    for name in wanted {
        assert!(names.contains(*name), "{name} is not in {names:?}");
    }
}

#[test]
fn it_is_the_same_island_every_time() {
    let (one, other) = (written(), written());
    let read = |written: &Written| std::fs::read(&written.path).expect("it is there");
    assert!(read(&one) == read(&other), "two writes differ");
    let beside: Vec<_> = std::fs::read_dir(one.folder.path())
        .expect("a folder")
        .collect();
    assert_eq!(beside.len(), 1, "nothing else is left behind");
}

fn nothing_is_missing_from_it(written: &Written) {
    let (about, fit) = basemap::check(&written.path).expect("it fits");
    assert_eq!(fit.lacks, []);
    assert_eq!(about.name, Island::NAME);
    assert_eq!(about.attribution, Island::ATTRIBUTION);
    assert_eq!((about.zoom_min, about.zoom_max), (0, 14));
    let [west, south, east, north] = about.bounds.expect("it says where it lies");
    let (latitude, longitude) = Island::CENTRE;
    assert!(south < latitude && latitude < north && west < longitude && longitude < east);
    let bytes = std::fs::metadata(&written.path).expect("it is there").len();
    assert!(bytes < 1 << 20, "{bytes} bytes");
}

/// Written once for all that looks into it.
#[tokio::test]
async fn its_tiles_are_sound_and_tell_what_is_where() {
    let written = written();
    nothing_is_missing_from_it(&written);
    let map = Basemap::open(&written.path).expect("it fits");
    every_tile_is_sound(&map).await;
    places_are_named_where_the_map_names_them(&map).await;
    land_is_land_and_sea_is_sea(&map).await;
    houses_stand_from_zoom_13_and_the_ferry_goes(&map).await;
    there_is_something_of_every_shape(&map).await;
}

async fn every_tile_is_sound(map: &Basemap) {
    for zoom in 0..=14 {
        for coord in around(zoom) {
            let layers = layers(map, coord).await.expect("the sea at least");
            for (name, features) in &layers {
                assert!(!features.is_empty(), "{coord:?} {name}");
                for feature in features {
                    feature
                        .shape
                        .check()
                        .unwrap_or_else(|fault| panic!("{coord:?} {name}: {fault}"));
                }
            }
        }
    }
}

async fn places_are_named_where_the_map_names_them(map: &Basemap) {
    for zoom in 8..=12 {
        holds(&names(map, zoom, "place").await, &["Spulenoog"]);
    }
    for zoom in 13..=14 {
        holds(
            &names(map, zoom, "place").await,
            &["Spulendorf", "Ostland", "Westspitze", "Ostplate"],
        );
        holds(
            &names(map, zoom, "water_name").await,
            &["Nordsee", "Wattenmeer"],
        );
        let island = Island::new();
        let streets: Vec<&str> = island.streets().iter().map(|street| street.name).collect();
        holds(&names(map, zoom, "transportation_name").await, &streets);
    }
    holds(&names(map, 14, "water_name").await, &["Hafen"]);
    holds(
        &names(map, 14, "poi").await,
        &[
            "Leuchtturm",
            "Inselladen",
            "Gemeinschaftsgarten",
            "Friedhof",
        ],
    );
}

async fn land_is_land_and_sea_is_sea(map: &Basemap) {
    let places = [
        (0.0, 0.0, false),
        (2450.0, 90.0, false),
        (-1650.0, 340.0, false),
        (60.0, 850.0, false),
        (2000.0, -300.0, false),
        (0.0, -720.0, true),
        (0.0, 1500.0, true),
        (-2700.0, 300.0, true),
        (0.0, -5000.0, true),
        (-3450.0, -150.0, false),
        (0.0, -12_000.0, false),
        (300_000.0, 0.0, true),
    ];
    for (x, y, is_sea) in places {
        // From farther away a harbour or a lane is no more than a point.
        for zoom in 12..=14 {
            let (coord, at) = tile_at(zoom, x, y);
            let layers = layers(map, coord).await.unwrap_or_default();
            let water = layers.get("water").into_iter().flatten();
            let is_wet = water.clone().any(|water| water.shape.holds(at));
            assert_eq!(is_wet, is_sea, "({x}, {y}) at zoom {zoom}");
        }
    }
}

async fn houses_stand_from_zoom_13_and_the_ferry_goes(map: &Basemap) {
    let count = async |zoom: u8, layer: &str, class: Option<&str>| {
        let mut count = 0;
        for coord in around(zoom) {
            let layers = layers(map, coord).await.unwrap_or_default();
            let features = layers.get(layer).into_iter().flatten();
            count += features
                .filter(|one| {
                    class.is_none_or(|class| one.tells.get("class").is_some_and(|is| is == class))
                })
                .count();
        }
        count
    };
    let island = Island::new();
    assert_eq!(count(12, "building", None).await, 0);
    assert!(count(13, "building", None).await > island.houses().len());
    assert_eq!(count(14, "housenumber", None).await, island.houses().len());
    assert!(count(9, "transportation", Some("ferry")).await > 0);
    assert!(count(14, "transportation", Some("ferry")).await > 0);
    assert!(count(14, "transportation", Some("pier")).await > 0);
    assert_eq!(count(11, "transportation", Some("minor")).await, 0);
    assert!(count(12, "transportation", Some("minor")).await > 0);
}

#[test]
fn people_have_addresses() {
    let island = Island::new();
    let houses = island.houses();
    assert!(
        (230..=300).contains(&houses.len()),
        "{} houses",
        houses.len()
    );
    let addresses: BTreeSet<String> = houses.iter().map(|house| house.address()).collect();
    assert_eq!(addresses.len(), houses.len(), "each address is one house");
    holds(
        &addresses,
        &["Kirchstraße 1", "Hafenstraße 2", "Fadengasse 7"],
    );
}

async fn there_is_something_of_every_shape(map: &Basemap) {
    let (coord, _) = tile_at(14, 0.0, 0.0);
    let layers = layers(map, coord).await.expect("the village");
    let all: Vec<&Feature> = layers.values().flatten().collect();
    assert!(all.iter().any(|one| matches!(one.shape, Shape::Points(_))));
    assert!(all.iter().any(|one| matches!(one.shape, Shape::Lines(_))));
    assert!(all.iter().any(|one| matches!(one.shape, Shape::Rings(_))));
}
