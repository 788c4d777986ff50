//! `weltgewebe serve`: starts what is needed, serves until it is told to stop, and stops all of it in order.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use store::basemap::{Basemap, BasemapError};
use store::{Clock as _, SystemClock};

use crate::cli::{NoDataFolder, ServeOptions};
use crate::embedded::{EmbeddedError, Plan, Services};
use crate::http::{Letters, MailerError};
use crate::listen::{self, ListenError};
use crate::log;
use crate::product::{Product, ProductError, ProductOptions};
use crate::sender::Proxies;
use crate::signals::Shutdown;
use crate::tls::{self, Certificates, TlsError};

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
    /// Letters can't be sent as configured.
    #[error(transparent)]
    Letters(#[from] MailerError),
    /// There are no certificates.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The own services did not start.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The product on them did not start or broke down.
    #[error(transparent)]
    Product(#[from] ProductError),
}

/// Serves on services that run already, until the stop is asked for.
///
/// # Errors
/// [`ServeError`] says in words why not.
pub(crate) async fn run(
    services: &Services,
    asked: &ServeOptions,
    listener: TcpListener,
    (basemap, letters): (Option<Basemap>, Letters),
    data: &Path,
    shutdown: &Shutdown,
) -> Result<(), ServeError> {
    // Kept in the data folder, which is made and held by now.
    let tls = asked
        .tls
        .then(|| tls::certificates(data, &asked.tls_name, SystemClock.now()))
        .transpose()?
        .map(Arc::new);
    let options = ProductOptions {
        centre: asked.centre,
        host: asked.host.clone(),
        proxies: Proxies::new(&asked.proxy),
        services: services.watch(),
        basemap,
        letters,
        tls: tls.clone(),
        ..ProductOptions::new(services.database_url(), services.redis_url())
    };
    let product = Product::start(options, shutdown).await?;
    product.found().await;
    let address = listener.local_addr().map_err(ProductError::from)?;
    announce(address, &product, tls.as_deref());
    Ok(product.serve(listener, shutdown).await?)
}

/// Says where the product is to be found.
fn announce(address: SocketAddr, product: &Product, tls: Option<&Certificates>) {
    let everywhere = address.ip().is_unspecified();
    let mut own = address;
    if everywhere {
        // The mailbox opens on this machine only.
        own.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    // To itself this machine may speak plainly, and browsers trust that.
    let plain = tls.is_none() || own.ip().is_loopback();
    let base = format!("{}://{own}", if plain { "http" } else { "https" });
    log::say(&format!("Weltgewebe is ready: {base}/"));
    if let Some(tls) = tls {
        let reached: Vec<_> = match everywhere {
            true => listen::own_addresses()
                .into_iter()
                .filter(|ip| ip.is_ipv4() && !ip.is_loopback())
                .collect(),
            false => vec![own.ip()],
        };
        for ip in reached {
            let address = SocketAddr::new(ip, own.port());
            log::say(&format!(
                "In the network: https://{address}/ (a device trusts it after http://{address}/vertrauen)"
            ));
        }
        log::say(&format!(
            "The authority's fingerprint: {}",
            tls.trust().fingerprint
        ));
    }
    if let Some(path) = product.mailbox_path() {
        log::say(&format!(
            "Letters (no mail server is configured) are read at {base}{path}"
        ));
    }
}

/// Runs until the first signal, then stops in order.
///
/// # Errors
/// [`ServeError`] says in words why not.
pub async fn serve(options: ServeOptions, shutdown: Shutdown) -> Result<(), ServeError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    let letters = Letters::from_environment()?;
    let listener = listen::bind(options.listen)?;
    let basemap = options
        .basemap
        .path()
        .map(crate::basemap::open)
        .transpose()?;
    let services = Services::start(&plan, &shutdown).await?;
    let served = run(
        &services,
        &options,
        listener,
        (basemap, letters),
        &plan.data,
        &shutdown,
    )
    .await;
    services.stop().await;
    served
}
