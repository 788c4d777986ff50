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

use crate::support::{House, place, said};

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
