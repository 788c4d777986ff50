//! What people write is Markdown: pages show it written out, hostile or not, and everything that has no room for signs shows none.

use domain::command::Act;
use domain::id::NodeId;
use domain::page::{Detail, Page};
use domain::weave::{NodeKind, Particulars};
use reqwest::StatusCode;
use serde_json::Value;
use store::Clock as _;

use crate::instance::{HERE, Instance, Person};

const TEXT: &str = "# Wann\n\nJeden **Freitag**, siehe [Plan](https://weben.example.org/plan).\n\n- Brot\n- Salz\n\n<img src=x onerror=alert(1)> [klick](javascript:alert(2))";

async fn knot(person: &Person<'_>, kind: NodeKind, text: &str) -> NodeId {
    let node = NodeId(store::testing::id());
    let starts_at =
        (kind == NodeKind::Event).then(|| store::SystemClock.now() + domain::time::DAY_MS);
    let answer = person
        .act(Act::KnotNode {
            node,
            kind,
            title: "Zwetschkenmus kochen".to_owned(),
            text: text.to_owned(),
            place: HERE,
            starts_at,
            particulars: Particulars::default(),
        })
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let receipt: Value = answer.json().await.expect("a receipt");
    person
        .shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
    node
}

async fn body(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await;
    answer.text().await.expect("a body")
}

#[tokio::test]
async fn a_page_shows_what_is_marked_up_once_and_nothing_of_it_runs() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = knot(&anna, NodeKind::Idea, TEXT).await;
    let path = format!("/knoten/{node}");
    let document = body(&instance.visitor(), &path).await;
    let html = "<h2>Wann</h2><p>Jeden <strong>Freitag</strong>, siehe \
                <a href=\"https://weben.example.org/plan\" rel=\"nofollow noopener ugc\">Plan</a>.</p>\
                <ul><li>Brot</li><li>Salz</li></ul>\
                <p>&lt;img src=x onerror=alert(1)&gt; [klick](javascript:alert(2))</p>";
    assert!(document.contains(html), "{document}");
    assert!(!document.contains("<img src=x"));
    assert_eq!(
        document.matches("<h2>Wann</h2>").count(),
        1,
        "not in the data too"
    );
    let answer = body(&anna, &format!("/api/page?path={path}")).await;
    let page: Page = serde_json::from_str(&answer).expect("a page");
    match page.detail {
        Detail::Node { prose, node, .. } => assert_eq!((&*prose, &*node.text), (html, TEXT)),
        other => panic!("{other:?}"),
    }
    // Who changes it sees what was written.
    let change = body(&anna, &format!("/api/page?path={path}/aendern")).await;
    assert!(!change.contains("<h2>Wann"), "{change}");
    instance.stop().await;
}

#[tokio::test]
async fn what_is_not_marked_up_stays_as_it_is_and_weighs_nothing_more() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = knot(&anna, NodeKind::Idea, "Freitags um vier.\nJede Hand hilft.").await;
    let answer = body(&anna, &format!("/api/page?path=/knoten/{node}")).await;
    assert!(!answer.contains("\"prose\""), "{answer}");
    let document = body(&anna, &format!("/knoten/{node}")).await;
    assert!(document.contains("<p class=\"prose\">Freitags um vier.\nJede Hand hilft.</p>"));
    instance.stop().await;
}

#[tokio::test]
async fn previews_excerpts_and_calendars_have_no_signs() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = knot(&anna, NodeKind::Event, TEXT).await;
    let document = body(&anna, &format!("/knoten/{node}?lang=de")).await;
    let description = document
        .split("property=\"og:description\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a description");
    assert!(
        description.contains("Wann Jeden Freitag, siehe Plan"),
        "{description}"
    );
    assert!(
        !description.contains("**") && !description.contains("# "),
        "{description}"
    );
    let file = body(&anna, &format!("/knoten/{node}/termin.ics")).await;
    let file = file.replace("\r\n ", "");
    let said = "DESCRIPTION:Wann\\n\\nJeden Freitag\\, siehe Plan (https://weben.example.org/plan).\\n\\n– Brot\\n– Salz\\n\\n";
    assert!(file.contains(said), "{file}");
    let found = body(&anna, "/api/search?q=Freitag").await;
    let found: Value = serde_json::from_str(&found).expect("what is found");
    let excerpt = found["hits"][0]["excerpt"].as_str().expect("an excerpt");
    assert!(excerpt.starts_with("Wann Jeden Freitag"), "{excerpt}");
    instance.stop().await;
}
