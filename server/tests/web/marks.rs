//! What members keep for themselves: areas, what is new in them and for them, and feeds, which need no cookie.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::page::{Detail, Page};
use domain::place::Place;
use domain::spool::Placement;
use domain::time::{DAY_MS, FADE_MS};
use domain::weave::NodeKind;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::Value;
use store::Clock as _;

use crate::instance::{HERE, Instance, Person};

const MINUTE_MS: i64 = 60_000;
/// Around [`HERE`], as a form sends it.
const CORNERS: &str = "48.40,15.60;48.40,15.62;48.42,15.62;48.42,15.60";
/// The same, as an address has it.
const BOX: &str = "15.60,48.40,15.62,48.42";
const HOSTILE: &str = "]]></title><script>alert(1)</script> & \"Fest\"\u{200e}";

async fn does(person: &Person<'_>, act: Act) {
    // Each in a minute of its own: what is new is told by time.
    person.instance.clock.advance(MINUTE_MS);
    let answer = person.act(act).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let receipt: Value = answer.json().await.expect("a receipt");
    person
        .shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
}

fn knot(node: NodeId, kind: NodeKind, title: &str, place: Place) -> Act {
    let start = (kind == NodeKind::Event).then(|| {
        let now = store::SystemClock.now();
        now + 2 * DAY_MS
    });
    Act::KnotNode {
        particulars: domain::weave::Particulars::default(),
        node,
        kind,
        title: title.to_owned(),
        text: "Am Brunnen".to_owned(),
        place,
        starts_at: start,
    }
}

async fn knots(person: &Person<'_>, kind: NodeKind, title: &str) -> NodeId {
    let node = NodeId(store::testing::id());
    does(person, knot(node, kind, title, HERE)).await;
    node
}

async fn says(
    person: &Person<'_>,
    node: NodeId,
    text: &str,
    reply_to: Option<MessageId>,
) -> MessageId {
    let message = MessageId(store::testing::id());
    let text = text.to_owned();
    does(
        person,
        Act::SendMessage {
            message,
            node,
            text,
            reply_to,
        },
    )
    .await;
    message
}

/// Sends a form as a browser without script does.
async fn form(person: &Person<'_>, path: &str, fields: &[(&str, &str)]) -> Response {
    person.instance.clock.advance(MINUTE_MS);
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    person
        .request(Method::POST, path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.finish())
        .send()
        .await
        .expect("an answer")
}

fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().expect("an address")
}

/// Keeps an area; answers with the path of its panel.
async fn keeps(person: &Person<'_>, name: &str, kinds: &[&str]) -> String {
    let id = store::testing::id().to_string();
    let mut fields = vec![("id", &*id), ("name", name), ("corners", CORNERS)];
    fields.extend(kinds.iter().map(|kind| ("kind", *kind)));
    let answer = form(person, "/gebiete", &fields).await;
    assert_eq!(location(&answer), "/gebiete?gebiet=gemerkt");
    format!("/gebiete/{id}")
}

async fn page(person: &Person<'_>, path: &str) -> (String, u16) {
    let answer = person.get(&format!("/api/page?path={path}&lang=de")).await;
    let page: Page = answer.json().await.expect("a page");
    match page.detail {
        Detail::Served { html, .. } => (html, page.news),
        other => panic!("{path}: {other:?}"),
    }
}

async fn count(person: &Person<'_>) -> u16 {
    let answer = person.get("/api/page?path=/ich").await;
    let page: Page = answer.json().await.expect("a page");
    page.news
}

