//! What is new for somebody: told whatever else is said, exact to the event, and counted without reading what it is not about.

use std::sync::Arc;

use domain::command::Act;
use domain::id::{AccountId, MessageId, NodeId, RoleId};
use domain::spool::Placement;
use sqlx::PgConnection;
use store::marks::{self, Why};
use store::testing::{self, TestClock, TestDatabase};
use store::{Clock, SystemClock};
use uuid::Uuid;

use crate::support::{House, place, plan, said};

const MAX: u16 = 99;

struct Anna {
    account: AccountId,
    role: RoleId,
}

async fn house() -> (House, Arc<TestClock>, Anna) {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(SystemClock.now());
    let store = database.store_with(clock.clone()).await;
    let token = testing::sign_in(&store, "anna@weben.test").await;
    let session = store::spool::session(&store, &token).await;
    let account = session.expect("an answer").expect("a session").account;
    clock.advance(1000);
    let house = House::of(database, store);
    let role = house.role("Anna", Placement::Hidden).await;
    house.weave();
    (house, clock, Anna { account, role })
}

async fn count(house: &House, anna: &Anna) -> u16 {
    house.woven().await;
    let count = marks::count(&house.store, anna.account, Some(anna.role), MAX).await;
    count.expect("a count")
}

async fn says(house: &House, by: RoleId, node: NodeId, text: &str) -> MessageId {
    let act = said(node, text);
    let Act::SendMessage { message, .. } = act else {
        unreachable!("a message")
    };
    house.act(by, act).await.expect("a message");
    message
}

async fn run(connection: &mut PgConnection, sql: &'static str, values: &[Uuid]) {
    let mut query = sqlx::query(sql);
    for value in values {
        query = query.bind(value);
    }
    query.execute(connection).await.expect("rows");
}

#[tokio::test]
async fn a_mention_is_told_however_much_else_is_said() {
    let (house, clock, anna) = house().await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(ben, "Bank", place(0)).await;
    let own = house.node(anna.role, "Beet", place(1)).await;
    let first = says(&house, anna.role, node, "Wer streicht sie?").await;
    clock.advance(1000);
    says(&house, ben, node, "Fragt @anna!").await;
    house.woven().await;
    // Straight rows, all of them newer: words to others, answers to her, and talk at her own knot.
    let mut connection = house.database.connection().await;
    for sql in [
        "INSERT INTO messages_read (id, node, nth, role, text, said_at, last)
         SELECT gen_random_uuid(), $1, 1000 + n, $2, '@Annabell und @Niemand', now() + interval '1 minute', 1000 + n
         FROM generate_series(1, 700) n WHERE $3::uuid IS NOT NULL AND $4::uuid IS NOT NULL",
        "INSERT INTO messages_read (id, node, nth, role, text, said_at, reply_to, last)
         SELECT gen_random_uuid(), $1, 2000 + n, $2, 'Ja', now() + interval '1 minute', $3, 2000 + n
         FROM generate_series(1, 200) n WHERE $4::uuid IS NOT NULL",
        "INSERT INTO messages_read (id, node, nth, role, text, said_at, last)
         SELECT gen_random_uuid(), $4, n, $2, 'Schön', now() + n * interval '1 day', 3000 + n
         FROM generate_series(1, 200) n WHERE $1::uuid IS NOT NULL AND $3::uuid IS NOT NULL",
    ] {
        run(&mut connection, sql, &[node.0, ben.0, first.0, own.0]).await;
    }
    assert_eq!(count(&house, &anna).await, 1);
}

#[tokio::test]
async fn who_is_named_by_a_change_hears_of_it_when_it_is_made() {
    let (house, clock, anna) = house().await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(ben, "Bank", place(0)).await;
    let message = says(&house, ben, node, "Wer streicht sie?").await;
    clock.advance(1000);
    house.woven().await;
    let looked = marks::look(&house.store, anna.account).await;
    looked.expect("a look");
    clock.advance(1000);
    assert_eq!(count(&house, &anna).await, 0);
    let text = "Wer streicht sie? Du, @Anna?".to_owned();
    let act = Act::ChangeMessage {
        message,
        node,
        text,
    };
    house.act(ben, act).await.expect("it is said otherwise");
    assert_eq!(count(&house, &anna).await, 1);
    let news = marks::news(&house.store, anna.account, Some(anna.role), MAX).await;
    let news = news.expect("news");
    assert_eq!(news[0].why, Why::Mention(message));
    assert_eq!(news[0].at, house.store.now());
}

