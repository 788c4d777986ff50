//! Pictures by plain forms: brought, shown, removed and brought back, with a script and without.

use std::io::Cursor;

use domain::command::Act;
use domain::id::NodeId;
use domain::page::{Detail, Page};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::instance::{Instance, Person, events};

pub(crate) const BOUNDARY: &str = "----weben";

/// A form with a file, as browsers send it.
pub(crate) fn form(file: &[u8], alt: Option<&str>) -> Vec<u8> {
    let mut body = Vec::new();
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"bild\"; filename=\"x.svg.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    body.extend(head.as_bytes());
    body.extend(file);
    if let Some(alt) = alt {
        let part = format!(
            "\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\n{alt}"
        );
        body.extend(part.as_bytes());
    }
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub(crate) async fn send(person: &Person<'_>, path: &str, body: Vec<u8>) -> Response {
    person
        .request(Method::POST, path)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(body)
        .send()
        .await
        .expect("an answer")
}

pub(crate) fn pictures_of(node: NodeId) -> String {
    format!("/knoten/{node}/bilder")
}

/// Where a form leads.
pub(crate) fn leads(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned()
}

/// The page that a form leads to.
pub(crate) async fn follow(person: &Person<'_>, answer: &Response) -> String {
    let page = person.get(&leads(answer)).await;
    assert_eq!(page.status(), StatusCode::OK);
    page.text().await.expect("a page")
}

/// A PNG with something in it.
pub(crate) fn some_picture() -> Vec<u8> {
    let shades = |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]);
    let mut file = Cursor::new(Vec::new());
    image::RgbImage::from_fn(240, 160, shades)
        .write_to(&mut file, image::ImageFormat::Png)
        .expect("it is written");
    file.into_inner()
}

/// The addresses of pictures in a page.
pub(crate) fn small_ones(page: &str) -> Vec<&str> {
    let sources = page.split("src=\"").skip(1);
    let sources = sources.filter_map(|rest| rest.split('"').next());
    sources
        .filter(|source| source.starts_with("/bilder/"))
        .collect()
}

#[tokio::test]
async fn a_picture_is_brought_by_a_plain_form_and_shown_at_its_knot() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Hochbeet").await;
    let png = some_picture();
    let page = anna
        .get(&pictures_of(node))
        .await
        .text()
        .await
        .expect("a page");
    assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("type=\"file\""));
    let answer = send(
        &anna,
        &pictures_of(node),
        form(&png, Some(" Ein <b>Beet</b> ")),
    )
    .await;
    assert_eq!(leads(&answer), format!("{}?bild=da", pictures_of(node)));
    let page = follow(&anna, &answer).await;
    assert!(page.contains("Das Bild ist da."), "{page}");
    let small = small_ones(&page)[0].to_owned();
    let knot = instance.visitor().get(&format!("/knoten/{node}")).await;
    let knot = knot.text().await.expect("a page");
    assert_eq!(small_ones(&knot)[0], small, "everyone sees it at the knot");
    assert!(knot.contains("alt=\"Ein &lt;b&gt;Beet&lt;/b&gt;\""));
    assert!(knot.contains("width=\"160\" height=\"160\" loading=\"lazy\""));

    for path in [&*small, small.trim_end_matches("/klein")] {
        let file = instance.visitor().get(path).await;
        assert_eq!(file.status(), StatusCode::OK);
        let headers = file.headers().clone();
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        // Nobody keeps it for others, or for long after it was removed.
        assert_eq!(headers["cache-control"], "private, max-age=3600");
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; sandbox"
        );
        let bytes = file.bytes().await.expect("a file");
        assert!(bytes.starts_with(b"\xff\xd8\xff"), "a JPEG");
        let held = instance.visitor().request(Method::GET, path);
        let held = held.header("if-none-match", &headers["etag"]).send().await;
        assert_eq!(held.expect("an answer").status(), StatusCode::NOT_MODIFIED);
    }
    for path in [
        "/bilder/unsinn",
        "/bilder/0199aaaa-0000-8000-8000-000000000001/klein",
    ] {
        assert_eq!(anna.get(path).await.status(), StatusCode::NOT_FOUND);
    }
    let log = events(&instance).await;
    let types: Vec<&str> = log
        .iter()
        .filter_map(|event| event["payload"]["type"].as_str())
        .collect();
    assert!(types.contains(&"BildHinzugefuegt"), "{types:?}");

    // Twice is once, and a tap on the button removes it.
    let again = send(&anna, &pictures_of(node), form(&png, None)).await;
    assert!(
        follow(&anna, &again)
            .await
            .contains("Dieses Bild ist schon da.")
    );
    let id = small
        .trim_start_matches("/bilder/")
        .trim_end_matches("/klein");
    let gone = send(
        &anna,
        &format!("{}/{id}/entfernen", pictures_of(node)),
        Vec::new(),
    )
    .await;
    let page = follow(&anna, &gone).await;
    assert!(page.contains("Das Bild ist entfernt.") && small_ones(&page).is_empty());
    instance.stop().await;
}

