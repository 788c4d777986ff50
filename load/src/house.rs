//! A product of one's own on a folder of its own: the shipped binary with its embedded PostgreSQL and Redis, which can be
//! looked at and hurt from outside.

use std::env;
use std::fs::{self, Permissions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::Signal;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::bus::BusError;
use crate::process::{self, Part, Process, numbers, send};

/// How long a start may take: the first one makes a database.
const START_PATIENCE: Duration = Duration::from_secs(90);
/// How long a stop may take.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// Lines of what it said that are kept.
const LINES_KEPT: usize = 200;

/// Why there is no product.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    #[error("{path} can't be started: {source}. Fix: build it first, or name it with --binary")]
    Binary { path: PathBuf, source: io::Error },
    #[error("there is no folder for its data: {0}")]
    Folder(#[from] io::Error),
    #[error("the server did not say that it is ready; it said:\n{0}")]
    NotReady(String),
    #[error("nobody was named a weaver; it said:\n{0}")]
    NotGranted(String),
    #[error("the server did not stop when it was asked to")]
    NotStopped,
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// A running product.
#[derive(Debug)]
pub struct House {
    binary: PathBuf,
    _parent: TempDir,
    data: PathBuf,
    child: Option<Child>,
    /// Where it serves; the port is kept by later starts.
    pub address: SocketAddr,
    /// Where the embedded mailbox is read; another one after each start.
    pub mailbox: String,
    /// From the start of the process to "is ready", of the last start.
    pub started_in: Duration,
    said: Arc<Mutex<Vec<String>>>,
}

impl House {
    /// Starts the binary on a new folder.
    ///
    /// # Errors
    /// [`HouseError`] says in words why not.
    pub async fn start(binary: &Path) -> Result<Self, HouseError> {
        let parent = tempfile::Builder::new()
            .prefix("weltgewebe-load-")
            .tempdir()?;
        // Started by root, the services run as another user, who has to get in.
        fs::set_permissions(parent.path(), Permissions::from_mode(0o711))?;
        let data = parent.path().canonicalize()?.join("data");
        let mut house = Self {
            binary: binary.to_path_buf(),
            _parent: parent,
            data,
            child: None,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            mailbox: String::new(),
            started_in: Duration::ZERO,
            said: Arc::default(),
        };
        house.start_again().await?;
        Ok(house)
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Starts it on the same folder and port.
    ///
    /// # Errors
    /// [`HouseError`] says in words why not.
    pub async fn start_again(&mut self) -> Result<(), HouseError> {
        let began = Instant::now();
        let mut child = Command::new(&self.binary)
            .args(["serve", "--listen", &self.address.to_string(), "--data"])
            .arg(&self.data)
            // Everything comes from one address here.
            .env("WELTGEWEBE_LIMIT_FACTOR", "100000")
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .env_remove("BASEMAP")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| HouseError::Binary {
                path: self.binary.clone(),
                source,
            })?;
        let (tell, mut lines) = mpsc::unbounded_channel();
        if let Some(output) = child.stdout.take() {
            tokio::spawn(read(output, Arc::clone(&self.said), tell.clone()));
        }
        if let Some(output) = child.stderr.take() {
            tokio::spawn(read(output, Arc::clone(&self.said), tell));
        }
        self.child = Some(child);
        let latest = began + START_PATIENCE;
        let (mut address, mut mailbox) = (None, None);
        while address.is_none() || mailbox.is_none() {
            let Ok(Some(line)) = timeout_at(latest, lines.recv()).await else {
                return Err(HouseError::NotReady(self.words()));
            };
            if let Some(at) = line.find("ready: http://") {
                let text = line[at + "ready: http://".len()..].trim_end_matches('/');
                address = text.parse().ok();
                self.started_in = began.elapsed();
            }
            if let Some(at) = line.find("/postfach?token=") {
                mailbox = Some(line[at..].to_owned());
            }
        }
        self.address = address.unwrap_or(self.address);
        self.mailbox = mailbox.unwrap_or_default();
        Ok(())
    }

    /// Names a weaver, as whoever runs it does at the terminal.
    ///
    /// # Errors
    /// [`HouseError`] says in words why not.
    pub async fn name_weaver(&self, role: Uuid) -> Result<(), HouseError> {
        let output = Command::new(&self.binary)
            .args(["grant", "--weaver", &role.to_string()])
            .args(["--reason", "Von Anfang an dabei", "--data"])
            .arg(&self.data)
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|source| HouseError::Binary {
                path: self.binary.clone(),
                source,
            })?;
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(HouseError::NotGranted(words))
    }

    /// What it said last.
    #[must_use]
    pub fn words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.join("\n")
    }

    /// Ends the server at once, as a crash would; its services stay behind.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.ok();
        }
    }

    /// Stops it with its services, in order.
    ///
    /// # Errors
    /// [`HouseError::NotStopped`] when it does not.
    pub async fn stop(&mut self) -> Result<(), HouseError> {
        if let Some(pid) = self.pid() {
            send(pid, Signal::SIGTERM);
        }
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        timeout_at(Instant::now() + STOP_PATIENCE, child.wait())
            .await
            .map_err(|_| HouseError::NotStopped)??;
        Ok(())
    }

    /// The server's process.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref()?.id()
    }

    /// The processes of its services.
    #[must_use]
    pub fn services(&self) -> Vec<(u32, Part)> {
        process::services(&self.data)
    }

    /// Memory and processor time: of the server, and of its services together.
    #[must_use]
    pub fn numbers(&self) -> (Process, Process) {
        let server = self.pid().map(numbers).unwrap_or_default();
        let services = self.services().into_iter().map(|(pid, _)| numbers(pid));
        let services = services.fold(Process::default(), |sum, one| Process {
            resident_kib: sum.resident_kib + one.resident_kib,
            cpu_s: sum.cpu_s + one.cpu_s,
        });
        (server, services)
    }
}

impl Drop for House {
    /// Whatever a failed run left must not outlive it.
    fn drop(&mut self) {
        if let Some(pid) = self.pid() {
            send(pid, Signal::SIGKILL);
        }
        for (pid, _) in self.services() {
            send(pid, Signal::SIGKILL);
        }
    }
}

/// The server's binary: the one that `WELTGEWEBE_BINARY` names, else the one that was built beside this program.
#[must_use]
pub fn built() -> PathBuf {
    if let Some(named) = env::var_os("WELTGEWEBE_BINARY") {
        return PathBuf::from(named);
    }
    let own = env::current_exe().unwrap_or_default();
    // Tests lie one folder deeper.
    let folder = own.parent().map(|folder| {
        if folder.ends_with("deps") {
            folder.parent().unwrap_or(folder)
        } else {
            folder
        }
    });
    folder.unwrap_or(Path::new(".")).join("weltgewebe")
}

/// Reads to the end, since whoever writes to a closed pipe fails; tells as long as someone waits for the start.
async fn read(
    output: impl AsyncRead + Unpin,
    said: Arc<Mutex<Vec<String>>>,
    tell: mpsc::UnboundedSender<String>,
) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        tell.send(line.clone()).ok();
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() >= LINES_KEPT {
            said.remove(0);
        }
        said.push(line);
    }
}
