//! `weltgewebe migrate`: brings the database up to this version and stops.

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
}

/// Starts the database (or takes the given one), migrates it and stops it again.
///
/// # Errors
/// [`MigrateError`] says in words why not.
pub async fn migrate(options: MigrateOptions, shutdown: Shutdown) -> Result<(), MigrateError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    let services = Services::start(&plan, &shutdown).await?;
    log::say("The database is ready.");
    services.stop().await;
    Ok(())
}
