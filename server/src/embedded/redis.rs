//! The own Redis: the bus between instances, on a private socket, with its append-only file on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::time::timeout;

use super::account::Account;
use super::error::EmbeddedError;
use super::folder::{DataFolder, ServiceFolder, write_private};
use super::keeper::{Keeper, Service};
use super::leftover::Leftover;
use super::process::{IsWarning, command};
use super::programs::RedisProgram;
use super::secrets::Secrets;
use super::{ServiceUrl, sockets};
use crate::signals::Shutdown;

const NAME: &str = "Redis";

/// The folder's name in the data folder.
const FOLDER: &str = "redis";

/// Its append-only files, in its folder.
const APPEND_ONLY: &str = "appendonlydir";

/// Where they go when Redis cannot read them any more; one is kept.
const SET_ASIDE: &str = "appendonlydir.unreadable";

/// Who runs it when root starts it, the first that exists.
pub(super) const ACCOUNTS: [&str; 4] = ["redis", "weltgewebe", "nobody", "postgres"];

/// What it may hold; the streams are trimmed far below.
const MEMORY_MAX: &str = "256mb";

/// It writes what it has and ends.
const STOPS: [(Signal, Duration); 1] = [(Signal::SIGTERM, Duration::from_secs(20))];

/// How long one question whether it answers may take.
const ANSWER_PATIENCE: Duration = Duration::from_millis(500);

/// Starts it and gives its keeper and its address.
pub(super) async fn start(
    data: &DataFolder,
    secrets: &Secrets,
    shutdown: &Shutdown,
) -> Result<(Keeper, ServiceUrl), EmbeddedError> {
    let program = RedisProgram::find()?;
    let ServiceFolder {
        path: folder,
        account,
    } = data.of_service(FOLDER, &ACCOUNTS)?;
    let sockets = sockets::folder_for(data, FOLDER, account.as_ref())?;
    let server = RedisServer {
        program,
        socket: sockets.join("redis.sock"),
        sockets,
        folder,
        account,
        password: secrets.redis.clone(),
    };
    write_private(
        &server.settings(),
        &server.settings_text(),
        server.account.as_ref(),
    )
    .map_err(data.failed("writing the settings of Redis"))?;
    let url = ServiceUrl::new(format!(
        "redis+unix://{}?pass={}",
        sockets::percent_encoded(&server.socket, true),
        secrets.redis
    ));
    let keeper = Keeper::start(server, shutdown).await?;
    Ok((keeper, url))
}

/// What is needed to start it, again and again.
struct RedisServer {
    program: RedisProgram,
    folder: PathBuf,
    account: Option<Account>,
    sockets: PathBuf,
    socket: PathBuf,
    password: String,
}

impl RedisServer {
    fn settings(&self) -> PathBuf {
        self.folder.join("redis.conf")
    }

    /// A file, since a list of processes would show the password.
    fn settings_text(&self) -> String {
        format!(
            "# Written by weltgewebe at every start.\n\
             port 0\n\
             unixsocket {socket}\n\
             unixsocketperm 700\n\
             requirepass {password}\n\
             dir {folder}\n\
             appendonly yes\n\
             appendfsync everysec\n\
             appenddirname {APPEND_ONLY}\n\
             save \"\"\n\
             maxmemory {MEMORY_MAX}\n\
             maxmemory-policy noeviction\n\
             daemonize no\n\
             supervised no\n\
             always-show-logo no\n\
             set-proc-title no\n",
            socket = quoted(&self.socket),
            folder = quoted(&self.folder),
            password = self.password,
        )
    }

    async fn answers(&self) -> std::io::Result<bool> {
        let mut stream = UnixStream::connect(&self.socket).await?;
        let question = format!("AUTH {}\r\nPING\r\n", self.password);
        stream.write_all(question.as_bytes()).await?;
        let mut answer = Vec::new();
        // "+OK" and "+PONG"; while it loads its file, an error.
        while !answer.ends_with(b"+PONG\r\n") {
            let is_error =
                answer.starts_with(b"-") || answer.windows(2).any(|bytes| bytes == b"\n-");
            if is_error || stream.read_buf(&mut answer).await? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Service for RedisServer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    async fn clear(&self) -> Result<(), EmbeddedError> {
        Leftover {
            service: NAME,
            program: "redis-server",
            folder: &self.folder,
            ask: (Signal::SIGTERM, Duration::from_secs(20)),
            headless: Signal::SIGTERM,
            head: None,
        }
        .end()
        .await?;
        sockets::clear(&self.sockets);
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = command(&self.program.path, &self.folder, self.account.as_ref());
        command.arg(self.settings());
        command
    }

    fn is_warning(&self) -> IsWarning {
        // It marks advice on the kernel and plain notices like failures; what ended it is told when it ends.
        |_| false
    }

    async fn is_ready(&self, _pid: u32) -> bool {
        matches!(timeout(ANSWER_PATIENCE, self.answers()).await, Ok(Ok(true)))
    }

    /// The truth is in PostgreSQL: what a torn file cannot give back is read from the log again.
    fn mend(&self, said: &str) -> Option<String> {
        if !said.contains("append only file") && !said.contains("AOF") {
            return None;
        }
        // Nothing is wrong with a file for which there is no room.
        if said.contains("No space left on device") {
            return None;
        }
        let aside = self.folder.join(SET_ASIDE);
        let files = self.folder.join(APPEND_ONLY);
        if !files.exists() {
            return None;
        }
        let _ = fs::remove_dir_all(&aside);
        fs::rename(&files, &aside).ok()?;
        Some(format!(
            "its file could not be read and was set aside as {}; it starts empty, and is filled from the log",
            aside.display()
        ))
    }

    fn stops(&self) -> &'static [(Signal, Duration)] {
        &STOPS
    }

    fn stop_at_once(&self) -> Signal {
        Signal::SIGKILL
    }
}

/// As its settings file wants a word that may hold anything.
fn quoted(path: &Path) -> String {
    let mut text = String::from("\"");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                text.push(char::from(*byte))
            }
            other => text.push_str(&format!("\\x{other:02x}")),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_kind_is_one_word() {
        assert_eq!(quoted(Path::new("/a b/c")), "\"/a\\x20b/c\"");
        assert_eq!(quoted(Path::new("/ü\"")), "\"/\\xc3\\xbc\\x22\"");
    }
}
