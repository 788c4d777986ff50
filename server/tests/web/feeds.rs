//! What caches on the way may keep of feeds, and what a page is worth without its count of news.

use domain::page::Page;
use reqwest::StatusCode;

use crate::instance::Instance;

const BOX: &str = "15.60,48.40,15.62,48.42";

#[tokio::test]
async fn only_addresses_that_whoever_runs_this_has_said_are_kept_for_others() {
    for (public_url, kept) in [
        (None, "private, max-age=300"),
        (Some("https://weben.example.org"), "public, max-age=300"),
    ] {
        let instance = Instance::with(|options| {
            options.letters.public_url = public_url.map(str::to_owned);
        })
        .await;
        for path in ["feed.atom", "feed.ics"] {
            let reader = instance.visitor();
            let answer = reader.get(&format!("/{path}?box={BOX}")).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers()["cache-control"], kept, "{path}");
        }
        instance.stop().await;
    }
}

#[tokio::test]
async fn a_page_does_not_fail_with_the_count_of_what_is_new() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    instance.database.lose_areas().await;
    let page = anna.get("/api/page?path=/ich").await;
    assert_eq!(page.status(), StatusCode::OK);
    let page: Page = page.json().await.expect("a page");
    assert_eq!(page.news, 0);
    instance.stop().await;
}
