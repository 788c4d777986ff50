//! What others will see of one's place is what they see once it is saved.

use domain::command::Act;
use domain::link::Camera;
use domain::page::Page;
use domain::place::{Place, Radius};
use domain::spool::Placement;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::Value;

use crate::instance::{HERE, Instance, Person};

/// What a form answers that says where one means to be.
async fn sent(person: &Person<'_>, place: Place) -> Response {
    person
        .request(Method::POST, "/ich/vorschau")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("lat={}&lon={}", place.lat, place.lon))
        .send()
        .await
        .expect("an answer")
}

/// The points that the preview shows, by radius, as its links to the map have them.
async fn previewed(person: &Person<'_>) -> Vec<Camera> {
    let page = sent(person, HERE).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let page = page.text().await.expect("a page");
    assert!(page.contains("ist ungefähr"), "{page}");
    let links = page.split("href=\"/?").skip(1);
    let cameras = links.filter_map(|rest| rest.split('"').next()?.parse().ok());
    cameras.collect()
}

#[tokio::test]
async fn what_the_preview_shows_is_what_is_published() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let shown = previewed(&anna).await;
    assert_eq!(shown.len(), Radius::ALL.len());
    for (radius, preview) in Radius::ALL.into_iter().zip(&shown) {
        let reach = f64::from(radius.metres()) + 1.0;
        assert!(preview.centre.distance_m(HERE) <= reach, "{radius:?}");
        let placement = Placement::Radius {
            place: HERE,
            radius,
        };
        let receipt: Value = anna
            .act(Act::PlaceRole { placement })
            .await
            .json()
            .await
            .expect("a receipt");
        anna.shown(receipt["cursor"].as_str().expect("a cursor"))
            .await;
        let page = anna.get("/api/page?path=/ich").await;
        let page: Page = page.json().await.expect("a page");
        let place = page.viewer.me().expect("a role").place.expect("a point");
        let published = Camera {
            centre: place,
            ..*preview
        };
        assert_eq!(published.to_string(), preview.to_string(), "{radius:?}");
    }
    assert_eq!(previewed(&anna).await, shown, "it is stable");
    let ben = instance.role("Ben").await;
    assert_ne!(previewed(&ben).await, shown, "everyone has their own");
    let answer = sent(&instance.visitor(), HERE).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "for nobody but oneself"
    );
    let answer = anna.get("/ich/vorschau").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "it is no address");
    instance.stop().await;
}

#[tokio::test]
async fn who_has_no_role_yet_is_shown_an_example() {
    let instance = Instance::start().await;
    let new = instance.account("neu@weben.test").await;
    let shown = previewed(&new).await;
    assert_eq!(shown.len(), Radius::ALL.len());
    for (radius, preview) in Radius::ALL.into_iter().zip(&shown) {
        let reach = f64::from(radius.metres()) + 1.0;
        assert!(preview.centre.distance_m(HERE) <= reach, "{radius:?}");
        assert_ne!(preview.centre, HERE, "{radius:?}");
    }
    assert_ne!(previewed(&new).await, shown, "it promises no point");
    let page = sent(&new, HERE).await.text().await.expect("a page");
    assert!(page.contains("ausgelost"), "{page}");
    let nowhere = Place {
        lat: 2_000_000_000,
        lon: 0,
    };
    let answer = sent(&new, nowhere).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    instance.stop().await;
}
