//! Why the embedded services do not run: each a sentence for the person at the terminal, with the way out.

use std::io;
use std::path::{Path, PathBuf};

/// What kept the own PostgreSQL and Redis from running.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum EmbeddedError {
    #[error("The data folder {} cannot be used: {doing} failed: {source}. Fix: choose a folder that this user may write, with --data DIR.", path.display())]
    Folder {
        path: PathBuf,
        doing: &'static str,
        source: io::Error,
    },

    #[error("The disk that the data folder {} lies on is full ({said}). Fix: make room on it, then start again; or choose another disk with --data DIR.", path.display())]
    DiskFull { path: PathBuf, said: String },

    #[error("The path of the data folder {} is too long for this system. Fix: choose a shorter one with --data DIR.", path.display())]
    PathTooLong { path: PathBuf },

    #[error("{}, where the sockets belong, is somebody else's or no folder. Fix: remove it, or choose another data folder with --data DIR.", path.display())]
    SocketFolderTaken { path: PathBuf },

    #[error("The data folder {} belongs to the user {owner}. Fix: start as that user, or choose another folder with --data DIR.", path.display())]
    AnotherUsers { path: PathBuf, owner: String },

    #[error(
        "PostgreSQL and Redis never run as root, and the user {account}, who would run them, may not enter {}, in which \
         the data folder {} lies. Fix: choose a folder elsewhere with --data DIR (without it: /var/lib/weltgewebe), or \
         let others pass with: chmod o+x {}", parent.display(), folder.display(), parent.display()
    )]
    NotEnterable {
        folder: PathBuf,
        parent: PathBuf,
        account: String,
    },

    #[error(
        "PostgreSQL and Redis never run as root, and this machine has none of the users {wanted}. Fix: install them from packages, which make their users, or start weltgewebe as an ordinary user."
    )]
    NoAccount { wanted: String },

    #[error("Another weltgewebe{} already runs on the data folder {}. Fix: stop that one first{}, or choose another folder with --data DIR.",
        process(*pid), path.display(), pid.map(|pid| format!(" (kill {pid})")).unwrap_or_default())]
    InUse { path: PathBuf, pid: Option<u32> },

    #[error("Another weltgewebe{} runs on the data folder {}, but no PostgreSQL of its own. Fix: if it was started with DATABASE_URL, give this one the same; if it is only starting, try again.",
        process(*pid), path.display())]
    NoDatabase { path: PathBuf, pid: Option<u32> },

    #[error("{program} was not found. Fix: install it, on Debian with: apt-get install {package}")]
    NotFound {
        program: &'static str,
        package: &'static str,
    },

    #[error("There is no {program} in {}, the folder that {variable} names. Fix: name the folder where it is, or none.", path.display())]
    NotInFolder {
        program: &'static str,
        path: PathBuf,
        variable: &'static str,
    },

    #[error(
        "{program} {found} is too old; {wanted} or newer is needed. Fix: install a newer one, or name a server with {variable}."
    )]
    TooOld {
        program: &'static str,
        found: String,
        wanted: u32,
        variable: &'static str,
    },

    #[error("The data folder {} was made by PostgreSQL {needed}, and its programs are not installed. Fix: apt-get install postgresql-{needed} postgresql-{needed}-postgis-3 (or move the data with pg_upgrade).", path.display())]
    OtherVersion { path: PathBuf, needed: u32 },

    #[error(
        "PostgreSQL {major} has no PostGIS here. Fix: apt-get install postgresql-{major}-postgis-3"
    )]
    NoPostgis { major: u32 },

    #[error("{program} does not tell its version: {answer}. Fix: look whether it starts by hand.")]
    NoVersion { program: String, answer: String },

    #[error("The passwords in {} are missing or unreadable, though the database was made with them. Fix: bring that file back from where the folder came from.", path.display())]
    SecretsLost { path: PathBuf },

    #[error("The system gave no random numbers for a password: {0}.")]
    Random(getrandom::Error),

    #[error(
        "Preparing the database failed ({step}): {output}. Fix: see what it says; a data folder that never ran can be removed and made anew."
    )]
    Preparing { step: &'static str, output: String },

    #[error("{service} could not be started with {}: {source}. Fix: look whether the user who runs it may read and run that program.", program.display())]
    Spawn {
        service: &'static str,
        program: PathBuf,
        source: io::Error,
    },

    #[error("{service} ended while starting ({how}). It said: {said}. Fix: mend what it names; its data lies in {}.", folder.display())]
    Ended {
        service: &'static str,
        how: String,
        said: String,
        folder: PathBuf,
    },

    #[error(
        "{service} did not get ready within {minutes} minutes. Fix: see in the log what it works on, and start again with more patience or a faster disk."
    )]
    TooSlow { service: &'static str, minutes: u64 },

    #[error(
        "{service} of a former run still holds the data folder and does not end ({pids}). Fix: end them by hand, then start again."
    )]
    WontEnd { service: &'static str, pids: String },

    #[error("Stopped while {service} was starting.")]
    Interrupted { service: &'static str },
}

/// What the system says where there is no room, in its own words: services hand them on.
const NO_ROOM: [&str; 3] = [
    "No space left on device",
    "Disk quota exceeded",
    // PostgreSQL's hint where a write was taken in part.
    "Check free disk space",
];

impl EmbeddedError {
    /// The same, seen for what it is where the disk is full or the path too long: many steps meet it, each in its own way.
    #[must_use]
    pub fn on_folder(self, data: &Path) -> Self {
        let kind = match &self {
            Self::Folder { source, .. } | Self::Spawn { source, .. } => Some(source.kind()),
            _ => None,
        };
        let path = data.to_path_buf();
        if kind == Some(io::ErrorKind::InvalidFilename) {
            return Self::PathTooLong { path };
        }
        let text = self.to_string();
        match NO_ROOM.into_iter().find(|words| text.contains(words)) {
            Some(_) if matches!(self, Self::DiskFull { .. }) => self,
            Some(words) => Self::DiskFull {
                path,
                said: said_with(&text, words),
            },
            None => self,
        }
    }
}

/// The part of the text around those words.
fn said_with(text: &str, words: &str) -> String {
    let part = text.split(" | ").find(|part| part.contains(words));
    let part = part.unwrap_or(text).trim();
    let part = part.split(". Fix: ").next().unwrap_or(part);
    part.trim_end_matches('.').to_owned()
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})"))
        .unwrap_or_default()
}
