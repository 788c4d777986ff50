//! Who sees what was uploaded, and for how long it is kept: by whether anything shows it, or ever did.

use domain::command::Act;
use domain::id::{NodeId, PictureId, RoleId};
use domain::refusal::Refusal;
use domain::spool::Placement;
use store::door;
use store::pictures::{self, File, NEVER_SHOWN_KEPT_MS, Size};
use store::testing::{TestClock, TestDatabase};
use store::{Clock, SystemClock, sweep};

use crate::pictures::upload;
use crate::support::{House, place};

async fn file(house: &House, picture: PictureId) -> Option<File> {
    let file = pictures::file(&house.store, picture, Size::Small).await;
    file.expect("an answer")
}

/// Whether everyone sees it, a member, and its owner.
async fn seen(house: &House, picture: PictureId, member: RoleId, owner: RoleId) -> [bool; 3] {
    let file = file(house, picture).await.expect("it is kept");
    [None, Some(member), Some(owner)].map(|role| file.is_for(role))
}

#[tokio::test]
async fn what_nothing_shows_is_for_who_may_see_its_history() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let picture = upload(&house.store, anna, Some(node), 1).await;
    assert_eq!(
        seen(&house, picture, ben, anna).await,
        [false, false, true],
        "never shown"
    );
    let add = |alt: Option<String>| Act::AddPicture { node, picture, alt };
    house.act(anna, add(None)).await.expect("shown");
    assert_eq!(seen(&house, picture, ben, anna).await, [true; 3]);
    // The read models know nothing of it yet: a sweep takes it from nobody.
    sweep::once(&house.store).await.expect("a sweep");
    assert_eq!(seen(&house, picture, ben, anna).await, [true; 3]);
    house.weave();
    house.woven().await;
    house
        .act(anna, Act::RemovePicture { node, picture })
        .await
        .expect("removed");
    assert_eq!(
        seen(&house, picture, ben, anna).await,
        [false, true, true],
        "at once"
    );
    house.act(anna, add(None)).await.expect("shown again");
    assert_eq!(seen(&house, picture, ben, anna).await, [true; 3]);

    let [first, second] = [
        upload(&house.store, anna, None, 2).await,
        upload(&house.store, anna, None, 3).await,
    ];
    for portrait in [Some(first), Some(second), None] {
        let act = Act::PortrayRole { picture: portrait };
        house.act(anna, act).await.expect("one's own picture");
        for id in [first, second] {
            let is_shown = portrait == Some(id);
            assert_eq!(
                seen(&house, id, ben, anna).await,
                [is_shown, is_shown, true]
            );
        }
    }
}

#[tokio::test]
async fn what_was_never_shown_goes_on_refusal_or_within_hours() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(SystemClock.now());
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let [left, refused, shown] = [
        upload(&house.store, anna, Some(node), 1).await,
        upload(&house.store, anna, Some(node), 2).await,
        upload(&house.store, anna, Some(node), 3).await,
    ];
    let picture = shown;
    let add = Act::AddPicture {
        node,
        picture,
        alt: None,
    };
    house.act(anna, add).await.expect("shown");
    for picture in [refused, shown] {
        pictures::forget(&house.store, picture)
            .await
            .expect("an answer");
    }
    assert!(file(&house, refused).await.is_none());
    assert!(file(&house, shown).await.is_some(), "something shows it");
    house
        .act(anna, Act::RemovePicture { node, picture })
        .await
        .expect("removed");
    pictures::forget(&house.store, shown)
        .await
        .expect("an answer");
    assert!(
        file(&house, shown).await.is_some(),
        "its removal can be undone"
    );
    house.woven().await;
    clock.advance(NEVER_SHOWN_KEPT_MS - 1000);
    sweep::once(&house.store).await.expect("a sweep");
    assert!(file(&house, left).await.is_some());
    clock.advance(2000);
    sweep::once(&house.store).await.expect("a sweep");
    assert!(file(&house, left).await.is_none());
    assert!(file(&house, shown).await.is_some());
}

#[tokio::test]
async fn an_act_is_judged_before_it_is_worth_an_upload() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let judged = async |by: RoleId, node: NodeId| {
        let act = Act::AddPicture {
            node,
            picture: PictureId(uuid::Uuid::nil()),
            alt: None,
        };
        let judged = door::judge(&house.store, &house.command(by, act)).await;
        judged.expect("an answer")
    };
    let before = house.log().await.len();
    assert_eq!(judged(anna, node).await, Ok(()));
    assert!(matches!(
        judged(ben, node).await,
        Err(Refusal::NodeNotYours { .. })
    ));
    assert_eq!(house.log().await.len(), before, "nothing is done by it");
}
