//! Someone who listens: a real socket, whose bytes are decoded by the types that the browser uses.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use domain::cursor::Cursor;
use domain::id::NodeId;
use domain::place::Cell;
use domain::view::{CellView, Me};
use domain::wire::{ClientMessage, RoomId, RoomNews, RoomWish, SUBPROTOCOL, ServerMessage};
use futures::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::stage::{Instance, PATIENCE, Stage};

pub(crate) struct Listener {
    pub(crate) socket: WebSocketStream<TcpStream>,
    pub(crate) rooms: BTreeMap<Cell, CellView>,
    /// Conversations.
    pub(crate) talks: BTreeMap<NodeId, CellView>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) me: Option<Me>,
    /// The server has said that it does not hear its database.
    pub(crate) is_away: bool,
    pub(crate) fulls: usize,
    /// Patches that are not empty.
    pub(crate) patches: usize,
    /// The cells of each batch.
    pub(crate) batches: Vec<Vec<Cell>>,
    n: u32,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed(pub(crate) Option<u16>);

pub(crate) fn request(address: SocketAddr) -> Request {
    let mut request = format!("ws://{address}/ws")
        .into_client_request()
        .expect("a request");
    request.headers_mut().insert(
        "sec-websocket-protocol",
        SUBPROTOCOL.parse().expect("a header"),
    );
    request
}

impl Listener {
    pub(crate) async fn connect(instance: &Instance) -> Self {
        Self::with(instance, request(instance.address), None)
            .await
            .expect("a handshake")
    }

    /// With a header more, or a small receive buffer.
    pub(crate) async fn with(
        instance: &Instance,
        request: Request,
        buffer: Option<u32>,
    ) -> Result<Self, Error> {
        let tcp = TcpSocket::new_v4().expect("a socket");
        if let Some(bytes) = buffer {
            tcp.set_recv_buffer_size(bytes).expect("a buffer");
        }
        let stream = tcp.connect(instance.address).await.expect("a connection");
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        let mut listener = Self {
            socket,
            rooms: BTreeMap::new(),
            talks: BTreeMap::new(),
            cursor: None,
            me: None,
            is_away: false,
            fulls: 0,
            patches: 0,
            batches: Vec::new(),
            n: 0,
        };
        // Hello, or at once the reason why not.
        let _ = listener.hear().await;
        Ok(listener)
    }

    pub(crate) async fn say(&mut self, message: &ClientMessage) {
        self.say_text(&serde_json::to_string(message).expect("JSON"))
            .await;
    }

    pub(crate) async fn say_text(&mut self, text: &str) {
        self.socket
            .send(Message::text(text))
            .await
            .expect("an open socket");
    }

    /// Wants these rooms, and waits until all are answered.
    pub(crate) async fn listen_to(&mut self, cells: &[Cell]) {
        self.listen(cells, &[]).await;
    }

    /// Wants these rooms and conversations, and waits until all are answered.
    pub(crate) async fn listen(&mut self, cells: &[Cell], talks: &[NodeId]) {
        let cells = cells.iter().copied().map(RoomId::Cell);
        let rooms: Vec<RoomId> = cells
            .chain(talks.iter().copied().map(RoomId::Talk))
            .collect();
        let wish = |&room: &RoomId| RoomWish { room, cursor: None };
        self.wish(rooms.iter().map(wish).collect()).await;
        while !rooms.iter().all(|room| self.has(*room)) {
            self.hear().await.expect("an open socket");
        }
    }

    fn has(&self, room: RoomId) -> bool {
        match room {
            RoomId::Cell(cell) => self.rooms.contains_key(&cell),
            RoomId::Talk(node) => self.talks.contains_key(&node),
        }
    }

    pub(crate) async fn wish(&mut self, rooms: Vec<RoomWish>) {
        self.n += 1;
        let n = self.n;
        self.say(&ClientMessage::Rooms { n, rooms }).await;
    }

    /// Waits for one message.
    pub(crate) async fn hear(&mut self) -> Result<(), Closed> {
        loop {
            let heard = timeout(PATIENCE, self.socket.next())
                .await
                .expect("something is said in time");
            match heard {
                Some(Ok(Message::Text(text))) => {
                    self.take(serde_json::from_str(&text).expect("a message"));
                    return Ok(());
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(Closed(frame.map(|frame| frame.code.into())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Closed(None)),
            }
        }
    }

    fn take(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Hello { cursor, me, .. } => {
                self.me = me;
                self.reached(cursor);
            }
            ServerMessage::Me { me } => self.me = me,
            ServerMessage::Pong { cursor, away, .. } => {
                self.is_away = away;
                self.reached(cursor);
            }
            ServerMessage::Rooms { cursor, rooms, .. } => {
                self.batches
                    .push(rooms.iter().filter_map(|frame| frame.room.cell()).collect());
                for frame in rooms {
                    match frame.news {
                        RoomNews::Full(view) => {
                            self.fulls += 1;
                            match frame.room {
                                RoomId::Cell(cell) => self.rooms.insert(cell, view),
                                RoomId::Talk(node) => self.talks.insert(node, view),
                            };
                        }
                        RoomNews::Patch(patch) => {
                            self.patches += usize::from(!patch.is_empty());
                            let held = match frame.room {
                                RoomId::Cell(cell) => self.rooms.get_mut(&cell),
                                RoomId::Talk(node) => self.talks.get_mut(&node),
                            };
                            held.expect("a state to change").apply(&patch);
                        }
                    }
                }
                self.reached(cursor);
            }
        }
    }

    fn reached(&mut self, cursor: Cursor) {
        if let Some(before) = self.cursor.replace(cursor) {
            assert!(cursor.reaches(&before), "the cursor went back");
        }
    }

    /// Listens until its cursor includes `cursor`.
    pub(crate) async fn until(&mut self, cursor: Cursor) {
        while !self.cursor.is_some_and(|at| at.reaches(&cursor)) {
            self.say(&ClientMessage::Ping).await;
            self.hear().await.expect("an open socket");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Has exactly what SQL reads now.
    pub(crate) async fn assert_fresh(&self, stage: &Stage, after: &str) {
        let cells = self.rooms.keys().copied().map(RoomId::Cell);
        let talks = self.talks.keys().copied().map(RoomId::Talk);
        let at = self.cursor.expect("a cursor");
        for (room, view) in stage
            .fresh(&cells.chain(talks).collect::<Vec<_>>(), at)
            .await
        {
            let held = match room {
                RoomId::Cell(cell) => &self.rooms[&cell],
                RoomId::Talk(node) => &self.talks[&node],
            };
            assert_eq!(*held, view, "{room:?} after {after}");
        }
    }

    /// Waits for the end.
    pub(crate) async fn end(&mut self) -> Closed {
        loop {
            if let Err(closed) = self.hear().await {
                return closed;
            }
        }
    }
}
