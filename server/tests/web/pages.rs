//! Pages as a browser without a script gets them.

use std::io::Read as _;

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HOST, VARY,
};

use crate::instance::Instance;

#[tokio::test]
async fn every_page_reads_without_a_script_in_both_languages() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest <b>im</b> Hof").await;
    let role = anna.role;
    for path in [
        "/".to_owned(),
        format!("/knoten/{node}"),
        format!("/rolle/{role}"),
        "/weben".into(),
        "/ich".into(),
        "/anmelden".into(),
        "/ueber".into(),
    ] {
        for lang in ["de", "en"] {
            let request = anna
                .request(reqwest::Method::GET, &path)
                .header(ACCEPT_LANGUAGE, lang);
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let policy = answer.headers()[CONTENT_SECURITY_POLICY]
                .to_str()
                .expect("text")
                .to_owned();
            assert!(policy.contains("default-src 'none'"), "{policy}");
            let page = answer.text().await.expect("a page");
            assert!(
                page.contains(&format!(" lang=\"{lang}\">")),
                "{path} in {lang}: {page}"
            );
            assert!(!page.contains("<b>im</b>"), "{path}: a title is text");
            assert!(
                !page.contains(" style="),
                "{path}: the policy forbids inline styles"
            );
        }
    }
    let home = anna.get("/").await.text().await.expect("a page");
    assert!(home.contains("Sommerfest"), "the list shows what is near");
    instance.stop().await;
}

