//! The history of a knot: drawn by the server, for browsers with a script and without.

use domain::command::Act;
use domain::id::NodeId;
use domain::page::{Carried, Detail, Page};
use domain::place::Place;
use domain::time::{DAY_MS, FADE_MS};
use domain::weave::{NodeKind, Particulars, ParticularsChange};
use reqwest::StatusCode;
use serde_json::Value;
use store::Clock as _;

use crate::instance::{HERE, Instance, Person};

const HOSTILE: &str = "<script>alert(1)</script> & \"Fest\"";

fn change(node: NodeId, based_on: u32) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    }
}

/// Does it and waits until pages show it.
async fn does(person: &Person<'_>, act: Act) {
    let answer = person.act(act).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let receipt: Value = answer.json().await.expect("a receipt");
    let cursor = receipt["cursor"].as_str().expect("a cursor");
    person.shown(cursor).await;
}

async fn titled(person: &Person<'_>, node: NodeId, based_on: u32, new: &str) {
    let mut act = change(node, based_on);
    if let Act::ChangeNode { title, .. } = &mut act {
        *title = Some(new.to_owned());
    }
    does(person, act).await;
}

async fn document(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.expect("a page")
}

/// What the page's own script asks for: the title, the HTML, and the version that its buttons are about.
async fn served(person: &Person<'_>, path: &str) -> (String, String, u32) {
    let answer = person.get(&format!("/api/page?path={path}&lang=de")).await;
    let page: Page = answer.json().await.expect("a page");
    match page.detail {
        Detail::Served { title, html, node } => (title, html, node.expect("its knot").version),
        other => panic!("{path}: {other:?}"),
    }
}

/// The acts that buttons carry, in their order.
fn carried(html: &str) -> Vec<Carried> {
    let unescape = |text: &str| {
        let quotes = text.replace("&quot;", "\"").replace("&#39;", "'");
        let tags = quotes.replace("&lt;", "<").replace("&gt;", ">");
        tags.replace("&amp;", "&")
    };
    html.split("data-act=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|data| serde_json::from_str(&unescape(data)).expect("an act"))
        .collect()
}

#[tokio::test]
async fn every_version_is_told_with_who_when_and_what_and_words_stay_words() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest im Hof").await;
    let name = "Anna & <Söhne>".to_owned();
    does(&anna, Act::RenameRole { name }).await;
    titled(&anna, node, 1, "Herbstfest im Hof").await;
    titled(&anna, node, 2, HOSTILE).await;
    let mut moved = change(node, 3);
    if let Act::ChangeNode { place, text, .. } = &mut moved {
        let lat = HERE.lat + 10_000;
        *place = Some(Place { lat, ..HERE });
        *text = Some("Am Brunnen, mit Musik".to_owned());
    }
    does(&anna, moved).await;
    let path = format!("/knoten/{node}/verlauf");
    let page = document(&instance.visitor(), &format!("{path}?lang=de")).await;
    for told in [
        "<h2>Fassung 4</h2>",
        "<h2>Fassung 1</h2>",
        "Anna &amp; &lt;Söhne&gt;",
        "<del>Sommerfest</del><ins>Herbstfest</ins><span> im Hof</span>",
        "<ins>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Fest&quot;</ins>",
        "<span>Am </span><del>Brunnen</del><ins>Brunnen, mit Musik</ins>",
        "Um 111\u{a0}m versetzt:",
        "gerade eben",
        "UTC",
        "<title>Verlauf von „&lt;script&gt;",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("<script>alert"), "{page}");
    assert_eq!(page.matches("<h2>Fassung 4</h2>").count(), 1);
    // Guests are told why nothing can be taken back, and are offered nothing.
    assert!(page.contains("Zurücknehmen darf, wer") && !page.contains("data-act"));
    let english = document(&instance.visitor(), &format!("{path}?lang=en")).await;
    assert!(english.contains("<h2>Version 4</h2>") && english.contains("Moved by 111\u{a0}m:"));
    instance.stop().await;
}

#[tokio::test]
async fn its_owner_is_offered_the_way_back_to_every_version_and_others_the_reason_why_not() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    let node = anna.knot("Sommerfest").await;
    titled(&anna, node, 1, "Herbstfest").await;
    titled(&anna, node, 2, "Winterfest").await;
    let path = format!("/knoten/{node}/verlauf");

    let (title, html, version) = served(&anna, &path).await;
    assert_eq!((title.as_str(), version), ("Verlauf von „Winterfest“", 3));
    let offers = carried(&html);
    let titles: Vec<&str> = offers
        .iter()
        .map(|carried| match &carried.act {
            Act::ChangeNode {
                based_on: 3,
                kind: None,
                title: Some(title),
                text: None,
                place: None,
                starts_at: None,
                ..
            } => title.as_str(),
            other => panic!("what differs and nothing else: {other:?}"),
        })
        .collect();
    assert_eq!(titles, ["Herbstfest", "Herbstfest", "Sommerfest"]);
    assert!(html.contains(">Rückgängig</button>"));
    assert_eq!(html.matches(">Auf diesen Stand zurück</button>").count(), 2);
    let panel = format!("/knoten/{node}");
    assert!(
        offers
            .iter()
            .all(|offer| offer.then.as_ref() == Some(&panel))
    );

    let (_, html, _) = served(&ben, &path).await;
    assert!(carried(&html).is_empty(), "{html}");
    assert!(
        html.contains("Knoten anderer kannst du ändern, sobald du mitwebst."),
        "{html}"
    );

    // One tap, and it is as it was; what was offered on an older version is refused.
    does(&anna, offers[0].act.clone()).await;
    let (title, html, version) = served(&anna, &path).await;
    assert_eq!((title.as_str(), version), ("Verlauf von „Herbstfest“", 4));
    assert!(html.contains("Genau so ist er jetzt wieder."), "{html}");
    let late = anna.act(offers[2].act.clone()).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    instance.stop().await;
}

