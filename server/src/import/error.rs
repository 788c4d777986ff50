//! Why an import ends early: sentences for the person at the terminal, with the way out.

use std::io;
use std::path::PathBuf;

use domain::refusal::Refusal;
use store::StoreError;
use store::door::Unavailable;

use super::scan::{At, Byte, FEATURE_BYTES_MAX};
use crate::cli::NoDataFolder;
use crate::embedded::EmbeddedError;

/// Why the rest of a file can't be read. What stands before the place it names is not touched by it.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum ScanError {
    #[error("reading failed: {0}")]
    Read(#[source] io::Error),
    #[error("it is empty. Fix: name the file that was meant")]
    Empty,
    #[error("it is not UTF-8. Fix: save it as UTF-8, which GeoJSON always is")]
    OtherEncoding,
    #[error(
        "{} has {found} where a GeoJSON object is expected. Fix: see whether it is the file that was meant, and not \
         compressed",
        place(at)
    )]
    NotGeoJson { at: At, found: Byte },
    #[error(
        "{} has {found} where {wanted} is expected. Fix: mend the file there",
        place(at)
    )]
    Malformed {
        at: At,
        found: Byte,
        wanted: &'static str,
    },
    #[error(
        "{} has more brackets within brackets than anybody needs. Fix: mend the file there",
        place(at)
    )]
    TooDeep { at: At },
    #[error(
        "it ends at {} in the middle of what began at {}. Fix: get the whole file",
        place(at),
        place(began)
    )]
    Truncated { at: At, began: At },
    #[error(
        "{} names other coordinates than longitude and latitude in WGS 84: {named}. Fix: convert the file, for example \
         with: ogr2ogr -t_srs EPSG:4326 new.geojson FILE",
        place(at)
    )]
    OtherCoordinates { at: At, named: String },
    #[error(
        "{} is the {max}th feature, and more are not remembered at once. Fix: split the file",
        place(at)
    )]
    TooMany { at: At, max: usize },
}

impl ScanError {
    /// Whether nothing of the file could be read at all.
    pub(crate) fn is_of_all(&self) -> bool {
        match self {
            Self::Empty | Self::OtherEncoding | Self::NotGeoJson { .. } => true,
            Self::Read(_)
            | Self::Malformed { .. }
            | Self::TooDeep { .. }
            | Self::Truncated { .. }
            | Self::OtherCoordinates { .. }
            | Self::TooMany { .. } => false,
        }
    }
}

const AFTERWARDS: &str =
    " What stands before it is brought in and stays; start the same import again afterwards.";

fn place(at: &At) -> String {
    format!("line {} (byte {})", at.line, at.byte)
}

/// Why nothing, or not everything, was brought in.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum ImportError {
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    #[error("{} can't be opened: {source}. Fix: name a GeoJSON file that this user may read.", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("The report can't be written to {}: {source}. Fix: name a file in a folder that this user may write.", path.display())]
    Report { path: PathBuf, source: io::Error },
    #[error("The source needs a name: {refusal}. Fix: give one with --source NAME.")]
    Source { refusal: Refusal },
    #[error(
        "A person acts under what would be the role of the source “{source_name}”. Fix: give another name with --source NAME."
    )]
    APersons { source_name: String },
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error("The database can't be used: {0}.")]
    Store(#[from] StoreError),
    #[error(
        "The database stopped answering: {0}. What was told as brought in stays. Fix: when it runs again, start the same \
         import again; it goes on where this one stopped."
    )]
    Away(Unavailable),
    #[error("In {}, {scan}.{}", path.display(), if scan.is_of_all() { "" } else { AFTERWARDS })]
    Scan {
        path: PathBuf,
        #[source]
        scan: ScanError,
    },
    #[error(
        "Nothing of {} was brought in: all of it was refused. Fix: name a file of GeoJSON features, or mend what is told of each.",
        path.display()
    )]
    Nothing { path: PathBuf },
    #[error(
        "Stopped before the end. What was told as brought in stays; start the same import again to go on."
    )]
    Interrupted,
    #[error("The work broke off: {0}.")]
    Broken(#[from] tokio::task::JoinError),
}

/// A feature's bytes, for the sentence about too large ones.
pub(super) const FEATURE_KIB_MAX: usize = FEATURE_BYTES_MAX / 1024;
