//! Conversations: what was said is read whole, in order, page by page.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::talk::{MessageRow, RECENT_MAX};
use domain::weave::ThreadKind;
use domain::wire::RoomId;
use store::door::DoorError;
use store::testing;
use store::weave::{read, rebuild};

use crate::support::{House, answered, place, said};

async fn page(house: &House, node: NodeId, before: Option<MessageId>) -> Vec<MessageRow> {
    store::talk::read::page(&house.store, node, before, 20)
        .await
        .expect("an answer")
        .expect("a message of it")
}

async fn room(house: &House, node: NodeId) -> Vec<MessageRow> {
    let rooms = read::rooms(&house.store, &[RoomId::Talk(node)]).await;
    let (_, views) = rooms.expect("a room");
    views[0].1.messages.iter().rev().cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_back_to_the_first_message_and_rooms_show_the_newest() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let bert = house.role("Bert", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    let other = house.node(anna, "Anderswo", place(1)).await;
    let count = u32::from(RECENT_MAX) + 12;
    for n in 1..=count {
        let by = if n % 3 == 0 { bert } else { anna };
        house
            .act(by, said(node, &format!("Wort {n}")))
            .await
            .expect("a message");
        house
            .act(by, said(other, "Etwas anderes"))
            .await
            .expect("a message");
    }
    house.woven().await;

    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let rows = page(&house, node, before).await;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        all.extend(rows);
    }
    let numbers: Vec<u32> = all.iter().map(|row| row.nth).collect();
    assert_eq!(numbers, (1..=count).rev().collect::<Vec<_>>());
    for row in &all {
        assert_eq!(row.text, format!("Wort {}", row.nth));
        assert_eq!(row.role == bert, row.nth % 3 == 0);
        assert_eq!(row.role_name == "Bert", row.role == bert);
    }
    assert_eq!(room(&house, node).await, all[..RECENT_MAX.into()]);

    // What is no message of this conversation is no place in it.
    let foreign = page(&house, other, None).await[0].id;
    for before in [foreign, MessageId(testing::id())] {
        let read = store::talk::read::page(&house.store, node, Some(before), 20).await;
        assert_eq!(read.expect("an answer"), None);
    }

    // Who is called otherwise today was so yesterday.
    let name = "Berta".to_owned();
    house
        .act(bert, Act::RenameRole { name })
        .await
        .expect("a name");
    house.woven().await;
    let renamed = room(&house, node).await;
    assert!(
        renamed
            .iter()
            .all(|row| (row.role_name == "Berta") == (row.role == bert))
    );
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(room(&house, node).await, renamed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_sealed_in_the_log_draws_a_thread_and_is_there_once() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    let command = house.command(anna, said(node, "Wer bringt Streuobst?"));
    let receipt = house.door.submit(command.clone()).await.expect("a message");
    assert_eq!(
        house.door.submit(command.clone()).await.expect("again"),
        receipt
    );
    // The same message under another command, as a program gone wrong would send it.
    let twice = house.command(anna, command.act);
    let refused = house.door.submit(twice).await;
    assert!(
        matches!(refused, Err(DoorError::Refused(Refusal::MessageTaken))),
        "{refused:?}"
    );
    house.woven().await;
    assert_eq!(room(&house, node).await.len(), 1);
    let (_, threads) = read::node(&house.store, node)
        .await
        .expect("an answer")
        .expect("a knot");
    let kinds: Vec<_> = threads.iter().map(|row| row.kind).collect();
    assert!(
        kinds.contains(&ThreadKind::Talk) && kinds.len() == 2,
        "{kinds:?}"
    );

    for table in [
        "SELECT count(*) FROM events t WHERE t::text LIKE '%Streuobst%'",
        "SELECT count(*) FROM streams t WHERE t::text LIKE '%Streuobst%'",
        "SELECT count(*) FROM receipts t WHERE t::text LIKE '%Streuobst%'",
    ] {
        assert_eq!(house.count(table).await, 0, "{table}");
    }
    let log = house.log().await;
    assert!(log.iter().any(|event| {
        serde_json::to_string(event)
            .expect("JSON")
            .contains("Streuobst")
    }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_and_taken_back_is_so_in_its_place_and_where_it_is_answered() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let bert = house.role("Bert", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    house
        .act(anna, said(node, "Um 3 am Brunnen"))
        .await
        .expect("a message");
    house.woven().await;
    let first = room(&house, node).await[0].clone();
    let message = first.id;
    house
        .act(bert, answered(node, message, "Ich komme."))
        .await
        .expect("an answer");
    // So many that the room shows the answer without the answered one.
    for n in 0..u32::from(RECENT_MAX) - 1 {
        house
            .act(bert, said(node, &format!("Wort {n}")))
            .await
            .expect("a message");
    }
    let quoted = async || {
        house.woven().await;
        let rows = room(&house, node).await;
        assert_eq!(rows.len(), usize::from(RECENT_MAX));
        let answer = rows.last().expect("the answer");
        let paged = page(&house, node, Some(rows[usize::from(RECENT_MAX) - 2].id)).await;
        assert_eq!(&paged[0], answer, "page and room read the same");
        assert_eq!(paged[1].id, message);
        let quoted = answer.reply_to.clone().expect("what it answers");
        assert_eq!(quoted, domain::talk::Quoted::from(&paged[1]));
        (paged[1].clone(), quoted)
    };
    let (row, shown) = quoted().await;
    assert_eq!((&row, shown.text.as_str()), (&first, "Um 3 am Brunnen"));

    let text = format!("Um 4\nam {}.", "Brunnen".repeat(30));
    let change = Act::ChangeMessage {
        message,
        node,
        text: text.clone(),
    };
    let done = house.act(anna, change).await.expect("a change");
    let (row, shown) = quoted().await;
    assert_eq!(row.text, text);
    assert!(row.changed_at.is_some_and(|at| at >= row.said_at));
    assert_eq!(
        (row.last, row.nth, row.said_at),
        (done.cursor.id, 1, first.said_at)
    );
    assert!(text.starts_with(&shown.text) && shown.text.chars().count() == 120);

    // Who is answered is called as they are called now.
    let name = "Annika".to_owned();
    house
        .act(anna, Act::RenameRole { name })
        .await
        .expect("a name");
    assert_eq!(quoted().await.1.role_name, "Annika");

    let take_back = Act::WithdrawMessage { message, node };
    house.act(anna, take_back).await.expect("it is taken back");
    let (row, shown) = quoted().await;
    assert!(row.is_withdrawn && row.text.is_empty() && row.changed_at.is_none());
    assert_eq!(
        (row.nth, row.said_at, row.role),
        (1, first.said_at, anna),
        "it leaves a place"
    );
    assert!(shown.is_withdrawn && shown.text.is_empty());
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(quoted().await, (row, shown));

    // Once in the read model, and sealed in the log.
    let plain = "SELECT count(*) FROM messages_read t WHERE t::text LIKE '%Brunnen%'";
    assert_eq!(house.count(plain).await, 0);
    let sealed = "SELECT count(*) FROM events t WHERE t::text LIKE '%Brunnen%'";
    assert_eq!(house.count(sealed).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_its_authors_also_at_the_door() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let bert = house.role("Bert", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    let message = MessageId(testing::id());
    let say = Act::SendMessage {
        message,
        node,
        text: "Um 3".to_owned(),
        reply_to: None,
    };
    house.act(anna, say).await.expect("a message");
    let change = || Act::ChangeMessage {
        message,
        node,
        text: "Um 4".to_owned(),
    };
    let refused = async |by, act| match house.act(by, act).await {
        Err(DoorError::Refused(refusal)) => Some(refusal),
        _ => None,
    };
    assert_eq!(
        refused(bert, change()).await,
        Some(Refusal::MessageNotYours)
    );
    let take_back = Act::WithdrawMessage { message, node };
    assert_eq!(
        refused(bert, take_back.clone()).await,
        Some(Refusal::MessageNotYours)
    );
    house.act(anna, take_back).await.expect("it is taken back");
    assert_eq!(
        refused(anna, change()).await,
        Some(Refusal::MessageWithdrawn)
    );
    assert_eq!(
        refused(bert, answered(node, message, "Schade")).await,
        Some(Refusal::MessageWithdrawn)
    );
    house.woven().await;
    let log = house.log().await;
    let of_it =
        |event: &&domain::event::Event| event.stream == domain::state::StreamId::Message(message);
    let told: Vec<_> = log
        .iter()
        .filter(of_it)
        .map(|event| {
            (
                event.payload.name(),
                event.stream_version,
                event.tie.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("NachrichtGesendet", 1, true),
            ("NachrichtZurueckgezogen", 2, false)
        ]
    );
    // The same story as the knot's.
    let stories: std::collections::BTreeSet<_> = log
        .iter()
        .filter(of_it)
        .map(|event| event.correlation_id)
        .collect();
    assert_eq!(stories.len(), 1);
}
