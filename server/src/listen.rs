//! The listening socket, taken first of all: a taken port is told before anything else was started.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

/// Why the address cannot be listened on, with the way out.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program listens there.
    #[error(
        "{address} is already taken by another program. Fix: stop that program, or choose another address, for example \
         --listen {}:{}.", address.ip(), next_port(*address)
    )]
    Taken {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// A port below 1024 without the right to it.
    #[error(
        "This user may not listen on {address}. Fix: choose a port from 1024 on, for example --listen {}:8080, and let a \
         proxy take the low port.", address.ip()
    )]
    Forbidden {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address belongs to no interface of this machine.
    #[error("This machine has no address {}. Fix: choose one of its own, or 0.0.0.0 for all.", address.ip())]
    NotOurs {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("Listening on {address} failed: {source}")]
    Other {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Takes the address; the socket is non-blocking, as tokio wants it. Port 0 means any free one.
///
/// # Errors
/// [`ListenError`] says in words why not.
pub fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let listener = TcpListener::bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::Taken { address },
        io::ErrorKind::PermissionDenied => ListenError::Forbidden { address },
        io::ErrorKind::AddrNotAvailable => ListenError::NotOurs { address },
        _ => ListenError::Other { address, source },
    })?;
    listener
        .set_nonblocking(true)
        .map_err(|source| ListenError::Other { address, source })?;
    Ok(listener)
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

fn next_port(address: SocketAddr) -> u16 {
    address.port().checked_add(1).unwrap_or(8080)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_with_the_way_out() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let first = bind(any).expect("a free port exists");
        let address = first.local_addr().expect("it is bound");
        let error = bind(address).expect_err("it is taken").to_string();
        assert!(error.contains("already taken"), "{error}");
        assert!(error.contains("--listen 127.0.0.1:"), "{error}");
    }
}
