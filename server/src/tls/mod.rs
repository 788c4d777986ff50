//! TLS by an authority of the community's own, for a server beyond loopback: browsers give offline use, location and
//! secure cookies to encrypted connections alone. Devices learn to trust the authority once; it vouches for addresses of
//! private networks and for what was named, and for nothing else.

mod authority;
mod certificates;
mod error;
mod gate;
mod scope;

use std::net::IpAddr;
use std::path::Path;

use domain::time::Millis;

pub use self::certificates::Certificates;
pub use self::error::TlsError;
pub use self::gate::{Arrivals, Gate, open};

/// What a device has to be told before it trusts this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The authority's certificate, as X.509 in DER.
    pub certificate: Vec<u8>,
    /// Its SHA-256 in hexadecimal pairs, as devices show it.
    pub fingerprint: String,
}

/// Loads the authority of a data folder, or makes it, and has it sign for this machine's addresses and for `named`.
///
/// # Errors
/// [`TlsError`] says in words why not.
pub fn certificates(data: &Path, named: &[String], now: Millis) -> Result<Certificates, TlsError> {
    let own = own_addresses();
    let authority = authority::Authority::load_or_make(&data.join("tls"), &own, named, now)?;
    Certificates::new(authority, own, named, now)
}

/// The addresses of this machine's interfaces.
#[must_use]
pub fn own_addresses() -> Vec<IpAddr> {
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else {
        return Vec::new();
    };
    let mut addresses: Vec<IpAddr> = interfaces
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|found| found.ip().into());
            v4.or_else(|| address.as_sockaddr_in6().map(|found| found.ip().into()))
        })
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}
