//! What a page that stays open hears of what concerns whoever looks: mentions until they are read, and how somebody takes part.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::talk::Unseen;
use domain::weave::JoinLevel;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::instance::{Instance, Person};

const MINUTE_MS: i64 = 60_000;

async fn does(person: &Person<'_>, act: Act) {
    // Each in a minute of its own: what is new is told by time.
    person.instance.clock.advance(MINUTE_MS);
    let answer = person.act(act).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let receipt: Value = answer.json().await.expect("a receipt");
    let cursor = receipt["cursor"].as_str().expect("a cursor");
    person.shown(cursor).await;
}

async fn says(person: &Person<'_>, node: NodeId, text: &str) -> MessageId {
    let message = MessageId(store::testing::id());
    let act = Act::SendMessage {
        message,
        node,
        text: text.to_owned(),
        reply_to: None,
    };
    does(person, act).await;
    message
}

async fn unseen(person: &Person<'_>) -> Unseen {
    let answer = person.get("/api/marks/read").await;
    answer.json().await.expect("what is not seen")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_told_beside_what_is_unread_until_it_was_read_where_it_was_said() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    let node = ben.knot("Sommerfest").await;
    assert_eq!(unseen(&anna).await.news, 0);
    let first = says(&ben, node, "Kommst du, @Anna?").await;
    let told = unseen(&anna).await;
    assert_eq!((told.news, told.unread.len()), (1, 0), "she takes no part");
    assert_eq!(unseen(&ben).await.news, 0);
    let second = says(&ben, node, "Und bringst du Brot, @Anna?").await;
    assert_eq!(unseen(&anna).await.news, 2);
    for (message, left) in [(first, 1), (second, 0)] {
        let mark = json!({ "message": message });
        let read = anna.post_json("/api/marks/read", &mark).await;
        let told: Unseen = read.json().await.expect("what is left");
        assert_eq!(told.news, left);
    }
    // It stays where one looks it up.
    let page = anna.get("/neues").await.text().await.expect("a page");
    assert_eq!(page.matches("Ben hat dich erwähnt").count(), 2, "{page}");
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_tell_how_somebody_takes_part_as_they_said_last() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let ben = instance.role("Ben").await;
    let node = anna.knot("Sommerfest").await;
    let told = [
        "Ben interessiert sich für deinen Knoten",
        "Ben ist bei deinem Knoten dabei",
        "Ben kümmert sich um deinen Knoten",
    ];
    for (nth, level) in JoinLevel::ALL.into_iter().enumerate() {
        does(&ben, Act::JoinNode { node, level }).await;
        let page = anna.get("/neues").await.text().await.expect("a page");
        for (other, words) in told.iter().enumerate() {
            let count = usize::from(other == nth);
            assert_eq!(page.matches(words).count(), count, "{words}: {page}");
        }
    }
    instance.stop().await;
}
