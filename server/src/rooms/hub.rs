//! The one task that owns this instance's rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::time::Millis;
use domain::view::{CellView, Me};
use domain::wire::{CloseCode, RoomId, ServerMessage, TICK_MS};
use live::{ClientId, Hub, Limits, Outgoing};
use store::Store;
use store::spool::SessionKey;
use store::tail::Tail;
use store::weave::read::ROOMS_MAX;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::bus::Bus;
use super::kept::Answers;
use super::messages::{Ask, Connect, Followed, Tell};
use super::status::Figures;
use super::told::Teller;
use super::{TOTAL_MAX, follow, until_stopped};
use crate::signals::Shutdown;

/// Starts following and serves rooms until the stop is asked for; then closes every socket with `4000`.
pub(super) async fn run(
    store: Store,
    (bus, tail, answers): (Bus, Tail, Answers),
    (inbox, mut asks): (mpsc::Sender<Ask>, mpsc::Receiver<Ask>),
    shutdown: Shutdown,
    figures: Arc<Figures>,
) {
    let start = tokio::select! {
        start = follow::beginning(&store) => start,
        () = shutdown.stopping() => return,
    };
    let following = follow::run(
        store.clone(),
        bus,
        (start, answers.following(start)),
        tail.watch(),
        inbox.clone(),
        Arc::clone(&figures),
    );
    tokio::spawn(until_stopped(shutdown.clone(), following));
    let (reads, mut read) = mpsc::channel(1);
    let mut task = Task::new(store, start, inbox, reads);
    let mut ticks = interval(Duration::from_millis(TICK_MS.into()));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.stopping() => break,
            Some(came) = read.recv() => task.take(came),
            Some(ask) = asks.recv() => task.answer(ask),
            _ = ticks.tick() => {
                let queued = task.hub.figures().queued_max;
                figures.queued.store(queued as u64, Relaxed);
                task.hear(tail.is_heard());
                task.tick();
            }
        }
        figures.shown.store(task.hub.cursor().id, Relaxed);
        figures.listeners.store(task.sockets.len() as u64, Relaxed);
    }
    for socket in task.sockets.values() {
        socket.to.tell(Tell::Close(CloseCode::Restart));
    }
}

/// What a read brought.
enum Read {
    Rooms(Cursor, Vec<(RoomId, CellView)>),
    Done,
}

struct Socket {
    to: Teller,
    session: Option<SessionKey>,
    role: Option<RoleId>,
    /// What it was told last.
    me: Option<Box<Me>>,
}

struct Task {
    store: Store,
    hub: Hub,
    sockets: BTreeMap<ClientId, Socket>,
    by_role: BTreeMap<RoleId, BTreeSet<ClientId>>,
    inbox: mpsc::Sender<Ask>,
    reads: mpsc::Sender<Read>,
    is_reading: bool,
    began: Instant,
}

impl Task {
    fn new(
        store: Store,
        start: Cursor,
        inbox: mpsc::Sender<Ask>,
        reads: mpsc::Sender<Read>,
    ) -> Self {
        let limits = Limits {
            clients: TOTAL_MAX,
            ..Limits::default()
        };
        Self {
            store,
            hub: Hub::new(limits, start),
            sockets: BTreeMap::new(),
            by_role: BTreeMap::new(),
            inbox,
            reads,
            is_reading: false,
            began: Instant::now(),
        }
    }