#[tokio::test]
async fn the_document_carries_what_is_drawn_once() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest").await;
    titled(&anna, node, 1, "Herbstfest").await;
    let path = format!("/knoten/{node}/verlauf");
    let page = document(&anna, &format!("{path}?lang=de")).await;
    let (_, data) = page.split_once("id=\"page\">").expect("the page's data");
    let (data, _) = data.split_once("</script>").expect("its end");
    let read: Page = serde_json::from_str(data).expect("a page");
    let Detail::Served { title, html, .. } = read.detail else {
        panic!("{:?}", read.detail)
    };
    assert_eq!(
        (title.as_str(), html.as_str()),
        ("Verlauf von „Herbstfest“", "")
    );
    let (_, drawn, _) = served(&anna, &path).await;
    let begins = drawn.split("gerade eben").next().expect("a beginning");
    assert!(page.contains(begins), "in its place: {page}");
    instance.stop().await;
}

#[tokio::test]
async fn a_long_history_goes_in_pages() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Fest 1").await;
    for n in 1..23 {
        titled(&anna, node, n, &format!("Fest {}", n + 1)).await;
    }
    let path = format!("/knoten/{node}/verlauf");
    let (_, html, _) = served(&anna, &path).await;
    assert!(html.contains("Fassung 23</h2>") && html.contains("Fassung 4</h2>"));
    assert!(!html.contains("Fassung 3</h2>") && !html.contains("Zu den neuesten"));
    let older = format!("{path}/4");
    assert!(html.contains(&format!("href=\"{older}\"")), "{html}");
    let (_, html, _) = served(&anna, &older).await;
    assert!(html.contains("Fassung 3</h2>") && html.contains("Fassung 1</h2>"));
    assert!(!html.contains("Fassung 4</h2>") && !html.contains("Ältere Fassungen"));
    assert!(html.contains("Zu den neuesten"));
    assert_eq!(carried(&html).len(), 3, "each can be come back to");
    assert!(!html.contains("Rückgängig"));
    for path in [
        format!("{path}/1"),
        format!("{path}/0"),
        format!("{path}/x"),
    ] {
        let answer = anna.get(&path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn an_unknown_knot_has_none_and_one_that_came_undone_keeps_its() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let unknown = NodeId(store::testing::id());
    let answer = anna.get(&format!("/knoten/{unknown}/verlauf")).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let page = answer.text().await.expect("a page");
    assert!(page.contains("Diesen Knoten gibt es hier nicht."), "{page}");

    let node = anna.knot("Nur kurz").await;
    titled(&anna, node, 1, "Kürzer").await;
    instance.clock.advance(FADE_MS + DAY_MS);
    let gone = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while anna.get(&format!("/knoten/{node}")).await.status() != StatusCode::GONE {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    gone.await.expect("the timer dissolves it");
    let page = document(&anna, &format!("/knoten/{node}/verlauf?lang=de")).await;
    assert!(
        page.contains("<del>Nur kurz</del><ins>Kürzer</ins>"),
        "{page}"
    );
    assert!(page.contains("hat sich aufgelöst") && !page.contains("data-act"));
    assert!(page.contains("name=\"robots\" content=\"noindex\""));
    instance.stop().await;
}

#[tokio::test]
async fn what_an_event_became_is_told_and_may_be_undone() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = NodeId(store::testing::id());
    let start = instance.clock.now() + DAY_MS;
    let knot = Act::KnotNode {
        node,
        kind: NodeKind::Event,
        title: "Straßenfest".to_owned(),
        text: String::new(),
        place: HERE,
        starts_at: Some(start),
        particulars: Particulars::default(),
    };
    does(&anna, knot).await;
    instance.clock.advance(DAY_MS);
    let mut over = change(node, 1);
    if let Act::ChangeNode { kind, .. } = &mut over {
        *kind = Some(NodeKind::Place);
    }
    does(&anna, over).await;
    let (_, html, _) = served(&anna, &format!("/knoten/{node}/verlauf")).await;
    for told in [
        "<del><span>Ereignis</span></del> <ins><span>Ort</span></ins>",
        "<ins><span>kein Beginn</span></ins>",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
    assert!(
        !carried(&html).is_empty(),
        "it may be that event again: {html}"
    );
    instance.stop().await;
}