#[tokio::test]
async fn the_history_tells_of_pictures_and_brings_them_back() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Hochbeet").await;
    let png = some_picture();
    let page = follow(
        &anna,
        &send(&anna, &pictures_of(node), form(&png, None)).await,
    )
    .await;
    let id = small_ones(&page)[0]
        .trim_start_matches("/bilder/")
        .trim_end_matches("/klein")
        .to_owned();
    let remove = format!("{}/{id}/entfernen", pictures_of(node));
    follow(&anna, &send(&anna, &remove, Vec::new()).await).await;
    let history = anna.get(&format!("/knoten/{node}/verlauf")).await;
    let history = history.text().await.expect("a page");
    for told in [
        "<dt>Bild</dt><dd>hinzugefügt",
        "<dt>Bild</dt><dd>entfernt",
        ">Wieder zeigen</button>",
    ] {
        assert!(history.contains(told), "{told}: {history}");
    }
    let act = Act::AddPicture {
        node,
        picture: id.parse().expect("an id"),
        alt: None,
    };
    let receipt: Value = anna.act(act).await.json().await.expect("a receipt");
    anna.shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
    let page = anna.get(&format!("/api/page?path=/knoten/{node}")).await;
    let page: Page = page.json().await.expect("a page");
    let Detail::Node { node: row, .. } = page.detail else {
        panic!("a knot")
    };
    assert_eq!((row.pictures.len(), row.version), (1, 4));
    instance.stop().await;
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused_in_words_and_nothing_is_kept() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Hochbeet").await;
    let png = some_picture();
    let cut = &png[..png.len() / 2];
    let wide = {
        // One line of it, so that it is quickly made; it says how wide it is.
        let mut file = Cursor::new(Vec::new());
        let line = image::GrayImage::new(20_000, 1);
        line.write_to(&mut file, image::ImageFormat::Png)
            .expect("it is written");
        file.into_inner()
    };
    let large = vec![0xff; 10 * 1000 * 1000 + 1];
    for (file, german, english) in [
        (
            &b"<script>alert(1)</script>"[..],
            "Das ist kein Bild",
            "This is no picture",
        ),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "Das ist kein Bild",
            "This is no picture",
        ),
        (
            b"GIF89a\xff\xff\xff\xff",
            "Das ist kein Bild",
            "This is no picture",
        ),
        (b"", "noch kein Bild ausgewählt", "not chosen a picture"),
        (&wide, "zu viele Bildpunkte", "too many pixels"),
        (cut, "ist beschädigt", "is damaged"),
        (&large, "mehr als 10 MB", "more than 10 MB"),
    ] {
        let answer = send(&anna, &pictures_of(node), form(file, None)).await;
        for (lang, told) in [("de", german), ("en", english)] {
            let page = anna.get(&format!("{}&lang={lang}", leads(&answer))).await;
            let page = page.text().await.expect("a page");
            assert!(page.contains(told), "{told}: {}", leads(&answer));
        }
    }
    let broken = send(&anna, &pictures_of(node), b"--nonsense".to_vec()).await;
    assert!(leads(&broken).contains("?bild=kaputt"));
    let log = events(&instance).await;
    assert!(
        log.iter()
            .all(|event| event["payload"]["type"] != "BildHinzugefuegt")
    );
    instance.stop().await;
}

