//! A figure, not a rule: how fast what fell due while nothing ran is written, and what who acts and reads meanwhile feels of it. It
//! starts the shipped binary on a database that was filled by the door with a clock in the past; docs/performance.md has the command.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::event::{Body, Event};
use domain::id::{CommandId, NodeId, RoleId};
use domain::place::Place;
use domain::spool::Placement;
use domain::time::{FADE_MS, Millis};
use domain::weave::NodeKind;
use futures::future::join_all;
use serde_json::json;
use store::door::Door;
use store::testing::{TestClock, TestDatabase, id, sign_in, whole_log};
use store::{Clock, Store, SystemClock, weave};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command as Program};
use tokio::task::JoinSet;

use crate::instance::HERE;

/// Things that fall due, and knots that stay. Each of the first is a knot and the thread that held it.
const DUE: usize = 50_000;
const STAYING: usize = 2_000;
/// How long nothing ran.
const DOWN_MS: i64 = 60 * 60 * 1000;
/// Commands handed in at once while filling, and how much time passes between these, in milliseconds.
const AT_ONCE: usize = 500;
const BETWEEN_MS: i64 = 10_000;
/// Who asks meanwhile asks so often: a read and an act in turn.
const EVERY: Duration = Duration::from_millis(20);
/// How long it is asked without anything falling due, for comparison.
const AT_REST: Duration = Duration::from_secs(10);
/// All of it ends in this time, or fails.
const PATIENCE: Duration = Duration::from_secs(180);

/// The binary on that database.
struct Shipped {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Shipped {
    async fn start(database: &TestDatabase) -> Self {
        let binary = std::env::var_os("WELTGEWEBE_BINARY")
            .expect("WELTGEWEBE_BINARY names what tools/build made");
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = Program::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .env("DATABASE_URL", database.url())
            .env(
                "REDIS_URL",
                std::env::var("TEST_REDIS_URL").expect("a Redis"),
            )
            .env("WELTGEWEBE_LIMIT_FACTOR", "100000")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let address = loop {
            let line = lines
                .next_line()
                .await
                .expect("words")
                .expect("it is ready");
            if let Some((_, address)) = line.split_once("ready: http://") {
                break address.trim_end_matches('/').parse().expect("an address");
            }
        };
        // Read to the end: who writes to a closed pipe fails.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self {
            child,
            address,
            _folder: folder,
        }
    }
}

fn command(by: RoleId, at: Millis, act: Act) -> Command {
    Command {
        id: CommandId(id()),
        v: COMMAND_VERSION,
        by,
        issued_at: at,
        act,
    }
}

fn knot(nth: usize) -> (NodeId, Act) {
    let node = NodeId(id());
    let nth = nth as i32;
    let act = Act::KnotNode {
        node,
        kind: NodeKind::Idea,
        title: format!("Knoten {nth}"),
        text: "Aus der Messung.".to_owned(),
        place: Place {
            lat: HERE.lat + nth % 250 * 7_000,
            lon: HERE.lon + nth / 250 * 7_000,
        },
        starts_at: None,
        particulars: domain::weave::Particulars::default(),
    };
    (node, act)
}

fn register(name: &str) -> Act {
    Act::RegisterRole {
        name: name.to_owned(),
        placement: Placement::Hidden,
    }
}

/// Knots all of it, so that what falls due has been due for between one hour and the time that filling took; the knots that stay.
async fn fill(database: &TestDatabase) -> Vec<NodeId> {
    let chunks = (DUE / 2 / AT_ONCE) as i64;
    let now = SystemClock.now();
    let clock = TestClock::new(now + -(FADE_MS + DOWN_MS + chunks * BETWEEN_MS));
    let store = database.store_with(clock.clone()).await;
    let door = Door::start(store.clone());
    tokio::spawn(weave::project::run(store.clone()));
    let role = RoleId(id());
    let registered = command(role, store.now(), register("Ada"));
    door.submit(registered).await.expect("a role");
    let mut staying = Vec::new();
    for nth in 0..(DUE / 2 + STAYING) / AT_ONCE {
        let stays = nth * AT_ONCE >= DUE / 2;
        if stays && staying.is_empty() {
            // Half a life ago: none of these is due.
            clock.advance(FADE_MS / 2);
        }
        let (nodes, acts): (Vec<_>, Vec<_>) = (0..AT_ONCE).map(|n| knot(nth * AT_ONCE + n)).unzip();
        let at = store.now();
        let asked = acts
            .into_iter()
            .map(|act| door.submit(command(role, at, act)));
        for answer in join_all(asked).await {
            answer.expect("a knot");
        }
        if stays {
            staying.extend(nodes);
        } else {
            clock.advance(BETWEEN_MS);
        }
    }
    let head = store.head().await.expect("a head");
    let woven = weave::read::reached(&store, head, PATIENCE).await;
    assert!(woven.expect("a database"), "it can be read");
    store.close().await;
    staying
}

/// How long answers took, in milliseconds.
#[derive(Default)]
struct Felt {
    reads: Vec<f64>,
    acts: Vec<f64>,
}

