//! The wire, held by a snapshot: every status of `POST /api/commands` and the problem beside it.

use std::time::Duration;

use domain::command::{Act, Command};
use domain::id::{NodeId, RoleId, ThreadId};
use domain::spool::Placement;
use domain::time::FADE_MS;
use domain::weave::{NodeKind, ParticularsChange, ThreadKind};
use expect_test::expect;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::instance::{Instance, Person, knot};

/// Status, media type, and the body with what differs each time cut out.
async fn told(response: Response) -> String {
    let status = response.status().as_u16();
    let kind = response.headers()[CONTENT_TYPE]
        .to_str()
        .expect("text")
        .to_owned();
    let mut body: Value = response.json().await.expect("JSON");
    for (key, value) in body.as_object_mut().expect("an object") {
        if matches!(key.as_str(), "command" | "cursor") {
            *value = json!("…");
        }
    }
    if let Some(at) = body.pointer_mut("/refusal/at") {
        *at = json!("…");
    }
    if let Some(node) = body.get_mut("node").and_then(Value::as_object_mut) {
        for key in ["id", "owner", "created_at", "holds_until", "last"] {
            node.insert(key.to_owned(), json!("…"));
        }
    }
    format!("{status} {kind} {body}\n")
}

fn change(node: NodeId, based_on: u32, title: Option<&str>) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        kind: None,
        title: title.map(str::to_owned),
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    }
}

fn raw(person: &Person<'_>, body: &str) -> RequestBuilder {
    person
        .request(Method::POST, "/api/commands")
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_owned())
}

/// An act under a role that nobody has.
fn foreign_by(person: &Person<'_>, node: NodeId) -> Command {
    Command {
        by: RoleId(store::testing::id()),
        ..person.command(Act::join(node))
    }
}

