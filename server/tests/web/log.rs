//! The public log and the description of the API.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::instance::{Instance, events};

#[tokio::test]
async fn the_log_is_read_page_by_page_to_its_end() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    for n in 0..7 {
        anna.knot(&format!("Knoten {n}")).await;
    }
    let visitor = instance.visitor();
    let (mut after, mut ids) = (String::new(), Vec::new());
    loop {
        let page = visitor
            .get(&format!("/api/events?limit=3{after}"))
            .await
            .text()
            .await
            .expect("text");
        if page.is_empty() {
            break;
        }
        for line in page.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            ids.push(line["id"].as_i64().expect("an id"));
            after = format!("&after={}", line["cursor"].as_str().expect("a cursor"));
        }
    }
    assert_eq!(ids, (1..=8).collect::<Vec<_>>());
    for bad in ["unsinn", "00000000000000000000000000000007.1.1", "&limit=x"] {
        let answer = visitor.get(&format!("/api/events?after={bad}")).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{bad}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{bad}"
        );
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_log_says_nothing_about_where_a_role_is() {
    use domain::command::Act;
    use domain::place::{Place, Radius};
    use domain::spool::Placement;
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let place = Place {
        lat: 484_123_456,
        lon: 156_654_321,
    };
    for placement in [
        Placement::Exact { place },
        Placement::Radius {
            place,
            radius: Radius::M500,
        },
        Placement::Hidden,
    ] {
        assert_eq!(
            anna.act(Act::PlaceRole { placement }).await.status(),
            StatusCode::OK
        );
    }
    let log = serde_json::to_string(&events(&instance).await).expect("JSON");
    assert!(log.contains("RollePlatziert"));
    assert!(
        !log.contains("484123456") && !log.contains("48.4123"),
        "{log}"
    );
    instance.stop().await;
}

#[tokio::test]
async fn the_api_is_described() {
    let instance = Instance::start().await;
    let text = instance
        .visitor()
        .get("/api/openapi.json")
        .await
        .text()
        .await
        .expect("text");
    let description: Value = serde_json::from_str(&text).expect("JSON");
    insta::assert_json_snapshot!("openapi", description);
    instance.stop().await;
}

#[tokio::test]
async fn health_names_what_the_product_stands_on() {
    let instance = Instance::start().await;
    let healthy = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let ready = instance.visitor().get("/health/ready").await;
            let ready: Value = ready.json().await.expect("JSON");
            // The bus is degraded until it has been heard of for the first time.
            if ready["status"] == "ok" {
                return ready;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let ready = healthy.await.expect("all is well in the end");
    assert_eq!(ready["postgresql"]["status"], "ok");
    assert_eq!(ready["redis"]["status"], "ok");
    instance.stop().await;
}
