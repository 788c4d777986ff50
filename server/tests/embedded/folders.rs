//! Data folders in odd places.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use crate::harness::{Data, Server, binary, is_root, user_of};

#[test]
fn a_path_too_long_for_sockets_gets_them_elsewhere() {
    let data = Data::named(&"d".repeat(120));
    let server = Server::start(&data);
    assert!(!data.path.join("run").exists());
    let elsewhere = server::embedded::sockets_of(&data.path);
    assert!(elsewhere.join("postgres").exists());
    // It says so itself, and both services answered it.
    let (status, words) = server.stop();
    assert!(status.success(), "{words}");
    assert_eq!(data.processes(), [0_u32; 0]);
    assert!(!elsewhere.exists(), "nobody would look for it there");
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
    let mut command = binary(std::path::Path::new("/usr/share"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", "/usr/share"]);
    let output = command.output().expect("the binary was built");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(words.contains("belongs to the user root"), "{words}");
}

/// Starts `serve` as a user who may not do much, on `data`.
fn serve_as_nobody(data: &std::path::Path) -> (bool, String) {
    let nobody = nix::unistd::User::from_name("nobody")
        .expect("the user list is readable")
        .expect("every system has it");
    // Where that user may run it: the target folder is often root's alone.
    let place = Data::named("weltgewebe");
    let program = &place.path;
    let built = binary(data).get_program().to_owned();
    if fs::hard_link(&built, program).is_err() {
        fs::copy(&built, program).expect("the binary was built");
    }
    let mut command = std::process::Command::new(program);
    std::os::unix::process::CommandExt::uid(&mut command, nobody.uid.as_raw());
    std::os::unix::process::CommandExt::gid(&mut command, nobody.gid.as_raw());
    command
        .current_dir("/")
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL")
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data);
    let output = command.output().expect("it was just copied");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_folder_that_may_not_be_written_or_passed_is_refused() {
    if !is_root() {
        eprintln!("skipped: only root can try it as another user");
        return;
    }
    let own = |path: &std::path::Path, mode| {
        let nobody = nix::unistd::User::from_name("nobody")
            .expect("the user list is readable")
            .expect("every system has it");
        chown(path, Some(nobody.uid.as_raw()), Some(nobody.gid.as_raw())).expect("we are root");
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("we are root");
    };
    let is_refused = |data: &Data| {
        let (is_done, words) = serve_as_nobody(&data.path);
        assert!(!is_done, "{words}");
        assert!(
            words.contains("Permission denied")
                && words.contains("Fix: choose a folder that this user may write, with --data DIR"),
            "{words}"
        );
        assert_eq!(words.lines().count(), 1, "one sentence: {words}");
    };
    // Not writable.
    let data = Data::new();
    fs::create_dir(&data.path).expect("it is ours");
    fs::write(data.path.join("something"), "").expect("it is ours");
    own(&data.path, 0o555);
    is_refused(&data);
    // To be made where this user may not.
    is_refused(&Data::new());
    // Not traversable.
    let data = Data::named("closed/data");
    fs::create_dir_all(&data.path).expect("it is ours");
    own(&data.path, 0o700);
    let closed = data.path.parent().expect("it has one");
    fs::set_permissions(closed, fs::Permissions::from_mode(0o700)).expect("it is ours");
    is_refused(&data);
}

#[test]
fn a_path_that_no_system_takes_is_refused() {
    for name in ["d".repeat(300), ["d".repeat(200).as_str(); 25].join("/")] {
        let data = Data::named(&name);
        let mut command = binary(std::path::Path::new("/tmp/data"));
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert!(!status.success());
        assert!(
            words.contains("too long")
                && words.contains("Fix: choose a shorter one with --data DIR"),
            "{words}"
        );
    }
}