/// The addresses of the feeds in a panel: Atom, then iCalendar, without their server.
fn feeds(person: &Person<'_>, html: &str) -> Vec<String> {
    html.split("value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter_map(|value| value.strip_prefix(&*person.instance.base))
        .map(|path| path.replace("&amp;", "&"))
        .collect()
}

async fn text(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.expect("a text")
}

#[tokio::test]
async fn what_is_new_in_a_kept_area_is_told_counted_and_seen() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let bert = instance.role("Bert").await;
    knots(&bert, NodeKind::Idea, "Vorher geknüpft").await;
    keeps(&anna, "Mein Kiez & <mehr>", &["idea", "event"]).await;
    assert_eq!(count(&anna).await, 0);
    knots(&bert, NodeKind::Idea, "Hoffest").await;
    knots(&bert, NodeKind::Tool, "Leiter").await;
    knots(&anna, NodeKind::Idea, "Eigenes").await;
    let far = Place {
        lat: HERE.lat + 500_000,
        ..HERE
    };
    let node = NodeId(store::testing::id());
    does(&bert, knot(node, NodeKind::Idea, "Weit weg", far)).await;
    assert_eq!((count(&anna).await, count(&bert).await), (1, 0));
    // The bar of every page says so.
    let document = text(&anna, "/ich?lang=de").await;
    assert!(document.contains("title=\"1 Neuigkeit\"") && document.contains("Neues · 1"));

    let (html, news) = page(&anna, "/neues").await;
    assert_eq!(news, 0, "looked at");
    assert!(
        html.contains("Neu in „Mein Kiez &amp; &lt;mehr&gt;“"),
        "{html}"
    );
    assert!(html.contains("Hoffest") && html.contains(">neu</span>"));
    for other in ["Leiter", "Eigenes", "Weit weg", "Vorher"] {
        assert!(!html.contains(other), "{other}: {html}");
    }
    assert_eq!(count(&anna).await, 0);
    // A reload is no second look; after a while what was seen is old.
    let (html, _) = page(&anna, "/neues").await;
    assert!(html.contains(">neu</span>"));
    instance.clock.advance(11 * MINUTE_MS);
    let (html, _) = page(&anna, "/neues").await;
    assert!(html.contains("Hoffest") && !html.contains(">neu</span>"));
    // It leaves with its knot.
    instance.clock.advance(FADE_MS + MINUTE_MS);
    let (html, _) = page(&anna, "/neues").await;
    assert!(!html.contains("Hoffest"), "{html}");
    instance.stop().await;
}

