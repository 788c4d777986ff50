//! Conversations over HTTP: pages of messages for other clients, and for browsers without a script.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use reqwest::StatusCode;
use serde_json::Value;

use crate::instance::{Instance, Person};

fn say(node: NodeId, message: MessageId, text: &str) -> Act {
    Act::SendMessage {
        message,
        node,
        text: text.to_owned(),
    }
}

/// Says so many words; their ids, and where the last of them is in the log.
async fn talk(person: &Person<'_>, node: NodeId, count: usize) -> (Vec<MessageId>, String) {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    for n in 1..=count {
        let id = MessageId(store::testing::id());
        ids.push(id);
        let answer = person.act(say(node, id, &format!("Wort {n}."))).await;
        let receipt: Value = answer.json().await.expect("a receipt");
        cursor = receipt["cursor"].as_str().expect("a cursor").to_owned();
    }
    (ids, cursor)
}

async fn page(person: &Person<'_>, node: NodeId, query: &str) -> Vec<Value> {
    let answer = person
        .get(&format!("/api/nodes/{node}/messages?{query}"))
        .await;
    assert_eq!(answer.status(), StatusCode::OK, "{query}");
    let page: Value = answer.json().await.expect("JSON");
    assert!(page["cursor"].is_string());
    page["messages"].as_array().expect("messages").clone()
}

#[tokio::test]
async fn a_conversation_is_read_page_by_page_to_its_first_message() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest").await;
    assert!(page(&anna, node, "").await.is_empty());
    let (said, cursor) = talk(&anna, node, 7).await;
    let visitor = instance.visitor();

    let (mut numbers, mut ids) = (Vec::new(), Vec::new());
    let mut query = format!("limit=3&min={cursor}");
    loop {
        let rows = page(&visitor, node, &query).await;
        for row in &rows {
            numbers.push(row["nth"].as_u64().expect("a number"));
            ids.push(row["id"].as_str().expect("an id").to_owned());
            assert_eq!(row["role_name"], "Anna");
            assert_eq!(row["text"], format!("Wort {}.", row["nth"]));
        }
        match ids.last().filter(|_| !rows.is_empty()) {
            Some(last) => query = format!("limit=3&before={last}"),
            None => break,
        }
    }
    assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    let newest_first: Vec<String> = said.iter().rev().map(ToString::to_string).collect();
    assert_eq!(ids, newest_first);
    instance.stop().await;
}

#[tokio::test]
async fn a_place_that_is_none_in_a_conversation_is_told_so() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let (node, other) = (anna.knot("Sommerfest").await, anna.knot("Winterfest").await);
    let (elsewhere, cursor) = talk(&anna, other, 1).await;
    anna.shown(&cursor).await;
    let unknown = NodeId(store::testing::id());
    let foreign = "00000000000000000000000000000007.1.1";
    let future = {
        let (at, id) = cursor.rsplit_once('.').expect("a cursor");
        format!("{at}.{}", id.parse::<i64>().expect("a number") + 1000)
    };
    let messages =
        |node: &dyn std::fmt::Display, query: &str| format!("/api/nodes/{node}/messages?{query}");
    for (path, status, kind) in [
        (messages(&"unsinn", ""), 400, "malformed"),
        (messages(&unknown, ""), 404, "not-found"),
        (messages(&node, "before=unsinn"), 400, "malformed"),
        (messages(&node, "before="), 400, "malformed"),
        (
            messages(&node, &format!("before={unknown}")),
            400,
            "malformed",
        ),
        (
            messages(&node, &format!("before={}", elsewhere[0])),
            400,
            "malformed",
        ),
        (
            messages(&node, &format!("before={cursor}")),
            400,
            "malformed",
        ),
        (
            messages(&node, &format!("min={foreign}")),
            400,
            "cursor-unknown",
        ),
        (
            messages(&node, &format!("min={future}")),
            400,
            "cursor-unknown",
        ),
        (messages(&node, "limit=viele"), 400, "malformed"),
    ] {
        let answer = anna.get(&path).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.expect("JSON");
        assert_eq!(problem["type"], format!("urn:weltgewebe:{kind}"), "{path}");
        assert!(!problem.to_string().contains("deserialize"), "{problem}");
    }
    // At its bounds a page is as long as may be, not refused.
    for limit in [0, 65_535] {
        assert_eq!(page(&anna, other, &format!("limit={limit}")).await.len(), 1);
    }
    instance.stop().await;
}

#[tokio::test]
async fn without_a_script_one_reads_back_by_links() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest").await;
    let (_, cursor) = talk(&anna, node, 55).await;
    anna.shown(&cursor).await;
    let visitor = instance.visitor();
    let newest = visitor.get(&format!("/knoten/{node}")).await;
    let newest = newest.text().await.expect("a page");
    assert!(newest.contains("Wort 55.") && newest.contains("Wort 6."));
    assert!(!newest.contains("Wort 5.<"), "they are on the next page");
    let (_, link) = newest.split_once("rel=\"prev\" href=\"").expect("a link");
    let (link, _) = link.split_once('"').expect("its end");

    let older = visitor.get(link).await;
    assert_eq!(older.status(), StatusCode::OK);
    let older = older.text().await.expect("a page");
    assert!(older.contains("Wort 5.<") && older.contains("Wort 1.<") && !older.contains("Wort 6."));
    assert!(!older.contains("rel=\"prev\""), "there is nothing before");

    // A place that is none leads to the newest.
    for nonsense in ["unsinn", &NodeId(store::testing::id()).to_string()] {
        let page = visitor.get(&format!("/knoten/{node}?vor={nonsense}")).await;
        assert!(page.text().await.expect("a page").contains("Wort 55."));
    }
    instance.stop().await;
}

#[tokio::test]
async fn nothing_is_said_that_says_nothing_or_where_nothing_holds() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = anna.knot("Sommerfest").await;
    let id = || MessageId(store::testing::id());
    let told = async |act: Act| {
        let answer = anna.act(act).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        (status, body["refusal"]["rule"].as_str().map(str::to_owned))
    };
    let long = "ä".repeat(2001);
    for text in ["", " \n ", "\u{202e}\u{200d}", &long] {
        let seen = text.chars().take(5).collect::<String>();
        let refused = told(say(node, id(), text)).await;
        assert_eq!(
            refused,
            (422, Some("message-length".to_owned())),
            "{seen:?}"
        );
    }
    let refused = told(say(node, id(), "Hal\0lo")).await;
    assert_eq!(refused, (422, Some("control-characters".to_owned())));
    let nowhere = NodeId(store::testing::id());
    let refused = told(say(nowhere, id(), "Hallo?")).await;
    assert_eq!(refused, (404, Some("node-unknown".to_owned())));

    let message = id();
    assert_eq!(told(say(node, message, "Hallo")).await, (200, None));
    let refused = told(say(node, message, "Hallo")).await;
    assert_eq!(refused, (422, Some("message-taken".to_owned())));

    instance.clock.advance(domain::time::FADE_MS + 1);
    let refused = told(say(node, id(), "Zu spät")).await;
    assert_eq!(refused, (409, Some("node-dissolved".to_owned())));
    instance.stop().await;
}
