//! One running service as a child of ours: in a session of its own, as an unprivileged user, with its words kept.

use std::collections::VecDeque;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, setsid};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use super::account::Account;
use super::error::EmbeddedError;
use crate::signals::Shutdown;

/// How many of its last lines are kept, to tell them when it ends unexpectedly.
const LINES_MAX: usize = 12;

/// Longer lines are taken in pieces.
const LINE_BYTES_MAX: u64 = 4096;

/// How long its last words are waited for after its end; orphans of it may keep the pipe open for longer.
const LAST_WORDS_PATIENCE: Duration = Duration::from_millis(300);

/// A service that runs. Dropped while it does, it is asked to stop, and nobody waits for it.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    pub(super) pid: u32,
    said: Arc<Mutex<VecDeque<String>>>,
    readers: [JoinHandle<()>; 2],
    signal_on_drop: Signal,
}

/// Which of a service's lines the log shows.
pub(super) type IsWarning = fn(&str) -> bool;

/// A command with a clean environment: ours holds passwords, and settings meant for other servers.
pub(super) fn command(program: &Path, works_in: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .current_dir(works_in);
    if let Some(account) = account {
        // Setting the user drops root's further groups too.
        command.uid(account.uid).gid(account.gid);
    }
    command
}

impl Running {
    pub(super) fn spawn(
        service: &'static str,
        mut command: Command,
        is_warning: IsWarning,
        signal_on_drop: Signal,
    ) -> Result<Self, EmbeddedError> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        in_own_session(&mut command);
        let mut child = spawn(service, &mut command)?;
        let said = Arc::new(Mutex::new(VecDeque::with_capacity(LINES_MAX)));
        let stdout = child.stdout.take().map(|pipe| Box::new(pipe) as Pipe);
        let stderr = child.stderr.take().map(|pipe| Box::new(pipe) as Pipe);
        let readers = [stdout, stderr]
            .map(|pipe| tokio::spawn(listen_to(service, pipe, Arc::clone(&said), is_warning)));
        Ok(Self {
            // There is one as long as it was not waited for.
            pid: child.id().unwrap_or_default(),
            child,
            said,
            readers,
            signal_on_drop,
        })
    }

    /// Waits for its end; may be given up and called again.
    pub(super) async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => in_words(status),
            Err(error) => error.to_string(),
        }
    }

    pub(super) fn send(&self, signal: Signal) {
        // The id is kept by the kernel until we wait for the child, so this cannot hit another process.
        if self.child.id().is_some() {
            let _ = kill(Pid::from_raw(self.pid.cast_signed()), signal);
        }
    }

    /// Its last lines.
    pub(super) async fn last_words(&mut self) -> String {
        for reader in &mut self.readers {
            let _ = tokio::time::timeout(LAST_WORDS_PATIENCE, reader).await;
        }
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_empty() {
            return "nothing".to_owned();
        }
        said.iter().cloned().collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.send(self.signal_on_drop);
    }
}

/// Runs a program that ends by itself, with a text as its input, and gives its output. When the stop is asked
/// meanwhile, it is killed.
pub(super) async fn run_to_end(
    mut command: Command,
    step: &'static str,
    input: String,
    shutdown: &Shutdown,
) -> Result<String, EmbeddedError> {
    const SERVICE: &str = "PostgreSQL";
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    in_own_session(&mut command);
    let mut child = spawn(SERVICE, &mut command)?;
    let stdin = child.stdin.take();
    let work = async move {
        if let Some(mut stdin) = stdin {
            // One that ends without reading tells why in its output.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait_with_output().await
    };
    let output = tokio::select! {
        output = work => output,
        () = shutdown.stopping() => return Err(EmbeddedError::Interrupted { service: SERVICE }),
    };
    let failed = |output| EmbeddedError::Preparing { step, output };
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let mut said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if said.is_empty() {
        said = in_words(output.status);
    }
    Err(failed(said.lines().collect::<Vec<_>>().join(" | ")))
}

type Pipe = Box<dyn AsyncRead + Send + Unpin>;

/// Ctrl-C reaches every process of the terminal's session at once; the services must outlive the draining.
#[expect(
    unsafe_code,
    reason = "std has no stable setsid; setsid(2) is async-signal-safe and takes nothing from us"
)]
fn in_own_session(command: &mut Command) {
    // SAFETY: between fork and exec only setsid(2) is called, which allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(|| setsid().map(drop).map_err(Into::into));
    }
}

fn spawn(service: &'static str, command: &mut Command) -> Result<Child, EmbeddedError> {
    command.spawn().map_err(|source| EmbeddedError::Spawn {
        service,
        program: command.as_std().get_program().into(),
        source,
    })
}

async fn listen_to(
    service: &'static str,
    pipe: Option<Pipe>,
    said: Arc<Mutex<VecDeque<String>>>,
    is_warning: IsWarning,
) {
    let Some(pipe) = pipe else { return };
    let mut reader = BufReader::new(pipe);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut reader)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut bytes)
            .await;
        if read.unwrap_or(0) == 0 {
            return;
        }
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        if line.is_empty() {
            continue;
        }
        if is_warning(&line) {
            tracing::warn!(service, "{service}: {line}");
        } else {
            tracing::debug!(service, "{service}: {line}");
        }
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == LINES_MAX {
            said.pop_front();
        }
        said.push_back(line);
    }
}

fn in_words(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(0), _) => "it ended by itself".to_owned(),
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => Signal::try_from(signal).map_or_else(
            |_| format!("killed by signal {signal}"),
            |signal| format!("killed by {signal}"),
        ),
        (None, None) => status.to_string(),
    }
}