#[tokio::test]
async fn areas_are_their_owners_alone_and_forms_say_what_is_wrong() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let bert = instance.role("Bert").await;
    let path = keeps(&anna, "Mein Kiez", &[]).await;
    let (html, _) = page(&anna, "/gebiete").await;
    assert!(html.contains("Mein Kiez"));
    let (html, _) = page(&bert, "/gebiete").await;
    assert!(!html.contains("Mein Kiez"));
    assert_eq!(bert.get(&path).await.status(), StatusCode::NOT_FOUND);
    let rename = [("name", "Seins")];
    assert_eq!(
        form(&bert, &path, &rename).await.status(),
        StatusCode::NOT_FOUND
    );
    let remove = format!("{path}/entfernen");
    assert_eq!(
        location(&form(&bert, &remove, &[]).await),
        "/gebiete?gebiet=entfernt"
    );
    assert!(
        page(&anna, "/gebiete").await.0.contains("Mein Kiez"),
        "still there"
    );
    let guest = instance.visitor();
    assert_eq!(location(&form(&guest, &path, &rename).await), "/anmelden");
    let (html, _) = page(&guest, "/gebiete&view=@48.41,15.61,15").await;
    assert!(html.contains("/feed.atom?box=15.6"), "{html}");

    // Renamed without new corners it stays where it is.
    let renamed = [("name", "Umbenannt"), ("view", "@48.41,15.61,15.5")];
    let answer = form(&anna, &path, &renamed).await;
    assert_eq!(
        location(&answer),
        format!("{path}?@48.41000,15.61000,15.50&gebiet=gespeichert")
    );
    let (html, _) = page(&anna, &path).await;
    assert!(html.contains("48.4000000,15.6000000;"), "{html}");

    let id = store::testing::id().to_string();
    for (name, corners, code, words) in [
        ("", CORNERS, "name", "braucht einen Namen"),
        ("Haus", "", "ecken", "3 bis 32 Ecken"),
        (
            "Haus",
            "48.4,15.6;48.41,15.61;48.41,15.6;48.4,15.61",
            "kreuzung",
            "kreuzen sich",
        ),
        ("Haus", "40,10;41,10;41,11", "zu-gross", "zu groß"),
    ] {
        let chosen = [("kind", "tool"), ("kind", "idea"), ("kind", "tool")];
        let mut fields = vec![("id", &*id), ("name", name), ("corners", corners)];
        fields.extend(chosen);
        let answer = form(&anna, "/gebiete", &fields).await;
        let to = location(&answer).to_owned();
        let filled_in = format!("/gebiete?fehler={code}&name={name}&kind=idea&kind=tool");
        // What can be an area comes back too.
        assert!(to.starts_with(&filled_in), "{to}");
        assert_eq!(to.contains("&corners="), corners == CORNERS, "{to}");
        let document = text(&anna, &format!("{to}&lang=de&@48.41,15.61,15.5")).await;
        assert!(document.contains(words), "{code}: {document}");
        assert!(document.contains("value=\"tool\" checked"));
        if corners == CORNERS {
            let kept = "value=\"48.4000000,15.6000000;48.4000000,15.6200000;";
            assert!(document.contains(kept), "{document}");
        }
    }
    // Twenty, and a form that is sent twice keeps one.
    for n in 2..=20 {
        keeps(&anna, &format!("Gebiet {n}"), &[]).await;
    }
    let fields = [("id", &*id), ("name", "Zu viel"), ("corners", CORNERS)];
    let answer = form(&anna, "/gebiete", &fields).await;
    let to = location(&answer).to_owned();
    assert!(
        to.starts_with("/gebiete?fehler=zu-viele&name=Zu+viel&corners=48.4000000%2C15.6000000%3B"),
        "{to}"
    );
    // The page that its own script asks for says the same: what the bar says no more it hands on.
    let query = to.split_once('?').map_or("", |(_, query)| query);
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let (html, _) = page(&anna, &format!("/gebiete&mit={query}")).await;
    assert!(html.contains("Mehr als 20 Gebiete") && html.contains("value=\"Zu viel\""));
    assert!(html.contains("name=\"corners\" value=\"48.4000000,15.6000000;"));
    assert_eq!(
        location(&form(&anna, &remove, &[]).await),
        "/gebiete?gebiet=entfernt"
    );
    for _ in 0..2 {
        assert_eq!(
            location(&form(&anna, "/gebiete", &fields).await),
            "/gebiete?gebiet=gemerkt"
        );
    }
    let (html, _) = page(&anna, "/gebiete").await;
    assert_eq!(html.matches("Zu viel").count(), 1);
    assert!(!html.contains("Umbenannt"));
    let sent_by = anna
        .request(Method::POST, "/gebiete")
        .header(header::ORIGIN, "https://anderswo.example")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        sent_by.status(),
        StatusCode::FORBIDDEN,
        "another site's form"
    );
    instance.stop().await;
}

