//! The base map over HTTP: tiles as they are stored, kept by whoever has them, and every wrong address or file.

use std::fs;
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, RETRY_AFTER,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use store::basemap::TileCoord;
use store::testing::town::{self, Faults};
use tempfile::TempDir;

use crate::instance::{Instance, Person};

fn address(TileCoord { z, x, y }: TileCoord) -> String {
    format!("/basemap/{z}/{x}/{y}")
}

async fn packed(person: &Person<'_>, path: &str) -> reqwest::Response {
    let request = person
        .request(Method::GET, path)
        .header(ACCEPT_ENCODING, "gzip, br");
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn tiles_go_out_as_they_are_stored_and_are_not_sent_twice() {
    let folder = TempDir::new().expect("a folder");
    let [one, other] = ["t.mbtiles", "t.pmtiles"].map(|name| folder.path().join(name));
    town::mbtiles(&one, Faults::default());
    town::pmtiles(&other, Faults::default());
    for path in [one, other] {
        let instance = Instance::with_basemap(&path).await;
        let visitor = instance.visitor();
        for (coord, stored) in town::tiles() {
            let answer = packed(&visitor, &address(coord)).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers()[CONTENT_ENCODING], "gzip");
            assert_eq!(
                answer.headers()[CONTENT_TYPE],
                "application/vnd.mapbox-vector-tile"
            );
            assert_eq!(answer.headers()[CACHE_CONTROL], "public, no-cache");
            assert_eq!(answer.bytes().await.expect("a tile"), stored, "{coord:?}");
        }
        let path = address(town::CORNER);
        let first = packed(&visitor, &path).await;
        let etag = first.headers()[ETAG].clone();
        for held in [
            etag.to_str().expect("text").to_owned(),
            format!("\"x\", W/{}", etag.to_str().expect("text")),
        ] {
            let request = visitor
                .request(Method::GET, &path)
                .header(ACCEPT_ENCODING, "gzip")
                .header(IF_NONE_MATCH, held);
            let again = request.send().await.expect("an answer");
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.headers()[ETAG], etag);
            assert!(again.bytes().await.expect("an end").is_empty());
        }
        let head = visitor
            .request(Method::HEAD, &path)
            .header(ACCEPT_ENCODING, "gzip");
        let head = head.send().await.expect("an answer");
        assert_eq!(head.status(), StatusCode::OK);
        assert_eq!(
            head.headers()[CONTENT_LENGTH],
            first.headers()[CONTENT_LENGTH]
        );
        assert_eq!(head.headers()[ETAG], etag);
        assert!(head.bytes().await.expect("an end").is_empty());

        // Who takes no packed answers gets the tile itself, under a tag of its own.
        let plain = visitor.get(&path).await;
        assert!(plain.headers().get(CONTENT_ENCODING).is_none());
        assert_ne!(plain.headers()[ETAG], etag);
        let packed_length = first.bytes().await.expect("a tile").len();
        assert!(plain.bytes().await.expect("a tile").len() > packed_length);
        instance.stop().await;
    }
}

#[tokio::test]
async fn the_map_is_described_and_its_tiles_are_kept_by_their_state() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("t.pmtiles");
    town::pmtiles(&path, Faults::default());
    let instance = Instance::with_basemap(&path).await;
    let visitor = instance.visitor();
    let answer = visitor.get("/basemap.json").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let etag = answer.headers()[ETAG].to_str().expect("text").to_owned();
    let said: Value = answer.json().await.expect("JSON");
    assert_eq!(said["tilejson"], "3.0.0");
    assert_eq!(said["attribution"], town::ATTRIBUTION);
    assert_eq!(
        (&said["minzoom"], &said["maxzoom"]),
        (&10.into(), &14.into())
    );
    assert!(said["bounds"][0].as_f64().expect("degrees") < town::CENTRE.1);
    assert!(
        said["vector_layers"]
            .as_array()
            .expect("layers")
            .iter()
            .any(|layer| layer["id"] == "transportation")
    );
    let held = visitor
        .request(Method::GET, "/basemap.json")
        .header(IF_NONE_MATCH, &etag);
    assert_eq!(
        held.send().await.expect("an answer").status(),
        StatusCode::NOT_MODIFIED
    );

    let tile = said["tiles"][0].as_str().expect("an address");
    let TileCoord { z, x, y } = town::CORNER;
    let tile = tile
        .replace("{z}", &z.to_string())
        .replace("{x}", &x.to_string())
        .replace("{y}", &y.to_string());
    let kept = packed(&visitor, &tile).await;
    assert_eq!(
        kept.headers()[CACHE_CONTROL],
        "public, max-age=2592000, immutable"
    );
    let other = packed(&visitor, &format!("{}?v=another", address(town::CORNER))).await;
    assert_eq!(other.status(), StatusCode::OK);
    assert_eq!(other.headers()[CACHE_CONTROL], "public, no-cache");

    let page = visitor.get("/").await.text().await.expect("a page");
    assert!(page.contains(" data-basemap=\"/basemap.json\""), "{page}");
    instance.stop().await;
}

