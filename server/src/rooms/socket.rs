//! `GET /ws`: one task per socket.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::{Extensions, HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::problem::{Problem, ProblemKind};
use domain::wire::{CLIENT_MESSAGE_MAX, ClientMessage, CloseCode, SILENCE_MS, SUBPROTOCOL};
use futures::SinkExt;
use live::ClientId;
use store::spool::SessionKey;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use super::Rooms;
use super::connections::Place;
use super::messages::{Ask, Connect, Tell};
use crate::sender;

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

/// Bytes read at once: clients say little.
const READ_BUFFER: usize = 1024;
/// Messages that a client may say in a burst; then one more each [`ONE_MORE`].
const BURST: u32 = 40;
const ONE_MORE: Duration = Duration::from_millis(100);

/// The route of the live channel. The address of the peer comes from axum's `ConnectInfo`, the session from its cookie.
pub fn route(rooms: Rooms) -> Router {
    Router::new().route("/ws", get(upgrade)).with_state(rooms)
}

async fn upgrade(
    State(rooms): State<Rooms>,
    extensions: Extensions,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !sender::is_from_own_page(&headers) {
        return problem(
            ProblemKind::ForeignOrigin,
            "this socket was opened by another site's page",
        );
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([SUBPROTOCOL]),
        Err(_) => return problem(ProblemKind::Malformed, "a WebSocket handshake is expected"),
    };
    if upgrade.selected_protocol().is_none() {
        return problem(
            ProblemKind::Malformed,
            "the subprotocol weltgewebe.v1 is expected",
        );
    }
    let address = sender::address(&extensions);
    let token = sender::cookie(&headers, sender::SESSION_COOKIE).map(str::to_owned);
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(CLIENT_MESSAGE_MAX)
        .max_frame_size(CLIENT_MESSAGE_MAX)
        .on_upgrade(move |socket| begin(socket, rooms, address, token))
}

fn problem(kind: ProblemKind, title: &str) -> Response {
    let problem = Problem::new(kind, title);
    let status = axum::http::StatusCode::from_u16(problem.status).unwrap_or_default();
    let text = serde_json::to_string(&problem).unwrap_or_default();
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        text,
    )
        .into_response()
}

/// The cold part, kept out of the socket's own future.
async fn begin(mut socket: WebSocket, rooms: Rooms, address: IpAddr, token: Option<String>) {
    match Box::pin(connect(&rooms, address, token)).await {
        Ok((client, told, place)) => {
            let code = Line {
                socket: &mut socket,
                rooms: &rooms,
                client,
            }
            .run(told)
            .await;
            let _ = rooms.inbox.send(Ask::Disconnect { client }).await;
            if let Some(code) = code {
                Box::pin(close(socket, code, rooms.patience)).await;
            }
            drop(place);
        }
        Err(code) => Box::pin(close(socket, code, rooms.patience)).await,
    }
}

type Connected = (ClientId, mpsc::UnboundedReceiver<Tell>, Place);

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
    let (to, told) = mpsc::unbounded_channel();
    let (answer, answered) = oneshot::channel();
    let session = session.and(token).map(|token| SessionKey::of(&token));
    let ask = Ask::Connect(Box::new(Connect {
        session,
        role,
        me,
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
async fn close(mut socket: WebSocket, code: CloseCode, patience: Patience) {
    let frame = CloseFrame {
        code: code.code(),
        reason: Utf8Bytes::from_static(code.sentence()),
    };
    let closing = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = timeout(patience.closing, closing).await;
}

/// An open socket.
struct Line<'a> {
    socket: &'a mut WebSocket,
    rooms: &'a Rooms,
    client: ClientId,
}

/// Why a line ends: with a code to say, or because the client has gone.
type End = Option<CloseCode>;

impl Line<'_> {
    async fn run(mut self, mut told: mpsc::UnboundedReceiver<Tell>) -> End {
        let mut heard = Instant::now();
        let mut budget = BURST;
        let mut budget_at = heard;
        loop {
            let step = tokio::select! {
                tell = told.recv() => match tell {
                    Some(tell) => self.tell(tell, &mut told).await,
                    None => Err(Some(CloseCode::Restart)),
                },
                message = self.socket.recv() => {
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
                    self.hear(message).await
                }
                () = sleep_until(heard + self.rooms.patience.silence) => Err(Some(CloseCode::Silent)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Sends all that waits in one go.
    async fn tell(
        &mut self,
        first: Tell,
        told: &mut mpsc::UnboundedReceiver<Tell>,
    ) -> Result<(), End> {
        let mut taken = Vec::new();
        let mut end = None;
        let sending = async {
            let mut next = Some(first);
            while let Some(tell) = next {
                match tell {
                    Tell::Text(text) => {
                        taken.push(text.len());
                        self.socket.feed(Message::Text(shared(text)?)).await?;
                    }
                    Tell::Close(code) => {
                        end = Some(code);
                        break;
                    }
                }
                next = told.try_recv().ok();
            }
            self.socket.flush().await
        };
        match timeout(self.rooms.patience.sending, sending).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(None),
            Err(_) => return Err(Some(CloseCode::TooSlow)),
        }
        for bytes in taken {
            self.ask(Ask::Taken {
                client: self.client,
                bytes,
            })
            .await?;
        }
        end.map_or(Ok(()), |code| Err(Some(code)))
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(ClientMessage::Rooms { n, rooms }) => {
                    self.ask(Ask::Wish {
                        client: self.client,
                        n,
                        rooms,
                    })
                    .await
                }
                Ok(ClientMessage::Ping) => {
                    self.ask(Ask::Ping {
                        client: self.client,
                    })
                    .await
                }
                Err(_) => Err(Some(CloseCode::Malformed)),
            },
            Some(Ok(Message::Binary(_))) => Err(Some(CloseCode::Malformed)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(None),
            // What was too long, or no WebSocket; if the client is gone, nobody hears the code.
            Some(Err(_)) => Err(Some(CloseCode::Malformed)),
        }
    }

    /// The future does not borrow the socket, which is not `Sync`.
    fn ask(&self, ask: Ask) -> impl Future<Output = Result<(), End>> + Send + use<> {
        let inbox = self.rooms.inbox.clone();
        async move { inbox.send(ask).await.map_err(|_| Some(CloseCode::Restart)) }
    }
}

/// Text whose bytes all sockets share.
struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn shared(text: Arc<str>) -> Result<Utf8Bytes, axum::Error> {
    Utf8Bytes::try_from(Bytes::from_owner(Shared(text))).map_err(axum::Error::new)
}