#[tokio::test]
async fn the_feeds_of_an_area_are_read_without_a_cookie_until_their_address_ends() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let path = keeps(&anna, "Mein Kiez", &["event"]).await;
    let reader = instance.visitor();
    let event = knots(&anna, NodeKind::Event, HOSTILE).await;
    knots(&anna, NodeKind::Idea, "Keine Veranstaltung").await;
    let (html, _) = page(&anna, &path).await;
    let addresses = feeds(&anna, &html);
    let [atom, calendar] = &addresses[..] else {
        panic!("{addresses:?}")
    };
    let feed = text(&reader, atom).await;
    assert!(
        feed.contains("<title>Weltgewebe: Mein Kiez</title>"),
        "{feed}"
    );
    assert!(
        feed.contains("]]&gt;&lt;/title&gt;&lt;script&gt;alert(1)"),
        "{feed}"
    );
    assert!(feed.contains(&format!("<id>urn:uuid:{event}</id>")));
    assert!(feed.contains(&format!("href=\"{}/knoten/{event}\"", instance.base)));
    assert!(feed.contains("<georss:point>48.410000 15.610000</georss:point>"));
    assert!(!feed.contains("Keine Veranstaltung") && !feed.contains("<script"));
    let file = text(&reader, calendar).await;
    assert!(
        file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"),
        "{file}"
    );
    assert!(file.contains("X-WR-CALNAME:Weltgewebe: Mein Kiez\r\n"));
    assert_eq!(file.matches("BEGIN:VEVENT\r\n").count(), 1);
    assert!(file.contains(&format!("UID:{event}\r\n")));
    assert!(file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));

    let tagged = reader.get(atom).await;
    let tag = tagged.headers()["etag"].clone();
    assert_eq!(tagged.headers()["cache-control"], "private, max-age=300");
    let again = reader
        .request(Method::GET, atom)
        .header(header::IF_NONE_MATCH, tag)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

    // Any other address opens nothing, and so does this one once there is another.
    let mut wrong = atom.clone();
    wrong.replace_range(45..46, if &atom[45..46] == "0" { "1" } else { "0" });
    let other = format!("/feed/{}/neues.atom", "0".repeat(64));
    for wrong in [wrong, other, "/feed/x/neues.atom".to_owned()] {
        assert_eq!(
            reader.get(&wrong).await.status(),
            StatusCode::NOT_FOUND,
            "{wrong}"
        );
    }
    assert_eq!(
        location(&form(&anna, &format!("{path}/adresse"), &[]).await),
        format!("{path}?gebiet=adressen")
    );
    assert_eq!(reader.get(atom).await.status(), StatusCode::NOT_FOUND);
    let renewed = feeds(&anna, &page(&anna, &path).await.0);
    assert!(text(&reader, &renewed[0]).await.contains("<entry>"));
    form(&anna, &format!("{path}/entfernen"), &[]).await;
    assert_eq!(
        reader.get(&renewed[0]).await.status(),
        StatusCode::NOT_FOUND
    );
    instance.stop().await;
}

