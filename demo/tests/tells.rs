//! What is told holds together, and the door takes it.

use std::collections::{BTreeMap, BTreeSet};

use demo::FillError;
use demo::content::Content;
use demo::story::{self, story};
use domain::command::Act;
use domain::event::{Body, Event};
use domain::id::RoleId;
use domain::spool::Placement;
use domain::state::StreamId;
use domain::time::{DAY_MS, Millis};
use domain::weave;
use store::door::Door;
use store::testing::{TestDatabase, command, whole_log};

const NOW: Millis = Millis(1_795_694_400_000);

fn began() -> Millis {
    NOW + -story::DAYS * DAY_MS
}

#[test]
fn the_content_can_be_read_and_everybody_in_it_is_somebody() {
    let content = Content::load().expect("the files that are compiled in");
    assert_eq!((content.people.len(), content.knots.len()), (40, 150));
    let keys: BTreeSet<_> = content.people.iter().map(|person| &person.key).collect();
    let titles: BTreeSet<_> = content.knots.iter().map(|knot| &knot.title).collect();
    assert_eq!((keys.len(), titles.len()), (40, 150));
    for knot in &content.knots {
        assert!(keys.contains(&knot.by), "{}", knot.title);
        assert!(weave::title(&knot.title).is_ok() && weave::text(&knot.text).is_ok());
        assert_eq!(
            knot.kind == weave::NodeKind::Event,
            knot.starts_in_days.is_some()
        );
    }
    let knots = content.knots.iter().map(|knot| &knot.said);
    for talk in knots.chain([&content.parlour]) {
        for said in talk {
            assert!(keys.contains(&said.by), "{}: {}", said.by, said.text);
            let answered = said.answers.map(|nth| talk[nth].after_hours);
            let is_before = answered.is_none_or(|hours| hours < said.after_hours);
            assert!(is_before, "{}", said.text);
        }
    }
    for says in &content.pool.says {
        let people = content.people.iter();
        let mut speakers = people.filter(|person| !person.topics.is_disjoint(&says.by_topics));
        assert!(speakers.next().is_some(), "{}", says.text);
        let mut knots = content.knots.iter();
        assert!(
            knots.any(|knot| !knot.topics.is_disjoint(&says.topics)),
            "{}",
            says.text
        );
    }
}

#[test]
fn the_same_story_is_told_each_time_and_in_the_order_of_time() {
    let content = Content::load().expect("the files that are compiled in");
    let told = story(&content, began());
    assert_eq!(told, story(&content, began()));
    assert!(told.is_sorted_by_key(|command| command.issued_at));
    assert!(
        told.iter()
            .all(|command| (began()..NOW).contains(&command.issued_at))
    );
    let ids: BTreeSet<_> = told.iter().map(|command| command.id).collect();
    assert_eq!(ids.len(), told.len(), "each command has an id of its own");
    let later = story(&content, began() + DAY_MS);
    assert!(
        told.iter()
            .zip(&later)
            .all(|(one, other)| one.id == other.id || one.act != other.act)
    );
    let joined = told
        .iter()
        .filter(|command| matches!(command.act, Act::JoinNode { .. }));
    assert!(joined.count() > 300);
}