async fn sent(request: RequestBuilder) -> String {
    told(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn every_status_of_a_command_has_its_problem() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    let node = anna.knot("Sommerfest").await;
    let thread = ThreadId::derive(anna.role, ThreadKind::Create, node);
    let mut wire = String::new();
    let mut tell = |what: &str, answer: String| {
        wire.push_str(&format!("{what}\n  {answer}"));
    };

    tell("accepted", told(ben.act(Act::join(node)).await).await);
    tell("not JSON", sent(raw(&anna, "{")).await);
    tell(
        "an unknown act",
        sent(raw(&anna, r#"{"command":{"act":{"act":"fly"}}}"#)).await,
    );
    tell(
        "signed out",
        told(instance.visitor().act(Act::join(node)).await).await,
    );
    let foreign = Command {
        by: ben.role,
        ..anna.command(Act::join(node))
    };
    tell("as another role", told(anna.submit(&foreign).await).await);
    let account = ben.account_id().await;
    let others = anna.command(Act::join(node));
    tell(
        "of another account",
        told(anna.submit_of(account, &others).await).await,
    );
    let second = Command {
        by: RoleId(store::testing::id()),
        ..anna.command(Act::RegisterRole {
            name: "Zweite".into(),
            placement: Placement::Hidden,
        })
    };
    tell("a second role", told(anna.submit(&second).await).await);
    tell(
        "under a role that its account does not have",
        told(ben.submit_of(account, &foreign_by(&ben, node)).await).await,
    );
    let newcomer = instance.account("neu@weben.test").await;
    tell(
        "without a role",
        told(newcomer.act(Act::join(node)).await).await,
    );
    let command = anna.command(Act::join(node));
    let from_elsewhere = anna
        .request(Method::POST, "/api/commands")
        .header(ORIGIN, "http://elsewhere.test")
        .json(&json!({ "command": command }));
    tell("from another site", sent(from_elsewhere).await);
    tell(
        "another's thread",
        told(ben.act(Act::twist(thread, node)).await).await,
    );
    let nowhere = NodeId(Uuid::nil());
    tell(
        "an unknown knot",
        told(anna.act(Act::join(nowhere)).await).await,
    );
    tell(
        "an unknown address",
        told(anna.get("/api/unknown").await).await,
    );
    tell(
        "another method",
        told(anna.get("/api/commands").await).await,
    );
    let put = anna.request(Method::PUT, "/");
    tell("a page put", sent(put).await);
    let nobody = json!({ "email": "kein-at" });
    tell(
        "no e-mail address",
        told(anna.post_json("/api/session/mail", &nobody).await).await,
    );
    let large = format!(r#"{{"command":"{}"}}"#, "x".repeat(40_000));
    tell("too large", sent(raw(&anna, &large)).await);
    let form = anna
        .request(Method::POST, "/api/commands")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("command=1");
    tell("a form", sent(form).await);
    tell(
        "a rule broken",
        told(
            anna.act(knot(NodeId(store::testing::id()), NodeKind::Event, "Fest"))
                .await,
        )
        .await,
    );
    let first = anna.command(Act::join(node));
    assert_eq!(anna.submit(&first).await.status(), StatusCode::OK);
    let other = Command {
        act: Act::RenameRole {
            name: "Anders".into(),
        },
        ..first.clone()
    };
    tell(
        "an id with another content",
        told(anna.submit(&other).await).await,
    );
    let stolen = Command {
        by: ben.role,
        ..first
    };
    tell(
        "an id of another role",
        told(ben.submit(&stolen).await).await,
    );
    tell(
        "another's knot",
        told(ben.act(change(node, 1, Some("Meins"))).await).await,
    );
    tell(
        "a change of nothing",
        told(anna.act(change(node, 1, None)).await).await,
    );
    let changed = anna.act(change(node, 1, Some("Herbstfest"))).await;
    assert_eq!(changed.status(), StatusCode::OK);
    tell(
        "a change that was made on an older version",
        told(anna.act(change(node, 1, Some("Winterfest"))).await).await,
    );
    let future = Command {
        v: 99,
        ..anna.command(Act::join(node))
    };
    tell("a later version", told(anna.submit(&future).await).await);
    instance.clock.advance(FADE_MS + 1);
    tell(
        "a knot that came undone",
        told(anna.act(Act::join(node)).await).await,
    );
    tell(
        "a thread that faded",
        told(anna.act(Act::twist(thread, node)).await).await,
    );

    expect![[r#"
        accepted
          200 application/json {"command":"…","cursor":"…"}
        not JSON
          400 application/problem+json {"status":400,"title":"not a command: EOF while parsing an object at line 1 column 1","type":"urn:weltgewebe:malformed"}
        an unknown act
          400 application/problem+json {"status":400,"title":"not a command: unknown variant `fly`, expected one of `register-role`, `rename-role`, `place-role`, `describe-role`, `portray-role`, `knot-node`, `change-node`, `add-picture`, `remove-picture`, `join-node`, `send-message`, `change-message`, `withdraw-message`, `twist-thread`, `untwist-thread`, `cover-yarn`, `vouch-for`, `withdraw-vouch`, `grant-right`, `revoke-right`, `set-vouches`, `describe-community` at line 1 column 30","type":"urn:weltgewebe:malformed"}
        signed out
          401 application/problem+json {"status":401,"title":"sign in first","type":"urn:weltgewebe:signed-out"}
        as another role
          403 application/problem+json {"status":403,"title":"this session does not act as that role","type":"urn:weltgewebe:foreign-role"}
        of another account
          403 application/problem+json {"status":403,"title":"this session is another account's","type":"urn:weltgewebe:foreign-role"}
        a second role
          422 application/problem+json {"refusal":{"rule":"role-taken"},"status":422,"title":"there is that role already, or the account has one","type":"urn:weltgewebe:refused"}
        under a role that its account does not have
          404 application/problem+json {"refusal":{"rule":"role-unknown"},"status":404,"title":"there is no such role","type":"urn:weltgewebe:refused"}
        without a role
          403 application/problem+json {"status":403,"title":"this session does not act as that role","type":"urn:weltgewebe:foreign-role"}
        from another site
          403 application/problem+json {"status":403,"title":"this request came from another site's page","type":"urn:weltgewebe:foreign-origin"}
        another's thread
          403 application/problem+json {"refusal":{"rule":"not-yours"},"status":403,"title":"only its owner may do that","type":"urn:weltgewebe:refused"}
        an unknown knot
          404 application/problem+json {"refusal":{"rule":"node-unknown"},"status":404,"title":"there is no such knot","type":"urn:weltgewebe:refused"}
        an unknown address
          404 application/problem+json {"status":404,"title":"there is nothing at this address","type":"urn:weltgewebe:not-found"}
        another method
          405 application/problem+json {"status":405,"title":"this address does not answer to that method","type":"urn:weltgewebe:method-not-allowed"}
        a page put
          405 application/problem+json {"status":405,"title":"this address does not answer to that method","type":"urn:weltgewebe:method-not-allowed"}
        no e-mail address
          422 application/problem+json {"status":422,"title":"that is no e-mail address","type":"urn:weltgewebe:email-wrong"}
        too large
          413 application/problem+json {"status":413,"title":"a command has at most 32 KiB","type":"urn:weltgewebe:too-large"}
        a form
          415 application/problem+json {"status":415,"title":"a command is application/json","type":"urn:weltgewebe:unsupported-media"}
        a rule broken
          422 application/problem+json {"refusal":{"rule":"start-missing"},"status":422,"title":"an event needs the time at which it starts","type":"urn:weltgewebe:refused"}
        an id with another content
          422 application/problem+json {"refusal":{"rule":"command-reused"},"status":422,"title":"this command id was used for another content","type":"urn:weltgewebe:refused"}
        an id of another role
          422 application/problem+json {"refusal":{"rule":"command-reused"},"status":422,"title":"this command id was used for another content","type":"urn:weltgewebe:refused"}
        another's knot
          403 application/problem+json {"refusal":{"needed":2,"rule":"node-not-yours","vouches":0},"status":403,"title":"the knots of others are changed by weavers, which takes 2 vouches; 0 are there","type":"urn:weltgewebe:refused"}
        a change of nothing
          422 application/problem+json {"refusal":{"rule":"nothing-changed"},"status":422,"title":"the change changes nothing","type":"urn:weltgewebe:refused"}
        a change that was made on an older version
          409 application/problem+json {"node":{"created_at":"…","dissolved_at":null,"holds_until":"…","id":"…","kind":"idea","last":"…","owner":"…","owner_name":"Anna","place":{"lat":484100000,"lon":156100000},"starts_at":null,"text":"Am Brunnen","title":"Herbstfest","version":2,"yarns":{}},"refusal":{"rule":"node-changed","version":2},"status":409,"title":"the knot was changed meanwhile: it is at version 2","type":"urn:weltgewebe:refused"}
        a later version
          422 application/problem+json {"refusal":{"rule":"command-version","v":99},"status":422,"title":"this server does not know version 99 of the command","type":"urn:weltgewebe:refused"}
        a knot that came undone
          409 application/problem+json {"refusal":{"at":"…","rule":"node-dissolved"},"status":409,"title":"the knot has come undone","type":"urn:weltgewebe:refused"}
        a thread that faded
          409 application/problem+json {"refusal":{"at":"…","rule":"thread-faded"},"status":409,"title":"the thread has faded","type":"urn:weltgewebe:refused"}
    "#]].assert_eq(&wire);
    instance.stop().await;
}

#[tokio::test]
async fn too_many_commands_are_told_when_to_come_back() {
    let instance = Instance::with_limit_factor(1).await;
    let anna = instance.role("Anna").await;
    let command = anna.command(Act::RenameRole {
        name: "Anna".into(),
    });
    let answer = loop {
        let answer = anna.submit(&command).await;
        if answer.status() != StatusCode::OK {
            break answer;
        }
    };
    assert!(answer.headers().contains_key("retry-after"));
    expect![[r#"
        429 application/problem+json {"retry_after_s":1,"status":429,"title":"too many in a short time, wait a little","type":"urn:weltgewebe:too-many"}
    "#]]
    .assert_eq(&told(answer).await);
    instance.stop().await;
}

#[tokio::test]
async fn without_its_database_the_product_says_so_and_heals() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let command = anna.command(Act::RenameRole {
        name: "Anna Lind".into(),
    });
    instance.database.refuse_connections().await;
    expect![[r#"
        503 application/problem+json {"retry_after_s":2,"status":503,"title":"not available just now, try again","type":"urn:weltgewebe:unavailable"}
    "#]]
    .assert_eq(&told(anna.submit(&command).await).await);
    let ready = anna.get("/health/ready").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    instance.database.accept_connections().await;
    let healed = tokio::time::timeout(Duration::from_secs(20), async {
        while anna.submit(&command).await.status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    healed
        .await
        .expect("the same command goes through once the database is back");
    instance.stop().await;
}

#[tokio::test]
async fn fifty_sends_of_one_command_have_one_effect_and_one_receipt() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let command = anna.command(knot(NodeId(store::testing::id()), NodeKind::Idea, "Einmal"));
    let answers = futures::future::join_all((0..50).map(|_| anna.submit(&command))).await;
    let mut receipts = Vec::new();
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::OK);
        receipts.push(answer.text().await.expect("a receipt"));
    }
    receipts.dedup();
    assert_eq!(receipts.len(), 1);
    let knots = crate::instance::events(&instance).await;
    let knots = knots
        .iter()
        .filter(|event| event["payload"]["type"] == "KnotenGeknuepft");
    assert_eq!(knots.count(), 1);
    instance.stop().await;
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_nothing_half_way() {
    use tokio::io::AsyncWriteExt;
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let cookie = instance.session_cookie("anna@weben.test").await;
    let mut commands = Vec::new();
    for n in 0..store::testing::at_length(1000, 10_000) {
        let command = anna.command(Act::RenameRole {
            name: format!("Anna {n}"),
        });
        let body = json!({ "command": command }).to_string();
        let head = format!(
            "POST /api/commands HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            instance.address,
            body.len()
        );
        let mut socket = tokio::net::TcpStream::connect(instance.address)
            .await
            .expect("it listens");
        socket.write_all(head.as_bytes()).await.expect("written");
        socket.write_all(body.as_bytes()).await.expect("written");
        drop(socket);
        commands.push(command);
    }
    // Those of nobody in particular stand so for a moment too, but are not cut off by their own timeout.
    let standing = instance.database.sessions_idle_in_transaction().await;
    // Whatever became of each: sent again it has a receipt, and one effect.
    for command in &commands {
        assert_eq!(anna.submit(command).await.status(), StatusCode::OK);
    }
    let events = crate::instance::events(&instance).await;
    let effects: Vec<&str> = events
        .iter()
        .filter_map(|event| event["command_id"].as_str())
        .collect();
    for command in &commands {
        let id = command.id.to_string();
        let times = effects.iter().filter(|effect| **effect == id).count();
        assert_eq!(times, 1, "{id}");
    }
    assert_eq!(instance.database.idle_in_transaction().await, 0);
    for session in standing {
        let is_there = instance.database.has_session(session).await;
        assert!(is_there, "its transaction stood open until it was cut off");
    }
    assert_eq!(
        anna.act(Act::RenameRole {
            name: "Anna".into()
        })
        .await
        .status(),
        StatusCode::OK
    );
    instance.stop().await;
}
