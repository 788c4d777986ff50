//! What is taken back or undone: vouches before an admin's word, words in the log, and confirmations that a lower number brings.

use domain::command::Act;
use domain::cursor::Cursor;
use domain::event::Body;
use domain::id::{MessageId, RoleId};
use domain::personal::Text;
use domain::refusal::Refusal;
use domain::spool::{Confirmed, Placement, Right, Standing};
use domain::time::{FADE_MS, Millis};
use store::door::DoorError;
use store::weave::{read, rebuild};
use store::{log, testing};

use crate::rooms::living_house;
use crate::support::{House, place};

fn grant(role: RoleId, right: Right) -> Act {
    Act::GrantRight {
        role,
        right,
        reason: "Von Anfang an dabei".to_owned(),
    }
}

async fn standing(house: &House, role: RoleId) -> Standing {
    let me = read::me(&house.store, role).await.expect("an answer");
    me.expect("a role").standing
}

async fn roles<const N: usize>(house: &House) -> [RoleId; N] {
    let mut roles = [RoleId(testing::id()); N];
    for (n, role) in roles.iter_mut().enumerate() {
        *role = house.role(&format!("Rolle {n}"), Placement::Hidden).await;
    }
    roles
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lower_number_confirms_all_who_have_as_many_in_one_command() {
    let house = House::new().await;
    house.weave();
    let [anna, ben, eva, dora, finn] = roles(&house).await;
    for weaver in [anna, ben] {
        house
            .order(grant(weaver, Right::Weaver))
            .await
            .expect("a weaver");
    }
    let needs = |needed| Act::SetVouches { needed };
    house.order(needs(3)).await.expect("a number");
    for (by, role) in [
        (anna, eva),
        (ben, eva),
        (anna, dora),
        (ben, dora),
        (anna, finn),
    ] {
        house
            .act(by, Act::VouchFor { role })
            .await
            .expect("a vouch");
    }
    // Whoever may not say so changes nothing by asking.
    let refused = house.act(eva, needs(0)).await;
    assert_eq!(refused, Err(DoorError::Refused(Refusal::AdminNeeded)));
    house
        .order(grant(anna, Right::Admin))
        .await
        .expect("an admin");
    let receipt = house.act(anna, needs(2)).await.expect("a number");
    house.woven().await;
    for (role, is_weaver) in [(eva, true), (dora, true), (finn, false)] {
        let standing = standing(&house, role).await;
        assert_eq!(standing.weaver_since.is_some(), is_weaver);
        assert!(!standing.is_granted);
    }
    let log = house.log().await;
    let [first, rest @ ..] = &log[log.len() - 3..] else {
        panic!("three events")
    };
    assert_eq!(first.payload, Body::BuergschaftenFestgelegt { needed: 2 });
    for event in rest {
        assert_eq!(event.causation_id, Some(first.id));
        assert_eq!(event.command_id, first.command_id);
        let of = vec![anna, ben];
        let why = Confirmed::Vouches { of };
        assert_eq!(event.payload, Body::WeberBestaetigt { why });
    }
    assert_eq!(receipt.cursor.id, rest[1].id);
    let refused = house.act(anna, Act::WithdrawVouch { role: eva }).await;
    assert!(
        matches!(
            refused,
            Err(DoorError::Refused(Refusal::VouchConfirmed { .. }))
        ),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_vouches_confirmed_somebody_is_known_to_pages_and_after_a_rebuild() {
    let house = House::new().await;
    house.weave();
    let [anna, ben, eva] = roles(&house).await;
    house
        .order(grant(anna, Right::Weaver))
        .await
        .expect("a weaver");
    house
        .act(anna, Act::VouchFor { role: eva })
        .await
        .expect("a vouch");
    for role in [eva, ben] {
        house
            .order(grant(role, Right::Weaver))
            .await
            .expect("a weaver");
    }
    house.woven().await;
    let before = standing(&house, eva).await;
    assert!(before.is_granted && before.is_vouched_by(anna));
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(standing(&house, eva).await, before);
    house
        .act(anna, Act::WithdrawVouch { role: eva })
        .await
        .expect("it confirmed nobody");
    house.woven().await;
    let after = standing(&house, eva).await;
    assert!(after.weaver_since.is_some() && !after.is_vouched_by(anna));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_of_before_it_was_known_learns_from_the_log_who_was_granted() {
    let house = House::new().await;
    let [anna, ben, eva, dora] = roles(&house).await;
    for role in [anna, ben, dora] {
        house
            .order(grant(role, Right::Weaver))
            .await
            .expect("a weaver");
    }
    for by in [anna, ben] {
        let vouch = Act::VouchFor { role: eva };
        house.act(by, vouch).await.expect("a vouch");
    }
    let granted = "SELECT count(*) FROM streams
         WHERE state ? 'is_granted' AND stream NOT LIKE '%' || (
             SELECT substr(stream, 6) FROM events WHERE payload->'why'->>'by' = 'vouches'
         )";
    assert_eq!(house.count(granted).await, 3);
    let mut connection = house.database.connection().await;
    sqlx::query("UPDATE streams SET state = state - 'is_granted'")
        .execute(&mut connection)
        .await
        .expect("states of before");
    assert_eq!(house.count(granted).await, 0);
    sqlx::raw_sql(include_str!("../../../migrations/0020_granted_weavers.sql"))
        .execute(&mut connection)
        .await
        .expect("what the migration does");
    assert_eq!(house.count(granted).await, 3);
    let all = "SELECT count(*) FROM streams WHERE state ? 'is_granted'";
    assert_eq!(house.count(all).await, 3, "vouches confirmed the fourth");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_words_are_taken_back_also_where_the_knot_has_come_undone() {
    let (house, clock) = living_house().await;
    let [anna] = roles(&house).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    let message = MessageId(testing::id());
    let say = Act::SendMessage {
        message,
        node,
        text: "Streuobst".to_owned(),
        reply_to: None,
    };
    house.act(anna, say).await.expect("a message");
    clock.advance(FADE_MS + 1);
    let reword = Act::ChangeMessage {
        message,
        node,
        text: "Fallobst".to_owned(),
    };
    let refused = house.act(anna, reword).await;
    assert!(
        matches!(
            refused,
            Err(DoorError::Refused(Refusal::NodeDissolved { .. }))
        ),
        "{refused:?}"
    );
    let words = async || {
        let begin = Cursor {
            epoch: house.store.epoch(),
            at: Millis(0),
            id: 0,
        };
        let events = log::public_after(&house.store, begin, 100)
            .await
            .expect("the log");
        let said = events
            .into_iter()
            .find_map(|(_, event)| match event.payload {
                Body::NachrichtGesendet { text, .. } => Some(text.text),
                _ => None,
            });
        said.expect("it was said")
    };
    assert_eq!(words().await, Text::Open("Streuobst".to_owned()));
    house
        .act(anna, Act::WithdrawMessage { message, node })
        .await
        .expect("it is taken back");
    // At once, whatever the read models know.
    assert_eq!(words().await, Text::Withdrawn);
    house.woven().await;
    let rows = store::talk::read::page(&house.store, node, None, 5).await;
    let rows = rows.expect("an answer").expect("a conversation");
    assert!(rows[0].is_withdrawn && rows[0].text.is_empty());
}
