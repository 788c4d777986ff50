//! An open socket: one task, which keeps as little as it can while nothing happens.

use std::net::IpAddr;
use std::time::Duration;

use domain::wire::{ClientMessage, CloseCode, SILENCE_MS};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use live::ClientId;
use store::spool::SessionKey;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Rooms;
use super::connections::Place;
use super::frames::Frames;
use super::messages::{Ask, Connect, Tell};
use super::told::{Told, telling};

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until it accepts what is sent.
    pub sending: Duration,
    /// Until it answers a close.
    pub closing: Duration,
    /// Until it is heard again.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            sending: Duration::from_secs(10),
            closing: Duration::from_secs(1),
            silence: Duration::from_millis(SILENCE_MS.into()),
        }
    }
}

/// Messages that a client may say in a burst; then one more each [`ONE_MORE`].
const BURST: u32 = 40;
const ONE_MORE: Duration = Duration::from_millis(100);

/// The cold part. What it needs goes with it; the socket is then served by a task of its own.
pub(super) async fn begin(
    upgraded: Upgraded,
    rooms: Rooms,
    address: IpAddr,
    token: Option<String>,
) {
    let mut frames = Frames::after_handshake(TokioIo::new(upgraded)).await;
    match connect(&rooms, address, token).await {
        Ok((client, told, place)) => {
            let line = Line {
                frames,
                told,
                inbox: rooms.inbox,
                client,
                patience: rooms.patience,
                _place: place,
            };
            tokio::spawn(serve(line));
        }
        Err(code) => close(&mut frames, code, rooms.patience).await,
    }
}

type Connected = (ClientId, Told, Place);

async fn connect(
    rooms: &Rooms,
    address: IpAddr,
    token: Option<String>,
) -> Result<Connected, CloseCode> {
    let place = rooms.admit(address).ok_or(CloseCode::TooMany)?;
    let unavailable = |error| {
        tracing::warn!(%error, "a socket can't begin: {error}");
        CloseCode::Restart
    };
    let session = match &token {
        Some(token) => store::spool::session(&rooms.store, token)
            .await
            .map_err(unavailable)?,
        None => None,
    };
    let role = session.as_ref().and_then(|session| session.role);
    let (me_at, me) = match role {
        Some(role) => {
            let at = store::weave::read::checkpoint(&rooms.store)
                .await
                .map_err(unavailable)?;
            (
                at,
                store::weave::read::me(&rooms.store, role)
                    .await
                    .map_err(unavailable)?,
            )
        }
        None => (rooms.store.beginning(), None),
    };
    let (to, told) = telling();
    let (answer, answered) = oneshot::channel();
    let session = session.and(token).map(|token| SessionKey::of(&token));
    let ask = Ask::Connect(Box::new(Connect {
        session,
        role,
        me: me.map(Box::new),
        me_at,
        to,
        answer,
    }));
    // Both fail only when the server stops.
    rooms
        .inbox
        .send(ask)
        .await
        .map_err(|_| CloseCode::Restart)?;
    let client = answered.await.map_err(|_| CloseCode::Restart)??;
    Ok((client, told, place))
}

/// Says why, and waits a moment for the client to hear it.
async fn close(frames: &mut Frames<TokioIo<Upgraded>>, code: CloseCode, patience: Patience) {
    let closing = async {
        if frames.close(code).await.is_ok() {
            frames.hear_out().await;
        }
    };
    let _ = timeout(patience.closing, closing).await;
}

/// An open socket.
struct Line {
    frames: Frames<TokioIo<Upgraded>>,
    told: Told,
    inbox: mpsc::Sender<Ask>,
    client: ClientId,
    patience: Patience,
    _place: Place,
}

/// Why a line ends: with a code to say, or because the client has gone.
type End = Option<CloseCode>;

/// Serves a socket to its end. Thousands of these wait at once: their size is tested.
#[expect(
    clippy::manual_async_fn,
    reason = "the future of an `async fn` keeps room for its argument twice"
)]
fn serve(mut line: Line) -> impl Future<Output = ()> + Send {
    async move {
        let end = line.run().await;
        Box::pin(line.end(end)).await;
    }
}

impl Line {
    async fn run(&mut self) -> End {
        let mut heard = Instant::now();
        let mut budget = BURST;
        let mut budget_at = heard;
        loop {
            let step = tokio::select! {
                tell = self.told.next() => match tell {
                    Some(tell) => self.tell(tell).await,
                    None => Err(Some(CloseCode::Restart)),
                },
                message = self.frames.next() => {
                    heard = Instant::now();
                    let earned = heard.duration_since(budget_at).as_millis() / ONE_MORE.as_millis();
                    if earned > 0 {
                        budget = budget.saturating_add(u32::try_from(earned).unwrap_or(BURST)).min(BURST);
                        budget_at = heard;
                    }
                    if budget == 0 {
                        // Who talks too much is heard more slowly.
                        tokio::time::sleep(ONE_MORE).await;
                    }
                    budget = budget.saturating_sub(1);
                    match hear(self.client, message) {
                        Ok(Some(said)) => ask(&self.inbox, said).await,
                        Ok(None) => Ok(()),
                        Err(end) => Err(end),
                    }
                }
                () = sleep_until(heard + self.patience.silence) => Err(Some(CloseCode::Silent)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn tell(&mut self, tell: Tell) -> Result<(), End> {
        let text = match tell {
            Tell::Text(text) => text,
            Tell::Close(code) => return Err(Some(code)),
        };
        let bytes = text.len();
        match timeout(self.patience.sending, self.frames.text(text)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(None),
            Err(_) => return Err(Some(CloseCode::TooSlow)),
        }
        let client = self.client;
        ask(&self.inbox, Ask::Taken { client, bytes }).await
    }

    async fn end(&mut self, end: End) {
        let client = self.client;
        let _ = self.inbox.send(Ask::Disconnect { client }).await;
        if let Some(code) = end {
            close(&mut self.frames, code, self.patience).await;
        }
    }
}

/// What the hub is asked for it, if anything.
fn hear(client: ClientId, message: Option<Result<Message, Error>>) -> Result<Option<Ask>, End> {
    match message {
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(ClientMessage::Rooms { n, rooms }) => Ok(Some(Ask::Wish { client, n, rooms })),
            Ok(ClientMessage::Ping) => Ok(Some(Ask::Ping { client })),
            Err(_) => Err(Some(CloseCode::Malformed)),
        },
        Some(Ok(Message::Binary(_) | Message::Frame(_))) => Err(Some(CloseCode::Malformed)),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Ok(Message::Close(_))) | None => Err(None),
        // What was too long, or no WebSocket; if the client is gone, nobody hears the code.
        Some(Err(_)) => Err(Some(CloseCode::Malformed)),
    }
}

async fn ask(inbox: &mpsc::Sender<Ask>, ask: Ask) -> Result<(), End> {
    inbox.send(ask).await.map_err(|_| Some(CloseCode::Restart))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of<T, F: Future>(_: impl FnOnce(T) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_socket_is_small() {
        let bytes = bytes_of(serve);
        println!("figure: {bytes} bytes for each socket");
        assert!(bytes <= 1024, "{bytes} bytes for each socket");
        let bytes = size_of::<Ask>();
        assert!(bytes <= 64, "{bytes} bytes for each question");
    }
}
