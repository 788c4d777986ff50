//! `weltgewebe rebuild`: makes the read models anew from the log, while the product runs or while it does not.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use store::weave::rebuild;
use store::{Store, StoreError};

use crate::cli::{NoDataFolder, RebuildOptions};
use crate::embedded::{Database, EmbeddedError, Plan};
use crate::log;
use crate::progress::Progress;
use crate::signals::Shutdown;

/// Why the read models are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// No data folder was named.
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    /// There is no database to work on.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// There is no such data folder.
    #[error("There is no data folder {}. Fix: name the one that was served, with --data DIR.", path.display())]
    Nowhere {
        /// The folder that was asked for.
        path: PathBuf,
    },
    /// Another one is at it.
    #[error("Another rebuild works on this database. Fix: wait for its end; it makes the same.")]
    UnderWay,
    /// The database is not to be worked on, or went away.
    #[error(
        "The read models are as they were: {0}. Fix: see in the database's log why; a rebuild can be started again at \
         any time."
    )]
    Store(StoreError),
    /// The stop was asked for.
    #[error("Stopped before the end: the read models are as they were.")]
    Interrupted,
}

impl From<StoreError> for RebuildError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::RebuildUnderWay => Self::UnderWay,
            error => Self::Store(error),
        }
    }
}

/// Rebuilds on the database that is given, that runs on the data folder, or that is started for it.
///
/// # Errors
/// [`RebuildError`] says in words why not.
pub async fn rebuild(options: RebuildOptions, shutdown: Shutdown) -> Result<(), RebuildError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    // A name that is mistyped must not become a new and empty weave.
    if plan.database.is_none() && !plan.data.exists() {
        return Err(RebuildError::Nowhere { path: plan.data });
    }
    let database = Database::open(&plan, &shutdown).await?;
    let result = run(&database, &shutdown).await;
    database.close().await;
    result
}

async fn run(database: &Database, shutdown: &Shutdown) -> Result<(), RebuildError> {
    let store = database.store(shutdown).await?;
    let Some(store) = store else {
        return Err(RebuildError::Interrupted);
    };
    let result = tokio::select! {
        result = fold(&store) => result,
        // The database undoes what is cut off.
        () = shutdown.stopping() => Err(RebuildError::Interrupted),
    };
    log::end_drawing();
    store.close().await;
    // Whoever closed the pipe does not want to read it.
    let _ = io::stdout().write_all(result?.as_bytes());
    Ok(())
}

/// What was done, in words.
async fn fold(store: &Store) -> Result<String, RebuildError> {
    let began = Instant::now();
    let head = store.head().await?;
    let mut progress = Progress::new(u64::try_from(head.id).ok());
    let mut folded = 0;
    let to = rebuild::run_telling(store, |events| {
        folded = events;
        progress.show(events, || format!("{events} events"));
    })
    .await?;
    let seconds = began.elapsed().as_secs_f64();
    Ok(format!(
        "Made anew from {folded} events, up to number {}, in {seconds:.1} s: {:.0} events/s\n",
        to.id,
        folded as f64 / seconds.max(0.001)
    ))
}
