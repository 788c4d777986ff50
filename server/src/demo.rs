//! `weltgewebe demo`: an invented neighbourhood to look around in, on a data folder of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demo::FillError;
use demo::island::{Island, IslandError};
use store::{Clock as _, Store, StoreError, SystemClock};

use crate::cli::{DemoOptions, NoDataFolder};
use crate::embedded::{EmbeddedError, Plan, Services};
use crate::http::Letters;
use crate::listen;
use crate::log;
use crate::progress::Progress;
use crate::serve::{self, ServeError};
use crate::signals::Shutdown;

/// Why there is no demo, or why it is still there.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It can't be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The neighbourhood can't be told.
    #[error("There is no demo: {0}.")]
    Fill(#[from] FillError),
    /// The island can't be drawn.
    #[error(transparent)]
    Island(#[from] IslandError),
    /// Drawing it broke off.
    #[error("The work broke off: {0}.")]
    Broken(#[from] tokio::task::JoinError),
    /// There is nothing to remove.
    #[error("There is no demo in {}.", path.display())]
    Nowhere { path: PathBuf },
    /// People weave there.
    #[error("{} is not removed: it is no demo. Fix: name the demo's folder with --data DIR.", path.display())]
    Real { path: PathBuf },
    /// The database is somebody else's.
    #[error("DATABASE_URL names the demo's database. Fix: drop it there.")]
    Given,
    /// Looking whether it is a demo failed.
    #[error("{} is not removed: {source}.", path.display())]
    Unknown { path: PathBuf, source: StoreError },
    /// The system refuses to remove it.
    #[error("{} could not be removed: {source}. Fix: remove it by hand.", path.display())]
    Remove { path: PathBuf, source: io::Error },
}

impl From<NoDataFolder> for DemoError {
    fn from(error: NoDataFolder) -> Self {
        ServeError::from(error).into()
    }
}

impl From<EmbeddedError> for DemoError {
    fn from(error: EmbeddedError) -> Self {
        ServeError::from(error).into()
    }
}

/// Fills an empty system with the neighbourhood and serves it, or removes it.
///
/// # Errors
/// [`DemoError`] says in words why not.
pub async fn demo(options: DemoOptions, shutdown: Shutdown) -> Result<(), DemoError> {
    let plan = Plan::from_environment(options.data_folder()?);
    if options.remove {
        return remove(&plan, &shutdown).await;
    }
    let asked = options.serve;
    let letters = Letters::from_environment().map_err(ServeError::from)?;
    let listener = listen::bind(asked.listen).map_err(ServeError::from)?;
    let services = Services::start(&plan, &shutdown).await?;
    let served = async {
        tokio::select! {
            filled = fill(services.database_url()) => filled?,
            () = shutdown.stopping() => return Ok(()),
        }
        let mut asked = asked;
        asked.centre.get_or_insert_with(demo::view);
        let ground = match asked.basemap.path() {
            Some(path) => path.to_path_buf(),
            None => island(&plan.data).await?,
        };
        let basemap = crate::basemap::open(&ground).map_err(ServeError::from)?;
        let given = (Some(basemap), letters);
        Ok(serve::run(&services, &asked, listener, given, &plan.data, &shutdown).await?)
    }
    .await;
    services.stop().await;
    served
}

async fn fill(url: &str) -> Result<(), FillError> {
    let mut progress = None;
    let filled = demo::fill(url, SystemClock.now(), |told, all| {
        progress
            .get_or_insert_with(|| Progress::new(Some(all as u64)))
            .show(told as u64, || "the neighbourhood is woven".to_owned());
    })
    .await;
    log::end_drawing();
    filled
}

/// The base map of the island, drawn once.
async fn island(data: &Path) -> Result<PathBuf, DemoError> {
    let path = data.join("spulenoog.pmtiles");
    if path.exists() {
        return Ok(path);
    }
    let file = path.clone();
    // It takes a second of a processor.
    let drawing = tokio::task::spawn_blocking(move || Island::new().write(&file));
    drawing.await??;
    Ok(path)
}

/// Removes the data folder of a demo. It is started for a moment: only the database knows whether it is one.
async fn remove(plan: &Plan, shutdown: &Shutdown) -> Result<(), DemoError> {
    let path = plan.data.clone();
    if plan.database.is_some() {
        return Err(DemoError::Given);
    }
    if !path.exists() {
        return Err(DemoError::Nowhere { path });
    }
    let services = Services::start(plan, shutdown).await?;
    let looked = look(services.database_url()).await;
    services.stop().await;
    match looked {
        Err(source) => Err(DemoError::Unknown { path, source }),
        Ok(false) => Err(DemoError::Real { path }),
        Ok(true) => match fs::remove_dir_all(&path) {
            Ok(()) => {
                log::say(&format!("The demo in {} is removed.", path.display()));
                Ok(())
            }
            Err(source) => Err(DemoError::Remove { path, source }),
        },
    }
}

async fn look(url: &str) -> Result<bool, StoreError> {
    let store = Store::connect(url, Arc::new(SystemClock)).await?;
    let is_one = store::demo::is_one(&store).await;
    store.close().await;
    is_one
}
