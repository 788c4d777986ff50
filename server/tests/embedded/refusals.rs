//! What is refused, and that the sentence says what to do.

use crate::harness::{Data, Server, binary};

#[test]
fn a_second_serve_on_the_same_folder_is_refused() {
    let data = Data::new();
    let first = Server::start(&data);
    let (status, words) = Server::begin(&data).wait_for_end();
    assert!(!status.success());
    assert!(words.contains("already runs on the data folder"), "{words}");
    assert!(words.contains(&format!("kill {}", first.pid())), "{words}");
    assert_eq!(
        data.ask("select 1").as_deref(),
        Some("1"),
        "the first is untouched"
    );
}

/// Fault 34: power loss cannot be tried here, so what guards against it is asked for at every start.
#[test]
fn fault_34_a_database_that_risks_its_data_is_refused() {
    for setting in ["fsync", "full_page_writes"] {
        let data = Data::new();
        let first = Server::start(&data);
        let superuser = |query: &str| {
            data.ask_as("postgres", "postgres", &data.secret("superuser"), query)
                .expect("the superuser may");
        };
        superuser(&format!("alter system set {setting} = off"));
        superuser("select pg_reload_conf()");
        let on = format!("select current_setting('{setting}')");
        crate::harness::eventually("it is switched off", || {
            data.ask(&on).as_deref() == Some("off")
        });

        // A given one, with a folder for its own Redis.
        let other = Data::new();
        let mut command = binary(&other.path);
        command
            .arg("migrate")
            .env("DATABASE_URL", data.database_url());
        let (status, words) = Server::spawn(command, &other).wait_for_end();
        assert!(!status.success(), "{words}");
        assert!(words.contains(setting), "{words}");
        assert_eq!(
            other.processes(),
            [0_u32; 0],
            "what was started is stopped again"
        );

        // The own one.
        first.stop();
        let (status, words) = Server::begin(&data).wait_for_end();
        assert!(!status.success(), "{words}");
        assert!(words.contains(setting), "{words}");
        assert_eq!(
            data.processes(),
            [0_u32; 0],
            "what was started is stopped again"
        );
    }
}

#[test]
fn a_taken_port_is_told_before_anything_is_started() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it is bound");
    let data = Data::new();
    let mut command = binary(&data.path);
    command.args(["serve", "--listen", &address.to_string()]);
    let (status, words) = Server::spawn(command, &data).wait_for_end();
    assert!(!status.success());
    assert!(
        words.contains("already taken") && words.contains("--listen"),
        "{words}"
    );
    assert!(!data.path.exists(), "nothing was made");
}

#[test]
fn a_german_terminal_hears_in_german_what_the_machine_lacks() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    for (listen, database, wanted) in [
        (&*address, "", "schon von einem anderen"),
        ("127.0.0.1:0", "nonsense", "nennt keine Datenbank"),
    ] {
        let data = Data::new();
        let mut command = binary(&data.path);
        command
            .args(["serve", "--listen", listen])
            .env("LC_ALL", "de_AT.UTF-8")
            .env("DATABASE_URL", database);
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert!(!status.success());
        assert!(
            words.contains(wanted) && words.contains("Abhilfe: "),
            "{words}"
        );
    }
}

#[test]
fn a_folder_that_was_named_is_taken_at_its_word() {
    let data = Data::new();
    for (language, wanted) in [
        ("C", "no PostgreSQL in /nope"),
        ("de_AT.UTF-8", "ist kein PostgreSQL. Abhilfe: "),
    ] {
        let mut command = binary(&data.path);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("LC_ALL", language)
            .env("WELTGEWEBE_POSTGRES_BIN", "/nope");
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert!(!status.success());
        assert!(
            words.contains(wanted) && words.contains("WELTGEWEBE_POSTGRES_BIN"),
            "{words}"
        );
    }
}

#[test]
fn a_database_that_is_none_is_told_with_the_way_out() {
    for (url, wanted) in [
        ("nonsense", "Fix: write it as postgres://"),
        (
            "postgres://nobody@127.0.0.1:1/none",
            "Fix: see that it runs",
        ),
    ] {
        let data = Data::new();
        let mut command = binary(&data.path);
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("DATABASE_URL", url);
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert!(!status.success());
        assert!(
            words.contains("DATABASE_URL") && words.contains(wanted),
            "{url}: {words}"
        );
    }
}

