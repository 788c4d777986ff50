//! The file changes while it is served.

use std::fs;
use std::path::Path;

use store::basemap::{Away, Basemap, TileCoord};
use store::testing::town::{self, Faults};

use crate::files::{Files, tile};

/// A file that is renamed over another: what editors and `rsync` do.
fn replace(path: &Path, bytes: &[u8]) {
    let fresh = path.with_extension("fresh");
    fs::write(&fresh, bytes).expect("it is written");
    fs::rename(&fresh, path).expect("it is replaced");
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
