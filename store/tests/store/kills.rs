//! A server killed at any point of a command: what was acknowledged is there once, what was not resolves by
//! its id.

use std::time::Duration;

use domain::command::Command;
use domain::id::NodeId;
use domain::spool::Placement;
use store::testing;

use crate::child;
use crate::support::{House, knot, place};

/// How many events each command has.
async fn effects(house: &House, commands: &[Command]) -> Vec<usize> {
    let log = house.log().await;
    commands
        .iter()
        .map(|command| {
            log.iter()
                .filter(|event| event.command_id == command.id)
                .count()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_fail_point_neither_loses_nor_doubles() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    for (point, is_written) in [
        ("after_lock", false),
        ("after_insert", false),
        ("before_commit", false),
        ("after_commit", true),
        ("before_answer", true),
    ] {
        let commands = [house.command(anna, knot(NodeId(testing::id()), point, place(0)))];
        let json = serde_json::to_string(&commands).expect("JSON");
        let fail = format!("{point}=abort");
        let orders = [
            ("STORE_CHILD_COMMANDS", json.as_str()),
            ("WELTGEWEBE_FAIL", fail.as_str()),
        ];
        let status = child::ended(child::start("submits", &house.database.url(), &orders)).await;
        assert!(!status.success(), "it was killed at {point}");
        assert_eq!(
            effects(&house, &commands).await,
            [usize::from(is_written)],
            "{point}"
        );
        house
            .door
            .submit(commands[0].clone())
            .await
            .expect("its id resolves");
        assert_eq!(effects(&house, &commands).await, [1], "{point}");
    }
    let ids: Vec<i64> = house.log().await.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=6).collect::<Vec<_>>(), "no id is lost either");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_moments_leave_a_prefix_that_resolves() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut cut_short = 0;
    for round in 0..6_u64 {
        let commands: Vec<Command> = (0..400)
            .map(|n| house.command(anna, knot(NodeId(testing::id()), "Idee", place(n))))
            .collect();
        let json = serde_json::to_string(&commands).expect("JSON");
        let mut other = child::start(
            "submits",
            &house.database.url(),
            &[("STORE_CHILD_COMMANDS", json.as_str())],
        );
        let before = house.store.head().await.expect("a head").id;
        // It writes for sure; then it is killed at some moment.
        while house.store.head().await.expect("a head").id < before + 3 {
            assert!(
                other.try_wait().expect("its state").is_none(),
                "it ended by itself"
            );
        }
        tokio::time::sleep(Duration::from_micros(700 * round * round)).await;
        other.kill().expect("killed");
        other.wait().expect("its end");
        let first = effects(&house, &commands).await;
        let written = first.iter().sum::<usize>();
        assert!(
            first.iter().take(written).all(|n| *n == 1),
            "one by one, in order, none twice"
        );
        cut_short += usize::from(written < commands.len());
        for command in commands.iter().take(written + 2) {
            house
                .door
                .submit(command.clone())
                .await
                .expect("its id resolves");
        }
        assert_eq!(
            effects(&house, &commands).await.iter().sum::<usize>(),
            (written + 2).min(commands.len())
        );
    }
    assert!(cut_short > 0, "no kill came in time");
}
