//! Two servers on one PostgreSQL and one Redis: both append and both hear; one is frozen and wakes up, one is killed.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::place::Cell;
use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::Value;
use store::testing::at_length;
use tokio::time::{Instant, sleep};

use crate::harness::{Data, PATIENCE, Server, binary};
use crate::outages::write;
use crate::person::{HERE, Person, assert_for_now};

/// Another server on the services of `data`, whose own folder stays empty.
fn beside(data: &Data, own: &Data) -> Server {
    let mut command = binary(&own.path);
    command
        .env("DATABASE_URL", data.database_url())
        .env("REDIS_URL", data.redis_url())
        .args(["serve", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command, own);
    server.wait_for_words("Weltgewebe is ready");
    server
}

/// The room around [`HERE`] as this person's server shows it, at its newest.
async fn room(person: &Person) -> Value {
    let cell: Cell = HERE.cell().parent(9);
    let latest = Instant::now() + PATIENCE;
    loop {
        let answer = person.get(&format!("/api/cells/{cell}")).await;
        if answer.status() == StatusCode::OK {
            return answer.json().await.expect("a room");
        }
        // Right after a fault it may not be able to tell.
        assert!(Instant::now() < latest, "still {}", answer.status());
        assert_for_now(answer).await;
        sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until this person's server shows a knot of that title, which another server accepted.
async fn until_shown(person: &Person, title: &str) {
    let looking = async {
        let is_shown = |room: &Value| {
            let nodes = room["view"]["nodes"].as_array();
            nodes.is_some_and(|nodes| nodes.iter().any(|node| node["title"] == title))
        };
        while !is_shown(&room(person).await) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .unwrap_or_else(|_| panic!("{title} is shown"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_6_of_two_servers_one_is_frozen_and_wakes_up_and_one_is_killed() {
    let (data, one, two) = (Data::new(), Data::new(), Data::new());
    // Its services are the two others'; it only looks on.
    let host = Server::start(&data);
    let (first, second) = (beside(&data, &one), beside(&data, &two));
    let anna = Person::new(&first, "Anna").await;
    let bert = Person::new(&second, "Bert").await;
    let annas = anna.idea("Von der einen");
    let berts = bert.idea("Von der anderen");
    tokio::join!(
        anna.submit_until_told(&annas),
        bert.submit_until_told(&berts)
    );
    until_shown(&anna, "Von der anderen").await;
    until_shown(&bert, "Von der einen").await;

    // Wherever it stands when it is stopped: what it holds is taken from it, and the other goes on.
    let over = AtomicBool::new(false);
    let freezing = async {
        for round in 0..at_length(3, 30) {
            first.send(Signal::SIGSTOP);
            let told = bert.idea(&format!("Während die eine schläft {round}"));
            bert.submit_until_told(&told).await;
            until_shown(&bert, &format!("Während die eine schläft {round}")).await;
            first.send(Signal::SIGCONT);
            let woken = anna.idea(&format!("Wieder wach {round}"));
            anna.submit_until_told(&woken).await;
            until_shown(&bert, &format!("Wieder wach {round}")).await;
        }
        over.store(true, Relaxed);
    };
    let (mut told, others, ()) = tokio::join!(write(&anna, &over), write(&bert, &over), freezing);
    told.extend(others);

    first.kill();
    let last = bert.idea("Ohne die eine");
    told.insert(last.id, bert.submit_until_told(&last).await);
    until_shown(&bert, "Ohne die eine").await;

    let log = bert.log().await;
    for (command, id) in &told {
        let times = log.iter().filter(|(_, of)| of == command).count();
        assert_eq!(times, 1, "{command:?} is in the log once");
        assert!(log.contains(&(*id, *command)), "where its receipt says");
    }
    let breaks = data.ask(
        "SELECT count(*) FROM (SELECT id - lag(id) OVER w AS step, at - lag(at) OVER w AS later FROM events
         WINDOW w AS (ORDER BY id)) AS steps WHERE step <> 1 OR later < interval '0'",
    );
    assert_eq!(breaks.as_deref(), Some("0"), "ids and times are in order");
    let (status, words) = second.stop();
    assert!(status.success(), "{words}");
    let (status, words) = host.stop();
    assert!(status.success(), "{words}");
}
