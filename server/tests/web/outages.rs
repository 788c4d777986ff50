//! PostgreSQL broken under people who write: what they are told is true, and nothing is lost or comes twice.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::id::CommandId;
use nix::sys::signal::Signal;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use store::testing::{TestDatabase, TestServer, at_length};

use crate::instance::{HERE, Instance, Person, events};

/// Longer than anything takes; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(120);
const WRITERS: usize = 4;

async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| panic!("it never came about: {what}"))
}

/// It says that it is not available just now, and when to come again.
async fn assert_for_now(answer: Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Value = answer.json().await.expect("a problem");
    assert_eq!(problem["type"], "urn:weltgewebe:unavailable", "{problem}");
}

/// What one writer knows: which command is where in the log, in the order in which it was told.
type Told = Vec<(CommandId, i64)>;

/// Knots one idea after the other, each sent again until there is a receipt for it, until it is over.
async fn write(person: &Person<'_>, over: &AtomicBool) -> Told {
    let mut told = Told::new();
    loop {
        let is_last = over.load(Relaxed);
        let command = person.knot_command("Idee");
        let id = loop {
            let answer = person.submit(&command).await;
            if answer.status() == StatusCode::OK {
                let receipt: Value = answer.json().await.expect("a receipt");
                let cursor = receipt["cursor"].as_str().expect("a cursor");
                break cursor.rsplit('.').next().expect("a number").parse();
            }
            assert_for_now(answer).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        told.push((command.id, id.expect("a number")));
        if is_last {
            return told;
        }
    }
}

/// Writes all the time while `breaking` goes on; then looks whether the log has exactly what was told.
async fn while_people_write(instance: &Instance, breaking: impl Future<Output = ()>) {
    let anna = instance.role("Anna").await;
    let before = events(instance).await.len();
    let over = AtomicBool::new(false);
    let breaking = async {
        breaking.await;
        over.store(true, Relaxed);
    };
    let writers = futures::future::join_all((0..WRITERS).map(|_| write(&anna, &over)));
    let (told, ()) = in_time("the writers are told", async {
        tokio::join!(writers, breaking)
    })
    .await;

    let log = events(instance).await;
    for (event, n) in log.iter().zip(1..) {
        assert_eq!(event["id"], n, "ids have no gap");
    }
    for told in &told {
        assert!(
            told.windows(2).all(|pair| pair[0].1 < pair[1].1),
            "one after the other"
        );
    }
    let told: BTreeMap<String, i64> = told
        .into_iter()
        .flatten()
        .map(|(command, id)| (command.to_string(), id))
        .collect();
    let written: BTreeMap<String, i64> = log[before..]
        .iter()
        .map(|event| {
            let command = event["command_id"].as_str().expect("a command");
            (command.to_owned(), event["id"].as_i64().expect("a number"))
        })
        .collect();
    assert_eq!(written.len(), log.len() - before, "nothing twice");
    assert_eq!(told, written, "all that was told and nothing else");

    // And it is shown.
    let last = log.last().expect("an event")["cursor"].as_str();
    let last = last.expect("a cursor");
    let room = HERE.cell().parent(9);
    in_time("the projection catches up", async {
        let path = format!("/api/cells/{room}?min={last}");
        while anna.get(&path).await.status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    in_time("no transaction is left open", async {
        while instance.database.idle_in_transaction().await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

/// Readiness, which must be told whatever the database does.
async fn ready(instance: &Instance) -> StatusCode {
    let asked = async { instance.visitor().get("/health/ready").await.status() };
    in_time("readiness is told", asked).await
}

async fn until_ready(instance: &Instance, wanted: StatusCode) {
    in_time(&format!("readiness is {wanted}"), async {
        while ready(instance).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_2_backends_are_terminated_at_any_moment_of_a_commit() {
    let instance = Instance::start().await;
    let breaking = async {
        for round in 0..at_length(40, 400) {
            instance.database.terminate_backends().await;
            // Not in step with anything: 0 to 31 ms.
            tokio::time::sleep(Duration::from_micros((round as u64 * 7919) % 31_000)).await;
        }
    };
    while_people_write(&instance, breaking).await;
    assert_eq!(ready(&instance).await, StatusCode::OK);
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_3_postgresql_is_killed_or_stopped_at_once_and_started_again() {
    let mut server = TestServer::start().await;
    let database = TestDatabase::on(&server.url()).await;
    let instance = Instance::on(database, |_| ()).await;
    let breaking = async {
        for _ in 0..at_length(1, 10) {
            for signal in [Signal::SIGKILL, Signal::SIGQUIT] {
                server.end(signal);
                until_ready(&instance, StatusCode::SERVICE_UNAVAILABLE).await;
                server.begin().await;
                until_ready(&instance, StatusCode::OK).await;
            }
        }
    };
    while_people_write(&instance, breaking).await;
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_4_postgresql_is_frozen_and_goes_on() {
    let server = TestServer::start().await;
    let database = TestDatabase::on(&server.url()).await;
    // In full with the product's own patience.
    let is_long = at_length(0, 1) == 1;
    let instance = Instance::on(database, |options| {
        if !is_long {
            options.answer_patience = Duration::from_millis(700);
        }
    })
    .await;
    let bert = instance.role("Bert").await;
    let breaking = async {
        server.signal_all(Signal::SIGSTOP);
        let frozen = tokio::time::Instant::now();
        // Each has an answer while it is frozen, however many ask.
        let asked = (0..50).map(|n| bert.knot_command(&format!("Idee {n}")));
        let commands: Vec<_> = asked.collect();
        let answers =
            futures::future::join_all(commands.iter().map(|command| bert.submit(command)));
        for answer in in_time("each has an answer", answers).await {
            assert_for_now(answer).await;
        }
        until_ready(&instance, StatusCode::SERVICE_UNAVAILABLE).await;
        let visitor = instance.visitor();
        for path in ["/", "/api/events", "/api/page?path=/"] {
            let answer = in_time(path, visitor.get(path)).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        assert_eq!(visitor.get("/health/live").await.status(), StatusCode::OK);
        if is_long {
            tokio::time::sleep_until(frozen + Duration::from_secs(30)).await;
        }
        server.signal_all(Signal::SIGCONT);
        until_ready(&instance, StatusCode::OK).await;
        for command in &commands {
            in_time("sent again it has its receipt", async {
                while bert.submit(command).await.status() != StatusCode::OK {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            })
            .await;
        }
    };
    breaking.await;
    let log = events(&instance).await;
    assert_eq!(log.len(), 1 + 50, "once each");
    while_people_write(&instance, async {
        for _ in 0..3 {
            server.signal_all(Signal::SIGSTOP);
            until_ready(&instance, StatusCode::SERVICE_UNAVAILABLE).await;
            server.signal_all(Signal::SIGCONT);
            until_ready(&instance, StatusCode::OK).await;
        }
    })
    .await;
    // Eight readers, four writers, the door, the projection, the listener, and who looks.
    let sessions = instance.database.sessions().await;
    assert!(sessions <= 20, "{sessions} sessions have piled up");
    instance.stop().await;
}