#[tokio::test]
async fn who_may_not_change_a_knot_shows_no_picture_there_and_is_told_why() {
    let instance = Instance::start().await;
    let (anna, ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let node = anna.knot("Hochbeet").await;
    let png = some_picture();
    let page = ben
        .get(&pictures_of(node))
        .await
        .text()
        .await
        .expect("a page");
    assert!(
        !page.contains("type=\"file\""),
        "no form that would only say no"
    );
    let answer = send(&ben, &pictures_of(node), form(&png, None)).await;
    let page = follow(&ben, &answer).await;
    assert!(
        page.contains("role=\"alert\"") && small_ones(&page).is_empty(),
        "{page}"
    );
    let visitor = instance.visitor();
    let answer = send(&visitor, &pictures_of(node), form(&png, None)).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = visitor
        .get(&pictures_of(node))
        .await
        .text()
        .await
        .expect("a page");
    assert!(page.contains("href=\"/anmelden\""));
    let foreign = anna.request(Method::POST, &pictures_of(node));
    let foreign = foreign.header("origin", "http://boese.test").send().await;
    assert_eq!(foreign.expect("an answer").status(), StatusCode::FORBIDDEN);
    let missing = "/knoten/0199aaaa-0000-7000-8000-000000000001/bilder";
    assert_eq!(anna.get(missing).await.status(), StatusCode::NOT_FOUND);
    instance.stop().await;
}

#[tokio::test]
async fn ones_own_picture_is_on_ones_page_until_it_is_removed() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let png = some_picture();
    let answer = send(&anna, "/ich/bild", form(&png, None)).await;
    assert_eq!(leads(&answer), "/ich/bild?bild=da");
    let page = follow(&anna, &answer).await;
    let small = small_ones(&page)[0].to_owned();
    let public = instance
        .visitor()
        .get(&format!("/rolle/{}", anna.role))
        .await;
    let public = public.text().await.expect("a page");
    assert_eq!(small_ones(&public)[0], small, "{public}");
    let file = instance.visitor().get(&small).await;
    assert_eq!(file.headers()["content-type"], "image/jpeg");
    let gone = send(&anna, "/ich/bild/entfernen", Vec::new()).await;
    let page = follow(&anna, &gone).await;
    assert!(page.contains("Dein Bild ist entfernt.") && small_ones(&page).is_empty());
    instance.stop().await;
}

#[tokio::test]
async fn what_became_of_a_form_is_told_as_long_as_its_panel_is_open_and_a_description_is_typed_once()
 {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Hochbeet").await;
    let said = "Das Beet im Mai & <danach>";
    let answer = send(&anna, &pictures_of(node), form(b"kein Bild", Some(said))).await;
    let kept = "value=\"Das Beet im Mai &amp; &lt;danach&gt;\"";
    let refused = follow(&anna, &answer).await;
    assert!(
        refused.contains("Das ist kein Bild") && refused.contains(kept),
        "{refused}"
    );
    // As the page's own script asks for it, when somebody comes back to the tab.
    let served = async |query: &str| {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let path = format!("/api/page?path={}&lang=de&mit={query}", pictures_of(node));
        let page: Page = anna.get(&path).await.json().await.expect("a page");
        match page.detail {
            Detail::Served { html, .. } => html,
            other => panic!("{other:?}"),
        }
    };
    let query = leads(&answer);
    let again = served(query.split_once('?').map_or("", |(_, query)| query)).await;
    assert!(
        again.contains("Das ist kein Bild") && again.contains(kept),
        "{again}"
    );
    assert!(refused.contains(&again), "it is the same to the letter");
    assert!(!served("").await.contains("Das ist kein Bild"));
    // What is taken takes its description with it.
    let answer = send(&anna, &pictures_of(node), form(&some_picture(), Some(said))).await;
    assert_eq!(leads(&answer), format!("{}?bild=da", pictures_of(node)));
    assert!(!follow(&anna, &answer).await.contains(kept));
    instance.stop().await;
}