#[tokio::test]
async fn beyond_this_machine_without_tls_pages_say_what_is_missing() {
    let instance = Instance::start().await;
    let ask = async |path: &str, lang: &str, host: &str, by: &str| {
        let request = instance.visitor().request(reqwest::Method::GET, path);
        let request = request.header(ACCEPT_LANGUAGE, lang).header(HOST, host);
        let answer = request.header("x-forwarded-proto", by).send().await;
        answer.expect("an answer").text().await.expect("a page")
    };
    let beyond = "192.0.2.2:8080";
    for (path, lang, words) in [
        ("/anmelden", "de", "Unverschlüsselt: Wer im selben Netz"),
        ("/anmelden", "en", "Not encrypted: whoever listens"),
        ("/ich", "de", "Unverschlüsselt: Wer im selben Netz"),
        ("/ueber", "de", "Diese Seite kam unverschlüsselt"),
        ("/ueber", "en", "This page came unencrypted"),
    ] {
        let page = ask(path, lang, beyond, "http").await;
        assert!(page.contains(words), "{path} in {lang}: {page}");
        for (host, by) in [(beyond, "https"), ("127.0.0.1:8080", "http")] {
            let page = ask(path, lang, host, by).await;
            assert!(!page.contains(words), "{path} in {lang} at {host} by {by}");
        }
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_page_about_a_weave_tells_whose_it_is() {
    let unnamed = Instance::start().await;
    let page = unnamed.visitor().get("/ueber?lang=de").await.text().await;
    assert!(page.expect("a page").contains("ist noch nicht eingetragen"));
    unnamed.stop().await;
    let named = Instance::with(|options| options.host = Some("Hof & Gasse <Anna>".into())).await;
    let visitor = named.visitor();
    let page = visitor.get("/ueber").await.text().await.expect("a page");
    for said in [
        "Hof &amp; Gasse &lt;Anna&gt;",
        env!("CARGO_PKG_VERSION"),
        "/weltgewebe-source.tar.gz",
        "/NOTICE.txt",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    named.stop().await;
}

#[tokio::test]
async fn what_is_not_there_says_so_with_its_status() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    for path in [
        "/knoten/0199aaaa-0000-7000-8000-000000000001",
        "/rolle/unsinn",
        "/nirgends",
    ] {
        assert_eq!(
            visitor.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for path in ["/pkg/nichts.js", "/site.json", "/../Cargo.toml"] {
        assert_eq!(
            visitor.get(path).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    instance.stop().await;
}

#[tokio::test]
async fn a_knot_that_came_undone_says_so_by_direct_link() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Nur kurz").await;
    instance.clock.advance(domain::time::FADE_MS + 1);
    let path = format!("/knoten/{node}");
    let gone = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        loop {
            let answer = anna.get(&path).await;
            if answer.status() == StatusCode::GONE {
                return answer.text().await.expect("a page");
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    assert!(
        gone.await
            .expect("the timer dissolves it")
            .contains("Nur kurz")
    );
    let types: Vec<String> = crate::instance::events(&instance)
        .await
        .iter()
        .map(|event| {
            event["payload"]["type"]
                .as_str()
                .expect("a type")
                .to_owned()
        })
        .filter(|name| name != "RolleRegistriert")
        .collect();
    assert_eq!(types.len(), 3, "{types:?}");
    for name in ["KnotenGeknuepft", "FadenVerfallen", "KnotenAufgeloest"] {
        assert!(
            types.iter().any(|known| known == name),
            "{name} in {types:?}"
        );
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_map_begins_at_the_communitys_centre() {
    let instance = Instance::with(|options| {
        options.centre = Some("@48.41,15.61,14.5".parse().expect("a view"));
    })
    .await;
    let page = instance.visitor().get("/api/page?path=/").await;
    let page: serde_json::Value = page.json().await.expect("JSON");
    assert_eq!(page["camera"]["zoom_centi"], 1450);
    assert_eq!(page["camera"]["centre"]["lat"], 484_100_000);
    instance.stop().await;
}

#[tokio::test]
async fn pages_and_their_data_go_packed_to_whoever_takes_it_and_what_has_a_tag_does_not() {
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    for (path, is_packed) in [
        ("/", true),
        ("/api/page?path=/ich", false),
        ("/icon.svg", false),
    ] {
        let ask = async |accept: &'static str| {
            let request = visitor.request(reqwest::Method::GET, path);
            let request = request.header(ACCEPT_ENCODING, accept);
            request.send().await.expect("an answer")
        };
        let plain = ask("identity").await;
        assert!(!plain.headers().contains_key(CONTENT_ENCODING), "{path}");
        let answer = ask("gzip").await;
        let encoding = answer.headers().get(CONTENT_ENCODING).cloned();
        assert_eq!(encoding.is_some(), is_packed, "{path}: {encoding:?}");
        if !is_packed {
            continue;
        }
        assert_eq!(answer.headers()[VARY], "accept-encoding");
        let bytes = answer.bytes().await.expect("bytes");
        let mut page = String::new();
        let read = flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut page);
        assert!(
            read.is_ok() && page.ends_with("</html>"),
            "{path}: {read:?}"
        );
        assert!(
            page.len() > 3 * bytes.len(),
            "{} of {}",
            bytes.len(),
            page.len()
        );
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_page_carries_its_style_under_the_nonce_of_its_policy() {
    let instance = Instance::start().await;
    let answer = instance.visitor().get("/").await;
    let policy = answer.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .expect("text")
        .to_owned();
    let page = answer.text().await.expect("a page");
    let nonce = page
        .split_once("<style nonce=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let nonce = nonce.expect("its style").0;
    assert!(
        policy.contains(&format!("style-src 'self' 'nonce-{nonce}'")),
        "{policy}"
    );
    assert!(
        !page.contains("rel=\"stylesheet\""),
        "nothing holds up the first paint"
    );
    instance.stop().await;
}

#[tokio::test]
async fn files_ask_for_no_session() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    instance.database.refuse_connections().await;
    assert_eq!(anna.get("/icon.svg").await.status(), StatusCode::OK);
    let page = anna.get("/").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    instance.database.accept_connections().await;
    instance.stop().await;
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_words_to_people_and_as_a_problem_to_programs() {
    const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
    let instance = Instance::start().await;
    let visitor = instance.visitor();
    let ask = async |path: &str, accept: &str, lang: &str| {
        visitor
            .request(reqwest::Method::GET, path)
            .header(reqwest::header::ACCEPT, accept)
            .header(ACCEPT_LANGUAGE, lang)
            .send()
            .await
            .expect("an answer")
    };
    let kind = |answer: &reqwest::Response| answer.headers()["content-type"].clone();
    instance.database.refuse_connections().await;
    for (lang, title) in [
        ("de", "Gerade nicht bereit."),
        ("en", "Not ready just now."),
    ] {
        let answer = ask("/?@48.41,15.61,15", BROWSER, lang).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key("retry-after"));
        assert_eq!(kind(&answer), "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(answer.headers().contains_key("content-security-policy"));
        let page = answer.text().await.expect("a page");
        assert!(page.contains(title), "{page}");
        assert!(page.contains("href=\"/?@48.41,15.61,15\""), "{page}");
    }
    let elsewhere = ask("//example.org/", BROWSER, "de").await;
    let page = elsewhere.text().await.expect("a page");
    assert!(page.contains("Gerade nicht bereit.") && !page.contains("href=\"//"));
    for (path, accept) in [
        ("/", "*/*"),
        ("/", "application/json, text/html;q=0.5"),
        ("/api/page?path=/", BROWSER),
    ] {
        let answer = ask(path, accept, "de").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(kind(&answer), "application/problem+json", "{path} {accept}");
    }
    instance.database.accept_connections().await;
    let old = ask("/postfach?token=von-gestern", BROWSER, "de").await;
    assert_eq!(old.status(), StatusCode::NOT_FOUND);
    let page = old.text().await.expect("a page");
    assert!(page.contains("oder sie gilt nicht mehr.") && page.contains("href=\"/\""));
    instance.stop().await;
}