impl Felt {
    fn line(&mut self) -> String {
        let told = |of: &mut Vec<f64>| {
            of.sort_by(f64::total_cmp);
            let at = |percent: usize| {
                of.get(of.len() * percent / 100)
                    .copied()
                    .unwrap_or_default()
            };
            format!("p50 {:.1} ms, p95 {:.1} ms of {}", at(50), at(95), of.len())
        };
        format!(
            "reads {}; acts {}",
            told(&mut self.reads),
            told(&mut self.acts)
        )
    }
}

/// Asks at fixed moments, a read and an act in turn, each on its own: an answer that is late keeps nobody from asking.
async fn feel(
    address: SocketAddr,
    (role, cookie): (RoleId, String),
    staying: Arc<Vec<NodeId>>,
    ends: Arc<AtomicBool>,
) -> Felt {
    let http = reqwest::Client::new();
    let (mut asking, mut felt) = (JoinSet::new(), Felt::default());
    let mut moments = tokio::time::interval(EVERY);
    for nth in 0.. {
        if ends.load(Ordering::Relaxed) {
            break;
        }
        moments.tick().await;
        let node = staying[nth * 7 % staying.len()];
        let request = if nth % 2 == 0 {
            http.get(format!("http://{address}/api/page?path=/knoten/{node}"))
        } else {
            let command = command(role, SystemClock.now(), Act::join(node));
            http.post(format!("http://{address}/api/commands"))
                .header("cookie", &cookie)
                .json(&json!({ "command": command }))
        };
        asking.spawn(async move {
            let began = Instant::now();
            let answer = request.send().await.expect("an answer");
            let status = answer.status();
            answer.bytes().await.expect("a body");
            assert!(status.is_success(), "{status}");
            (nth % 2 == 0, began.elapsed().as_secs_f64() * 1000.0)
        });
    }
    for (is_read, ms) in asking.join_all().await {
        let of = if is_read {
            &mut felt.reads
        } else {
            &mut felt.acts
        };
        of.push(ms);
    }
    felt
}

/// The moments that the timer's events name and were written at.
fn ended(log: &[Event]) -> Vec<(Millis, Millis)> {
    let due = |event: &Event| match event.payload {
        Body::FadenVerfallen { due } | Body::KnotenAufgeloest { due } => {
            Some((due.unwrap_or(event.at), event.at))
        }
        _ => None,
    };
    log.iter().filter_map(due).collect()
}

async fn caught_up(store: &Store) {
    let waiting = async {
        while store::health::health(store)
            .await
            .expect("a database")
            .deadline_lag_ms
            > 0
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it catches up in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a figure of the shipped binary: two minutes, and WELTGEWEBE_BINARY names it"]
async fn how_fast_what_is_due_is_written_and_what_others_feel_of_it() {
    let database = TestDatabase::new().await;
    let filling = Instant::now();
    let staying = Arc::new(fill(&database).await);
    println!("filled in {:.0} s", filling.elapsed().as_secs_f64());
    let store = database.store().await;
    let token = sign_in(&store, "ben@weben.test").await;
    let shipped = Shipped::start(&database).await;
    let cookie = format!("{SESSION}={token}");
    let ben = RoleId(id());
    let registered = reqwest::Client::new()
        .post(format!("http://{}/api/commands", shipped.address))
        .header("cookie", &cookie)
        .json(&json!({ "command": command(ben, SystemClock.now(), register("Ben")) }))
        .send()
        .await
        .expect("an answer");
    assert!(registered.status().is_success(), "{registered:?}");

    let ends = Arc::new(AtomicBool::new(false));
    let ask = |ends: &Arc<AtomicBool>| {
        let who = (ben, cookie.clone());
        tokio::spawn(feel(shipped.address, who, staying.clone(), ends.clone()))
    };
    let meanwhile = ask(&ends);
    caught_up(&store).await;
    ends.store(true, Ordering::Relaxed);
    let mut meanwhile = meanwhile.await.expect("it was asked");
    ends.store(false, Ordering::Relaxed);
    let at_rest = ask(&ends);
    tokio::time::sleep(AT_REST).await;
    ends.store(true, Ordering::Relaxed);
    let mut at_rest = at_rest.await.expect("it was asked");

    let ended = ended(&whole_log(&store).await);
    assert_eq!(ended.len(), DUE, "each once");
    assert!(ended.is_sorted_by_key(|(due, _)| *due), "in due order");
    let (first, last) = (ended[0].1, ended[ended.len() - 1].1);
    let seconds = ((last - first) as f64 / 1000.0).max(0.001);
    println!(
        "| {DUE} due things written | {seconds:.1} s, {:.0}/s | < 10 s |",
        DUE as f64 / seconds
    );
    println!(
        "| what others feel meanwhile | {} | p95 < 20 ms |",
        meanwhile.line()
    );
    println!("| the same at rest | {} | |", at_rest.line());
    drop(shipped.child);
}

/// The cookie of a session over plain HTTP.
const SESSION: &str = "wg_session";
