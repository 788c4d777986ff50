//! `weltgewebe serve`: starts what is needed, serves until it is told to stop, and stops all of it in order.

use crate::cli::{NoDataFolder, ServeOptions};
use crate::embedded::{EmbeddedError, Plan, Services};
use crate::listen::{self, ListenError};
use crate::log;
use crate::signals::Shutdown;

/// Why the server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No data folder was named.
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    /// The address is not to be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The own services did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
}

/// Runs until the first signal, then stops in order.
///
/// # Errors
/// [`ServeError`] says in words why not.
pub async fn serve(options: ServeOptions, shutdown: Shutdown) -> Result<(), ServeError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    let listener = listen::bind(options.listen)?;
    let services = Services::start(&plan, &shutdown).await?;
    if let Ok(address) = listener.local_addr() {
        log::say(&format!("Weltgewebe is ready: http://{address}/"));
    }
    shutdown.stopping().await;
    services.stop().await;
    Ok(())
}
