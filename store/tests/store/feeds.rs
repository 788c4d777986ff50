//! What feeds tell of an area: events until they are over, and no reader's work for more than is told.

use domain::area::Area;
use domain::command::Act;
use domain::id::NodeId;
use domain::spool::Placement;
use domain::time::{DAY_MS, Millis};
use domain::weave::{NodeKind, Particulars};
use store::marks;
use store::testing::{self, TestClock, TestDatabase};
use store::{Clock, SystemClock};

use crate::support::{House, place, plan};

const HOUR_MS: i64 = 60 * 60 * 1000;

#[tokio::test]
async fn an_event_is_coming_until_it_is_over() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(SystemClock.now());
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let begin = house.store.now() + HOUR_MS;
    let event = |title: &str, ends_at: Option<Millis>| Act::KnotNode {
        node: NodeId(testing::id()),
        kind: NodeKind::Event,
        title: title.to_owned(),
        text: String::new(),
        place: place(0),
        starts_at: Some(begin),
        particulars: Particulars {
            ends_at,
            ..Particulars::default()
        },
    };
    for (title, ends_at) in [
        ("Woche", Some(begin + 5 * DAY_MS)),
        ("Stunde", Some(begin + HOUR_MS)),
        ("offen", None),
    ] {
        house
            .act(anna, event(title, ends_at))
            .await
            .expect("an event");
    }
    house.weave();
    house.woven().await;
    let around = Area::from_text("15.60,48.40,15.62,48.42").expect("an area");
    let coming = async || {
        let listed = marks::coming(&house.store, &around, 9).await;
        let titles = listed.expect("an answer").into_iter();
        let mut titles: Vec<String> = titles.map(|listed| listed.node.title).collect();
        titles.sort();
        titles
    };
    assert_eq!(coming().await, ["Stunde", "Woche", "offen"]);
    clock.advance(3 * HOUR_MS);
    assert_eq!(coming().await, ["Woche", "offen"], "one is over");
    clock.advance(3 * DAY_MS);
    assert_eq!(coming().await, ["Woche"], "it goes on");
    clock.advance(3 * DAY_MS);
    assert!(coming().await.is_empty());
}

#[tokio::test]
async fn a_box_over_a_whole_town_is_read_until_there_is_enough_and_a_small_one_by_its_place() {
    let house = House::new().await;
    let mut connection = house.database.connection().await;
    // Straight rows: only their number, places and times matter.
    let rows = "INSERT INTO nodes_read (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at,
                                        holds_until, yarns, last)
         SELECT gen_random_uuid(), CASE WHEN n % 4 = 0 THEN 'event' ELSE 'idea' END, 'Idee', '',
                484000000 + (n * 7919 % 30000) * 100, 156000000 + (n * 104729 % 30000) * 100, 0, gen_random_uuid(), 'Ben', 1,
                now() - n * interval '1 minute', CASE WHEN n % 4 = 0 THEN now() + n * interval '1 minute' END,
                now() + interval '30 days', '[]', n
         FROM generate_series(1, 20000) n";
    for sql in [rows, "ANALYZE nodes_read"] {
        sqlx::query(sql)
            .execute(&mut connection)
            .await
            .expect("rows");
    }
    let newest = include_str!("../../src/marks/sql/newest.sql");
    let coming = include_str!("../../src/marks/sql/coming.sql");
    let town = (
        "'{484000000,484000000,487000000,487000000}'::int[]",
        "'{156000000,159000000,159000000,156000000}'::int[]",
    );
    let street = (
        "'{484100000,484100000,484110000,484110000}'::int[]",
        "'{156100000,156110000,156110000,156100000}'::int[]",
    );
    let all = plan(&mut connection, newest, &[town.0, town.1, "'{}'", "100"]).await;
    assert!(all.contains("nodes_read_newest"), "{all}");
    assert!(
        !all.contains("Seq Scan") && !all.contains("Sort Key"),
        "{all}"
    );
    let few = plan(
        &mut connection,
        newest,
        &[street.0, street.1, "'{}'", "100"],
    )
    .await;
    assert!(few.contains("nodes_read_point"), "{few}");
    let values = [town.0, town.1, "now()", "86400000", "366", "100"];
    let all = plan(&mut connection, coming, &values).await;
    assert!(all.contains("nodes_read_coming"), "{all}");
    assert!(
        !all.contains("Seq Scan") && !all.contains("Sort Key"),
        "{all}"
    );
}
