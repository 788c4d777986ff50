//! Why a file cannot be the base map, with the way out.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// The remedy that most faults share.
const AGAIN: &str = "Fix: make or copy the file again (docs/operating.md tells how to make one)";

/// A file that cannot be the base map.
#[derive(Debug, thiserror::Error)]
pub enum BasemapError {
    #[error("The base map {} does not exist. Fix: check the path, or start without BASEMAP.", path.display())]
    Missing { path: PathBuf },
    #[error(
        "The base map {} cannot be read: {source}. Fix: let the user that runs weltgewebe read the file and pass the \
         folders above it.", path.display()
    )]
    NotReadable { path: PathBuf, source: io::Error },
    #[error("The base map {} is a folder or a device. Fix: name the .mbtiles or .pmtiles file itself.", path.display())]
    NoFile { path: PathBuf },
    #[error("The base map {} is empty. {AGAIN}.", path.display())]
    Empty { path: PathBuf },
    #[error(
        "The base map {} is neither an .mbtiles (SQLite) nor a .pmtiles file: it begins with {beginning:?}. Fix: name \
         a file of one of these formats.", path.display()
    )]
    UnknownFormat { path: PathBuf, beginning: String },
    #[error(
        "The base map {} is a .pmtiles file of version {version}. Fix: convert it to version 3 with `pmtiles convert`.",
        path.display()
    )]
    OldVersion { path: PathBuf, version: u8 },
    #[error("The base map {} is cut: it should have {expected} bytes and has {found}. {AGAIN}.", path.display())]
    Cut {
        path: PathBuf,
        expected: u64,
        found: u64,
    },
    #[error(
        "The base map {} is not finished: changes to it still lie in {}. Fix: let the program that writes it end, or run \
         `sqlite3 FILE 'pragma wal_checkpoint(truncate)'`.", path.display(), journal.display()
    )]
    Unfinished { path: PathBuf, journal: PathBuf },
    #[error("The base map {} is damaged: {reason}. {AGAIN}.", path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error(
        "The base map {} is an SQLite database, but not an .mbtiles file: it has no tables `tiles` and `metadata`. Fix: \
         name an .mbtiles or .pmtiles file.", path.display()
    )]
    NotMbtiles { path: PathBuf },
    #[error("The base map {} holds no tiles. {AGAIN}.", path.display())]
    NoTiles { path: PathBuf },
    #[error(
        "The base map {} holds {format} tiles; only vector tiles (MVT) can be drawn. Fix: use a vector base map in the \
         OpenMapTiles schema.", path.display()
    )]
    OtherTiles { path: PathBuf, format: String },
    #[error(
        "The tiles of the base map {} are compressed with {compression}, which not every browser reads. Fix: convert \
         them to gzip.", path.display()
    )]
    OtherCompression {
        path: PathBuf,
        compression: &'static str,
    },
    #[error(
        "The base map {} is not in the OpenMapTiles schema: it has no layer `transportation`, only {}. Fix: make it with \
         an OpenMapTiles configuration, for example tilemaker's (docs/operating.md tells how).",
        path.display(), listed(layers)
    )]
    OtherSchema { path: PathBuf, layers: Vec<String> },
}

impl BasemapError {
    /// Which file it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing { path }
            | Self::NotReadable { path, .. }
            | Self::NoFile { path }
            | Self::Empty { path }
            | Self::UnknownFormat { path, .. }
            | Self::OldVersion { path, .. }
            | Self::Cut { path, .. }
            | Self::Unfinished { path, .. }
            | Self::Damaged { path, .. }
            | Self::NotMbtiles { path }
            | Self::NoTiles { path }
            | Self::OtherTiles { path, .. }
            | Self::OtherCompression { path, .. }
            | Self::OtherSchema { path, .. } => path,
        }
    }

    pub(super) fn damaged(path: &Path, reason: &dyn Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// What the system says when a file is opened or read.
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::NoFile { path },
            _ => Self::NotReadable { path, source },
        }
    }
}

/// Layers named in a sentence at most.
pub const LAYERS_NAMED_MAX: usize = 12;

fn listed(layers: &[String]) -> String {
    if layers.is_empty() {
        return "none at all".to_owned();
    }
    let named = layers
        .iter()
        .take(LAYERS_NAMED_MAX)
        .map(|layer| format!("`{layer}`"));
    let mut text = named.collect::<Vec<_>>().join(", ");
    if layers.len() > LAYERS_NAMED_MAX {
        text.push_str(", …");
    }
    text
}
