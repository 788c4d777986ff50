//! A PostgreSQL of one's own that tests may do anything to: kill it, freeze it, start it again.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid, User};
use sqlx::{Connection, PgConnection};

/// Longer than a start takes on a slow machine under load, recovery included.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A server in a folder of its own; both go away with this.
#[derive(Debug)]
pub struct TestServer {
    folder: PathBuf,
    child: Option<Child>,
}

impl TestServer {
    /// Makes one and starts it.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    pub async fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("wg-server-{}", super::id().simple()));
        fs::create_dir(&folder).expect("a folder");
        if let Some(user) = unprivileged() {
            let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
            chown(&folder, Some(uid), Some(gid)).expect("we are root");
        }
        let mut server = Self {
            folder,
            child: None,
        };
        let made = server
            .program("initdb")
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .arg("--pgdata")
            .arg(server.data())
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb").success(), "initdb");
        server.begin().await;
        server
    }

    /// How to reach its first database, as `TEST_DATABASE_URL` says it.
    #[must_use]
    pub fn url(&self) -> String {
        let host = self.folder.display();
        format!("postgres:///postgres?host={host}&user=postgres")
    }

    /// Starts it after [`TestServer::end`], and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub async fn begin(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = match &mut self.child {
                Some(child) => child.try_wait().expect("its state").is_some(),
                None => true,
            };
            if ended {
                // What is left of a killed one may hold the memory for a moment yet.
                self.child = Some(self.spawn());
            }
            if PgConnection::connect(&self.url()).await.is_ok() {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "PostgreSQL does not start, see {}",
                self.folder.display()
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends its head: by SIGKILL as a crash does, by SIGQUIT as an immediate shutdown.
    ///
    /// # Panics
    /// When it does not run.
    pub fn end(&mut self, signal: Signal) {
        let mut child = self.child.take().expect("it runs");
        send(child.id(), signal);
        child.wait().expect("it has ended");
    }

    /// Freezes all of it (SIGSTOP) or lets it go on (SIGCONT).
    ///
    /// # Panics
    /// When it does not run.
    pub fn signal_all(&self, signal: Signal) {
        let head = self.child.as_ref().expect("it runs").id();
        // Its head first, so that no other one is made meanwhile.
        send(head, signal);
        for pid in children(head) {
            send(pid, signal);
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn spawn(&self) -> Child {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("a log");
        self.program("postgres")
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(&self.folder)
            .args(["-c", "listen_addresses=", "-c", "max_connections=60"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("postgres")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command.current_dir(&self.folder);
        if let Some(user) = unprivileged() {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let mut all = children(child.id());
            all.push(child.id());
            for pid in all {
                send(pid, Signal::SIGKILL);
            }
            child.wait().ok();
        }
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// PostgreSQL never runs as root.
fn unprivileged() -> Option<User> {
    Uid::effective().is_root().then(|| {
        let user = User::from_name("postgres").expect("the user list");
        user.expect("the package of PostgreSQL makes this user")
    })
}

/// Where PostgreSQL's programs are: as `tools/env.sh` says, else the newest.
fn programs() -> PathBuf {
    std::env::var_os("WELTGEWEBE_POSTGRES_BIN")
        .filter(|named| !named.is_empty())
        .map_or_else(
            || {
                let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL");
                let mut versions: Vec<PathBuf> =
                    versions.flatten().map(|entry| entry.path()).collect();
                versions.sort();
                versions.pop().expect("PostgreSQL").join("bin")
            },
            PathBuf::from,
        )
}

fn send(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.cast_signed()), signal).ok();
}

/// The processes that this one has made.
fn children(of: u32) -> Vec<u32> {
    let is_child = |pid: &u32| {
        let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
        // The name, in brackets, may hold anything.
        stat.is_ok_and(|stat| {
            stat.rsplit(") ")
                .next()
                .and_then(|rest| rest.split(' ').nth(1))
                == Some(&of.to_string())
        })
    };
    fs::read_dir("/proc")
        .expect("this is Linux")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(is_child)
        .collect()
}
