//! Starts the binary on a temporary data folder, hears what it says, and looks at what it runs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};
use tempfile::TempDir;

/// Longer than any step takes on a slow machine under load; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// A data folder that goes away with the test, below a folder that the services' users may pass.
pub(crate) struct Data {
    _parent: TempDir,
    pub(crate) path: PathBuf,
}

impl Data {
    pub(crate) fn new() -> Self {
        Self::named("data")
    }

    pub(crate) fn named(name: &str) -> Self {
        let parent = tempfile::Builder::new()
            .prefix("weltgewebe-test-")
            .tempdir()
            .expect("the temporary folder is writable");
        fs::set_permissions(parent.path(), fs::Permissions::from_mode(0o711)).expect("it is ours");
        let path = parent
            .path()
            .canonicalize()
            .expect("it was just made")
            .join(name);
        Self {
            _parent: parent,
            path,
        }
    }

    /// All that works inside this folder: the services.
    pub(crate) fn processes(&self) -> Vec<u32> {
        fs::read_dir("/proc")
            .expect("this is Linux")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| {
                fs::read_link(format!("/proc/{pid}/cwd"))
                    .is_ok_and(|folder| folder.starts_with(&self.path))
            })
            .collect()
    }

    pub(crate) fn postmaster(&self) -> u32 {
        self.postmaster_now().expect("PostgreSQL runs")
    }

    /// The process that PostgreSQL's folder names; none, between two.
    pub(crate) fn postmaster_now(&self) -> Option<u32> {
        let text = fs::read_to_string(self.path.join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }

    pub(crate) fn redis(&self) -> u32 {
        let works_in = self.path.join("redis");
        let is_redis = |pid: &u32| {
            fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == works_in)
        };
        self.processes()
            .into_iter()
            .find(is_redis)
            .expect("Redis runs")
    }

    pub(crate) fn secret(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path.join("secrets")).expect("the first start made it");
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .expect("it is there");
        line.trim_start_matches([' ', '=']).to_owned()
    }

    /// Asks the database as its owner; none while it does not answer.
    pub(crate) fn ask(&self, query: &str) -> Option<String> {
        self.ask_as("weltgewebe", "weltgewebe", &self.secret("database"), query)
    }

    pub(crate) fn ask_as(
        &self,
        user: &str,
        database: &str,
        password: &str,
        query: &str,
    ) -> Option<String> {
        let output = Command::new("psql")
            .env("PGPASSWORD", password)
            .args([
                "-X", "-q", "-A", "-t", "-U", user, "-d", database, "-c", query,
            ])
            .arg("-h")
            .arg(sockets(&self.path).join("postgres"))
            .stderr(Stdio::null())
            .output()
            .expect("psql is installed");
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Sends Redis one command; none while it does not answer.
    pub(crate) fn ask_redis(&self, words: &[&str]) -> Option<String> {
        let output = Command::new("redis-cli")
            .env("REDISCLI_AUTH", self.secret("redis"))
            .arg("-s")
            .arg(sockets(&self.path).join("redis/redis.sock"))
            .args(words)
            .stderr(Stdio::null())
            .output()
            .expect("redis-cli is installed");
        let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !answer.is_empty()).then_some(answer)
    }

    pub(crate) fn database_url(&self) -> String {
        let folder = self.path.join("run/postgres").display().to_string();
        format!(
            "postgres://weltgewebe:{}@{}/weltgewebe",
            self.secret("database"),
            folder.replace('/', "%2F")
        )
    }

    pub(crate) fn redis_url(&self) -> String {
        let socket = self.path.join("run/redis/redis.sock");
        format!(
            "redis+unix://{}?pass={}",
            socket.display(),
            self.secret("redis")
        )
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // A failed test may leave services behind; they must not outlive it.
        for pid in self.processes() {
            send(pid, Signal::SIGKILL);
        }
    }
}

fn sockets(data: &Path) -> PathBuf {
    data.join("run")
}

