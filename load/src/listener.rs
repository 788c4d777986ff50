//! A socket in cell rooms, written from docs/protocol.md: it wishes rooms, applies what comes, moves about, comes back
//! after a lost connection, and tells in the end what it shows.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::cursor;
use crate::history::{Heard, Misheard, Seen};
use crate::holding::{Holding, News};
use crate::random::Random;
use crate::stopwatch::Stopwatch;

const SUBPROTOCOL: &str = "weltgewebe.v1";
/// At least every 12 seconds something is said.
const PING_EVERY: Duration = Duration::from_secs(8);
/// How often it is asked how far the server is, once the end is known.
const PING_AT_THE_END: Duration = Duration::from_millis(100);
/// How long after the end is known a socket may take to come to it.
const END_PATIENCE: Duration = Duration::from_secs(60);
const AGAIN_FIRST_MS: u64 = 500;
const AGAIN_LAST_MS: u64 = 30_000;
/// Bytes read at once; many sockets share one machine.
const READ_BUFFER: usize = 4096;

type Socket = WebSocketStream<TcpStream>;

/// What all sockets are told: nothing yet, or the number of the last act, after which they end.
pub type End = watch::Receiver<Option<i64>>;

/// Where a socket looks, one view after the other.
pub type Views = Vec<Vec<String>>;

/// A socket.
#[derive(Debug)]
pub struct Listener {
    number: u32,
    address: SocketAddr,
    watch: Stopwatch,
    random: Random,
    views: Views,
    /// How long it stays in one view; none: for ever.
    stays: Option<Duration>,
    view: usize,
    holding: Holding,
    connection: u32,
    cursor: String,
    /// When it stops in any case, once the end is known.
    latest: Option<Instant>,
    heard: Listened,
}

/// What a socket tells in the end.
#[derive(Debug, Default)]
pub struct Listened {
    pub heard: Vec<Heard>,
    pub seen: Vec<Seen>,
    pub misheard: Vec<Misheard>,
    /// Connections that were lost.
    pub lost: u32,
}

/// What the server says.
#[derive(Deserialize)]
struct Said<'a> {
    t: &'a str,
    cursor: Option<&'a str>,
    #[serde(default)]
    n: u64,
    #[serde(borrow, default)]
    rooms: Vec<News<'a>>,
}

enum Left {
    AtTheEnd,
    Lost,
}

impl Listener {
    /// A socket that looks at the first of `views`, and every `stays` at the next one.
    #[must_use]
    pub fn new(
        number: u32,
        address: SocketAddr,
        views: Views,
        stays: Option<Duration>,
        random: Random,
        watch: Stopwatch,
    ) -> Self {
        Self {
            number,
            address,
            watch,
            random,
            views,
            stays,
            view: 0,
            holding: Holding::default(),
            connection: 0,
            cursor: String::new(),
            latest: None,
            heard: Listened::default(),
        }
    }

    /// Listens until the end is told and reached.
    pub async fn listen(mut self, mut end: End) -> Listened {
        let mut again_ms = AGAIN_FIRST_MS;
        loop {
            let began = Instant::now();
            match self.connection(&mut end).await {
                Ok(Left::AtTheEnd) => break,
                Ok(Left::Lost) | Err(_) => {}
            }
            self.heard.lost += 1;
            self.holding.leave_all(&self.cursor);
            if began.elapsed() > Duration::from_secs(5) {
                again_ms = AGAIN_FIRST_MS;
            }
            let wait = again_ms - self.random.below(again_ms as usize / 2) as u64;
            sleep(Duration::from_millis(wait)).await;
            again_ms = (again_ms * 2).min(AGAIN_LAST_MS);
            if end.borrow().is_some() {
                again_ms = AGAIN_FIRST_MS;
                let latest = *self
                    .latest
                    .get_or_insert_with(|| Instant::now() + END_PATIENCE);
                if Instant::now() > latest {
                    self.mishear("nothing: it never came back".to_owned());
                    break;
                }
            }
        }
        self.tell();
        self.heard
    }