#[tokio::test]
async fn an_empty_system_is_filled_once() {
    let database = TestDatabase::new().await;
    let mut last = (0, 0);
    demo::fill(&database.url(), NOW, |told, all| last = (told, all))
        .await
        .expect("it is empty");
    assert_eq!(last.0, last.1);
    let log = whole_log(&database.store().await).await;
    assert!(log.is_sorted_by_key(|event| event.at));
    assert!(log.iter().all(|event| (began()..=NOW).contains(&event.at)));
    let count = |wanted: &str| {
        log.iter()
            .filter(|event| event.payload.name() == wanted)
            .count()
    };
    assert_eq!(count("RolleRegistriert"), 40);
    assert_eq!(count("KnotenGeknuepft"), 150);
    assert!(count("NachrichtGesendet") > 300 && count("KnotenGeaendert") > 5);
    // Three were named, four are guests whom one neighbour has vouched for, and nobody's vouch came too late or too early.
    let (firsts, guests) = (3, 4);
    let weavers = 40 - guests;
    assert_eq!(count("WeberBestaetigt"), weavers);
    assert_eq!(count("BuergschaftGegeben"), 2 * (weavers - firsts) + guests);
    // Nobody refreshed some of it, as in life.
    assert!((10..50).contains(&count("KnotenAufgeloest")));
    let ties: BTreeSet<_> = log
        .iter()
        .filter_map(|event| Some(event.tie?.thread))
        .collect();
    let faded = count("FadenVerfallen");
    assert!(
        ties.len() > 600 && faded > 100,
        "{} threads, {faded} faded",
        ties.len()
    );

    // What stands when somebody opens it: threads of every kind, of each of the seven days, and yarn among them.
    let mut drawn = BTreeMap::new();
    let mut yarns = BTreeSet::new();
    for event in &log {
        let thread = match (event.stream, event.tie) {
            (StreamId::Thread(thread), _) => thread,
            (_, Some(tie)) => tie.thread,
            (_, None) => continue,
        };
        match event.payload {
            Body::FadenVerfallen { .. } => {
                drawn.remove(&thread);
            }
            Body::FadenVerzwirnt { .. } => {
                yarns.insert(thread);
            }
            Body::FadenEntzwirnt => {
                yarns.remove(&thread);
            }
            _ => {
                let kind = event.tie.map(|tie| tie.kind);
                drawn.insert(thread, (kind.expect("it ties"), event.at));
            }
        }
    }
    let kinds: BTreeSet<_> = drawn.values().map(|(kind, _)| kind.code()).collect();
    assert_eq!(kinds.len(), weave::ThreadKind::ALL.len(), "{kinds:?}");
    let faint = drawn.iter().filter(|(thread, _)| !yarns.contains(thread));
    let ages: BTreeSet<_> = faint.map(|(_, (_, at))| (NOW.0 - at.0) / DAY_MS).collect();
    assert!(ages.is_superset(&(0..7).collect()), "{ages:?}");
    assert!(
        drawn.len() > 300 && yarns.len() > 50,
        "{} threads, {} of them yarn",
        drawn.len(),
        yarns.len()
    );

    demo::fill(&database.url(), NOW, |_, _| panic!("it is told already"))
        .await
        .expect("it is a demo");
}

#[tokio::test]
async fn what_was_cut_off_goes_on_where_it_stopped() {
    let (whole, cut) = (TestDatabase::new().await, TestDatabase::new().await);
    let url = whole.url();
    demo::fill(&url, NOW, |_, _| ()).await.expect("it is empty");
    let (told, mut is_half) = tokio::sync::watch::channel(false);
    let url = cut.url();
    let half = demo::fill(&url, NOW, |now, all| {
        told.send_replace(now * 2 > all);
    });
    tokio::select! {
        _ = half => panic!("it is not told to its end"),
        _ = is_half.wait_for(|half| *half) => {}
    }
    let later = NOW + 3_600_000;
    demo::fill(&url, later, |_, _| ())
        .await
        .expect("it goes on");
    let told = |events: Vec<Event>| -> Vec<_> {
        let names = events
            .iter()
            .map(|event| (event.at, event.payload.name().to_owned(), event.tie));
        names.collect()
    };
    let whole = told(whole_log(&whole.store().await).await);
    assert_eq!(told(whole_log(&cut.store().await).await), whole);
}

#[tokio::test]
async fn a_real_weave_never_becomes_a_demo() {
    let database = TestDatabase::new().await;
    let store = database.store().await;
    let door = Door::start(store.clone());
    let act = Act::RegisterRole {
        name: "Anna".into(),
        placement: Placement::Hidden,
    };
    let role = RoleId(store::testing::id());
    door.submit(command(role, store.now(), act))
        .await
        .expect("a role");
    let filled = demo::fill(&database.url(), NOW, |_, _| ()).await;
    assert!(matches!(filled, Err(FillError::Real)), "{filled:?}");
    assert_eq!(whole_log(&store).await.len(), 1);
    assert!(!store::demo::is_one(&store).await.expect("it answers"));
}
