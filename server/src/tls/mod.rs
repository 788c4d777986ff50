//! TLS by an authority of the community's own, for a server beyond loopback: browsers give offline use, location and
//! secure cookies to encrypted connections alone. Devices learn to trust the authority once; it vouches for addresses of
//! private networks and for what was named, and for nothing else.

mod authority;
mod certificates;
mod error;
mod gate;
mod scope;

use std::path::Path;

use domain::time::Millis;

use crate::listen::own_addresses;

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
