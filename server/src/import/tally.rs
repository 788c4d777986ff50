//! What has become of each feature: counted, the first refused ones named, all of them written to a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::plan::Deed;
use super::reason::Reason;
use super::scan::At;
use crate::terminal::{either, is_german, said};

/// Refused features of one reason that are named on the screen.
const NAMED_MAX: usize = 3;
/// Characters of what a source calls a thing that are shown.
const NAME_MAX: usize = 60;

/// A feature, so that it can be found in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) at: At,
    /// Its id or its name, where it has one.
    pub(super) name: Option<String>,
}

/// The counts of an import.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) knotted: u64,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    refused: BTreeMap<String, Refused>,
    file: Option<BufWriter<File>>,
    /// The file could not be written to.
    spoiled: Option<io::Error>,
}

#[derive(Debug, Default)]
struct Refused {
    count: u64,
    first: Vec<String>,
}

impl Tally {
    /// One that writes every refused feature to `path` too, as a line of JSON.
    ///
    /// # Errors
    /// When the file can't be made.
    pub(super) fn with_file(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: Some(BufWriter::new(File::create(path)?)),
            ..Self::default()
        })
    }

    /// Counts one that is as its source has it.
    pub(super) fn done(&mut self, deed: Deed) {
        match deed {
            Deed::Knotted => self.knotted += 1,
            Deed::Changed => self.changed += 1,
            Deed::Unchanged => self.unchanged += 1,
        }
    }

    /// Counts one that is not brought in, and notes why.
    pub(super) fn refused(&mut self, named: &Named, reason: &Reason) {
        let code = reason.code();
        if let Some(file) = &mut self.file {
            let line = json!({
                "line": named.at.line,
                "byte": named.at.byte,
                "id": named.name,
                "reason": code,
                "text": said(reason),
            });
            if let Err(error) = writeln!(file, "{line}") {
                self.spoiled.get_or_insert(error);
            }
        }
        let refused = self.refused.entry(code).or_default();
        refused.count += 1;
        if refused.first.len() < NAMED_MAX {
            let name = named
                .name
                .as_ref()
                .map_or(String::new(), |name| format!(", {}", shown(name)));
            refused.first.push(format!(
                "{} {} ({} {}){name}: {}",
                either("line", "Zeile"),
                named.at.line,
                either("byte", "Byte"),
                named.at.byte,
                said(reason)
            ));
        }
    }

    /// How many were refused.
    #[must_use]
    pub(super) fn refused_count(&self) -> u64 {
        self.refused.values().map(|refused| refused.count).sum()
    }

    /// What became of how many, on one line.
    #[must_use]
    pub(super) fn counts(&self) -> String {
        format!(
            "{} {}, {} {}, {} {}, {} {}",
            self.knotted,
            knotted(),
            self.changed,
            changed(),
            self.unchanged,
            unchanged(),
            self.refused_count(),
            refused()
        )
    }

    /// How many features there were.
    #[must_use]
    pub(super) fn all(&self) -> u64 {
        self.knotted + self.changed + self.unchanged + self.refused_count()
    }

    /// Finishes the file.
    ///
    /// # Errors
    /// When it could not be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        self.spoiled.take().map_or(Ok(()), Err)
    }

    /// All of it in words.
    #[must_use]
    pub(super) fn report(&self, source: &str, took: Duration) -> String {
        let mut text = String::new();
        let (all, seconds) = (self.all(), format!("{:.1}", took.as_secs_f64()));
        let s = if all == 1 { "" } else { "s" };
        // Writing to a string never fails.
        let _ = if is_german() {
            let seconds = seconds.replace('.', ",");
            writeln!(text, "Aus „{source}“: {all} Feature{s} in {seconds} s")
        } else {
            writeln!(text, "From “{source}”: {all} feature{s} in {seconds} s")
        };
        for (what, count) in [
            (knotted(), self.knotted),
            (changed(), self.changed),
            (unchanged(), self.unchanged),
            (refused(), self.refused_count()),
        ] {
            let _ = writeln!(text, "{count:>10} {what}");
        }
        for (code, refused) in &self.refused {
            let _ = writeln!(text, "{:>10} {code}", refused.count);
            for line in &refused.first {
                let _ = writeln!(text, "{:>10} {line}", "");
            }
            if refused.count > refused.first.len() as u64 {
                let _ = writeln!(text, "{:>10} …", "");
            }
        }
        text
    }
}

fn knotted() -> &'static str {
    either("knotted", "geknüpft")
}

fn changed() -> &'static str {
    either("changed", "geändert")
}

fn unchanged() -> &'static str {
    either("unchanged", "unverändert")
}

fn refused() -> &'static str {
    either("refused", "abgelehnt")
}

fn shown(name: &str) -> String {
    let printable = name.chars().filter(|c| !c.is_control());
    let short: String = printable.clone().take(NAME_MAX).collect();
    if printable.count() > NAME_MAX {
        short + "…"
    } else {
        short
    }
}
