//! Pictures: kept sealed beside the log, shown only by who uploaded them, swept when nothing shows them any more.

use domain::command::Act;
use domain::event::Body;
use domain::id::{NodeId, PictureId, RoleId};
use domain::personal::Text;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::time::DAY_MS;
use domain::weave::{PICTURES_MAX, Picture};
use store::door::DoorError;
use store::pictures::{self, BYTES_BY_ROLE_MAX, KeepError, Size, Sizes, UNHELD_KEPT_MS};
use store::testing::{TestClock, TestDatabase};
use store::weave::{read, rebuild, versions};
use store::{Clock, Store, SystemClock, sweep};

use crate::support::{House, place};

fn sizes(n: usize) -> Sizes {
    Sizes {
        large: format!("a large picture, the {n}th").into_bytes(),
        small: format!("a small picture, the {n}th").into_bytes(),
    }
}

/// A picture that `by` has uploaded.
pub(crate) async fn upload(store: &Store, by: RoleId, node: Option<NodeId>, n: usize) -> PictureId {
    let kept = pictures::keep_for(store, by, node, sizes(n)).await;
    kept.expect("there is room")
}

fn add(node: NodeId, picture: PictureId, alt: Option<&str>) -> Act {
    let alt = alt.map(str::to_owned);
    Act::AddPicture { node, picture, alt }
}

fn remove(node: NodeId, picture: PictureId) -> Act {
    Act::RemovePicture { node, picture }
}

async fn refused(house: &House, by: RoleId, act: Act) -> Refusal {
    match house.act(by, act).await {
        Err(DoorError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn shown(house: &House, node: NodeId) -> Vec<Picture> {
    house.woven().await;
    let mut rows = read::nodes(&house.store, &[node]).await.expect("rows");
    rows.remove(&node).expect("a knot").pictures
}

async fn is_kept(house: &House, picture: PictureId) -> bool {
    let file = pictures::file(&house.store, picture, Size::Large).await;
    file.expect("an answer").is_some()
}

#[tokio::test]
async fn a_picture_is_kept_sealed_once_and_opens_with_its_owners_key_alone() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let picture = upload(&house.store, anna, Some(node), 1).await;
    assert_eq!(
        upload(&house.store, anna, Some(node), 1).await,
        picture,
        "the same"
    );
    let other = upload(&house.store, anna, None, 1).await;
    assert_ne!(other, picture, "for something else it is another one");
    for (size, bytes) in [(Size::Large, sizes(1).large), (Size::Small, sizes(1).small)] {
        let file = pictures::file(&house.store, picture, size).await;
        assert_eq!(file.expect("an answer").map(|file| file.jpeg), Some(bytes));
    }
    assert_eq!(house.count("SELECT count(*) FROM blobs").await, 2);
    let open = "SELECT count(*) FROM blobs WHERE position('picture'::bytea IN large || small) > 0";
    assert_eq!(house.count(open).await, 0, "nothing of it can be read");
    // A process that has not seen the key before.
    let elsewhere = house.database.store().await;
    sqlx::query("DELETE FROM keys.roles")
        .execute(&mut house.database.connection().await)
        .await
        .expect("gone");
    let erased = pictures::file(&elsewhere, picture, Size::Large).await;
    assert_eq!(erased.expect("an answer"), None, "its owner is erased");
}

#[tokio::test]
async fn only_what_one_has_uploaded_is_shown_and_as_many_as_there_is_room_for() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let bens = house.node(ben, "Bank", place(1)).await;
    let nowhere = PictureId(store::testing::id());
    assert_eq!(
        refused(&house, anna, add(node, nowhere, None)).await,
        Refusal::PictureUnknown
    );
    let own = upload(&house.store, ben, Some(bens), 1).await;
    assert_eq!(
        refused(&house, anna, add(node, own, None)).await,
        Refusal::PictureUnknown,
        "it is another's, for another knot"
    );
    let of_ben = Act::PortrayRole { picture: Some(own) };
    assert_eq!(refused(&house, anna, of_ben).await, Refusal::PictureUnknown);
    assert!(matches!(
        refused(&house, ben, add(node, own, None)).await,
        Refusal::NodeNotYours { .. }
    ));
    for n in 0..PICTURES_MAX {
        let picture = upload(&house.store, anna, Some(node), n).await;
        house
            .act(anna, add(node, picture, None))
            .await
            .expect("room");
        assert_eq!(
            refused(&house, anna, add(node, picture, None)).await,
            Refusal::PictureShown
        );
    }
    let more = upload(&house.store, anna, Some(node), PICTURES_MAX).await;
    assert_eq!(
        refused(&house, anna, add(node, more, None)).await,
        Refusal::TooManyPictures { max: 6 }
    );
    assert_eq!(
        refused(&house, anna, remove(node, more)).await,
        Refusal::PictureGone
    );
    let first = shown(&house, node).await[0].id;
    house.act(anna, remove(node, first)).await.expect("removed");
    house
        .act(anna, add(node, more, Some(" Ein  Beet ")))
        .await
        .expect("room again");
    let now = shown(&house, node).await;
    assert_eq!(
        (now.len(), &*now[PICTURES_MAX - 1].alt),
        (PICTURES_MAX, "Ein Beet")
    );
    let sealed =
        "SELECT count(*) FROM events WHERE payload::text LIKE '%Beet%' AND type LIKE 'Bild%'";
    assert_eq!(
        house.count(sealed).await,
        0,
        "what is said about a picture is sealed"
    );
    let told = house
        .log()
        .await
        .into_iter()
        .filter_map(|event| match event.payload {
            Body::BildHinzugefuegt { alt, .. } => alt,
            _ => None,
        });
    let told: Vec<Text> = told.map(|alt| alt.text).collect();
    assert_eq!(told, [Text::Open("Ein Beet".to_owned())]);
}

#[tokio::test]
async fn a_history_knows_pictures_and_who_may_change_the_knot_brings_them_back() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.weaver("Ben").await;
    let node = house.node(anna, "Beet", place(0)).await;
    let picture = upload(&house.store, anna, Some(node), 1).await;
    house
        .act(anna, add(node, picture, Some("Ein Beet")))
        .await
        .expect("shown");
    house
        .act(anna, remove(node, picture))
        .await
        .expect("removed");
    let now = shown(&house, node).await;
    let page = versions::page(&house.store, node, None, 9)
        .await
        .expect("versions");
    let pictures: Vec<usize> = page.iter().map(|version| version.pictures.len()).collect();
    assert_eq!((now.len(), pictures), (0, vec![0, 1, 0]));
    let row = read::nodes(&house.store, &[node]).await.expect("rows")[&node].clone();
    let again = page[1].picture_again(&row).expect("it can come back");
    assert_eq!(again, add(node, picture, Some("Ein Beet")));
    house
        .act(ben, again)
        .await
        .expect("a weaver undoes it, though the picture is Anna's");
    let now = shown(&house, node).await;
    assert_eq!(now[0].alt, "Ein Beet");
    let before = read::nodes(&house.store, &[node]).await.expect("rows");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(
        read::nodes(&house.store, &[node]).await.expect("rows"),
        before
    );
    let old = versions::page(&house.store, node, None, 9)
        .await
        .expect("versions");
    assert_eq!(old[1..], page);
}

