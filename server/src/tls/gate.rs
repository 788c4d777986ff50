//! One port for both: what begins with a TLS handshake is encrypted, the rest is plain HTTP. People type an address
//! without a scheme, and a device that does not trust the authority yet can reach the page that tells how.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use store::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::certificates::Certificates;
use crate::signals::Shutdown;

/// Connections that have not said yet what they are, or are still shaking hands.
const UNDECIDED_MAX: usize = 512;
/// How long they may take for it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Accepted ones that wait to be served.
const WAITING_MAX: usize = 64;
/// When no more files can be opened: wait for some to close.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// The first byte of a TLS record that shakes hands (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// What came in at the gate, sorted.
#[derive(Debug)]
pub struct Gate {
    /// Encrypted.
    pub tls: Arrivals<TlsStream<TcpStream>>,
    /// Plain, from this very machine, where nobody listens in.
    pub own: Arrivals<TcpStream>,
    /// Plain, from elsewhere.
    pub plain: Arrivals<TcpStream>,
}

/// Connections of one sort.
#[derive(Debug)]
pub struct Arrivals<Io> {
    arriving: mpsc::Receiver<(Io, SocketAddr)>,
    address: SocketAddr,
}

impl<Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static> Listener
    for Arrivals<Io>
{
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        match self.arriving.recv().await {
            Some(arrived) => arrived,
            // The gate has closed: the stop is asked for elsewhere.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Sorts what comes in at `listener` until the stop is asked for.
///
/// # Errors
/// When the socket has no address.
pub fn open(
    listener: TcpListener,
    certificates: Arc<Certificates>,
    clock: Arc<dyn Clock>,
    shutdown: Shutdown,
) -> io::Result<Gate> {
    let address = listener.local_addr()?;
    let (tls, at_tls) = arrivals(address);
    let (own, at_own) = arrivals(address);
    let (plain, at_plain) = arrivals(address);
    let sorter = Sorter {
        tls,
        own,
        plain,
        certificates,
        clock,
    };
    tokio::spawn(async move {
        tokio::select! {
            () = shutdown.stopping() => {}
            () = accept(listener, sorter) => {}
        }
    });
    Ok(Gate {
        tls: at_tls,
        own: at_own,
        plain: at_plain,
    })
}

fn arrivals<Io>(address: SocketAddr) -> (mpsc::Sender<(Io, SocketAddr)>, Arrivals<Io>) {
    let (sender, arriving) = mpsc::channel(WAITING_MAX);
    (sender, Arrivals { arriving, address })
}

async fn accept(listener: TcpListener, sorter: Sorter) {
    let undecided = Arc::new(Semaphore::new(UNDECIDED_MAX));
    loop {
        let Ok(room) = Arc::clone(&undecided).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((socket, peer)) => {
                let sorter = sorter.clone();
                tokio::spawn(async move {
                    if let Ok(Err(error)) = timeout(PATIENCE, sorter.sort(socket, peer)).await {
                        tracing::debug!(%error, %peer, "a connection ended before it began");
                    }
                    drop(room);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "connections can't be accepted: {error}");
                sleep(AFTER_A_FAILURE).await;
            }
        }
    }
}

#[derive(Clone)]
struct Sorter {
    tls: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
    own: mpsc::Sender<(TcpStream, SocketAddr)>,
    plain: mpsc::Sender<(TcpStream, SocketAddr)>,
    certificates: Arc<Certificates>,
    clock: Arc<dyn Clock>,
}

impl Sorter {
    async fn sort(&self, socket: TcpStream, peer: SocketAddr) -> io::Result<()> {
        // Small frames must not wait for each other.
        socket.set_nodelay(true)?;
        let mut first = [0];
        if socket.peek(&mut first).await? == 0 {
            return Ok(());
        }
        let is_handshake = first == [HANDSHAKE];
        if is_handshake {
            let config = self
                .certificates
                .config(socket.local_addr()?.ip(), self.clock.now());
            let encrypted = TlsAcceptor::from(config).accept(socket).await?;
            // Nobody takes them any more when the server stops.
            let _ = self.tls.send((encrypted, peer)).await;
        } else if peer.ip().to_canonical().is_loopback() {
            let _ = self.own.send((socket, peer)).await;
        } else {
            let _ = self.plain.send((socket, peer)).await;
        }
        Ok(())
    }
}