    /// One connection, until it is lost or the end is reached.
    async fn connection(&mut self, end: &mut End) -> Result<Left, Error> {
        let mut socket = self.connect().await?;
        self.connection += 1;
        self.wish(&mut socket).await?;
        let mut moves = Instant::now() + self.stays.unwrap_or(Duration::from_secs(86_400));
        let mut pings = Instant::now() + PING_EVERY;
        loop {
            let goal = *end.borrow_and_update();
            if let Some(goal) = goal {
                let now = Instant::now();
                pings = pings.min(now + PING_AT_THE_END);
                let latest = *self.latest.get_or_insert_with(|| now + END_PATIENCE);
                if self.is_at(goal) || now >= latest {
                    let _ = socket.close(None).await;
                    return Ok(Left::AtTheEnd);
                }
            }
            tokio::select! {
                message = timeout_at(pings, socket.next()) => match message {
                    Ok(Some(Ok(Message::Text(text)))) => self.take(&text),
                    Ok(Some(Ok(Message::Close(frame)))) => {
                        let code = frame.map_or(0, |frame| u16::from(frame.code));
                        if matches!(code, 4001 | 4002) {
                            self.mishear(format!("closed with {code}"));
                        }
                        return Ok(Left::Lost);
                    }
                    Ok(Some(Ok(_))) => {}
                    Ok(Some(Err(error))) => return Err(error),
                    Ok(None) => return Ok(Left::Lost),
                    Err(_) => {
                        let every = if goal.is_some() { PING_AT_THE_END } else { PING_EVERY };
                        pings = Instant::now() + every;
                        socket.send(Message::text(r#"{"t":"ping"}"#)).await?;
                    }
                },
                () = tokio::time::sleep_until(moves), if goal.is_none() => {
                    self.view = (self.view + 1) % self.views.len().max(1);
                    moves = Instant::now() + self.stays.unwrap_or(Duration::from_secs(86_400));
                    self.wish(&mut socket).await?;
                }
                _ = end.changed() => {}
            }
        }
    }

    async fn connect(&self) -> Result<Socket, Error> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{}/ws", self.address).into_client_request()?;
        request.headers_mut().insert(
            "sec-websocket-protocol",
            tokio_tungstenite::tungstenite::http::HeaderValue::from_static(SUBPROTOCOL),
        );
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let connected =
            tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
        Ok(connected.0)
    }

    /// Says which rooms are wanted from now on, all of them.
    async fn wish(&mut self, socket: &mut Socket) -> Result<(), Error> {
        let wanted = self.views.get(self.view).map_or(&[][..], Vec::as_slice);
        let message = self.holding.wish(wanted, &self.cursor);
        socket.send(Message::text(message)).await
    }

    fn take(&mut self, text: &str) {
        let said: Said<'_> = match serde_json::from_str(text) {
            Ok(said) => said,
            Err(error) => return self.mishear(format!("{error}: {text}")),
        };
        match said.t {
            "hello" | "pong" => {}
            "rooms" => {
                for news in &said.rooms {
                    if let Err(what) = self.holding.take(said.n, news) {
                        self.mishear(what);
                    }
                }
            }
            // One's own role, or something newer than this client.
            _ => return,
        }
        let Some(at) = said.cursor else {
            return self.mishear(format!("a message without a cursor: {text}"));
        };
        at.clone_into(&mut self.cursor);
        self.heard.heard.push(Heard {
            socket: self.number,
            connection: self.connection,
            at_us: self.watch.now_us(),
            number: cursor::number(at).unwrap_or(-1),
        });
    }

    fn is_at(&self, goal: i64) -> bool {
        cursor::number(&self.cursor).is_some_and(|number| number >= goal)
            && self.holding.is_answered()
    }

    fn mishear(&mut self, what: String) {
        let socket = self.number;
        self.heard.misheard.push(Misheard { socket, what });
    }

    fn tell(&mut self) {
        let number = cursor::number(&self.cursor).unwrap_or(-1);
        for (cell, room) in std::mem::take(&mut self.holding).shown() {
            self.heard.seen.push(Seen {
                socket: self.number,
                cell,
                number,
                room,
            });
        }
    }
}
