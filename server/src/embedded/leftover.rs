//! Stopping what a killed run left behind. A process is ours when its program and its working folder are: both
//! services work in their own private folder, so a foreign process, whatever its number, never fits.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use super::error::EmbeddedError;

/// How often it is looked whether they are gone.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Which processes to look for and how to end them.
#[derive(Debug)]
pub(super) struct Leftover<'a> {
    pub(super) service: &'static str,
    /// The program's name as the kernel shows it.
    pub(super) program: &'static str,
    /// The folder that it works in, without links.
    pub(super) folder: &'a Path,
    /// What the head of the processes is asked first, and how long it may take.
    pub(super) ask: (Signal, Duration),
    /// What is sent to processes whose head is gone already.
    pub(super) headless: Signal,
    /// The head's process id as its pid file tells it.
    pub(super) head: Option<u32>,
}

impl Leftover<'_> {
    /// Ends what is left and waits for it. Returns at once when there is nothing.
    pub(super) async fn end(&self) -> Result<(), EmbeddedError> {
        let found = self.processes();
        if found.is_empty() {
            return Ok(());
        }
        let step = crate::log::step(
            format!(
                "{}: stopping what a killed run left ({})",
                self.service,
                listed(&found)
            ),
            None,
        );
        let head = self.head.filter(|head| found.contains(head));
        match head {
            Some(head) => send(head, self.ask.0),
            None => found.iter().for_each(|pid| send(*pid, self.headless)),
        }
        if !self.gone_within(self.ask.1).await {
            for pid in self.processes() {
                send(pid, Signal::SIGQUIT);
            }
            if !self.gone_within(Duration::from_secs(5)).await {
                for pid in self.processes() {
                    send(pid, Signal::SIGKILL);
                }
                if !self.gone_within(Duration::from_secs(5)).await {
                    return Err(EmbeddedError::WontEnd {
                        service: self.service,
                        pids: listed(&self.processes()),
                    });
                }
            }
        }
        step.done();
        Ok(())
    }

    async fn gone_within(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            if self.processes().is_empty() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            sleep(LOOK_EVERY).await;
        }
    }

    fn processes(&self) -> Vec<u32> {
        let Ok(entries) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|pid| is(*pid, self.program, self.folder))
            .collect()
    }
}

/// Whether this process is that program, working in that folder. A zombie has no folder and is nobody.
fn is(pid: u32, program: &str, folder: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim_end() == program)
        && fs::read_link(process.join("cwd")).is_ok_and(|works_in| works_in == folder)
}

fn send(pid: u32, signal: Signal) {
    // It may have ended by itself meanwhile, which is as good.
    let _ = kill(Pid::from_raw(pid.cast_signed()), signal);
}

fn listed(pids: &[u32]) -> String {
    let words: Vec<String> = pids.iter().map(u32::to_string).collect();
    format!(
        "process{} {}",
        if pids.len() == 1 { "" } else { "es" },
        words.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[tokio::test]
    async fn only_the_program_in_the_folder_is_ended() {
        let ours = tempfile::tempdir().expect("a temporary folder");
        let other = tempfile::tempdir().expect("a temporary folder");
        let sleeper = |folder: &Path| {
            Command::new("sleep")
                .arg("60")
                .current_dir(folder)
                .spawn()
                .expect("sleep is installed")
        };
        let (mut mine, mut foreign) = (sleeper(ours.path()), sleeper(other.path()));
        let folder = ours.path().canonicalize().expect("it exists");
        let leftover = |program, head| Leftover {
            service: "sleep",
            program,
            folder: &folder,
            ask: (Signal::SIGTERM, Duration::from_secs(5)),
            headless: Signal::SIGKILL,
            head,
        };
        leftover("another", None)
            .end()
            .await
            .expect("nothing is found");
        assert!(mine.try_wait().expect("it is a child").is_none());
        // The pid file names a foreign process, as after a restart of the machine: it must be let alone.
        leftover("sleep", Some(foreign.id()))
            .end()
            .await
            .expect("it ends");
        mine.wait().expect("it was ended");
        assert!(foreign.try_wait().expect("it is a child").is_none());
        foreign.kill().expect("it is a child");
        foreign.wait().expect("it was killed");
    }
}
