//! The demo: filled once, served again, removed in one command, and never mixed with a real weave.

use crate::harness::{Data, Server, binary};

fn demo(data: &Data, more: &[&str]) -> Server {
    let mut command = binary(&data.path);
    command.arg("demo").args(more);
    Server::spawn(command, data)
}

fn events(data: &Data) -> i64 {
    let head = data.ask("select id from log_head").expect("it answers");
    head.parse().expect("a number")
}

#[test]
fn a_demo_is_filled_once_and_removed_in_one_command() {
    let data = Data::new();
    let listening = ["--listen", "127.0.0.1:0"];
    let server = demo(&data, &listening);
    server.wait_for_words("Weltgewebe is ready");
    assert!(server.words().contains("100 %"), "{}", server.words());
    let told = events(&data);
    assert!(told > 1000, "{told} events");
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");

    let server = demo(&data, &listening);
    server.wait_for_words("Weltgewebe is ready");
    assert!(!server.words().contains('%'), "{}", server.words());
    assert!(events(&data) >= told);
    let (status, words) = demo(&data, &["--remove"]).wait_for_end();
    assert!(
        !status.success() && words.contains("already runs"),
        "{words}"
    );
    server.stop();

    let (status, words) = demo(&data, &["--remove"]).wait_for_end();
    assert!(status.success(), "{words}");
    assert!(!data.path.exists(), "{words}");
    let (status, words) = demo(&data, &["--remove"]).wait_for_end();
    assert!(!status.success() && words.contains("no demo"), "{words}");
}

#[test]
fn a_real_weave_is_neither_filled_nor_removed() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask("update log_head set id = 1")
        .expect("it is the owner's");
    server.stop();
    let (status, words) = demo(&data, &["--listen", "127.0.0.1:0"]).wait_for_end();
    assert!(!status.success(), "{words}");
    assert!(
        words.contains("never mixed") && words.contains("Fix: "),
        "{words}"
    );
    let (status, words) = demo(&data, &["--remove"]).wait_for_end();
    assert!(
        !status.success() && words.contains("it is no demo"),
        "{words}"
    );
    assert!(data.path.exists());
}
