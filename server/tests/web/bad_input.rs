//! Nonsense from outside: each gets its answer, and nothing of it is half-written.

use domain::command::{Act, Command};
use domain::id::{NodeId, RoleId};
use domain::time::DAY_MS;
use domain::weave::{NodeKind, Particulars};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::instance::{HERE, Instance, Person, events, knot};

/// The status, and the rule or else the type of the problem.
async fn told(answer: reqwest::Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON");
    let rule = body.pointer("/refusal/rule").or(body.get("type"));
    let rule = rule.and_then(Value::as_str).unwrap_or_default();
    (status, rule.to_owned())
}

async fn raw(person: &Person<'_>, body: String) -> (u16, String) {
    let answer = person
        .request(Method::POST, "/api/commands")
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await;
    told(answer.expect("an answer")).await
}

fn titled(title: &str) -> Act {
    knot(NodeId(store::testing::id()), NodeKind::Idea, title)
}

#[tokio::test]
async fn a_name_that_only_looks_like_anothers_is_refused_with_one_sentence() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let before = events(&instance).await.len();
    // A Cyrillic letter among Latin ones, and nothing to see between two.
    for name in ["\u{410}nna", "An\u{200d}na"] {
        let name = name.to_owned();
        let (status, rule) = told(anna.act(Act::RenameRole { name }).await).await;
        assert_eq!((status, rule.as_str()), (422, "name-mixed"));
    }
    let stranger = instance.account("fremd@weben.test").await;
    let register = Act::RegisterRole {
        name: "\u{410}nna".to_owned(),
        placement: domain::spool::Placement::Hidden,
    };
    let refused = told(stranger.act(register).await).await;
    assert_eq!(refused, (422, "name-mixed".to_owned()));
    assert_eq!(
        events(&instance).await.len(),
        before,
        "nothing is half-written"
    );
    let name = "AOC".to_owned();
    let answer = anna.act(Act::RenameRole { name }).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let bela = instance.role("Béla").await;
    // All of it Cyrillic: no word is mixed; and a nought, which is no letter, also beside a blank that is not kept.
    for name in ["\u{410}\u{41e}\u{421}", "A0C", " A0C "] {
        let name = name.to_owned();
        let refused = told(bela.act(Act::RenameRole { name }).await).await;
        assert_eq!(refused, (422, "name-alike".to_owned()));
    }
    let name = "Анна Garn".to_owned();
    let answer = anna.act(Act::RenameRole { name }).await;
    assert_eq!(answer.status(), StatusCode::OK);
    instance.stop().await;
}

#[tokio::test]
async fn nobody_registers_as_the_community_or_as_a_source() {
    let instance = Instance::start().await;
    let stranger = instance.account("fremd@weben.test").await;
    for by in [RoleId::COMMUNITY, RoleId::of_source("krems")] {
        let register = Act::RegisterRole {
            name: "Wir alle".to_owned(),
            placement: domain::spool::Placement::Hidden,
        };
        let mut command = stranger.command(register);
        command.by = by;
        let refused = told(stranger.submit(&command).await).await;
        assert_eq!(refused, (422, "role-taken".to_owned()));
    }
    instance.stop().await;
}

#[tokio::test]
async fn texts_that_nobody_can_read_are_refused_and_strange_ones_kept() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let before = events(&instance).await.len();
    let endless = "x".repeat(10_000);
    for title in [
        "",
        "   ",
        "\u{200b}\u{202e}\u{feff}",
        "\u{200d}\u{fe0f}",
        &endless,
    ] {
        let (status, rule) = told(anna.act(titled(title)).await).await;
        let seen = title.chars().take(9).collect::<String>();
        assert_eq!((status, rule.as_str()), (422, "title-length"), "{seen:?}");
    }
    for title in ["a\0b", "\u{7}", "\u{1b}[31mrot", "\u{85}"] {
        let refused = told(anna.act(titled(title)).await).await;
        assert_eq!(refused, (422, "control-characters".into()), "{title:?}");
    }
    let Act::KnotNode { node, kind, .. } = titled("Langer Text") else {
        panic!("a knot")
    };
    let mut act = Act::KnotNode {
        node,
        kind,
        title: "Langer Text".into(),
        text: "ä".repeat(12_000),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    assert_eq!(told(anna.act(act.clone()).await).await.1, "text-length");
    let Act::KnotNode { text, .. } = &mut act else {
        panic!("a knot")
    };
    *text = "mitten\u{8} drin".into();
    assert_eq!(told(anna.act(act).await).await.1, "control-characters");
    assert_eq!(events(&instance).await.len(), before, "nothing was written");

    for (title, kept) in [
        ("a\tb\r\nc", "a b c"),
        ("🧵🪡", "🧵🪡"),
        ("👩\u{200d}🌾", "👩\u{200d}🌾"),
        ("سوق الجيران", "سوق الجيران"),
        ("\u{202e}gnp.exe", "gnp.exe"),
    ] {
        let act = titled(title);
        assert_eq!(anna.act(act).await.status(), StatusCode::OK, "{title:?}");
        let log = events(&instance).await;
        let last = log.last().expect("an event");
        let text = last["payload"]["title"].to_string();
        assert!(text.contains(kept), "{title:?} became {text}");
    }
    instance.stop().await;
}

