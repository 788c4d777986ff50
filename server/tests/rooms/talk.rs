//! What is said at a knot arrives where the knot is open, whatever part of the map is looked at.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::talk::RECENT_MAX;
use domain::wire::{CloseCode, RoomId, RoomWish, TALKS_MAX};
use store::testing::id;

use crate::listener::{Closed, Listener};
use crate::stage::{HERE, Stage, THERE, around};

fn say(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(id()),
        node,
        text: text.to_owned(),
        reply_to: None,
    }
}

fn texts(listener: &Listener, node: NodeId) -> Vec<&str> {
    let rows = &listener.talks[&node].messages;
    rows.iter().map(|row| row.text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_arrive_on_every_instance_and_who_comes_back_gets_what_was_missed() {
    let stage = Stage::new().await;
    let (one, two) = (stage.instance().await, stage.instance().await);
    let ada = stage.role("Ada", Some(HERE)).await;
    let (node, done) = stage.knot(ada, HERE).await;
    let (elsewhere, _) = stage.knot(ada, HERE).await;
    let (mut first, mut second) = (Listener::connect(&one).await, Listener::connect(&two).await);
    // One looks at another town, and has the knot open all the same.
    first.listen(&around(THERE, 9), &[node]).await;
    second.listen(&around(HERE, 9), &[node, elsewhere]).await;
    first.until(done).await;
    assert!(texts(&first, node).is_empty());

    stage.act(ada, say(node, "eins")).await;
    let done = stage.act(ada, say(node, "zwei")).await;
    first.until(done).await;
    second.until(done).await;
    for listener in [&first, &second] {
        assert_eq!(texts(listener, node), ["eins", "zwei"]);
        listener.assert_fresh(&stage, "two words").await;
    }
    assert!(texts(&second, elsewhere).is_empty());

    // The first one's connection is gone; meanwhile something is said.
    let (cursor, talks) = (first.cursor, first.talks.clone());
    drop(first);
    let done = stage.act(ada, say(node, "drei")).await;
    second.until(done).await;
    let mut again = Listener::connect(&two).await;
    again.talks = talks;
    let room = RoomId::Talk(node);
    again.wish(vec![RoomWish { room, cursor }]).await;
    while texts(&again, node).len() < 3 {
        again.hear().await.expect("an open socket");
    }
    // The history of the second instance covers the gap.
    assert_eq!((again.fulls, again.patches), (0, 1));
    again.until(done).await;
    again.assert_fresh(&stage, "coming back").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn newer_words_push_the_oldest_out_of_the_room() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let ada = stage.role("Ada", None).await;
    let (node, mut done) = stage.knot(ada, HERE).await;
    let mut listener = Listener::connect(&instance).await;
    listener.listen(&[], &[node]).await;
    let count = usize::from(RECENT_MAX) + 3;
    for n in 1..=count {
        done = stage.act(ada, say(node, &format!("{n}"))).await;
    }
    listener.until(done).await;
    let said = texts(&listener, node);
    assert_eq!(said.len(), usize::from(RECENT_MAX));
    assert_eq!(
        (said[0], said[said.len() - 1]),
        ("4", count.to_string().as_str())
    );
    listener.assert_fresh(&stage, "many words").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_conversations_at_once_and_no_more() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let mut listener = Listener::connect(&instance).await;
    // A knot that nobody has heard of may be one that still waits in somebody's outbox.
    let mut nodes: Vec<NodeId> = (0..TALKS_MAX).map(|_| NodeId(id())).collect();
    listener.listen(&[], &nodes).await;
    nodes.push(NodeId(id()));
    let wish = |node: NodeId| RoomWish {
        room: RoomId::Talk(node),
        cursor: None,
    };
    listener.wish(nodes.into_iter().map(wish).collect()).await;
    let closed = Closed(Some(CloseCode::TooManyRooms.code()));
    assert_eq!(listener.end().await, closed);
}