#[test]
fn the_doctor_finds_this_machine_well_and_a_running_server() {
    let data = Data::new();
    let doctor = |language| {
        let mut command = binary(&data.path);
        command
            .env("LC_ALL", language)
            .args(["doctor", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data.path);
        command.stdout(std::process::Stdio::piped());
        let output = command.output().expect("the binary was built");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let (is_well, words) = doctor("C.UTF-8");
    assert!(is_well, "{words}");
    assert!(
        words.contains("PostgreSQL 1") && words.contains("PostGIS 3") && words.contains("Redis "),
        "{words}"
    );
    let (is_well, words) = doctor("de_DE.UTF-8");
    assert!(
        is_well && words.contains("gut      Redis ") && words.contains("Alles ist da"),
        "{words}"
    );
    assert!(!data.path.exists(), "it changes nothing");

    let server = Server::start(&data);
    for (language, process) in [("C.UTF-8", "process"), ("de_DE.UTF-8", "(Prozess")] {
        let (is_well, words) = doctor(language);
        assert!(!is_well, "{words}");
        assert!(
            words.contains(&format!("{process} {}", server.pid())),
            "{words}"
        );
    }
}

#[test]
fn a_base_map_that_is_none_is_told_before_anything_is_started() {
    let data = Data::new();
    let mut command = binary(&data.path);
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("BASEMAP", "/nirgends/ort.pmtiles");
    let (status, words) = Server::spawn(command, &data).wait_for_end();
    assert!(!status.success());
    assert!(
        words.contains("/nirgends/ort.pmtiles does not exist") && words.contains("Fix: "),
        "{words}"
    );
    assert!(!data.path.exists(), "nothing was made");
}

#[test]
fn a_german_terminal_hears_of_a_base_map_that_is_none_in_german() {
    let data = Data::new();
    let map = data.path.with_file_name("leer.pmtiles");
    std::fs::write(&map, "").expect("a file");
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["basemap", "check"],
    ] {
        let mut command = binary(&data.path);
        command.args(arguments);
        if arguments[0] == "basemap" {
            command.arg(&map);
        }
        command.env("BASEMAP", &map).env("LC_ALL", "de_DE.UTF-8");
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert!(!status.success());
        assert!(
            words.contains("leer.pmtiles ist leer. Abhilfe: "),
            "{words}"
        );
    }
}

#[test]
fn a_base_map_is_looked_at_before_it_is_served() {
    use store::testing::town::{self, Faults};

    let folder = tempfile::TempDir::new().expect("a folder");
    let map = folder.path().join("garnau.mbtiles");
    let check = || {
        let mut command = binary(folder.path());
        command.args(["basemap", "check"]).arg(&map);
        command.stdout(std::process::Stdio::piped());
        let output = command.output().expect("the binary was built");
        let words = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&words).into_owned(),
        )
    };
    town::mbtiles(&map, Faults::default());
    let (is_fit, words) = check();
    assert!(is_fit, "{words}");
    assert!(
        words.contains("zoom 10 to 14") && words.contains("nothing is missing"),
        "{words}"
    );

    let few = Faults {
        layers: Some(&["transportation", "water"]),
        ..Faults::default()
    };
    town::mbtiles(&map, few);
    let (is_fit, words) = check();
    assert!(is_fit, "{words}");
    assert!(
        words.contains("no layer `building`: houses are not shown"),
        "{words}"
    );

    let foreign = Faults {
        layers: Some(&["roads", "earth"]),
        ..Faults::default()
    };
    town::mbtiles(&map, foreign);
    let (is_fit, words) = check();
    assert!(!is_fit, "{words}");
    assert!(
        words.contains("not in the OpenMapTiles schema") && words.contains("Fix: "),
        "{words}"
    );
}

/// Without the files of PostGIS, as where only PostgreSQL was installed.
#[test]
fn a_postgresql_without_postgis_is_refused_before_anything_is_made() {
    use std::os::unix::fs::PermissionsExt;

    let place = Data::named("empty");
    std::fs::create_dir(&place.path).expect("it is ours");
    std::fs::set_permissions(&place.path, std::fs::Permissions::from_mode(0o755))
        .expect("it is ours");
    let data = Data::new();
    let program = binary(&data.path).get_program().to_owned();
    // In a view of the file system of its own, where the extensions of every version are hidden.
    let hide = "for folder in /usr/share/postgresql/*/extension; do mount --bind \"$1\" \"$folder\" || exit 77; done
                exec \"$2\" serve --listen 127.0.0.1:0 --data \"$3\"";
    let mut command = std::process::Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", hide, "sh"])
        .args([place.path.as_os_str(), &program, data.path.as_os_str()])
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL");
    let output = command.output().expect("unshare belongs to every Linux");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    if !words.contains("weltgewebe:") {
        eprintln!("skipped: only root, and not in every container, hides files: {words}");
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(
        words.contains("has no PostGIS here. Fix: apt-get install postgresql-"),
        "{words}"
    );
    assert!(!data.path.join("postgres").exists(), "nothing was made");
}

#[test]
fn a_base_map_that_cannot_be_drawn_is_refused_by_serve() {
    use store::testing::town::{self, Faults};

    let folder = tempfile::TempDir::new().expect("a folder");
    let foreign = folder.path().join("fremd.mbtiles");
    let faults = Faults {
        layers: Some(&["roads", "earth"]),
        ..Faults::default()
    };
    town::mbtiles(&foreign, faults);
    let cut = folder.path().join("halb.pmtiles");
    town::pmtiles(&cut, Faults::default());
    let whole = std::fs::read(&cut).expect("it was written");
    std::fs::write(&cut, &whole[..whole.len() / 2]).expect("it is ours");
    for (file, wanted) in [(&foreign, "not in the OpenMapTiles schema"), (&cut, "cut")] {
        let data = Data::new();
        let mut command = binary(&data.path);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--basemap"])
            .arg(file);
        let (status, words) = Server::spawn(command, &data).wait_for_end();
        assert_eq!(status.code(), Some(1), "{words}");
        assert!(words.contains(wanted) && words.contains("Fix: "), "{words}");
        assert!(!data.path.exists(), "nothing was made");
    }
}
