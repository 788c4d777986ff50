//! The community's page and name, its parlour, and what members have not read.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::page::{Detail, Page};
use domain::weave::Structure;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::door::Door;

use crate::instance::{HERE, Instance, Person, events};

const PATH: &str = "/gemeinschaft";

fn parlour() -> NodeId {
    NodeId::of_structure(Structure::Parlour)
}

/// What the verbs do beside the running product.
async fn door(instance: &Instance) -> Door {
    Door::start(instance.database.store().await)
}

async fn founded(instance: &Instance) {
    let receipt = door(instance)
        .await
        .found(Structure::Parlour, HERE, false)
        .await;
    let cursor = receipt.expect("a parlour").cursor.to_string();
    instance.visitor().shown(&cursor).await;
}

async fn text(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.expect("a page")
}

async fn page(person: &Person<'_>, path: &str) -> Page {
    let answer = person.get(&format!("/api/page?path={path}")).await;
    answer.json().await.expect("a page")
}

async fn say(person: &Person<'_>, node: NodeId, words: &str) -> MessageId {
    // Each in a moment of its own: which conversation comes first is told by time.
    person.instance.clock.advance(1000);
    let message = MessageId(store::testing::id());
    let act = Act::SendMessage {
        message,
        node,
        text: words.to_owned(),
        reply_to: None,
    };
    let receipt: Value = person.act(act).await.json().await.expect("a receipt");
    person
        .shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
    message
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_says_what_the_community_is_and_everyone_reads_it() {
    let instance = Instance::start().await;
    founded(&instance).await;
    let anna = instance.role("Anna").await;
    let visitor = instance.visitor();
    let before = text(&visitor, "/gemeinschaft").await;
    assert!(!before.contains("action=\"/gemeinschaft\""), "{before}");
    let krems = [
        ("name", "Steiner Tor"),
        ("centre", "48.42, 15.60"),
        ("radius", "600"),
    ];
    assert_eq!(
        visitor.fill_in(PATH, &krems).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        anna.fill_in(PATH, &krems).await.status(),
        StatusCode::FORBIDDEN
    );

    anna.becomes_admin().await;
    let form = text(&anna, "/gemeinschaft").await;
    assert!(
        form.contains("name=\"centre\"") && form.contains("method=\"post\""),
        "{form}"
    );
    // What is wrong is said in the form, which keeps what was typed.
    let wrong = anna
        .fill_in(
            PATH,
            &[("name", "Steiner Tor"), ("centre", "Krems"), ("radius", "")],
        )
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.text().await.expect("a page");
    assert!(wrong.contains("value=\"Krems\""), "{wrong}");
    let of_vouches = wrong.split("name=\"needed\"").next().expect("a form");
    let of_vouches = of_vouches.rsplit("<input").next().expect("its field");
    assert!(of_vouches.contains("value=\"2\""), "{of_vouches}");
    let done = anna.fill_in(PATH, &krems).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        anna.fill_in(PATH, &krems).await.status(),
        StatusCode::SEE_OTHER,
        "it is so already"
    );

    let told = text(&visitor, "/gemeinschaft").await;
    assert!(
        told.contains("Steiner Tor") && told.contains("48.42000, 15.60000") && told.contains("600")
    );
    let home = text(&visitor, "/").await;
    assert!(home.contains("<title>Steiner Tor</title>"), "{home}");
    assert!(
        home.contains("<meta property=\"og:site_name\" content=\"Steiner Tor\">"),
        "{home}"
    );
    let manifest: Value =
        serde_json::from_str(&text(&visitor, "/manifest.webmanifest").await).expect("JSON");
    assert_eq!(
        (&manifest["name"], &manifest["short_name"]),
        (&"Steiner Tor".into(), &"Steiner Tor".into())
    );
    // The map begins at its centre, and the parlour has moved there.
    let home = page(&visitor, "/").await;
    assert_eq!(
        home.camera.centre,
        domain::place::Place::from_degrees(48.42, 15.60).expect("a place")
    );
    let Detail::Node { node, .. } = page(&visitor, "/naehstube").await.detail else {
        panic!("the parlour")
    };
    assert_eq!((node.id, node.place), (parlour(), home.camera.centre));
    let log = events(&instance).await;
    let kinds: Vec<&str> = log
        .iter()
        .rev()
        .take(2)
        .filter_map(|event| event["payload"]["type"].as_str())
        .collect();
    assert_eq!(kinds, ["KnotenGeaendert", "GemeinschaftBeschrieben"]);
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_word_of_the_community_all_is_as_it_ever_was() {
    let instance = Instance::start().await;
    founded(&instance).await;
    let visitor = instance.visitor();
    let home = text(&visitor, "/").await;
    assert!(home.contains("<title>Weltgewebe</title>"), "{home}");
    let manifest = visitor.get("/manifest.webmanifest").await;
    assert_eq!(
        manifest.headers()["content-type"],
        "application/manifest+json"
    );
    let manifest: Value = manifest.json().await.expect("JSON");
    assert_eq!(manifest["name"], "Weltgewebe");
    let parlour = text(&visitor, "/naehstube").await;
    assert!(
        parlour.contains("Nähstübchen") && parlour.contains("id=\"gespraech\""),
        "{parlour}"
    );
    // Where nobody has knotted anything, what is there by itself is no way to something.
    let far = visitor.get("/api/page?path=/&view=@10,10,12").await;
    let far: Page = far.json().await.expect("a page");
    assert_eq!((far.near.len(), far.nearest), (0, None));
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_device_has_read_is_read_on_all() {
    let instance = Instance::start().await;
    founded(&instance).await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    let node = anna.knot("Sommerfest").await;
    say(&ben, node, "Ich bringe Brot.").await;
    let newest = say(&ben, node, "Und Salz.").await;
    say(&ben, parlour(), "Guten Morgen!").await;

    let unread = |page: &Page| -> Vec<(NodeId, u32)> {
        page.unread
            .iter()
            .map(|one| (one.node, one.count))
            .collect()
    };
    let seen = page(&anna, "/").await;
    assert_eq!(unread(&seen), [(parlour(), 1), (node, 2)]);
    assert_eq!(page(&instance.visitor(), "/").await.unread, []);
    let home = text(&anna, "/").await;
    assert!(
        home.contains("title=\"3 ungelesene Nachrichten\">3<"),
        "{home}"
    );
    let talk = text(&anna, &format!("/knoten/{node}")).await;
    assert!(
        talk.contains("title=\"2 ungelesene Nachrichten\">2<"),
        "{talk}"
    );

    let cookie = instance.session_cookie("anna@weben.test").await;
    let told: Value = anna
        .post_json("/api/marks/read", &json!({ "message": newest }))
        .await
        .json()
        .await
        .expect("what is left");
    assert_eq!(told["unread"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["news"], 0, "what is unread is counted as that");
    let other = instance.visitor();
    let asked = other
        .request(Method::GET, "/api/marks/read")
        .header("cookie", cookie);
    let elsewhere: Value = asked
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(elsewhere, told);
    assert_eq!(told["unread"][0]["title"], "Nähstübchen");
    // Nothing of it is told to others.
    assert_eq!(page(&ben, "/").await.unread, []);
    assert!(
        events(&instance)
            .await
            .iter()
            .all(|event| !event.to_string().contains("marks"))
    );
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_are_for_members_and_have_a_limit() {
    let instance = Instance::with_limit_factor(1).await;
    let visitor = instance.visitor();
    let mark = json!({ "message": MessageId(store::testing::id()) });
    let refused = visitor.post_json("/api/marks/read", &mark).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let account = instance.account("carl@weben.test").await;
    let refused = account.get("/api/marks/read").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let anna = instance.role("Anna").await;
    let nothing = anna.post_json("/api/marks/read", &mark).await;
    assert_eq!(
        nothing.status(),
        StatusCode::OK,
        "a message that there is not says nothing"
    );
    let malformed = anna
        .post_json("/api/marks/read", &json!({ "message": "unsinn" }))
        .await;
    assert_eq!(malformed.status(), StatusCode::BAD_REQUEST);
    let mut last = StatusCode::OK;
    for _ in 0..3000 {
        last = anna.get("/api/marks/read").await.status();
        if last != StatusCode::OK {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_changes_what_was_changed_in_it_and_nothing_else() {
    let instance = Instance::start().await;
    founded(&instance).await;
    let anna = instance.role("Anna").await;
    anna.becomes_admin().await;
    let first = [
        ("name", "Steiner Tor"),
        ("centre", "48.42, 15.60"),
        ("radius", "600"),
    ];
    anna.fill_in(PATH, &first).await;
    let form = text(&anna, "/gemeinschaft").await;
    for was in [
        "name=\"was_name\" value=\"Steiner Tor\"",
        "name=\"was_centre\" value=\"48.42000, 15.60000\"",
        "name=\"was_radius\" value=\"600\"",
    ] {
        assert!(form.contains(was), "{was}: {form}");
    }
    let from_old = |name, radius| {
        [
            ("was_name", "Steiner Tor"),
            ("was_centre", "48.42000, 15.60000"),
            ("was_radius", "600"),
            ("name", name),
            ("centre", "48.42000, 15.60000"),
            ("radius", radius),
        ]
    };
    // Two open the form; one changes the name, and the other then the radius.
    anna.fill_in(PATH, &from_old("Kremser Tor", "600")).await;
    anna.fill_in(PATH, &from_old("Steiner Tor", "900")).await;
    let told = text(&anna, "/gemeinschaft").await;
    assert!(
        told.contains("Kremser Tor") && told.contains("900"),
        "{told}"
    );
    let before = events(&instance).await.len();
    let nothing = anna.fill_in(PATH, &from_old("Steiner Tor", "600")).await;
    assert_eq!(nothing.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        events(&instance).await.len(),
        before,
        "nothing was changed in it"
    );
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_says_how_many_vouches_it_takes() {
    const VOUCHES: &str = "/gemeinschaft/buergschaften";
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let refused = anna.fill_in(VOUCHES, &[("needed", "3")]).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    anna.becomes_admin().await;
    for wrong in ["21", "drei", ""] {
        let answer = anna.fill_in(VOUCHES, &[("needed", wrong)]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        let page = answer.text().await.expect("a page");
        assert!(page.contains("aria-invalid=\"true\""), "{page}");
        let is_kept = page.contains(&format!("value=\"{wrong}\""));
        assert!(is_kept || wrong.is_empty(), "{page}");
    }
    for _ in 0..2 {
        let done = anna.fill_in(VOUCHES, &[("needed", "3")]).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER, "also where it is so");
    }
    let log = events(&instance).await;
    let last = &log.last().expect("an event")["payload"];
    assert_eq!(last["type"], "BuergschaftenFestgelegt");
    assert!(text(&instance.visitor(), PATH).await.contains("<dd>3</dd>"));
    instance.stop().await;
}
