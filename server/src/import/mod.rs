//! `weltgewebe import FILE`: brings places from a GeoJSON file into the weave, by a door of its own on the same log.
//!
//! What a source brings belongs to a hidden role of that source, which twists it. A thing is known again by what its
//! source calls it, and an act by what it says, so that the same file again, or again after it was cut off, has no
//! second effect.

mod bring;
mod error;
pub mod feature;
mod geometry;
mod plan;
mod reason;
pub mod scan;
mod tally;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Instant;

use store::Store;
use tokio::sync::mpsc;

pub use error::{ImportError, ScanError};
pub use reason::Reason;
pub(crate) use reason::degrees;

use bring::{Bringer, WINDOW};
use feature::Thing;
use scan::{Broken, Features};
use tally::{Named, Tally};

use crate::cli::ImportOptions;
use crate::embedded::{Database, Plan};
use crate::log;
use crate::progress::Progress;
use crate::signals::Shutdown;

/// Brings the file in, on the database that is given, that runs on the data folder, or that is started for it.
///
/// # Errors
/// [`ImportError`] says in words why not, or why not all of it.
pub async fn import(options: ImportOptions, shutdown: Shutdown) -> Result<(), ImportError> {
    let source = source(&options)?;
    let file = open(&options.file).map_err(|source| ImportError::Open {
        path: options.file.clone(),
        source,
    })?;
    let mut tally = tally(options.report.as_deref())?;
    let plan = Plan::from_environment(options.common.data_folder()?);
    let database = Database::open(&plan, &shutdown).await?;
    let result = run(&database, file, &source, &options, &mut tally, &shutdown).await;
    database.close().await;
    let finished = tally.finish().map_err(|source| ImportError::Report {
        path: options.report.clone().unwrap_or_default(),
        source,
    });
    result.and(finished)
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        // Only reading it would say so.
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(file)
}

/// The name of the source: as it is said, or that of the file.
fn source(options: &ImportOptions) -> Result<String, ImportError> {
    let stem = options.file.file_stem();
    let name = options
        .source
        .clone()
        .unwrap_or_else(|| stem.map_or(String::new(), |stem| stem.to_string_lossy().into_owned()));
    domain::spool::name(&name).map_err(|refusal| ImportError::Source { refusal })
}

fn tally(report: Option<&Path>) -> Result<Tally, ImportError> {
    match report {
        None => Ok(Tally::default()),
        Some(path) => Tally::with_file(path).map_err(|source| ImportError::Report {
            path: path.to_path_buf(),
            source,
        }),
    }
}

async fn run(
    database: &Database,
    file: File,
    source: &str,
    options: &ImportOptions,
    tally: &mut Tally,
    shutdown: &Shutdown,
) -> Result<(), ImportError> {
    let Some(store) = database.store(shutdown).await? else {
        return Err(ImportError::Interrupted);
    };
    // Nobody else may be there to keep up what an import reads.
    let weaving = tokio::spawn(store::weave::project::run(store.clone()));
    let began = Instant::now();
    let mut result = bring_all(&store, file, source, options, tally, shutdown).await;
    log::end_drawing();
    if result.is_ok() && tally.all() > 0 && tally.refused_count() == tally.all() {
        result = Err(ImportError::Nothing {
            path: options.file.clone(),
        });
    }
    if tally.all() > 0 || result.is_ok() {
        // Whoever closed the pipe does not want to read it.
        let _ = io::stdout().write_all(tally.report(source, began.elapsed()).as_bytes());
    }
    weaving.abort();
    store.close().await;
    result
}

/// A feature as it was read, or why the rest can't be.
type Read = Result<(Named, u64, Result<Thing, Reason>), ScanError>;

/// Reads the file in a thread of its own, as far ahead as the channel allows.
fn read_all(file: File, id_in: Option<&str>, reads: &mpsc::Sender<Read>) {
    let mut features = Features::new(file);
    while let Some(found) = features.next() {
        let read = found.map(|found| {
            let (name, thing) = match found.text {
                Ok(text) => match feature::read(&text, id_in) {
                    Ok(thing) => (Some(thing.id.clone()), Ok(thing)),
                    Err((name, reason)) => (name, Err(reason)),
                },
                Err(Broken::TooLarge) => (None, Err(Reason::TooLarge)),
                Err(Broken::CutOff) => (None, Err(Reason::CutOff)),
            };
            (Named { at: found.at, name }, features.bytes_read(), thing)
        });
        if reads.blocking_send(read).is_err() {
            return;
        }
    }
}

async fn bring_all(
    store: &Store,
    file: File,
    source: &str,
    options: &ImportOptions,
    tally: &mut Tally,
    shutdown: &Shutdown,
) -> Result<(), ImportError> {
    let size = file.metadata().ok().filter(std::fs::Metadata::is_file);
    let size = size.map(|metadata| metadata.len());
    let mut progress = Progress::new(size);
    let mut bringer = Bringer::begin(store.clone(), source, shutdown).await?;
    let (sender, mut reads) = mpsc::channel(WINDOW);
    let id_in = options.id.clone();
    // Not waited for: it ends with the channel, or hangs in a pipe that nobody fills.
    tokio::task::spawn_blocking(move || read_all(file, id_in.as_deref(), &sender));
    let mut batch = Vec::with_capacity(WINDOW);
    loop {
        let count = tokio::select! {
            count = reads.recv_many(&mut batch, WINDOW) => count,
            () = shutdown.stopping() => return Err(ImportError::Interrupted),
        };
        if count == 0 {
            return Ok(());
        }
        let (mut window, mut end, mut bytes) = (Vec::with_capacity(count), None, 0);
        for read in batch.drain(..) {
            let taken = match read {
                Ok((named, bytes_read, thing)) => {
                    bytes = bytes_read;
                    match thing {
                        Ok(thing) => bringer.take(named.at, thing, tally),
                        Err(reason) => {
                            tally.refused(&named, &reason);
                            Ok(None)
                        }
                    }
                }
                Err(scan) => Err(scan),
            };
            match taken {
                Ok(arrival) => window.extend(arrival),
                Err(scan) => {
                    end = Some(scan);
                    break;
                }
            }
        }
        bringer.bring(window, tally, shutdown).await?;
        if let Some(scan) = end {
            return Err(ImportError::Scan {
                path: options.file.clone(),
                scan,
            });
        }
        progress.show(bytes, || match size {
            Some(_) => tally.counts(),
            None => format!("{} KiB read: {}", bytes / 1024, tally.counts()),
        });
    }
}
