//! The own PostgreSQL: made once, started on a private socket, given a database with its extensions.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::process::Command;

use super::account::Account;
use super::error::EmbeddedError;
use super::folder::{DataFolder, ServiceFolder, write_private};
use super::keeper::{Keeper, Service};
use super::leftover::Leftover;
use super::process::{IsWarning, command, run_to_end};
use super::programs::{PostgresPrograms, major_of};
use super::secrets::Secrets;
use super::{ServiceUrl, sockets};
use crate::log;
use crate::signals::Shutdown;

const NAME: &str = "PostgreSQL";

/// The folder's name in the data folder.
const FOLDER: &str = "postgres";

/// Where the first start works; renamed when it is whole.
const MAKING: &str = "postgres.making";

/// Who runs it when root starts it, the first that exists.
pub(super) const ACCOUNTS: [&str; 3] = ["postgres", "weltgewebe", "nobody"];

/// PostgreSQL's "fast" way: connections are cut off, all is written.
const FAST: Signal = Signal::SIGINT;

/// "Smart" waits for the sessions, and ours are closed by then; "fast" does not.
const STOPS: [(Signal, Duration); 2] = [
    (Signal::SIGTERM, Duration::from_secs(2)),
    (FAST, Duration::from_secs(60)),
];

/// What makes the database ready for the migrations; nothing happens where all is there. Only the superuser may make
/// these extensions; the server itself works as the owner of its database.
const PREPARE: &str = include_str!("prepare.sql");

/// Starts it and gives its keeper and the address of the database.
pub(super) async fn start(
    data: &DataFolder,
    secrets: &Secrets,
    shutdown: &Shutdown,
) -> Result<(Keeper, ServiceUrl), EmbeddedError> {
    let programs = PostgresPrograms::find(&data.path)?;
    if major_of(&data.path.join(FOLDER)).is_none() {
        make(data, &programs, secrets, shutdown).await?;
    }
    let ServiceFolder {
        path: folder,
        account,
    } = data.of_service(FOLDER, &ACCOUNTS)?;
    let sockets = sockets::folder_for(data, FOLDER, account.as_ref())?;
    let url = url(secrets, &sockets);
    let psql = programs.folder.join("psql");
    let server = PostgresServer {
        programs,
        folder,
        account,
        sockets: sockets.clone(),
    };
    let keeper = Keeper::start(server, shutdown).await?;
    match prepare_database(&psql, &sockets, secrets, shutdown).await {
        Ok(()) => Ok((keeper, url)),
        Err(error) => {
            keeper.stop().await;
            Err(error)
        }
    }
}

/// The address of the database that another process runs on this data folder; none while it does not answer. Where its
/// sockets are is told by its pid file, since the other process may have had another run-time folder.
pub(super) fn running_on(data: &Path) -> Result<Option<ServiceUrl>, EmbeddedError> {
    let pid_file = data.join(FOLDER).join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&pid_file) else {
        return Ok(None);
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_running = lines
        .first()
        .is_some_and(|pid| Path::new("/proc").join(pid).exists());
    match (lines.get(4), lines.get(7)) {
        (Some(sockets), Some(&"ready")) if is_running && !sockets.is_empty() => {
            let secrets = Secrets::load(data)?;
            Ok(Some(url(&secrets, Path::new(sockets))))
        }
        _ => Ok(None),
    }
}

fn url(secrets: &Secrets, sockets: &Path) -> ServiceUrl {
    ServiceUrl::new(format!(
        "postgres://weltgewebe:{}@{}/weltgewebe",
        secrets.database,
        sockets::percent_encoded(sockets, false)
    ))
}

/// What is needed to start it, again and again.
#[derive(Debug)]
struct PostgresServer {
    programs: PostgresPrograms,
    folder: PathBuf,
    account: Option<Account>,
    sockets: PathBuf,
}