#[tokio::test]
async fn where_nothing_is_drawn_is_said_without_a_complaint_and_where_nothing_can_be_is_not_found()
{
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("t.mbtiles");
    town::mbtiles(&path, Faults::default());
    let instance = Instance::with_basemap(&path).await;
    let visitor = instance.visitor();
    for path in [
        "/basemap/14/0/0",
        "/basemap/0/0/0",
        "/basemap/22/4194303/4194303",
    ] {
        let empty = visitor.get(path).await;
        assert_eq!(empty.status(), StatusCode::NO_CONTENT, "{path}");
        assert!(empty.headers().contains_key(ETAG) && empty.headers().contains_key(CACHE_CONTROL));
        assert!(empty.bytes().await.expect("an end").is_empty());
    }
    for path in [
        "/basemap",
        "/basemap/",
        "/basemap/14",
        "/basemap/14/8576",
        "/basemap/14/8576/5248/1",
        "/basemap/14/16384/5248",
        "/basemap/14/8576/16384",
        "/basemap/23/0/0",
        "/basemap/-1/0/0",
        "/basemap/14/8576/5248.pbf",
        "/basemap/z/x/y",
        "/basemap/14/8576/%00",
        "/basemap/14/8576/99999999999999999999",
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let written = visitor
        .request(Method::POST, "/basemap/14/8576/5248")
        .send()
        .await
        .expect("an answer");
    assert_eq!(written.status(), StatusCode::METHOD_NOT_ALLOWED);
    instance.stop().await;
}

#[tokio::test]
async fn without_a_base_map_there_is_none_and_the_page_does_not_ask() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    for path in ["/basemap.json", "/basemap/14/8576/5248"] {
        assert_eq!(
            visitor.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let page = visitor.get("/").await.text().await.expect("a page");
    assert!(!page.contains("basemap"), "{page}");
    instance.stop().await;
}

#[tokio::test]
async fn a_file_that_goes_away_is_unavailable_and_a_new_one_has_another_tag() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("t.pmtiles");
    town::pmtiles(&path, Faults::default());
    let instance = Instance::with_basemap(&path).await;
    let visitor = instance.visitor();
    let tile = address(town::CORNER);
    let before = packed(&visitor, &tile).await.headers()[ETAG].clone();

    let whole = fs::read(&path).expect("it is there");
    fs::write(&path, &whole[..whole.len() / 2]).expect("it is ours");
    for path in [tile.as_str(), "/basemap.json"] {
        let away = packed(&visitor, path).await;
        assert_eq!(away.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(away.headers().contains_key(RETRY_AFTER));
        assert_eq!(away.headers()[CONTENT_TYPE], "application/problem+json");
    }
    // The weave goes on without its ground.
    assert_eq!(visitor.get("/").await.status(), StatusCode::OK);
    assert_eq!(visitor.get("/health/ready").await.status(), StatusCode::OK);

    let fresh = folder.path().join("fresh");
    town::pmtiles(
        &fresh,
        Faults {
            is_without_attribution: true,
            ..Faults::default()
        },
    );
    fs::rename(&fresh, &path).expect("it is replaced");
    let after = loop {
        let answer = visitor
            .request(Method::GET, &tile)
            .header(ACCEPT_ENCODING, "gzip")
            .header(IF_NONE_MATCH, &before);
        let answer = answer.send().await.expect("an answer");
        if answer.status() == StatusCode::OK {
            break answer.headers()[ETAG].clone();
        }
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_ne!(after, before);
    instance.stop().await;
}
