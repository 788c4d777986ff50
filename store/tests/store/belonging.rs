//! Who belongs, as the log has it and as pages, hello and rooms read it.

use domain::command::Act;
use domain::event::{Actor, Body};
use domain::id::{RoleId, ThreadId};
use domain::page::End;
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Met, Placement, Right};
use domain::time::FADE_MS;
use domain::view::CellView;
use domain::weave::{Target, ThreadKind};
use domain::wire::RoomId;
use store::door::{DoorError, new_order};
use store::weave::read;

use crate::rooms::{living_house, settled};
use crate::support::{House, place};

fn grant(role: RoleId, right: Right) -> Act {
    Act::GrantRight {
        role,
        right,
        reason: "Von Anfang an dabei".to_owned(),
    }
}

fn vouch(role: RoleId) -> Act {
    Act::VouchFor { role }
}

async fn room(house: &House, place: Place) -> CellView {
    let room = RoomId::Cell(place.cell().parent(10));
    let (_, mut views) = read::rooms(&house.store, &[room]).await.expect("rooms");
    views.pop().expect("a room").1
}

fn met(role: RoleId, name: &str) -> Met {
    let name = name.to_owned();
    Met { role, name }
}

#[tokio::test]
async fn pages_and_hello_say_where_a_role_stands_whether_it_is_woven_at_once_or_one_by_one() {
    for at_once in [false, true] {
        let house = House::new().await;
        let exact = |n| Placement::Exact { place: place(n) };
        let anna = house.role("Anna", exact(1)).await;
        let ben = house.role("Ben", exact(4000)).await;
        let eva = house.role("Eva", Placement::Hidden).await;
        let dora = house.role("Dora", Placement::Hidden).await;
        if !at_once {
            house.weave();
        }
        let woven = async || {
            if !at_once {
                house.woven().await;
            }
        };
        for role in [anna, ben] {
            house
                .order(grant(role, Right::Weaver))
                .await
                .expect("a weaver");
            woven().await;
        }
        house
            .order(grant(anna, Right::Admin))
            .await
            .expect("an admin");
        for (by, act) in [
            (anna, vouch(eva)),
            (ben, vouch(eva)),
            (anna, vouch(dora)),
            (ben, vouch(dora)),
            (anna, Act::SetVouches { needed: 3 }),
        ] {
            house.act(by, act).await.expect("it is allowed");
            woven().await;
        }
        // One who belongs no more begins anew, with a vouch that came after that.
        for act in [Act::RevokeRight {
            role: dora,
            right: Right::Weaver,
            reason: "Ein Versehen".to_owned(),
        }] {
            house.act(anna, act).await.expect("an admin may");
            woven().await;
        }
        house.act(ben, vouch(dora)).await.expect("a vouch");
        house.act(eva, vouch(dora)).await.expect("a vouch");
        house
            .act(eva, Act::WithdrawVouch { role: dora })
            .await
            .expect("it confirmed nobody");
        if at_once {
            house.weave();
        }
        house.woven().await;

        let me = |role| read::me(&house.store, role);
        let own = me(anna).await.expect("an answer").expect("Anna").standing;
        assert!(own.weaver_since.is_some() && own.admin_since.is_some());
        assert_eq!((own.vouches_needed, own.vouched_by), (3, Vec::new()));
        let own = me(eva).await.expect("an answer").expect("Eva").standing;
        assert!(own.weaver_since.is_some() && own.admin_since.is_none());
        assert_eq!(own.vouched_by, [met(anna, "Anna"), met(ben, "Ben")]);
        let own = me(dora).await.expect("an answer").expect("Dora").standing;
        assert_eq!(
            (own.weaver_since, own.vouched_by),
            (None, vec![met(ben, "Ben")])
        );

        let (page, threads) = read::role(&house.store, ben)
            .await
            .expect("an answer")
            .expect("Ben");
        assert_eq!(page.vouches_for, [met(dora, "Dora"), met(eva, "Eva")]);
        let titles: Vec<&str> = threads.iter().map(|row| &*row.title).collect();
        assert_eq!(titles, ["Dora", "Eva"]);
        let id = ThreadId::derive(ben, ThreadKind::Vouch, eva);
        let (thread, end) = read::thread(&house.store, id)
            .await
            .expect("an answer")
            .expect("a thread");
        assert_eq!(thread.target, Target::Role(eva));
        assert_eq!(end, End::Role(met(eva, "Eva")));
        assert_eq!(
            read::named(&house.store, "Ben", 5)
                .await
                .expect("an answer"),
            [ben]
        );
    }
}