impl Service for PostgresServer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    async fn clear(&self) -> Result<(), EmbeddedError> {
        let pid_file = self.folder.join("postmaster.pid");
        let head = first_line(&pid_file);
        Leftover {
            service: NAME,
            program: "postgres",
            folder: &self.folder,
            ask: (FAST, Duration::from_secs(60)),
            // Sessions whose head was killed end by themselves; this is for one that is busy.
            headless: Signal::SIGQUIT,
            head,
        }
        .end()
        .await?;
        // PostgreSQL itself removes a pid file whose process is gone, but takes any other process of that number
        // for its former self. Nothing of ours runs now, so the file is stale.
        if head.is_some_and(|pid| Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = fs::remove_file(&pid_file);
        }
        sockets::clear(&self.sockets);
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = command(
            &self.programs.folder.join("postgres"),
            &self.folder,
            self.account.as_ref(),
        );
        command.arg("-D").arg(&self.folder);
        let sockets = self.sockets.display().to_string().replace('"', "\"\"");
        for setting in [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories=\"{sockets}\""),
            "unix_socket_permissions=0700".to_owned(),
            "cluster_name=weltgewebe".to_owned(),
            "logging_collector=off".to_owned(),
            "log_destination=stderr".to_owned(),
            "log_line_prefix=[%p] ".to_owned(),
            "timezone=UTC".to_owned(),
            // Every query here is short; compiling one costs more than running it.
            "jit=off".to_owned(),
        ] {
            command.arg("-c").arg(setting);
        }
        command
    }

    fn is_warning(&self) -> IsWarning {
        |line| {
            // Whoever hangs up, as a request that is given up does, is no trouble of the database's; nor is who asks too soon
            // while it starts.
            !line.contains("connection to client lost")
                && !line.contains("the database system is starting up")
                && ["WARNING:", "ERROR:", "FATAL:", "PANIC:"]
                    .iter()
                    .any(|word| line.contains(word))
        }
    }

    /// As `pg_ctl` looks: the eighth line of its pid file tells its state, without a connection.
    async fn is_ready(&self, pid: u32) -> bool {
        let pid_file = self.folder.join("postmaster.pid");
        let text = fs::read_to_string(&pid_file).unwrap_or_default();
        let mut lines = text.lines();
        lines
            .next()
            .is_some_and(|line| line.trim() == pid.to_string())
            && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    fn mend(&self, _said: &str) -> Option<String> {
        None
    }

    fn stops(&self) -> &'static [(Signal, Duration)] {
        &STOPS
    }

    fn stop_at_once(&self) -> Signal {
        // "Immediate": as a crash, from which it recovers.
        Signal::SIGQUIT
    }
}

/// The first start: makes the data folder aside and moves it to its place when it is whole, so that a kill leaves none
/// half made.
async fn make(
    data: &DataFolder,
    programs: &PostgresPrograms,
    secrets: &Secrets,
    shutdown: &Shutdown,
) -> Result<(), EmbeddedError> {
    let step = log::step(
        format!(
            "{NAME} {}: first start, preparing the data folder",
            programs.version
        ),
        Some(Duration::from_secs(3)),
    );
    let path = data.path.join(MAKING);
    unmake(data, &path).await?;
    let ServiceFolder { path, account } = data.of_service(MAKING, &ACCOUNTS)?;
    let sockets = sockets::folder_for(data, FOLDER, account.as_ref())?;
    let password = sockets.join("password");
    write_private(&password, &secrets.superuser, account.as_ref())
        .map_err(data.failed("writing a file in it"))?;
    let mut initdb = command(&programs.folder.join("initdb"), &path, account.as_ref());
    initdb
        .args([
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        ])
        .args([
            "--auth-local=scram-sha-256",
            "--auth-host=reject",
            "--no-instructions",
        ])
        .arg(format!("--pwfile={}", password.display()))
        .arg("--pgdata")
        .arg(&path);
    let made = run_to_end(initdb, "initdb", String::new(), shutdown).await;
    let _ = fs::remove_file(&password);
    if made.is_err() {
        // Where that does not work, the next first start does it.
        let _ = unmake(data, &path).await;
    }
    made?;
    let moved = fs::rename(&path, data.path.join(FOLDER));
    moved.map_err(data.failed("moving the new database to its place"))?;
    step.done();
    Ok(())
}

/// Removes what a first start that was cut off has made, and ends what still makes it.
async fn unmake(data: &DataFolder, path: &Path) -> Result<(), EmbeddedError> {
    for program in ["initdb", "postgres"] {
        Leftover {
            service: NAME,
            program,
            folder: path,
            ask: (Signal::SIGKILL, Duration::from_secs(5)),
            headless: Signal::SIGKILL,
            head: None,
        }
        .end()
        .await?;
    }
    if path.exists() {
        fs::remove_dir_all(path).map_err(data.failed("removing a first start that was cut off"))?;
    }
    Ok(())
}

async fn prepare_database(
    psql: &Path,
    sockets: &Path,
    secrets: &Secrets,
    shutdown: &Shutdown,
) -> Result<(), EmbeddedError> {
    let mut command = command(psql, Path::new("/"), None);
    command
        .env("PGPASSWORD", &secrets.superuser)
        .env("PGOPTIONS", "-c client_min_messages=warning")
        .args([
            "--no-psqlrc",
            "--no-password",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
        ])
        .args(["--username=postgres", "--dbname=postgres", "--file=-"])
        .arg("--host")
        .arg(sockets);
    // By standard input, where no list of processes shows the password.
    let script = format!("\\set password '{}'\n{PREPARE}", secrets.database);
    run_to_end(command, "creating the database", script, shutdown).await?;
    Ok(())
}

fn first_line(path: &Path) -> Option<u32> {
    fs::read_to_string(path)
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()
}
