//! Killed half-way and started again: nothing twice, and on it goes.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use crate::house::{House, count, features, imported};

/// Looks again and again until it holds.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    assert!(waited.is_ok(), "it never came about: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_the_file_is_gone_on_from() {
    let house = House::new().await;
    let features = features(200);
    let pipe = house.path("krems.geojson");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let mut import = house.begin(&pipe, &[]);
    // It reads what it is given, and waits for more when it is killed.
    let mut given = OpenOptions::new()
        .write(true)
        .open(&pipe)
        .expect("the pipe");
    for feature in &features[..120] {
        writeln!(given, "{feature}").expect("it reads");
    }
    let last_is_there = 1 + 2 * 120;
    until("all that was given is in", async || {
        house.head().await == last_is_there
    })
    .await;
    import.kill().expect("it runs");
    import.wait().expect("it has ended");
    drop(given);

    let said = house.import(&house.places("krems.jsonl", &features), &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!(
        (said.count("unchanged"), said.count("knotted")),
        (120, 80),
        "{said:?}"
    );
    let log = house.log().await;
    assert_eq!(count(&imported(&log), "KnotenGeknuepft"), 200);
    assert_eq!(log.len(), 1 + 2 * 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_moments_double_nothing() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(1500));
    let (mut before, mut cut_short) = (0, 0);
    for round in 0..6_u64 {
        let mut import = house.begin(&file, &[]);
        until("it writes, or has nothing more to write", async || {
            house.head().await > before || before == 1 + 2 * 1500
        })
        .await;
        tokio::time::sleep(Duration::from_micros(1_700 * round * round)).await;
        import.kill().expect("it runs, or has just ended");
        import.wait().expect("it has ended");
        // What it was writing is undone by the database, or done.
        before = house.head().await;
        cut_short += usize::from(before < 1 + 2 * 1500);
        let log = house.log().await;
        let knotted = count(&imported(&log), "KnotenGeknuepft");
        let knots: std::collections::BTreeSet<_> = log.iter().map(|event| event.stream).collect();
        // One role, and a stream for each knot and each of its threads.
        assert_eq!(knots.len(), 1 + 2 * knotted, "round {round}");
    }
    assert!(cut_short > 0, "no kill came in time");
    let said = house.import(&file, &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!(
        said.count("unchanged") + said.count("knotted"),
        1500,
        "{said:?}"
    );
    let log = house.log().await;
    assert_eq!(count(&imported(&log), "KnotenGeknuepft"), 1500);
    assert_eq!(count(&imported(&log), "FadenVerzwirnt"), 1500);
    assert_eq!(log.len(), 1 + 2 * 1500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_it_in_order_and_says_how_to_go_on() {
    let house = House::new().await;
    let pipe = house.path("krems.geojson");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let import = house.begin(&pipe, &[]);
    let mut given = OpenOptions::new()
        .write(true)
        .open(&pipe)
        .expect("the pipe");
    for feature in features(5) {
        writeln!(given, "{feature}").expect("it reads");
    }
    until("all that was given is in", async || {
        house.head().await == 11
    })
    .await;
    let pid = nix::unistd::Pid::from_raw(import.id().cast_signed());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("it runs");
    let said = crate::house::Said::of(&import.wait_with_output().expect("its end"));
    assert!(!said.is_success);
    assert!(
        said.errors.contains("start the same import again"),
        "{said:?}"
    );
    assert_eq!(said.count("knotted"), 5, "{said:?}");
}
