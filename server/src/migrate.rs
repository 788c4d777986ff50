//! `weltgewebe migrate`: brings the database up to this version and stops.

use std::sync::Arc;

use store::{Store, StoreError, SystemClock};

use crate::cli::{MigrateOptions, NoDataFolder};
use crate::embedded::{EmbeddedError, Plan, Services};
use crate::log;
use crate::signals::Shutdown;

/// Why the database was not brought up to this version.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No data folder was named.
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    /// The own services did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The database is not to be worked on.
    #[error(
        "The database was not brought up to this version: {0}. Fix: docs/operating.md tells what is asked of it."
    )]
    Store(#[from] StoreError),
}

/// Starts the database (or takes the given one), migrates it and stops it again.
///
/// # Errors
/// [`MigrateError`] says in words why not.
pub async fn migrate(options: MigrateOptions, shutdown: Shutdown) -> Result<(), MigrateError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    let services = Services::start(&plan, &shutdown).await?;
    let result = bring_up(services.database_url(), &shutdown).await;
    services.stop().await;
    result
}

/// Opening the store looks at the server and migrates. A migration that the stop cuts off is undone by the database.
async fn bring_up(database_url: &str, shutdown: &Shutdown) -> Result<(), MigrateError> {
    let step = log::step("Database: bringing it up to this version", None);
    tokio::select! {
        store = Store::connect(database_url, Arc::new(SystemClock)) => store?.close().await,
        () = shutdown.stopping() => return Ok(()),
    }
    step.done();
    Ok(())
}
