//! PostgreSQL is killed or frozen under the running binary: what was acknowledged stays, and all of it heals by itself.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::id::CommandId;
use nix::sys::signal::Signal;
use reqwest::StatusCode;
use store::testing::at_length;

use crate::harness::{Data, PATIENCE, Server, send};
use crate::person::{Person, assert_for_now};

async fn until_ready(person: &Person, wanted: StatusCode) {
    let asking = async {
        while person.get("/health/ready").await.status() != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("within {PATIENCE:?}: readiness is {wanted}"));
}

/// A question for readiness that was under way may be answered by the next one: 503 need not be seen.
async fn until_another(data: &Data, postmaster: u32) {
    let looking = async {
        while data.postmaster_now().is_none_or(|pid| pid == postmaster) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .unwrap_or_else(|_| panic!("within {PATIENCE:?}: PostgreSQL is another"));
}

/// Knots idea after idea, each sent until it has its receipt, until it is over; which is where in the log.
pub(crate) async fn write(person: &Person, over: &AtomicBool) -> BTreeMap<CommandId, i64> {
    let mut told = BTreeMap::new();
    loop {
        let is_last = over.load(Relaxed);
        let command = person.idea("Idee");
        told.insert(command.id, person.submit_until_told(&command).await);
        if is_last {
            return told;
        }
    }
}

/// All of PostgreSQL on this folder.
fn signal_postgresql(data: &Data, signal: Signal) {
    let head = data.postmaster();
    send(head, signal);
    let works_in = data.path.join("postgres");
    for pid in data.processes() {
        let cwd = std::fs::read_link(format!("/proc/{pid}/cwd"));
        if pid != head && cwd.is_ok_and(|folder| folder == works_in) {
            send(pid, signal);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_3_and_4_postgresql_is_killed_stopped_at_once_and_frozen() {
    let data = Data::new();
    let server = Server::start(&data);
    let anna = Person::new(&server, "Anna").await;
    let before = anna.log().await.len();
    let over = AtomicBool::new(false);
    let breaking = async {
        for _ in 0..at_length(1, 5) {
            for signal in [Signal::SIGKILL, Signal::SIGQUIT] {
                let killed = data.postmaster();
                send(killed, signal);
                until_another(&data, killed).await;
                until_ready(&anna, StatusCode::OK).await;
            }
        }
        signal_postgresql(&data, Signal::SIGSTOP);
        let frozen = tokio::time::Instant::now();
        until_ready(&anna, StatusCode::SERVICE_UNAVAILABLE).await;
        if at_length(0, 1) == 1 {
            assert_for_now(anna.submit(&anna.idea("Im Frost")).await).await;
            tokio::time::sleep_until(frozen + Duration::from_secs(30)).await;
        }
        signal_postgresql(&data, Signal::SIGCONT);
        until_ready(&anna, StatusCode::OK).await;
        over.store(true, Relaxed);
    };
    let (told, others, ()) = tokio::join!(write(&anna, &over), write(&anna, &over), breaking);

    let told: BTreeMap<CommandId, i64> = told.into_iter().chain(others).collect();
    let log = anna.log().await;
    for (event, n) in log.iter().zip(1..) {
        assert_eq!(event.0, n, "ids have no gap");
    }
    let written: BTreeMap<CommandId, i64> = log[before..]
        .iter()
        .map(|(id, command)| (*command, *id))
        .collect();
    assert_eq!(written.len(), log.len() - before, "nothing twice");
    for (command, id) in &told {
        assert_eq!(written.get(command), Some(id), "nothing is lost");
    }
    // In full, the one that nobody was told of may be there.
    assert!(written.len() - told.len() <= at_length(0, 1));
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}