#[tokio::test]
async fn a_portrait_is_on_its_roles_page_until_it_is_taken_down() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let picture = upload(&house.store, anna, None, 1).await;
    let portray = |picture| Act::PortrayRole { picture };
    for wanted in [Some(picture), None] {
        house.act(anna, portray(wanted)).await.expect("an act");
        house.woven().await;
        let role = read::role(&house.store, anna).await.expect("an answer");
        assert_eq!(role.expect("a role").0.profile.picture, wanted);
        rebuild::run(&house.store).await.expect("a rebuild");
        let me = read::me(&house.store, anna).await.expect("an answer");
        assert_eq!(me.expect("a role").profile.picture, wanted);
    }
}

#[tokio::test]
async fn what_nothing_shows_goes_after_some_days_and_what_is_shown_stays() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(SystemClock.now());
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Beet", place(0)).await;
    let thread = domain::id::ThreadId::derive(anna, domain::weave::ThreadKind::Create, node);
    let twist = Act::TwistThread {
        covers: None,
        thread,
        target: node.into(),
    };
    house.act(anna, twist).await.expect("it stays");
    let (stays, goes) = (
        upload(&house.store, anna, Some(node), 1).await,
        upload(&house.store, anna, Some(node), 2).await,
    );
    let portrait = upload(&house.store, anna, None, 3).await;
    house
        .act(anna, add(node, stays, None))
        .await
        .expect("shown");
    house.act(anna, add(node, goes, None)).await.expect("shown");
    let act = Act::PortrayRole {
        picture: Some(portrait),
    };
    house.act(anna, act).await.expect("shown");
    // What the door holds and the read models do not have yet is not lost by it.
    sweep::once(&house.store).await.expect("a sweep");
    house.woven().await;
    clock.advance(UNHELD_KEPT_MS + DAY_MS);
    for _ in 0..2 {
        sweep::once(&house.store).await.expect("a sweep");
        for picture in [stays, goes, portrait] {
            assert!(is_kept(&house, picture).await, "all are shown");
        }
    }
    house.act(anna, remove(node, goes)).await.expect("removed");
    house.woven().await;
    sweep::once(&house.store).await.expect("a sweep");
    clock.advance(UNHELD_KEPT_MS - DAY_MS);
    sweep::once(&house.store).await.expect("a sweep");
    assert!(is_kept(&house, goes).await, "its removal can be undone");
    clock.advance(2 * DAY_MS);
    sweep::once(&house.store).await.expect("a sweep");
    assert!(!is_kept(&house, goes).await);
    assert!(is_kept(&house, stays).await && is_kept(&house, portrait).await);
    assert_eq!(
        refused(&house, anna, add(node, goes, None)).await,
        Refusal::PictureUnknown
    );
}

#[tokio::test]
async fn a_role_has_room_for_so_much_and_no_more() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    upload(&house.store, anna, None, 1).await;
    let fill = format!("UPDATE blobs SET bytes = {}", BYTES_BY_ROLE_MAX - 10);
    sqlx::query(sqlx::AssertSqlSafe(fill))
        .execute(&mut house.database.connection().await)
        .await
        .expect("full");
    let more = pictures::keep_for(&house.store, anna, None, sizes(2)).await;
    assert!(matches!(more, Err(KeepError::Full)), "{more:?}");
    upload(&house.store, anna, None, 1).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    upload(&house.store, ben, None, 2).await;
}