#[tokio::test]
async fn what_comes_in_the_millisecond_of_a_look_is_new_after_it() {
    let (house, _, anna) = house().await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let carl = house.role("Carl", Placement::Hidden).await;
    let node = house.node(anna.role, "Beet", place(0)).await;
    house.join(ben, node).await;
    assert_eq!(count(&house, &anna).await, 1);
    let before = marks::look(&house.store, anna.account)
        .await
        .expect("a look");
    assert_eq!(count(&house, &anna).await, 0, "looked at");
    // The clock stands still.
    house.join(carl, node).await;
    assert_eq!(count(&house, &anna).await, 1);
    let news = marks::news(&house.store, anna.account, Some(anna.role), MAX).await;
    assert!(news.expect("news").iter().all(|one| before.is_before(one)));
    marks::look(&house.store, anna.account)
        .await
        .expect("a look");
    assert_eq!(count(&house, &anna).await, 0);
}

#[tokio::test]
async fn news_are_found_by_indexes_in_a_weave_of_many() {
    let (house, _, anna) = house().await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let own = house.node(anna.role, "Beet", place(0)).await;
    house.woven().await;
    let mut connection = house.database.connection().await;
    // Straight rows: only their number and times matter. All but the last hundred were seen.
    for sql in [
        "INSERT INTO messages_read (id, node, nth, role, text, said_at, last)
         SELECT gen_random_uuid(), $1, n, $2, CASE WHEN n % 3 = 0 THEN '@Niemand ' ELSE 'Nur so ' END || n,
                now() - (20000 - n) * interval '1 minute', 100 + n
         FROM generate_series(1, 20000) n",
        "INSERT INTO nodes_read (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, holds_until, yarns, last)
         SELECT gen_random_uuid(), 'idea', 'Idee', '', 484100000 + (n % 100) * 100, 156100000 + (n / 100) * 100, 0, $2, 'Ben', 1,
                now() - (20000 - n) * interval '1 minute', now() + interval '1 day', '[]', 100 + n
         FROM generate_series(1, 20000) n WHERE $1::uuid IS NOT NULL",
        "INSERT INTO roles_read (role, name, version, show, registered_at, acted_at, last)
         SELECT gen_random_uuid(), 'Rolle ' || n, 1, 'hidden', now(), now(), 100 + n
         FROM generate_series(1, 20000) n WHERE $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL",
    ] {
        run(&mut connection, sql, &[own.0, ben.0]).await;
    }
    for sql in [
        "INSERT INTO marks_areas (id, account, name, kinds, lats, lons, made_at)
         SELECT gen_random_uuid(), $1, 'Gebiet ' || n, '{}', '{484000000,484000000,485000000,485000000}',
                '{156000000,157000000,157000000,156000000}', now() - interval '30 days'
         FROM generate_series(1, 20) n",
    ] {
        run(&mut connection, sql, &[anna.account.0]).await;
    }
    for sql in [
        "ANALYZE messages_read",
        "ANALYZE nodes_read",
        "ANALYZE roles_read",
    ] {
        run(&mut connection, sql, &[]).await;
    }
    let account = format!("'{}'::uuid", anna.account.0);
    let role = format!("'{}'::uuid", anna.role.0);
    let news = include_str!("../../src/marks/sql/news.sql");
    for (since, is_count) in [
        ("'100 minutes'", "true"),
        ("'30 days'", "true"),
        ("'100 minutes'", "false"),
    ] {
        let since = format!("(now() - interval {since})");
        let values = [
            &*account,
            &*role,
            &*since,
            "99",
            "200",
            "500",
            "0",
            "'(^|[^a-z0-9])@Anna([^a-z0-9]|$)'",
            is_count,
            "2000",
        ];
        let plan = plan(&mut connection, news, &values).await;
        let names_it =
            plan.contains("messages_read_naming") || plan.contains("messages_read_written");
        assert!(names_it, "{plan}");
        assert!(
            plan.contains("nodes_read_newest") || plan.contains("nodes_read_created_at"),
            "{plan}"
        );
        assert!(!plan.contains("Seq Scan on messages_read"), "{plan}");
        assert!(!plan.contains("Seq Scan on nodes_read"), "{plan}");
        let reads_talk = plan.contains("messages_read_said");
        assert_eq!(
            reads_talk,
            is_count == "false",
            "what was said is counted elsewhere: {plan}"
        );
    }
    let names = include_str!("../../src/marks/sql/names.sql");
    let names = plan(&mut connection, names, &["'Rolle 19'", &role, "200"]).await;
    assert!(names.contains("roles_read_beginning"), "{names}");
}
