//! Started, stopped, started again.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use nix::sys::signal::Signal;
use nix::unistd::{Pid, getsid};

use crate::harness::{Data, Server, eventually, is_root, user_of};

#[test]
fn what_was_kept_is_there_after_a_restart() {
    let data = Data::new();
    let server = Server::start(&data);
    let extensions = data.ask(
        "select string_agg(extname, ' ' order by extname) from pg_extension where extname <> 'plpgsql'",
    );
    assert_eq!(extensions.as_deref(), Some("pg_trgm postgis unaccent"));
    let is_superuser = data.ask("select rolsuper from pg_roles where rolname = current_user");
    assert_eq!(is_superuser.as_deref(), Some("f"));
    data.ask("create table kept as select 'yes' as answer")
        .expect("it is the owner's database");
    assert_eq!(
        data.ask_redis(&["SET", "kept", "yes"]).as_deref(),
        Some("OK")
    );

    let (status, words) = server.stop();
    assert!(status.success(), "{status}: {words}");
    assert_eq!(data.processes(), [0_u32; 0], "nothing is left running");

    let server = Server::start(&data);
    assert_eq!(data.ask("select answer from kept").as_deref(), Some("yes"));
    assert_eq!(data.ask_redis(&["GET", "kept"]).as_deref(), Some("yes"));
    assert!(
        !server.words().contains("first start"),
        "{}",
        server.words()
    );
    assert!(!server.words().contains("killed run"), "{}", server.words());
}

#[test]
fn services_are_unprivileged_private_and_in_a_session_of_their_own() {
    let data = Data::new();
    let _server = Server::start(&data);
    let own = nix::unistd::Uid::effective().as_raw();
    for pid in [data.postmaster(), data.redis()] {
        if is_root() {
            assert_ne!(user_of(pid), 0, "process {pid} runs as root");
        } else {
            assert_eq!(user_of(pid), own);
        }
        let pid = Pid::from_raw(pid.cast_signed());
        assert_eq!(
            getsid(Some(pid)).expect("it runs"),
            pid,
            "Ctrl-C would reach it"
        );
    }
    let mode = |name: &str| {
        let metadata = fs::metadata(data.path.join(name)).expect("it was made");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("secrets"), 0o600);
    for folder in ["postgres", "redis", "run/postgres", "run/redis"] {
        assert_eq!(mode(folder), 0o700, "{folder}");
    }
    let over_tcp = data
        .ask("select count(*) from pg_settings where name = 'listen_addresses' and setting <> ''");
    assert_eq!(over_tcp.as_deref(), Some("0"));
}

#[test]
fn every_way_to_ask_for_the_stop_is_clean() {
    let data = Data::new();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let server = Server::start(&data);
        server.send(signal);
        let (status, words) = server.wait_for_end();
        assert!(status.success(), "{signal}: {status}: {words}");
        assert!(
            !words.contains("WARN") && !words.contains("ERROR"),
            "{signal}: an orderly stop is nothing to complain about: {words}"
        );
        assert_eq!(data.processes(), [0_u32; 0], "{signal}");
        let is_shut_down = !data.path.join("postgres/postmaster.pid").exists();
        assert!(
            is_shut_down,
            "{signal}: PostgreSQL did not shut down in order"
        );
    }
}

#[test]
fn a_second_signal_stops_at_once_and_nothing_is_lost() {
    let data = Data::new();
    let server = Server::start(&data);
    data.ask("create table kept as select 'yes' as answer")
        .expect("it is the owner's database");
    server.send(Signal::SIGTERM);
    server.wait_for_words("SIGTERM: stopping");
    server.send(Signal::SIGTERM);
    server.wait_for_end();
    eventually("nothing is left running", || data.processes().is_empty());
    let _server = Server::start(&data);
    assert_eq!(data.ask("select answer from kept").as_deref(), Some("yes"));
}

#[test]
fn a_stop_during_the_first_start_leaves_nothing_behind() {
    // So long that the sockets are elsewhere.
    let data = Data::named(&"d".repeat(120));
    let server = Server::begin(&data);
    server.wait_for_words("first start");
    server.send(Signal::SIGINT);
    let (status, words) = server.wait_for_end();
    assert!(!status.success(), "{words}");
    assert!(
        words.contains("Stopped while PostgreSQL was starting"),
        "{words}"
    );
    eventually("nothing is left running", || data.processes().is_empty());
    assert!(!data.path.join("postgres.making").exists());
    assert!(!server::embedded::sockets_of(&data.path).exists());
    // It says so itself once both services have answered it.
    let (status, words) = Server::start(&data).stop();
    assert!(status.success(), "{words}");
    assert!(!data.path.join("postgres.making").exists());
}
