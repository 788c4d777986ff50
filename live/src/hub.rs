//! The hub: all rooms and clients of one instance.

mod deliver;
mod read;
mod wish;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use domain::cursor::Cursor;
use domain::time::Millis;
use domain::view::Me;
use domain::wire::RoomId;
use domain::wire::{CloseCode, PROTOCOL_VERSION, ServerMessage};

use crate::client::{Client, ClientId};
use crate::frame::json;
use crate::limits::Limits;
use crate::roles::Roles;
use crate::room::Room;

/// The state of the live channel on one instance.
#[derive(Debug)]
pub struct Hub {
    limits: Limits,
    /// What every listened room has reached; never goes back.
    cursor: Cursor,
    /// The last event whose touches are known.
    followed: Cursor,
    rooms: BTreeMap<RoomId, Room>,
    clients: BTreeMap<ClientId, Client>,
    roles: Roles,
    /// Listened rooms that must be read again.
    stale: BTreeSet<RoomId>,
    /// Those of them that someone waits for.
    wanted: BTreeSet<RoomId>,
    /// When rooms were left, oldest first.
    left: VecDeque<(Millis, RoomId)>,
    /// When changes were remembered, oldest first.
    remembered: VecDeque<(Millis, RoomId)>,
    history_bytes: usize,
    next_client: u64,
    /// The log is not heard: what is told may not be the newest.
    is_away: bool,
}

/// Text for one client; frames of several clients may share it. The caller says [`Hub::taken`] once it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub client: ClientId,
    pub text: Arc<str>,
}

/// How full a hub is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub clients: usize,
    /// All rooms, left ones included.
    pub rooms: usize,
    pub left: usize,
    pub stale: usize,
    pub history_bytes: usize,
    /// Of the client with the longest queue, in bytes.
    pub queued_max: usize,
    pub recent_roles: usize,
}

impl Hub {
    /// A hub that follows from `start`: all before it is in what will be read.
    #[must_use]
    pub fn new(limits: Limits, start: Cursor) -> Self {
        Self {
            limits,
            cursor: start,
            followed: start,
            rooms: BTreeMap::new(),
            clients: BTreeMap::new(),
            roles: Roles::new(),
            stale: BTreeSet::new(),
            wanted: BTreeSet::new(),
            left: VecDeque::new(),
            remembered: VecDeque::new(),
            history_bytes: 0,
            next_client: 0,
            is_away: false,
        }
    }

    /// The position that every listened room has reached.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The last event followed.
    #[must_use]
    pub fn followed(&self) -> Cursor {
        self.followed
    }

    /// How full it is. Walks over all clients.
    #[must_use]
    pub fn figures(&self) -> Figures {
        Figures {
            clients: self.clients.len(),
            rooms: self.rooms.len(),
            left: self
                .rooms
                .values()
                .filter(|room| room.listeners.is_empty())
                .count(),
            stale: self.stale.len(),
            history_bytes: self.history_bytes,
            queued_max: self
                .clients
                .values()
                .map(Client::queued)
                .max()
                .unwrap_or_default(),
            recent_roles: self.roles.recent_len(),
        }
    }

    /// A connection has come; its first message says hello.
    ///
    /// # Errors
    /// `TooMany` when the hub is full.
    pub fn connect(&mut self, me: Option<Me>, now: Millis) -> Result<Outgoing, CloseCode> {
        if self.clients.len() >= self.limits.clients {
            return Err(CloseCode::TooMany);
        }
        let client = ClientId(self.next_client);
        self.next_client += 1;
        self.clients.insert(client, Client::new(self.cursor));
        self.say(
            client,
            &ServerMessage::Hello {
                v: PROTOCOL_VERSION,
                epoch: self.cursor.epoch,
                cursor: self.cursor,
                now,
                me,
            },
        )
    }

    /// A connection has ended.
    pub fn disconnect(&mut self, client: ClientId, now: Millis) {
        if let Some(gone) = self.clients.remove(&client) {
            for &(room_id, ()) in gone.rooms.iter() {
                self.leave(client, room_id, now);
            }
        }
    }

    /// Something for one client beside rooms, in order with them.
    ///
    /// # Errors
    /// `TooSlow` when its queue is full; `TooMany` for a client that is gone.
    pub fn say(
        &mut self,
        client: ClientId,
        message: &ServerMessage,
    ) -> Result<Outgoing, CloseCode> {
        let limit = self.limits.queue_bytes;
        let known = self.clients.get_mut(&client).ok_or(CloseCode::TooMany)?;
        let text = json(message);
        if !known.has_taken_all() && !known.has_space_for(text.len(), limit) {
            return Err(CloseCode::TooSlow);
        }
        known.queue(text.len());
        Ok(Outgoing {
            client,
            text: text.into(),
        })
    }

    /// The answer to a ping; none where so much waits already that it would tell nothing.
    pub fn ping(&mut self, client: ClientId, now: Millis) -> Option<Outgoing> {
        let cursor = self.cursor;
        let cursor = self.clients.get_mut(&client)?.tell(cursor);
        let away = self.is_away;
        let pong = ServerMessage::Pong { cursor, now, away };
        self.say(client, &pong).ok()
    }

    /// Whether the log is heard: where it no longer is, or is again, everyone is told so.
    pub fn hear(&mut self, is_heard: bool, now: Millis) -> Vec<Outgoing> {
        if self.is_away != is_heard {
            return Vec::new();
        }
        self.is_away = !is_heard;
        let clients: Vec<ClientId> = self.clients.keys().copied().collect();
        let pongs = clients.into_iter();
        pongs.filter_map(|client| self.ping(client, now)).collect()
    }

    /// Whether what is told may not be the newest, since the log is not heard.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.is_away
    }
}
