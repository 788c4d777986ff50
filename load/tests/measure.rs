//! Every figure of docs/performance.md can be measured: in short form, whose times nobody believes.

use load::house::built;
use load::measure::{Extent, measure};
use load::random;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_measured() {
    let seed = random::seed().expect("randomness");
    let figures = measure(&built(), (Extent::SHORT, &[]), seed, &|_| {})
        .await
        .expect("all of it");
    let all: Vec<&str> = figures.iter().map(|it| it.what.as_str()).collect();
    for wanted in [
        "first start",
        "later start",
        "idle",
        "one idle socket",
        "8 writers",
        "50/s at fixed moments",
        "being readable",
        "state of a room",
        "rebuild",
        "search among",
        "a knot opens",
        "a knot's document",
        "newest page",
        "back to its first message",
    ] {
        assert!(
            all.iter().any(|it| it.contains(wanted)),
            "{wanted}: {all:?}"
        );
    }
    for figure in &figures {
        let told = &figure.reached;
        assert!(
            !told.contains("findings") || told.contains(" 0 findings"),
            "{figure:?}"
        );
    }
}