#[tokio::test]
async fn a_vouch_lies_in_the_rooms_of_both_spools_and_ends_in_a_tuft_where_one_is_hidden() {
    let (house, clock) = living_house().await;
    let (here, there) = (place(1), place(4000));
    let anna = house.role("Anna", Placement::Exact { place: here }).await;
    let ben = house.role("Ben", Placement::Exact { place: there }).await;
    house
        .order(grant(anna, Right::Weaver))
        .await
        .expect("a weaver");
    house.act(anna, vouch(ben)).await.expect("a vouch");
    let id = ThreadId::derive(anna, ThreadKind::Vouch, ben);
    settled(&house).await;
    for place in [here, there] {
        let thread = room(&house, place).await.threads[&id].clone();
        assert_eq!((thread.from, thread.to), (Some(here), Some(there)));
    }
    house.place(ben, Placement::Hidden).await;
    settled(&house).await;
    assert_eq!(room(&house, here).await.threads[&id].to, None);
    assert!(room(&house, there).await.threads.is_empty());
    house.place(anna, Placement::Hidden).await;
    house.place(ben, Placement::Exact { place: there }).await;
    settled(&house).await;
    let thread = room(&house, there).await.threads[&id].clone();
    assert_eq!((thread.from, thread.to), (None, Some(there)));
    assert!(room(&house, here).await.threads.is_empty());

    // It fades as every thread does, and the vouch stands.
    clock.advance(FADE_MS);
    settled(&house).await;
    assert!(room(&house, there).await.threads.is_empty());
    let standing = read::me(&house.store, ben)
        .await
        .expect("an answer")
        .expect("Ben")
        .standing;
    assert!(standing.is_vouched_by(anna));
}

#[tokio::test]
async fn the_log_says_who_ordered_and_what_followed_from_what() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let id = new_order().expect("randomness");
    let act = grant(anna, Right::Weaver);
    let first = house.door.submit_order(id, act.clone(), "a test").await;
    let again = house.door.submit_order(id, act.clone(), "a test").await;
    assert_eq!(first, again, "told twice it has no second effect");
    let other = house.door.submit_order(id, act.clone(), "another").await;
    assert_eq!(other, Err(DoorError::Refused(Refusal::CommandReused)));
    let held = house.order(act).await;
    assert_eq!(held, Err(DoorError::Refused(Refusal::RightHeld)));
    house
        .order(Act::SetVouches { needed: 1 })
        .await
        .expect("a number");
    house.act(anna, vouch(ben)).await.expect("a vouch");

    let log = house.log().await;
    let names: Vec<&str> = log.iter().map(|event| event.payload.name()).collect();
    assert_eq!(
        names,
        [
            "RolleRegistriert",
            "RolleRegistriert",
            "WeberBestaetigt",
            "BuergschaftenFestgelegt",
            "BuergschaftGegeben",
            "WeberBestaetigt"
        ]
    );
    let because = "a test".to_owned();
    assert_eq!(log[2].actor, Actor::System { because });
    assert_eq!(log[3].stream.to_string(), "community");
    let [.., given, confirmed] = log.as_slice() else {
        panic!("two events")
    };
    assert_eq!(given.causation_id, None);
    assert_eq!(confirmed.causation_id, Some(given.id));
    assert_eq!(confirmed.command_id, given.command_id);
    // Ben's story began when he came.
    assert_eq!(confirmed.correlation_id, log[1].id);
    assert!(matches!(confirmed.payload, Body::WeberBestaetigt { .. }));
    // A reason is personal: it is sealed where it is stored.
    let mut connection = house.database.connection().await;
    let stored: String = sqlx::query_scalar("SELECT payload::text FROM events WHERE id = $1")
        .bind(log[2].id)
        .fetch_one(&mut connection)
        .await
        .expect("an event");
    assert!(
        stored.contains("sealed") && !stored.contains("Anfang"),
        "{stored}"
    );
}
