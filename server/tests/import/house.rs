//! A database, the binary that imports into it, and files to import.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use domain::event::{Actor, Event};
use serde_json::{Value, json};
use store::Store;
use store::testing::TestDatabase;
use tempfile::TempDir;

/// A database and a folder with files.
pub(crate) struct House {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    folder: TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let store = database.store().await;
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            database,
            store,
            folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// A file of features.
    pub(crate) fn places(&self, name: &str, features: &[Value]) -> PathBuf {
        self.file(name, collection(features))
    }

    /// `weltgewebe import` on this database, not started yet.
    pub(crate) fn command(&self, file: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weltgewebe"));
        command
            .arg("import")
            .arg(file)
            .args(arguments)
            .env("DATABASE_URL", self.database.url())
            .env("WELTGEWEBE_DATA", self.path("data"))
            .env_remove("REDIS_URL")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn begin(&self, file: &Path, arguments: &[&str]) -> Child {
        self.command(file, arguments).spawn().expect("the binary")
    }

    /// Runs it to its end.
    pub(crate) fn import(&self, file: &Path, arguments: &[&str]) -> Said {
        Said::of(&self.command(file, arguments).output().expect("the binary"))
    }

    pub(crate) async fn head(&self) -> i64 {
        self.store.head().await.expect("a head").id
    }

    /// The whole log, opened.
    pub(crate) async fn log(&self) -> Vec<Event> {
        store::testing::whole_log(&self.store).await
    }
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) is_success: bool,
    pub(crate) report: String,
    pub(crate) errors: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            is_success: output.status.success(),
            report: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The count of a word in the report.
    pub(crate) fn count(&self, word: &str) -> u64 {
        let found = self.report.lines().find_map(|line| {
            let (count, of) = line.trim().split_once(' ')?;
            (of == word).then(|| count.parse().ok())?
        });
        found.unwrap_or(0)
    }
}

/// A place of a small town.
pub(crate) fn feature(n: u32) -> Value {
    json!({
        "type": "Feature",
        "id": format!("n{n}"),
        "geometry": { "type": "Point", "coordinates": [15.6 + f64::from(n) * 0.0003, 48.41] },
        "properties": { "name": format!("Haus {n}"), "opening_hours": "Mo-Fr 08:00-12:30" },
    })
}

pub(crate) fn features(count: u32) -> Vec<Value> {
    (0..count).map(feature).collect()
}

pub(crate) fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// The names of events, those of an import alone.
pub(crate) fn imported(log: &[Event]) -> Vec<&'static str> {
    log.iter()
        .filter(|event| matches!(event.actor, Actor::Import { .. }))
        .map(|event| event.payload.name())
        .collect()
}

pub(crate) fn count(names: &[&str], name: &str) -> usize {
    names.iter().filter(|is| **is == name).count()
}
