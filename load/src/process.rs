//! Processes, looked at from outside: which part of a product they are, what they take, and signals to them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The numbers of a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process {
    /// Memory that is resident, in KiB.
    pub resident_kib: u64,
    /// Processor time so far, in seconds.
    pub cpu_s: f64,
}

/// Which part of the product a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// PostgreSQL's first process.
    Postmaster,
    /// One that serves a connection.
    Backend,
    /// PostgreSQL's own: writers, checkpointer.
    Auxiliary,
    Redis,
}

/// The processes of the services that work on a data folder.
#[must_use]
pub fn services(data: &Path) -> Vec<(u32, Part)> {
    let all = fs::read_dir("/proc").into_iter().flatten();
    all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, part(data, pid)?)))
        .collect()
}

fn part(data: &Path, pid: u32) -> Option<Part> {
    let folder = fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    if folder == data.join("redis") {
        return Some(Part::Redis);
    }
    if folder != data.join("postgres") {
        return None;
    }
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line);
    Some(match line.strip_prefix("postgres: ") {
        None => Part::Postmaster,
        Some(title) if title.starts_with("weltgewebe ") => Part::Backend,
        Some(_) => Part::Auxiliary,
    })
}

/// Sends a signal to a process; one that has ended is no matter.
pub fn send(pid: u32, signal: Signal) {
    let _ = kill(Pid::from_raw(pid.cast_signed()), signal);
}

/// Memory and processor time of a process; nothing of one that has ended.
#[must_use]
pub fn numbers(pid: u32) -> Process {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Behind the name, which may hold anything, user and system time are the 12th and 13th.
    let ticks: u64 = stat.rsplit(')').next().map_or(0, |rest| {
        let fields = rest.split_whitespace().skip(11).take(2);
        fields.filter_map(|field| field.parse::<u64>().ok()).sum()
    });
    Process {
        resident_kib: resident.unwrap_or_default(),
        cpu_s: ticks as f64 / 100.0,
    }
}

/// Waits until it is so, or the time is over; whether it is.
pub async fn eventually(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let latest = Instant::now() + patience;
    while !is_so() {
        if Instant::now() > latest {
            return false;
        }
        sleep(LOOK_EVERY).await;
    }
    true
}
