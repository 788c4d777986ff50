//! A Redis that tests may do anything to.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::unistd::Pid;

/// A Redis of one's own, to be killed.
pub(crate) struct OwnRedis {
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl OwnRedis {
    pub(crate) async fn start() -> Self {
        let mut redis = Self {
            folder: tempfile::tempdir_in("/tmp").expect("a folder"),
            child: None,
        };
        redis.begin().await;
        redis
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Starts it, with nothing in it.
    pub(crate) async fn begin(&mut self) {
        let child = Command::new("redis-server")
            .args([
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--unixsocket",
            ])
            .arg(self.socket())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server");
        self.child = Some(child);
        while self.ask(&["PING"]).await != "PONG" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks it by its own client.
    pub(crate) async fn ask(&self, command: &[&str]) -> String {
        let socket = self.socket();
        let asked = tokio::process::Command::new("redis-cli")
            .arg("-s")
            .arg(socket)
            .args(command)
            .output()
            .await;
        String::from_utf8_lossy(&asked.expect("redis-cli").stdout)
            .trim()
            .to_owned()
    }

    /// Freezes it, or lets it go on.
    pub(crate) fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().expect("it runs");
        let pid = Pid::from_raw(child.id().cast_signed());
        nix::sys::signal::kill(pid, signal).expect("it runs");
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it runs");
            child.wait().expect("it has ended");
        }
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.kill();
    }
}
