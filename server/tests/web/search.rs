//! Searching over HTTP: for other clients, and for browsers without a script.

use domain::command::Act;
use domain::problem::Problem;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::instance::{HERE, Instance, Person};

async fn woven(instance: &Instance) -> Person<'_> {
    let anna = instance.role("Anna").await;
    for title in ["Fahrräder reparieren", "Alte Räder & Felgen"] {
        anna.knot(title).await;
    }
    let describe = Act::DescribeRole {
        about: None,
        goods: None,
        skills: Some(vec!["Fahrradkurier".to_owned()]),
        languages: None,
    };
    let receipt: Value = anna.act(describe).await.json().await.expect("a receipt");
    anna.shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
    anna
}

async fn hits(person: &Person<'_>, query: &str) -> Vec<Value> {
    let answer = person.get(&format!("/api/search?{query}")).await;
    assert_eq!(answer.status(), StatusCode::OK, "{query}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let found: Value = answer.json().await.expect("JSON");
    found["hits"].as_array().expect("hits").clone()
}

#[tokio::test]
async fn everyone_finds_knots_and_roles_with_distances_from_where_they_look() {
    let instance = Instance::start().await;
    woven(&instance).await;
    let visitor = instance.visitor();
    let here = format!("@{},{},15", HERE.lat_degrees(), HERE.lon_degrees());
    let found = hits(&visitor, &format!("q=fahrrad&order=distance&view={here}")).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0]["of"]["is"], "node");
    assert_eq!(found[0]["title"], "Fahrräder reparieren");
    assert_eq!(found[0]["distance_m"], 0);
    assert_eq!(found[1]["of"]["is"], "role");
    assert_eq!(found[1]["title"], "Anna");
    assert_eq!(found[1]["excerpt"], "Fahrradkurier");
    assert!(found[1]["distance_m"].is_null(), "a hidden role: {found:?}");
    let far = hits(&visitor, "q=fahrrad&view=@0,0,3").await;
    assert!(far[0]["distance_m"].as_u64() > Some(4_000_000), "{far:?}");
    assert_eq!(hits(&visitor, "q=%F0%9F%A7%B5").await, [] as [Value; 0]);
    assert_eq!(hits(&visitor, "q=").await, [] as [Value; 0]);
    instance.stop().await;
}

#[tokio::test]
async fn a_question_that_is_none_is_told_so() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    let long = "a".repeat(10_000);
    for (query, status, kind) in [
        (format!("q={long}"), 413, "too-large"),
        (format!("q={}", "%C3%A4".repeat(101)), 413, "too-large"),
        (String::new(), 400, "malformed"),
        ("q=a&order=best".to_owned(), 400, "malformed"),
        ("q=a&view=hier".to_owned(), 400, "malformed"),
    ] {
        let answer = visitor.get(&format!("/api/search?{query}")).await;
        assert_eq!(answer.status().as_u16(), status, "{query}");
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["type"], format!("urn:weltgewebe:{kind}"), "{query}");
    }
    let most = format!("/api/search?q={}", "%C3%A4".repeat(100));
    assert_eq!(visitor.get(&most).await.status(), StatusCode::OK);
    instance.stop().await;
}

#[tokio::test]
async fn who_asks_without_end_is_told_to_wait_on_pages_too() {
    let instance = Instance::with_limit_factor(1).await;
    let visitor = instance.visitor();
    // At once, so that a slow machine asks faster than shares grow.
    let met = async || {
        for _ in 0..100 {
            let round = (0..8).map(|_| visitor.get("/api/search?q=a"));
            let answers = futures::future::join_all(round).await;
            let refused = |answer: &Response| answer.status() != StatusCode::OK;
            if let Some(refused) = answers.into_iter().find(refused) {
                return refused;
            }
        }
        panic!("there is a limit");
    };
    // A share comes back within a fifth of a second: who took longer to ask asks once more.
    let asked = async |path: &str, is_refused: fn(&str) -> bool| {
        for _ in 0..20 {
            met().await;
            let answer = visitor.get(path).await;
            let status = answer.status();
            let text = answer.text().await.expect("a page");
            if is_refused(&text) {
                return (status, text);
            }
        }
        panic!("{path} has the same limit");
    };
    let answer = met().await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Problem = answer.json().await.expect("a problem");
    assert!(problem.retry_after_s.is_some());
    // A page comes all the same, with its field and what to do.
    let waits = |page: &str| page.contains("Warte einen Augenblick");
    let (status, page) = asked("/suche?q=Brot&lang=de", waits).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("value=\"Brot\""), "{page}");
    assert!(!page.contains("Nichts gefunden."), "{page}");
    let failed = |data: &str| {
        let data: Value = serde_json::from_str(data).expect("a page's data");
        data["detail"]["is_failed"] == true
    };
    asked("/api/page?path=/suche&q=Brot", failed).await;
    assert_eq!(visitor.get("/suche").await.status(), StatusCode::OK);
    instance.stop().await;
}

#[tokio::test]
async fn without_script_the_page_shows_what_was_found_and_keeps_what_was_asked() {
    let instance = Instance::start().await;
    woven(&instance).await;
    let visitor = instance.visitor();
    let html = async |path: &str| {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a page")
    };
    // As the page's own form sends it.
    let page =
        html("/suche?q=R%C3%A4der+%26+Felgen&%4048.41%2C15.61%2C15.00=&nach=entfernung&lang=de")
            .await;
    assert!(page.contains("Alte Räder &amp; Felgen"), "{page}");
    assert!(page.contains("value=\"Räder &amp; Felgen\""), "{page}");
    assert!(page.contains("1 Treffer") && page.contains("noindex"));
    assert!(page.contains("name=\"@48.41000,15.61000,15.00\""), "{page}");
    let none = html("/suche?q=Xylophon&lang=de").await;
    assert!(none.contains("Nichts gefunden."), "{none}");
    let long = html(&format!("/suche?q={}&lang=de", "a".repeat(10_000))).await;
    assert!(long.contains(&format!("value=\"{}\"", "a".repeat(100))));
    let data = visitor
        .get("/api/page?path=/suche&q=felgen&nach=entfernung")
        .await;
    let data: Value = data.json().await.expect("a page");
    assert_eq!(data["detail"]["detail"], "search");
    assert_eq!(data["detail"]["search"]["order"], "distance");
    assert_eq!(data["detail"]["hits"][0]["title"], "Alte Räder & Felgen");
    instance.stop().await;
}