    /// For ages: goes on evenly, whatever the wall clock does.
    fn age(&self) -> Millis {
        Millis(i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    /// Rooms go on to be served from memory while the database is away, and everyone is told that it is.
    fn hear(&mut self, is_heard: bool) {
        let told = self.hub.hear(is_heard, self.store.now());
        self.send(told);
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Connect(connect) => self.connect(*connect),
            Ask::Wish { client, n, rooms } => match self.hub.wish(client, n, &rooms, self.age()) {
                Ok(answer) => {
                    self.send(answer);
                    self.read_wanted();
                }
                Err(code) => self.close(client, code),
            },
            Ask::Ping { client } => {
                let pong = self.hub.ping(client, self.store.now());
                self.send(pong);
            }
            Ask::Taken { client, bytes } => {
                let more = self.hub.taken(client, bytes);
                self.send(more);
            }
            Ask::Disconnect { client } => self.disconnect(client),
            Ask::Followed(Followed { events, roles }) => {
                for (cursor, touches) in events {
                    self.hub.follow(cursor, &touches);
                }
                for role in roles {
                    self.read_me(role);
                }
            }
            Ask::Me { role, me } => self.tell_me(role, me.as_deref()),
            Ask::SignOut { session } => {
                for socket in self
                    .sockets
                    .values()
                    .filter(|socket| socket.session.as_ref() == Some(&session))
                {
                    socket.to.tell(Tell::Close(CloseCode::SignedOut));
                }
            }
        }
    }

    fn connect(&mut self, connect: Connect) {
        let Connect {
            session,
            role,
            me,
            me_at,
            to,
            answer,
        } = connect;
        let hello = match self.hub.connect(me.as_deref().cloned(), self.store.now()) {
            Ok(hello) => hello,
            Err(code) => {
                let _ = answer.send(Err(code));
                return;
            }
        };
        let client = hello.client;
        if answer.send(Ok(client)).is_err() {
            self.hub.disconnect(client, self.age());
            return;
        }
        self.sockets.insert(
            client,
            Socket {
                to,
                session,
                role,
                me,
            },
        );
        self.send([hello]);
        if self.hub.is_away() {
            let pong = self.hub.ping(client, self.store.now());
            self.send(pong);
        }
        if let Some(role) = role {
            self.by_role.entry(role).or_default().insert(client);
            // It may have changed between the reading and now, when nobody told this socket.
            if self.hub.followed().id > me_at.id {
                self.read_me(role);
            }
        }
    }

    fn disconnect(&mut self, client: ClientId) {
        self.hub.disconnect(client, self.age());
        if let Some(role) = self.sockets.remove(&client).and_then(|socket| socket.role)
            && let Some(clients) = self.by_role.get_mut(&role)
        {
            clients.remove(&client);
            if clients.is_empty() {
                self.by_role.remove(&role);
            }
        }
    }

    fn close(&self, client: ClientId, code: CloseCode) {
        if let Some(socket) = self.sockets.get(&client) {
            socket.to.tell(Tell::Close(code));
        }
    }

    /// A socket that is gone says so itself.
    fn send(&self, frames: impl IntoIterator<Item = Outgoing>) {
        for Outgoing { client, text } in frames {
            if let Some(socket) = self.sockets.get(&client) {
                socket.to.tell(Tell::Text(text));
            }
        }
    }

    fn tick(&mut self) {
        let rooms = self.hub.tick(self.age());
        if !self.is_reading {
            self.read(rooms);
        }
    }

    fn read_wanted(&mut self) {
        if !self.is_reading {
            let rooms = self.hub.wanted();
            self.read(rooms);
        }
    }

    /// Reads rooms beside everything else; one read at a time.
    fn read(&mut self, rooms: Vec<RoomId>) {
        if rooms.is_empty() {
            return;
        }
        self.is_reading = true;
        let (store, reads) = (self.store.clone(), self.reads.clone());
        tokio::spawn(async move {
            for some in rooms.chunks(ROOMS_MAX) {
                match store::weave::read::rooms(&store, some).await {
                    Ok((cursor, views)) => {
                        if reads.send(Read::Rooms(cursor, views)).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "rooms can't be read; the next tick tries again");
                        break;
                    }
                }
            }
            let _ = reads.send(Read::Done).await;
        });
    }

    fn take(&mut self, came: Read) {
        match came {
            Read::Rooms(cursor, views) => {
                let frames = self.hub.loaded(cursor, views, self.age());
                self.send(frames);
            }
            Read::Done => {
                self.is_reading = false;
                self.read_wanted();
            }
        }
    }

    fn read_me(&self, role: RoleId) {
        if !self.by_role.contains_key(&role) {
            return;
        }
        let (store, inbox) = (self.store.clone(), self.inbox.clone());
        tokio::spawn(async move {
            match store::weave::read::me(&store, role).await {
                Ok(me) => {
                    let me = me.map(Box::new);
                    let _ = inbox.send(Ask::Me { role, me }).await;
                }
                Err(error) => tracing::warn!(%error, "a role's facts can't be read"),
            }
        });
    }

    fn tell_me(&mut self, role: RoleId, me: Option<&Me>) {
        let clients: Vec<ClientId> = self
            .by_role
            .get(&role)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        for client in clients {
            let Some(socket) = self.sockets.get_mut(&client) else {
                continue;
            };
            if socket.me.as_deref() == me {
                continue;
            }
            socket.me = me.cloned().map(Box::new);
            match self.hub.say(client, &ServerMessage::Me { me: me.cloned() }) {
                Ok(message) => self.send([message]),
                Err(code) => self.close(client, code),
            }
        }
    }
}
