//! The public log and the description of the API.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::instance::{Instance, events};

#[tokio::test]
async fn the_log_is_read_page_by_page_to_its_end() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    for n in 0..7 {
        anna.knot(&format!("Knoten {n}")).await;
    }
    let visitor = instance.visitor();
    let (mut after, mut ids) = (String::new(), Vec::new());
    loop {
        let page = visitor
            .get(&format!("/api/events?limit=3{after}"))
            .await
            .text()
            .await
            .expect("text");
        if page.is_empty() {
            break;
        }
        for line in page.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            ids.push(line["id"].as_i64().expect("an id"));
            after = format!("&after={}", line["cursor"].as_str().expect("a cursor"));
        }
    }
    assert_eq!(ids, (1..=8).collect::<Vec<_>>());
    for bad in ["unsinn", "00000000000000000000000000000007.1.1", "&limit=x"] {
        let answer = visitor.get(&format!("/api/events?after={bad}")).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{bad}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{bad}"
        );
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_log_says_nothing_about_where_a_role_is() {
    use domain::command::Act;
    use domain::place::{Place, Radius};
    use domain::spool::Placement;
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let place = Place {
        lat: 484_123_456,
        lon: 156_654_321,
    };
    for placement in [
        Placement::Exact { place },
        Placement::Radius {
            place,
            radius: Radius::M500,
        },
        Placement::Hidden,
    ] {
        assert_eq!(
            anna.act(Act::PlaceRole { placement }).await.status(),
            StatusCode::OK
        );
    }
    let log = serde_json::to_string(&events(&instance).await).expect("JSON");
    assert!(log.contains("RollePlatziert"));
    assert!(
        !log.contains("484123456") && !log.contains("48.4123"),
        "{log}"
    );
    instance.stop().await;
}

/// Words that were taken back or changed are told nowhere any more, and stay sealed where they are kept.
#[tokio::test]
async fn what_was_taken_back_or_said_otherwise_is_told_nowhere() {
    use domain::command::Act;
    use domain::id::MessageId;
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest").await;
    let [gone, changed, answer] = [(); 3].map(|()| MessageId(store::testing::id()));
    let say = |message, text: &str, reply_to| Act::SendMessage {
        message,
        node,
        text: text.to_owned(),
        reply_to,
    };
    let reword = |message, text: &str| Act::ChangeMessage {
        message,
        node,
        text: text.to_owned(),
    };
    let mut cursor = String::new();
    for act in [
        say(gone, "Zimtschnecke", None),
        say(changed, "Pflaumenkuchen", None),
        say(answer, "Gerne", Some(gone)),
        reword(gone, "Zimtschnecken"),
        reword(changed, "Streuselkuchen"),
        Act::WithdrawMessage {
            message: gone,
            node,
        },
    ] {
        let receipt = anna.act(act).await;
        assert_eq!(receipt.status(), StatusCode::OK);
        let receipt: Value = receipt.json().await.expect("a receipt");
        cursor = receipt["cursor"].as_str().expect("a cursor").to_owned();
    }
    anna.shown(&cursor).await;

    let events = events(&instance).await;
    let told: Vec<(&str, &Value)> = events
        .iter()
        .filter(|event| !event["payload"]["text"].is_null())
        .filter(|event| {
            event["stream"]
                .as_str()
                .is_some_and(|it| it.starts_with("message/"))
        })
        .map(|event| {
            let kind = event["payload"]["type"].as_str().expect("a type");
            (kind, &event["payload"]["text"]["text"])
        })
        .collect();
    let withdrawn = Value::from("withdrawn");
    let open = |text: &str| serde_json::json!({ "open": text });
    let (cake, yes) = (open("Streuselkuchen"), open("Gerne"));
    assert_eq!(
        told,
        [
            ("NachrichtGesendet", &withdrawn),
            ("NachrichtGesendet", &withdrawn),
            ("NachrichtGesendet", &yes),
            ("NachrichtGeaendert", &withdrawn),
            ("NachrichtGeaendert", &cake),
        ]
    );
    let visitor = instance.visitor();
    for path in [
        "/api/events?limit=1000".to_owned(),
        format!("/api/nodes/{node}/messages"),
        format!("/knoten/{node}"),
        format!("/knoten/{node}/verlauf"),
        format!("/api/page?path=/knoten/{node}"),
        "/api/search?q=Zimtschnecke".to_owned(),
        "/api/search?q=Pflaumenkuchen".to_owned(),
    ] {
        let answer = visitor.get(&path).await.text().await.expect("text");
        for word in ["Zimtschnecke", "Pflaumenkuchen"] {
            assert!(!answer.contains(word), "{path}: {answer}");
        }
    }
    instance.stop().await;
}

#[tokio::test]
async fn the_api_is_described() {
    let instance = Instance::start().await;
    let text = instance
        .visitor()
        .get("/api/openapi.json")
        .await
        .text()
        .await
        .expect("text");
    let description: Value = serde_json::from_str(&text).expect("JSON");
    insta::assert_json_snapshot!("openapi", description);
    instance.stop().await;
}

#[tokio::test]
async fn health_names_what_the_product_stands_on() {
    let instance = Instance::start().await;
    let healthy = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let ready = instance.visitor().get("/health/ready").await;
            let ready: Value = ready.json().await.expect("JSON");
            // The bus is degraded until it has been heard of for the first time.
            if ready["status"] == "ok" {
                return ready;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let ready = healthy.await.expect("all is well in the end");
    assert_eq!(ready["postgresql"]["status"], "ok");
    assert_eq!(ready["redis"]["status"], "ok");
    instance.stop().await;
}
