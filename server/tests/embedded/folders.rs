//! Data folders in odd places.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use crate::harness::{Data, Server, is_root, user_of};

#[test]
fn a_path_too_long_for_sockets_gets_them_elsewhere() {
    let data = Data::named(&"d".repeat(120));
    let server = Server::start(&data);
    assert!(!data.path.join("run").exists());
    // It says so itself, and both services answered it.
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
    assert_eq!(data.processes(), [0_u32; 0]);
}

#[test]
fn a_path_with_blanks_and_umlauts_serves() {
    let data = Data::named("mein Gewebe \"groß\" %2F");
    let _server = Server::start(&data);
    assert_eq!(data.ask("select 1").as_deref(), Some("1"));
    assert_eq!(data.ask_redis(&["PING"]).as_deref(), Some("PONG"));
}

/// Only root starts services as another user.
#[test]
fn a_folder_below_a_closed_one_is_refused_to_root() {
    if !is_root() {
        eprintln!("skipped: only root starts services as another user");
        return;
    }
    let data = Data::named("closed/data");
    let closed = data.path.parent().expect("it has one").to_path_buf();
    fs::create_dir(&closed).expect("it is ours");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let (status, words) = Server::begin(&data).wait_for_end();
    assert!(!status.success());
    assert!(
        words.contains("may not enter") && words.contains("chmod o+x"),
        "{words}"
    );
    assert!(words.contains(&closed.display().to_string()), "{words}");
    assert_eq!(data.processes(), [0_u32; 0]);
}

/// Root works on an ordinary user's folder without taking it away.
#[test]
fn a_users_folder_stays_the_users_when_root_starts_it() {
    if !is_root() {
        eprintln!("skipped: only root starts services as another user");
        return;
    }
    let data = Data::new();
    let nobody = nix::unistd::User::from_name("nobody")
        .expect("the user list is readable")
        .expect("every system has it");
    fs::create_dir(&data.path).expect("it is ours");
    chown(
        &data.path,
        Some(nobody.uid.as_raw()),
        Some(nobody.gid.as_raw()),
    )
    .expect("we are root");
    let server = Server::start(&data);
    assert_eq!(user_of(data.postmaster()), nobody.uid.as_raw());
    assert_eq!(user_of(data.redis()), nobody.uid.as_raw());
    server.stop();
    for entry in fs::read_dir(&data.path).expect("it is there") {
        let entry = entry.expect("it is readable");
        let owner = std::os::unix::fs::MetadataExt::uid(&entry.metadata().expect("it is there"));
        assert_eq!(owner, nobody.uid.as_raw(), "{}", entry.path().display());
    }
}

/// Only an ordinary user can be refused a folder.
#[test]
fn another_users_folder_is_refused() {
    if is_root() {
        eprintln!("skipped: root may use any folder");
        return;
    }
    let mut command = crate::harness::binary(std::path::Path::new("/usr/share"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", "/usr/share"]);
    let output = command.output().expect("the binary was built");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(words.contains("belongs to the user root"), "{words}");
}
