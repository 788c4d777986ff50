//! What those get who show a link: tags, pictures, the page to share.

use domain::command::Act;
use domain::id::ThreadId;
use domain::place::Radius;
use domain::spool::Placement;
use domain::time::FADE_MS;
use domain::weave::ThreadKind;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST,
    IF_NONE_MATCH,
};

use crate::instance::{HERE, Instance, Person};

/// The content of a tag of a page; none where it has no such.
fn tag(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("=\"{name}\" content=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

async fn page(person: &Person<'_>, path: &str) -> String {
    person.get(path).await.text().await.expect("a page")
}

#[tokio::test]
async fn a_page_says_what_it_is_to_those_who_show_a_link_to_it() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let title = "Äpfel \"für\" <alle> & dich";
    let node = anna.knot(title).await;
    let base = &instance.base;

    let home = page(&anna, "/").await;
    assert_eq!(tag(&home, "og:title").as_deref(), Some("Weltgewebe"));
    assert_eq!(tag(&home, "og:image"), Some(format!("{base}/bild.png")));
    assert!(home.contains(&format!("<link rel=\"canonical\" href=\"{base}/\">")));

    let path = format!("/knoten/{node}");
    for (lang, locale) in [("de", "de_DE"), ("en", "en_GB")] {
        let request = anna.request(reqwest::Method::GET, &path);
        let answer = request.header(ACCEPT_LANGUAGE, lang).send().await;
        let page = answer.expect("an answer").text().await.expect("a page");
        let escaped = "Äpfel &quot;für&quot; &lt;alle&gt; &amp; dich";
        assert_eq!(tag(&page, "og:title").as_deref(), Some(escaped));
        assert_eq!(tag(&page, "og:locale").as_deref(), Some(locale));
        for name in ["og:description", "description"] {
            assert_eq!(tag(&page, name).as_deref(), Some("Am Brunnen"));
        }
        assert_eq!(tag(&page, "og:url"), Some(format!("{base}{path}")));
        assert_eq!(
            tag(&page, "og:image"),
            Some(format!("{base}{path}/bild.png"))
        );
    }
    let role = page(&anna, &format!("/rolle/{}", anna.role)).await;
    assert_eq!(tag(&role, "og:title").as_deref(), Some("Anna"));

    for path in ["/ich", "/anmelden", "/nirgends"] {
        let page = page(&anna, path).await;
        assert_eq!(tag(&page, "robots").as_deref(), Some("noindex"), "{path}");
        assert!(!page.contains("rel=\"canonical\""), "{path}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn who_runs_it_says_how_it_is_reached() {
    let instance = Instance::with(|options| {
        options.letters.public_url = Some("https://weben.example.org".into());
    })
    .await;
    let visitor = instance.visitor();
    for path in ["/", "/teilen"] {
        let request = visitor.request(reqwest::Method::GET, path);
        let answer = request.header(HOST, "evil.example").send().await;
        let page = answer.expect("an answer").text().await.expect("a page");
        assert!(page.contains("https://weben.example.org/"), "{path}");
        assert!(!page.contains("evil.example"), "{path}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn a_knot_has_a_picture_as_long_as_it_holds() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("🎉 مرحبا Fest").await;
    for path in [format!("/knoten/{node}/bild.png"), "/bild.png".into()] {
        let answer = anna.get(&path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()[CONTENT_TYPE], "image/png");
        let cache = answer.headers()[CACHE_CONTROL].to_str().expect("text");
        assert!(cache.contains("max-age="), "{cache}");
        let etag = answer.headers()[ETAG].clone();
        let png = answer.bytes().await.expect("a picture");
        assert_eq!(&png[1..4], b"PNG");
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((side(16), side(20)), (1200, 630));
        let again = anna.get(&path).await.bytes().await.expect("a picture");
        assert_eq!(png, again, "the same rows make the same picture");
        let request = anna.request(reqwest::Method::GET, &path);
        let known = request.header(IF_NONE_MATCH, etag).send().await;
        let known = known.expect("an answer");
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    }
    for path in [
        "/knoten/0199aaaa-0000-7000-8000-000000000001/bild.png",
        "/knoten/unsinn/bild.png",
        "/rolle/unsinn/bild.png",
    ] {
        assert_eq!(
            anna.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }

    instance.clock.advance(FADE_MS + 1);
    let gone = anna.get(&format!("/knoten/{node}/bild.png")).await;
    assert_eq!(gone.status(), StatusCode::GONE);
    let page = page(&anna, &format!("/knoten/{node}")).await;
    assert_eq!(tag(&page, "og:title").as_deref(), Some("Weltgewebe"));
    assert_eq!(tag(&page, "robots").as_deref(), Some("noindex"));
    assert!(!page.contains(&format!("{node}/bild.png")));
    instance.stop().await;
}

#[tokio::test]
async fn a_thread_has_a_page_while_its_knot_holds() {
    let instance = Instance::start().await;
    let (anna, ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let node = anna.knot("Fest im Hof").await;
    let joined = ben.act(Act::join(node)).await;
    let receipt: serde_json::Value = joined.json().await.expect("a receipt");
    ben.shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
    let thread = ThreadId::derive(ben.role, ThreadKind::Join, node);
    let path = format!("/faden/{thread}");
    let shown = page(&anna, &path).await;
    for said in ["Ben", "Fest im Hof", &node.to_string()] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    let status = async |path: &str| anna.get(path).await.status();
    assert_eq!(status(&path).await, StatusCode::OK);
    for nowhere in [
        "/faden/0199aaaa-0000-8000-8000-000000000001",
        "/faden/unsinn",
    ] {
        assert_eq!(status(nowhere).await, StatusCode::NOT_FOUND, "{nowhere}");
    }
    let shared = page(&anna, &format!("/teilen?zu={path}")).await;
    assert!(shared.contains("Ben – Fest im Hof"), "{shared}");

    // What it held has come undone, and with it the address.
    instance.clock.advance(FADE_MS + 1);
    let gone = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while status(&path).await != StatusCode::GONE {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    gone.await.expect("the timer dissolves it");
    instance.stop().await;
}

#[tokio::test]
async fn the_start_has_the_weave_before_any_script() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let empty = page(&anna, "/?@-48.87660,-123.39330,15.00").await;
    assert!(!empty.contains("class=\"first-weave\""), "nothing is there");
    anna.knot("Fest <b>im</b> Hof").await;
    let home = page(&anna, "/").await;
    let (_, drawn) = home.split_once("class=\"first-weave\"").expect("a weave");
    let (drawn, _) = drawn.split_once("</svg>").expect("its end");
    assert!(drawn.contains("Fest &lt;b&gt;im"), "{drawn}");
    assert!(drawn.len() < picture::svg::BYTES_MAX);
    instance.stop().await;
}

#[tokio::test]
async fn who_is_shown_within_a_radius_looks_so_before_any_script() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    anna.knot("Fest").await;
    let place = HERE;
    let within = Placement::Radius {
        place,
        radius: Radius::M250,
    };
    for (placement, circles) in [
        (within, 1),
        (Placement::Exact { place }, 0),
        (Placement::Hidden, 0),
    ] {
        let placed = anna.act(Act::PlaceRole { placement }).await;
        assert_eq!(placed.status(), StatusCode::OK);
        let home = page(&anna, "/").await;
        let drawn = home.matches("<circle class=\"around\"").count();
        assert_eq!(drawn, circles, "{placement:?}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn what_is_open_is_shared_by_link_and_by_code() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Fest <b>im</b> Hof").await;
    let path = format!("/teilen?zu=/knoten/{node}&@48.41,15.61,15.5");
    let answer = anna.get(&path).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()[CONTENT_SECURITY_POLICY].clone();
    let policy = policy.to_str().expect("text");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let page = answer.text().await.expect("a page");
    let address = format!("{}/knoten/{node}?@48.41000,15.61000,15.50", instance.base);
    assert!(page.contains(&format!("value=\"{address}\"")), "{page}");
    assert!(page.contains("Fest &lt;b&gt;im") && page.contains("class=\"code\""));
    assert!(!page.contains(" style="));
    let leaf = anna
        .get(&path.replace("/teilen", "/teilen/blatt.svg"))
        .await;
    assert_eq!(leaf.headers()[CONTENT_TYPE], "image/svg+xml");
    assert!(leaf.text().await.expect("a leaf").contains("<text"));
    let elsewhere = anna.get("/teilen?zu=//evil.example").await;
    let elsewhere = elsewhere.text().await.expect("a page");
    assert!(!elsewhere.contains("evil.example"), "{elsewhere}");
    instance.stop().await;
}