#[tokio::test]
async fn any_box_has_a_public_feed_that_names_nobody_and_what_is_gone_is_not_in_it() {
    let instance = Instance::start().await;
    let anna = instance.role("Verborgene").await;
    // Her true point is some hundred metres off what is shown.
    let placement = Placement::Radius {
        place: Place {
            lat: 484_123_457,
            lon: 156_123_457,
        },
        radius: domain::place::Radius::M500,
    };
    does(&anna, Act::PlaceRole { placement }).await;
    let idea = knots(&anna, NodeKind::Idea, "Hoffest").await;
    let event = knots(&anna, NodeKind::Event, "Straßenfest").await;
    let reader = instance.visitor();
    let feed = text(&reader, &format!("/feed.atom?box={BOX}")).await;
    assert!(
        feed.contains("Hoffest") && feed.contains("Straßenfest"),
        "{feed}"
    );
    let events = text(&reader, &format!("/feed.atom?box={BOX}&kind=event")).await;
    assert!(!events.contains("Hoffest") && events.contains("Straßenfest"));
    let calendar = text(&reader, &format!("/feed.ics?box={BOX}")).await;
    assert!(calendar.contains("Straßenfest") && !calendar.contains("Hoffest"));
    let none = text(&reader, &format!("/feed.ics?box={BOX}&kind=idea")).await;
    assert!(!none.contains("VEVENT"));
    let elsewhere = text(&reader, "/feed.atom?box=9.9,53.5,10.0,53.6").await;
    assert!(!elsewhere.contains("<entry>"));
    for bytes in [&feed, &events, &calendar] {
        for hidden in ["Verborgene", "48.4123", "15.6123", "484123457"] {
            assert!(!bytes.contains(hidden), "{hidden}: {bytes}");
        }
    }
    for query in [
        "",
        "box=1,2,3",
        "box=5,47,15,54",
        "box=15.6,48.4,15.62,48.42&kind=quatsch",
    ] {
        let answer = reader.get(&format!("/feed.atom?{query}")).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    instance.clock.advance(FADE_MS + MINUTE_MS);
    let feed = text(&reader, &format!("/feed.atom?box={BOX}")).await;
    assert!(!feed.contains(&idea.to_string()), "dissolved: {feed}");
    assert!(
        feed.contains(&event.to_string()),
        "events fade from their date on"
    );
    let calendar = text(&reader, &format!("/feed.ics?box={BOX}")).await;
    assert!(!calendar.contains("VEVENT"), "it is over");
    instance.stop().await;
}

#[tokio::test]
async fn who_is_mentioned_answered_or_visited_hears_of_it_once() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let bert = instance.role("Bert").await;
    let clara = instance.role("Clara").await;
    let node = knots(&clara, NodeKind::Idea, "Brot backen").await;
    let own = knots(&anna, NodeKind::Idea, "Annas Garten").await;
    let first = says(&anna, node, "Ich bringe Mehl", None).await;
    says(&bert, node, "Fein, @anna!", Some(first)).await;
    let mention = says(&bert, own, "Schön hier, @Anna <b>und</b> alle", None).await;
    says(&clara, own, "Finde ich auch", None).await;
    says(
        &clara,
        node,
        "anna@anna.example schreibt, @Annabell auch",
        None,
    )
    .await;
    does(&clara, Act::join(own)).await;
    let (html, _) = page(&anna, "/neues").await;
    assert_eq!(html.matches("Bert hat dich erwähnt").count(), 2, "{html}");
    assert_eq!(
        html.matches("hat dir geantwortet").count(),
        0,
        "told once: {html}"
    );
    assert_eq!(
        html.matches("Clara hat bei deinem Knoten geschrieben")
            .count(),
        1
    );
    let joined = "Clara interessiert sich für deinen Knoten";
    assert_eq!(html.matches(joined).count(), 1, "{html}");
    assert!(html.contains(&format!("/knoten/{own}")) && html.contains(&mention.to_string()));
    assert!(html.contains("Schön hier, @Anna &lt;b&gt;und&lt;/b&gt; alle"));
    assert!(html.contains("Brot backen") && html.contains("Annas Garten"));
    assert!(!html.contains("Annabell"));
    let (html, _) = page(&clara, "/neues").await;
    // The last word of the day at her knot; what she said herself is none.
    assert_eq!(
        html.matches("bei deinem Knoten geschrieben").count(),
        1,
        "{html}"
    );

    // What is taken back is told no more, and what is said otherwise mentions whom it mentions now.
    let node_of = own;
    does(
        &bert,
        Act::WithdrawMessage {
            message: mention,
            node: node_of,
        },
    )
    .await;
    let (html, _) = page(&anna, "/neues").await;
    assert_eq!(html.matches("Bert hat dich erwähnt").count(), 1, "{html}");
    instance.stop().await;
}

#[tokio::test]
async fn of_two_of_one_name_the_one_who_takes_part_is_meant_and_a_longer_name_is_another() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let maria = instance.account("maria@weben.test").await;
    let other = instance.account("andere@weben.test").await;
    for (person, name) in [(&maria, "Anna Maria"), (&other, "anna")] {
        let name = name.to_owned();
        let placement = Placement::Hidden;
        let registered = person.act(Act::RegisterRole { name, placement }).await;
        assert_eq!(registered.status(), StatusCode::OK);
    }
    let bert = instance.role("Bert").await;
    let node = knots(&bert, NodeKind::Idea, "Brot backen").await;
    let mentions = async |person: &Person<'_>| {
        let (html, _) = page(person, "/neues").await;
        html.matches("hat dich erwähnt").count()
    };
    says(&bert, node, "@Anna Maria, komm!", None).await;
    assert_eq!(mentions(&anna).await, 0);
    assert_eq!(mentions(&maria).await, 1);
    // Nobody of that name takes part: all of them may be meant.
    says(&bert, node, "Und du, @Anna?", None).await;
    assert_eq!((mentions(&anna).await, mentions(&other).await), (1, 1));
    says(&anna, node, "Ich bin dabei", None).await;
    assert_eq!((mentions(&anna).await, mentions(&other).await), (1, 0));
    assert_eq!(mentions(&maria).await, 1);
    instance.stop().await;
}
