//! The clock: `at` never goes back, and a jump closes the door.

use domain::id::NodeId;
use domain::spool::Placement;
use domain::time::Millis;
use store::door::{DoorError, Unavailable};
use store::testing::{self, TestClock, TestDatabase};
use store::{ClockJumped, JUMP_MS};

use crate::support::{House, knot, place};

const NOON: Millis = Millis(1_795_608_000_000);

#[tokio::test]
async fn a_jump_closes_the_door_until_the_clocks_agree_again() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let idea = || knot(NodeId(testing::id()), "Idee", place(0));

    clock.jump(JUMP_MS - 1);
    clock.jump(-(JUMP_MS - 1));
    house
        .act(anna, idea())
        .await
        .expect("less than five minutes is no jump");
    // Suspend moves both.
    clock.advance(12 * 60 * 60 * 1000);
    house
        .act(anna, idea())
        .await
        .expect("a night's sleep is no jump");

    for jump_ms in [JUMP_MS, -JUMP_MS] {
        clock.jump(jump_ms);
        assert_eq!(
            house.act(anna, idea()).await,
            Err(DoorError::Unavailable(Unavailable::ClockJumped(
                ClockJumped { jump_ms }
            )))
        );
        clock.jump(-jump_ms);
        house.act(anna, idea()).await.expect("they agree again");
    }
}

#[tokio::test]
async fn time_never_goes_back_in_the_log_across_instances() {
    let database = TestDatabase::new().await;
    let ahead = database.store_with(TestClock::new(NOON + 60_000)).await;
    let behind = database.store_with(TestClock::new(NOON)).await;
    let house = House::of(database, ahead);
    let anna = house.role("Anna", Placement::Hidden).await;
    let house = House::of(house.database, behind);
    house.node(anna, "Idee", place(0)).await;
    let ats: Vec<Millis> = house.log().await.iter().map(|event| event.at).collect();
    assert_eq!(ats, [NOON + 60_000, NOON + 60_000]);
}