#[tokio::test]
async fn commands_that_can_not_be_are_told_why() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let before = events(&instance).await.len();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = json!({ "command": anna.command(titled("Idee")) });
        change(&mut body);
        body.to_string()
    };
    let place = |lat: Value| {
        with(&|body| {
            body["command"]["act"]["place"]["lat"] = lat.clone();
        })
    };
    let lone_surrogate = with(&|_| {}).replace("\"Idee\"", "\"\\ud800\"");
    for (what, body, status, rule) in [
        (
            "off the globe",
            place(json!(950_000_000)),
            422,
            "place-invalid",
        ),
        (
            "no number",
            place(json!(1e20)),
            400,
            "urn:weltgewebe:malformed",
        ),
        (
            "a lone surrogate",
            lone_surrogate,
            400,
            "urn:weltgewebe:malformed",
        ),
        (
            "of a later version",
            with(&|body| body["command"]["v"] = json!(99)),
            422,
            "command-version",
        ),
        (
            "nested for ever",
            "[".repeat(30_000),
            400,
            "urn:weltgewebe:malformed",
        ),
    ] {
        assert_eq!(raw(&anna, body).await, (status, rule.to_owned()), "{what}");
    }
    let command = anna.command(titled("Idee"));
    let old = Command {
        issued_at: command.issued_at + -91 * DAY_MS,
        ..command
    };
    let (status, rule) = told(anna.submit(&old).await).await;
    assert_eq!((status, rule.as_str()), (409, "command-expired"));
    assert_eq!(events(&instance).await.len(), before, "nothing was written");
    instance.stop().await;
}

#[tokio::test]
async fn cells_and_cursors_that_are_none_are_told_at_once() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    anna.knot("Idee").await;
    let visitor = instance.visitor();
    let log = events(&instance).await;
    let cursor = log.last().expect("an event")["cursor"].as_str();
    let cursor = cursor.expect("a cursor");
    let (epoch, rest) = cursor.split_once('.').expect("an epoch");
    let (at, _) = rest.split_once('.').expect("a time");
    let room = HERE.cell().parent(9);
    let future = format!("{epoch}.{at}.999999");
    let other = format!("{}.{rest}", "7".repeat(32));
    for path in [
        "/api/cells/unsinn".to_owned(),
        "/api/cells/ffffffffffffffff".into(),
        "/api/cells/%ff%fe".into(),
        "/api/nodes/%ff/messages".into(),
        format!("/api/cells/{}", HERE.cell().parent(3)),
        format!("/api/cells/{}", HERE.cell()),
        format!("/api/cells/{room}?min=unsinn"),
        format!("/api/cells/{room}?min={other}"),
        format!("/api/cells/{room}?min={future}"),
        format!("/api/events?after={future}"),
        format!("/api/events?after={other}"),
        format!("/api/events?after={epoch}.9223372036854775807.1"),
        format!("/api/events?after={epoch}.{at}.-1"),
        format!("/api/events?after={epoch}.{at}.99999999999999999999"),
        format!("/api/events?after={cursor}.1"),
        format!("/api/events?after=%00{cursor}"),
        "/api/events?limit=-1".into(),
    ] {
        let (status, kind) = told(visitor.get(&path).await).await;
        let wanted = if path.contains("min=") || path.contains("after=") {
            "urn:weltgewebe:cursor-unknown"
        } else {
            "urn:weltgewebe:malformed"
        };
        assert_eq!((status, kind.as_str()), (400, wanted), "{path}");
    }
    // Somewhere nothing is: a room like any other. And one that counts.
    let empty: Value = visitor
        .get("/api/cells/8928308280fffff")
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(empty["view"]["nodes"], json!([]));
    let coarse = HERE.cell().parent(5);
    let answer = visitor
        .get(&format!("/api/cells/{coarse}?min={cursor}"))
        .await;
    let tag = answer.headers()["etag"].clone();
    let counts: Value = answer.json().await.expect("JSON");
    assert_eq!(
        counts["view"]["counts"],
        json!([{ "cell": HERE.cell().parent(7), "kinds": [["idea", 1]] }])
    );
    let again = visitor
        .request(Method::GET, &format!("/api/cells/{coarse}"))
        .header("if-none-match", tag)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    instance.stop().await;
}
