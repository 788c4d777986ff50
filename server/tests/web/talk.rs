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
        reply_to: None,
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
    // One's own words can be taken back all the same.
    let take_back = Act::WithdrawMessage { message, node };
    assert_eq!(told(take_back).await, (200, None));
    instance.stop().await;
}

#[tokio::test]
async fn a_message_is_changed_taken_back_and_answered_by_who_may() {
    let instance = Instance::start().await;
    let (anna, bert) = (instance.role("Anna").await, instance.role("Bert").await);
    let (node, other) = (anna.knot("Sommerfest").await, anna.knot("Winterfest").await);
    let (said, _) = talk(&anna, node, 2).await;
    let [message, second] = said[..] else {
        panic!("two messages")
    };
    let change = |message, node, text: &str| Act::ChangeMessage {
        message,
        node,
        text: text.to_owned(),
    };
    let take_back = |message, node| Act::WithdrawMessage { message, node };
    let answer = |to, node| Act::SendMessage {
        message: MessageId(store::testing::id()),
        node,
        text: "Gern".to_owned(),
        reply_to: Some(to),
    };
    let told = async |person: &Person<'_>, act: Act| {
        let answer = person.act(act).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        let rule = body["refusal"]["rule"].as_str().unwrap_or_default();
        (status, rule.to_owned())
    };
    let nobody = MessageId(store::testing::id());
    let no = |status: u16, rule: &str| (status, rule.to_owned());
    for (person, act, refused) in [
        (
            &bert,
            change(message, node, "Meins"),
            no(403, "message-not-yours"),
        ),
        (
            &bert,
            take_back(message, node),
            no(403, "message-not-yours"),
        ),
        (
            &anna,
            change(nobody, node, "Nichts"),
            no(404, "message-unknown"),
        ),
        (&anna, take_back(nobody, node), no(404, "message-unknown")),
        (
            &anna,
            change(message, other, "Dort"),
            no(404, "message-unknown"),
        ),
        (&anna, take_back(message, other), no(404, "message-unknown")),
        (&bert, answer(nobody, node), no(404, "message-unknown")),
        (&bert, answer(message, other), no(404, "message-unknown")),
        (&anna, change(message, node, " "), no(422, "message-length")),
        (
            &anna,
            change(message, node, "Ha\0"),
            no(422, "control-characters"),
        ),
    ] {
        assert_eq!(told(person, act.clone()).await, refused, "{act:?}");
    }
    let done = no(200, "");
    assert_eq!(told(&anna, change(message, node, "Um 4.")).await, done);
    assert_eq!(told(&bert, answer(message, node)).await, done);
    assert_eq!(told(&anna, take_back(second, node)).await, done);
    for (person, act) in [
        (&anna, change(second, node, "Doch")),
        (&anna, take_back(second, node)),
        (&bert, answer(second, node)),
    ] {
        let refused = no(409, "message-withdrawn");
        assert_eq!(told(person, act.clone()).await, refused, "{act:?}");
    }
    let last = bert.act(answer(message, node)).await;
    let receipt: Value = last.json().await.expect("a receipt");
    let cursor = receipt["cursor"].as_str().expect("a cursor").to_owned();

    let rows = page(&instance.visitor(), node, &format!("min={cursor}")).await;
    let [answered, _, tombstone, changed] = &rows[..] else {
        panic!("four messages: {rows:?}")
    };
    assert_eq!(changed["text"], "Um 4.");
    assert!(changed["changed_at"].is_i64() && changed["is_withdrawn"].is_null());
    assert_eq!(
        (&tombstone["text"], &tombstone["nth"]),
        (&Value::from(""), &Value::from(2))
    );
    assert_eq!(tombstone["is_withdrawn"], true);
    assert_eq!(tombstone["role_name"], "Anna");
    let quoted = &answered["reply_to"];
    assert_eq!(quoted["id"], message.to_string());
    assert_eq!(
        (&quoted["role_name"], &quoted["text"]),
        (&Value::from("Anna"), &Value::from("Um 4."))
    );

    // It reads so without a script too.
    anna.shown(&cursor).await;
    let document = instance.visitor().get(&format!("/knoten/{node}")).await;
    let document = document.text().await.expect("a page");
    assert!(document.contains("hat eine Nachricht zurückgezogen") && document.contains("Um 4."));
    assert!(
        !document.contains("Wort 2."),
        "what was taken back is told nowhere"
    );
    assert!(document.contains(&format!("href=\"#nachricht-{message}\"")));

    instance.clock.advance(domain::time::FADE_MS + 1);
    let late = change(message, node, "Zu spät");
    assert_eq!(told(&anna, late).await, no(409, "node-dissolved"));
    let taken = told(&anna, take_back(message, node)).await;
    assert_eq!(taken.0, 200, "one's words can be taken back all the same");
    instance.stop().await;
}
