//! What members have not read: counted for those who take part, private, and never in the log.

use domain::command::Act;
use domain::id::{MessageId, NodeId, RoleId};
use domain::spool::Placement;
use domain::time::DAY_MS;
use domain::weave::Structure;
use store::talk::{marks, read};
use store::testing;
use store::weave::rebuild;

use crate::support::{House, place};

async fn say(house: &House, by: RoleId, node: NodeId, text: &str) -> MessageId {
    let message = MessageId(testing::id());
    let act = Act::SendMessage {
        message,
        node,
        text: text.to_owned(),
        reply_to: None,
    };
    house.act(by, act).await.expect("a message");
    message
}

/// What that role has not read: where, how many, and to where it has read.
async fn unread(house: &House, role: RoleId) -> Vec<(NodeId, u32, u32)> {
    house.woven().await;
    let unread = marks::unread(&house.store, role).await.expect("an answer");
    unread
        .iter()
        .map(|one| (one.node, one.count, one.read))
        .collect()
}

async fn looked(house: &House, role: RoleId, message: MessageId) {
    marks::read(&house.store, role, message)
        .await
        .expect("a mark");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_said_where_one_takes_part_is_unread_until_one_looked() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let carl = house.role("Carl", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    say(&house, anna, node, "Wer gießt?").await;
    let first = say(&house, ben, node, "Ich").await;
    let second = say(&house, ben, node, "Morgen").await;
    assert_eq!(unread(&house, anna).await, [(node, 2, 1)], "she knotted it");
    assert_eq!(
        unread(&house, ben).await,
        [(node, 1, 0)],
        "he said something there"
    );
    assert_eq!(unread(&house, carl).await, [], "he takes no part");

    looked(&house, anna, first).await;
    assert_eq!(unread(&house, anna).await, [(node, 1, 2)]);
    looked(&house, anna, second).await;
    assert_eq!(unread(&house, anna).await, []);
    // What was seen stays seen, and nonsense says nothing.
    looked(&house, anna, first).await;
    looked(&house, anna, MessageId(testing::id())).await;
    assert_eq!(unread(&house, anna).await, []);

    let third = say(&house, ben, node, "Doch heute").await;
    assert_eq!(unread(&house, anna).await, [(node, 1, 3)]);
    let withdraw = Act::WithdrawMessage {
        message: third,
        node,
    };
    house.act(ben, withdraw).await.expect("it is taken back");
    assert_eq!(
        unread(&house, anna).await,
        [],
        "what was taken back is nothing to read"
    );

    let before = house.log().await.len();
    let fourth = say(&house, ben, node, "Also morgen").await;
    // What is on a screen is woven.
    house.woven().await;
    looked(&house, carl, fourth).await;
    house.join(carl, node).await;
    assert_eq!(
        unread(&house, carl).await,
        [],
        "he had read it before he joined"
    );
    assert_eq!(
        house.log().await.len(),
        before + 2,
        "no event tells what somebody read"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parlour_is_everyones_from_when_they_came() {
    let (house, clock) = crate::rooms::living_house().await;
    house
        .door
        .found(Structure::Parlour, place(0), false)
        .await
        .expect("a parlour");
    let parlour = NodeId::of_structure(Structure::Parlour);
    let anna = house.role("Anna", Placement::Hidden).await;
    say(&house, anna, parlour, "Ist da wer?").await;
    clock.advance(DAY_MS);
    let ben = house.role("Ben", Placement::Hidden).await;
    assert_eq!(unread(&house, ben).await, [], "that was before he came");
    clock.advance(DAY_MS);
    let newest = say(&house, anna, parlour, "Hallo Ben").await;
    assert_eq!(unread(&house, ben).await, [(parlour, 1, 1)]);
    assert_eq!(unread(&house, anna).await, []);
    looked(&house, ben, newest).await;

    // Marks are kept where everything that is made from the log is made anew.
    say(&house, anna, parlour, "Und noch was").await;
    let wanted = [(parlour, 1, 2)];
    assert_eq!(unread(&house, ben).await, wanted);
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(unread(&house, ben).await, wanted);
    let mut connection = house.database.connection().await;
    sqlx::query("DROP TABLE community_read")
        .execute(&mut connection)
        .await
        .expect("a table less");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(unread(&house, ben).await, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_absence_is_counted_within_a_bound() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    for n in 0..205 {
        say(&house, ben, node, &format!("Wort {n}")).await;
    }
    assert_eq!(unread(&house, anna).await, [(node, 200, 5)]);
    let page = read::page(&house.store, node, None, 1)
        .await
        .expect("an answer");
    looked(&house, anna, page.expect("a page")[0].id).await;
    assert_eq!(unread(&house, anna).await, []);
}
