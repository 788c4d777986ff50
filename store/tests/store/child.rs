//! Another process: this very program, which runs one of the ignored tests here with its orders in the
//! environment.

use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

use domain::command::Command;
use store::Store;
use store::SystemClock;
use store::door::Door;

/// Starts a process that runs `role` (the name of an ignored test of this module).
pub(crate) fn start(role: &str, database_url: &str, orders: &[(&str, &str)]) -> Child {
    let program = std::env::current_exe().expect("this program");
    Process::new(program)
        .args([
            &format!("child::{role}"),
            "--exact",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("STORE_CHILD_DATABASE", database_url)
        .envs(orders.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("another process")
}

/// Its end, which must come.
pub(crate) async fn ended(mut child: Child) -> std::process::ExitStatus {
    for _ in 0..24_000 {
        if let Some(status) = child.try_wait().expect("its state") {
            return status;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().ok();
    panic!("the other process does not end");
}

pub(crate) fn order(name: &str) -> String {
    std::env::var(name).expect("an order: this runs as another test's child only")
}

pub(crate) async fn store() -> Store {
    let url = order("STORE_CHILD_DATABASE");
    Store::connect(&url, std::sync::Arc::new(SystemClock))
        .await
        .expect("a store")
}

/// Submits the commands of `STORE_CHILD_COMMANDS` in order.
#[tokio::test]
#[ignore = "another test's child"]
async fn submits() {
    let door = Door::start(store().await);
    let commands: Vec<Command> =
        serde_json::from_str(&order("STORE_CHILD_COMMANDS")).expect("commands");
    for command in commands {
        door.submit(command).await.expect("a receipt");
    }
}

/// Lives as a second instance, see `instances`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another test's child"]
async fn lives() {
    crate::instances::live().await;
}

/// Writes to the log and to the numbered table, see `skip`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another test's child"]
async fn writes() {
    crate::skip::write_all(order("STORE_CHILD_STALLS") == "1").await;
}
