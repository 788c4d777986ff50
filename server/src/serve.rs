//! `weltgewebe serve`: starts what is needed, serves until it is told to stop, and stops all of it in order.

use std::net::{Ipv4Addr, TcpListener};

use store::basemap::{Basemap, BasemapError};

use crate::cli::{NoDataFolder, ServeOptions};
use crate::embedded::{EmbeddedError, Plan, Services};
use crate::listen::{self, ListenError};
use crate::log;
use crate::product::{Product, ProductError, ProductOptions};
use crate::sender::Proxies;
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
    /// The base map is none.
    #[error(transparent)]
    Basemap(#[from] BasemapError),
    /// The own services did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The product on them did not start or broke down.
    #[error(transparent)]
    Product(#[from] ProductError),
}

async fn run(
    services: &Services,
    asked: &ServeOptions,
    listener: TcpListener,
    basemap: Option<Basemap>,
    shutdown: &Shutdown,
) -> Result<(), ProductError> {
    let options = ProductOptions {
        centre: asked.centre,
        proxies: Proxies::new(&asked.proxy),
        services: services.watch(),
        basemap,
        ..ProductOptions::new(services.database_url(), services.redis_url())
    };
    let product = Product::start(options, shutdown).await?;
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        // Listening everywhere; the mailbox opens on this machine only.
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let base = format!("http://{address}");
    log::say(&format!("Weltgewebe is ready: {base}/"));
    if let Some(path) = product.mailbox_path() {
        log::say(&format!(
            "Letters (no mail server is configured) are read at {base}{path}"
        ));
    }
    product.serve(listener, shutdown).await
}

/// Runs until the first signal, then stops in order.
///
/// # Errors
/// [`ServeError`] says in words why not.
pub async fn serve(options: ServeOptions, shutdown: Shutdown) -> Result<(), ServeError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    let listener = listen::bind(options.listen)?;
    let basemap = options
        .basemap
        .path()
        .map(crate::basemap::open)
        .transpose()?;
    let services = Services::start(&plan, &shutdown).await?;
    let served = run(&services, &options, listener, basemap, &shutdown).await;
    services.stop().await;
    served.map_err(ServeError::from)
}