/// The binary at work.
pub(crate) struct Server {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts `serve` and waits until it says that it is ready.
    pub(crate) fn start(data: &Data) -> Self {
        let server = Self::begin(data);
        server.wait_for_words("Weltgewebe is ready");
        server
    }

    /// Starts `serve` without waiting.
    pub(crate) fn begin(data: &Data) -> Self {
        let mut command = binary(&data.path);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::spawn(command, data)
    }

    pub(crate) fn spawn(mut command: Command, data: &Data) -> Self {
        command.arg("--data").arg(&data.path);
        let mut child = command.spawn().expect("the binary was built");
        let said = Arc::new(Mutex::new(Vec::new()));
        let stderr = child.stderr.take().expect("it is piped");
        let reader = thread::spawn({
            let said = Arc::clone(&said);
            move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    said.lock().expect("nobody panics with it").push(line);
                }
            }
        });
        let reader = Some(reader);
        Self {
            child,
            said,
            reader,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn send(&self, signal: Signal) {
        send(self.pid(), signal);
    }

    pub(crate) fn words(&self) -> String {
        self.said.lock().expect("nobody panics with it").join("\n")
    }

    pub(crate) fn wait_for_words(&self, wanted: &str) {
        eventually(&format!("it says {wanted:?}"), || {
            let is_said = self.words().contains(wanted);
            if !is_said && !Path::new(&format!("/proc/{}/cwd", self.pid())).exists() {
                panic!("it ended without {wanted:?}:\n{}", self.words());
            }
            is_said
        });
    }

    pub(crate) fn wait_for_end(mut self) -> (ExitStatus, String) {
        let mut status = None;
        eventually("it ends", || {
            status = self.child.try_wait().expect("it is a child");
            status.is_some()
        });
        // Its last line may still be in the pipe.
        let reader = self.reader.take().expect("nobody waited yet");
        reader.join().expect("it only reads");
        (status.expect("it ended"), self.words())
    }

    /// Asks for the orderly stop and waits for it.
    pub(crate) fn stop(self) -> (ExitStatus, String) {
        self.send(Signal::SIGTERM);
        self.wait_for_end()
    }

    /// Kills it as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it is a child");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The built binary, in an environment without addresses of other services.
pub(crate) fn binary(works_in_parent_of: &Path) -> Command {
    let path = std::env::var_os("WELTGEWEBE_BINARY").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_weltgewebe")),
        PathBuf::from,
    );
    let mut command = Command::new(path);
    command
        .current_dir(works_in_parent_of.parent().unwrap_or(Path::new("/")))
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL")
        .env_remove("WELTGEWEBE_DATA")
        .env_remove("WELTGEWEBE_LOG")
        .env("LC_ALL", "C.UTF-8")
        // All of a test's people come from one address.
        .env("WELTGEWEBE_LIMIT_FACTOR", "1000")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Looks again and again until it holds.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "within {PATIENCE:?}: {what}");
        pause();
    }
}

pub(crate) fn send(pid: u32, signal: Signal) {
    let _ = kill(Pid::from_raw(pid.cast_signed()), signal);
}

pub(crate) fn is_root() -> bool {
    Uid::effective().is_root()
}

/// The effective user of a process.
pub(crate) fn user_of(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .expect("every process has a user");
    let effective = line.split_whitespace().nth(1).expect("four numbers");
    effective.parse().expect("a number")
}

#[expect(
    clippy::disallowed_methods,
    reason = "it only spaces the looks at another process; nothing waits for its length"
)]
fn pause() {
    thread::sleep(Duration::from_millis(20));
}

/// Says a verb about a data folder to its end; whether it was done, and what was answered in that language.
pub(crate) fn verb(data: &Data, verb: &str, language: &str, what: &[&str]) -> (bool, String) {
    let mut command = binary(&data.path);
    command.arg(verb).args(what).arg("--data").arg(&data.path);
    command.env("LC_ALL", language).stdout(Stdio::piped());
    let output = command.output().expect("the binary was built");
    let words = [output.stderr, output.stdout].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}
