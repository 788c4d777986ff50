//! Killed, and what comes after.

use std::fs;
use std::io::Write;

use nix::sys::signal::Signal;

use crate::harness::{Data, Server, eventually, send};

/// Fault 3: what was committed survives the kill of PostgreSQL, and it is back without anybody's help.
#[test]
fn fault_3_postgresql_is_killed_and_comes_back() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask("create table kept as select 'yes' as answer")
        .expect("it is the owner's database");
    for _ in 0..3 {
        let before = data.postmaster();
        send(before, Signal::SIGKILL);
        eventually("PostgreSQL answers again, and is another", || {
            data.ask("select answer from kept").as_deref() == Some("yes")
                && data.postmaster() != before
        });
    }
    server.wait_for_words("PostgreSQL ended unexpectedly (killed by SIGKILL)");
    server.wait_for_words("PostgreSQL runs again");
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
}

/// Fault 8: Redis is replaceable; killed, it is back with what its append-only file kept.
#[test]
fn fault_8_redis_is_killed_and_comes_back() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask_redis(&["SET", "kept", "yes"]).expect("it answers");
    // The file is written every second; this write waits for it.
    assert_eq!(
        data.ask_redis(&["CONFIG", "SET", "appendfsync", "always"])
            .as_deref(),
        Some("OK")
    );
    data.ask_redis(&["SET", "kept", "surely"])
        .expect("it answers");
    let before = data.redis();
    send(before, Signal::SIGKILL);
    eventually("Redis answers again", || {
        data.ask_redis(&["GET", "kept"]).as_deref() == Some("surely")
    });
    assert_ne!(data.redis(), before);
    server.wait_for_words("Redis ended unexpectedly (killed by SIGKILL)");
    server.wait_for_words("Redis runs again");
}

/// Fault 8: a file that cannot be read any more must not keep the product from starting; the truth is elsewhere.
#[test]
fn fault_8_redis_starts_empty_when_its_file_is_torn() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask_redis(&["SET", "kept", "yes"]).expect("it answers");
    server.stop();
    let files = data.path.join("redis/appendonlydir");
    for entry in fs::read_dir(&files).expect("the append-only file is on") {
        let path = entry.expect("it is readable").path();
        if path.extension().is_some_and(|ending| ending == "aof") {
            let mut file = fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .expect("it is a file");
            file.write_all(b"*this is no command\r\n$")
                .expect("there is room");
        }
    }
    let server = Server::start(&data);
    assert!(server.words().contains("set aside"), "{}", server.words());
    assert_eq!(data.ask_redis(&["PING"]).as_deref(), Some("PONG"));
    assert!(data.path.join("redis/appendonlydir.unreadable").exists());
}

#[test]
fn what_a_killed_server_left_is_taken_over() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask("create table kept as select 'yes' as answer")
        .expect("it is the owner's database");
    let left = [data.postmaster(), data.redis()];
    server.kill();
    assert!(
        left.iter().all(|pid| data.processes().contains(pid)),
        "the services outlive the server"
    );

    let server = Server::start(&data);
    assert_eq!(data.ask("select answer from kept").as_deref(), Some("yes"));
    assert!(
        server.words().contains("stopping what a killed run left"),
        "{}",
        server.words()
    );
    assert!(
        left.iter().all(|pid| !data.processes().contains(pid)),
        "the former ones are gone"
    );
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
    assert_eq!(data.processes(), [0_u32; 0]);
}

#[test]
fn a_database_whose_head_was_killed_too_is_taken_over() {
    let data = Data::new();
    let server = Server::start(&data);
    let postmaster = data.postmaster();
    server.kill();
    send(postmaster, Signal::SIGKILL);
    let _server = Server::start(&data);
    assert_eq!(data.ask("select 1").as_deref(), Some("1"));
}

/// After a restart of the machine the number in the pid file may be anybody's.
#[test]
fn a_foreign_process_of_the_same_number_is_let_alone() {
    let data = Data::new();
    let server = Server::start(&data);
    let pid_file = data.path.join("postgres/postmaster.pid");
    let text = fs::read_to_string(&pid_file).expect("PostgreSQL runs");
    server.stop();
    let rest = text.split_once('\n').expect("it has many lines").1;
    let own = std::process::id();
    fs::write(&pid_file, format!("{own}\n{rest}")).expect("it is ours or we are root");
    let _server = Server::start(&data);
    assert_eq!(data.ask("select 1").as_deref(), Some("1"));
    assert_ne!(data.postmaster(), own);
}

#[test]
fn a_server_killed_in_its_first_start_is_followed_by_a_whole_one() {
    let data = Data::new();
    let server = Server::begin(&data);
    server.wait_for_words("first start");
    eventually("it has begun", || {
        data.path.join("postgres.making/base").exists()
    });
    server.kill();
    let _server = Server::start(&data);
    assert_eq!(
        data.ask("select postgis_lib_version() is not null")
            .as_deref(),
        Some("t")
    );
}
