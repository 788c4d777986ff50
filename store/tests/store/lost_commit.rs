//! Connections that break in the middle: the outcome of a COMMIT may be unknown, and receipts tell.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use domain::id::NodeId;
use domain::spool::Placement;
use store::testing::{self, TestDatabase};
use store::{Store, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use crate::support::{House, knot, place, until};

const PASS: u8 = 0;
/// The next COMMIT arrives, its answer does not.
const LOSE_ANSWER: u8 = 1;
/// The next COMMIT does not arrive.
const LOSE_COMMIT: u8 = 2;

/// A socket in front of PostgreSQL that breaks a connection when told to.
struct Proxy {
    mode: Arc<AtomicU8>,
    folder: tempfile::TempDir,
}

impl Proxy {
    fn new(server: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).expect("a socket");
        let mode = Arc::new(AtomicU8::new(PASS));
        let shared = mode.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&server).await.expect("PostgreSQL");
                tokio::spawn(forward(client, server, shared.clone()));
            }
        });
        Self { mode, folder }
    }
}

async fn forward(mut client: UnixStream, mut server: UnixStream, mode: Arc<AtomicU8>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            n = client.read(&mut asked) => {
                let n = n.unwrap_or(0);
                if n == 0 { return }
                let is_commit = asked[..n].windows(7).any(|bytes| bytes == b"COMMIT\0");
                let cut = if is_commit { mode.swap(PASS, Ordering::SeqCst) } else { PASS };
                if cut == LOSE_COMMIT { return }
                if server.write_all(&asked[..n]).await.is_err() { return }
                if cut == LOSE_ANSWER {
                    // It has been carried out before the line breaks.
                    let _carried_out = server.readable().await;
                    return;
                }
            }
            n = server.read(&mut answered) => {
                let n = n.unwrap_or(0);
                if n == 0 || client.write_all(&answered[..n]).await.is_err() { return }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_commit_is_looked_up_not_assumed() {
    let database = TestDatabase::new().await;
    let url = database.url();
    let (address, options) = url.split_once('?').expect("options");
    let host = options
        .split('&')
        .find_map(|option| option.strip_prefix("host="))
        .expect("a socket's folder");
    let proxy = Proxy::new(PathBuf::from(host).join(".s.PGSQL.5432"));
    let through = format!(
        "{address}?host={}&user=postgres",
        proxy.folder.path().display()
    );
    let store = Store::connect(&through, Arc::new(SystemClock))
        .await
        .expect("a store");
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    for mode in [LOSE_ANSWER, LOSE_COMMIT] {
        proxy.mode.store(mode, Ordering::SeqCst);
        let commands: Vec<_> = (0..3)
            .map(|n| house.command(anna, knot(NodeId(testing::id()), "Idee", place(n))))
            .collect();
        let begun = Instant::now();
        let (first, second, third) = tokio::join!(
            house.door.submit(commands[0].clone()),
            house.door.submit(commands[1].clone()),
            house.door.submit(commands[2].clone()),
        );
        assert_eq!(proxy.mode.load(Ordering::SeqCst), PASS, "a COMMIT was cut");
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "it heals by itself"
        );
        let log = house.log().await;
        for (command, answer) in commands.iter().zip([first, second, third]) {
            let cursor = answer.expect("a receipt").cursor;
            let effects: Vec<i64> = log
                .iter()
                .filter(|event| event.command_id == command.id)
                .map(|event| event.id)
                .collect();
            assert_eq!(effects, [cursor.id], "once, where the receipt says");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backend_killed_in_mid_batch_leaves_no_half_of_it() {
    store::fail::arm("after_insert=sleep:1500#2");
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let commands: Vec<_> = (0..10)
        .map(|n| house.command(anna, knot(NodeId(testing::id()), "Idee", place(n))))
        .collect();
    let asked: Vec<_> = commands
        .into_iter()
        .map(|command| {
            let door = house.door.clone();
            tokio::spawn(async move { door.submit(command).await })
        })
        .collect();
    until("the door's backend is killed", async || {
        house
            .count(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()
                 AND application_name = 'weltgewebe write' AND state = 'idle in transaction'",
            )
            .await
            == 1
    })
    .await;
    assert_eq!(
        house.count("SELECT count(*) FROM events").await,
        1,
        "nothing of it is there"
    );
    for answer in asked {
        answer.await.expect("a task").expect("a receipt");
    }
    let ids: Vec<i64> = house.log().await.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=11).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_command_that_can_not_be_written_does_not_spoil_its_batch() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut connection = house.database.connection().await;
    for sql in [
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF NEW.stream_version = 1 AND (NEW.payload->'place'->>'lat')::int = 484101370 THEN
                 RAISE EXCEPTION 'spoiled' USING ERRCODE = '23514';
             END IF;
             RETURN NEW;
         END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION spoil()",
    ] {
        sqlx::query(sql)
            .execute(&mut connection)
            .await
            .expect("a trap");
    }
    let (good, bad, good_too) = tokio::join!(
        house.act(anna, knot(NodeId(testing::id()), "Idee", place(0))),
        house.act(anna, knot(NodeId(testing::id()), "Idee", place(1))),
        house.act(anna, knot(NodeId(testing::id()), "Idee", place(2))),
    );
    assert!(good.is_ok() && good_too.is_ok());
    assert!(
        matches!(bad, Err(store::door::DoorError::Unavailable(_))),
        "{bad:?}"
    );
    let ids: Vec<i64> = house.log().await.iter().map(|event| event.id).collect();
    assert_eq!(ids, [1, 2, 3], "and leaves no gap");
}
