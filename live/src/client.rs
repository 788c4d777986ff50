//! One connection: the rooms it holds, what it still waits for, and how much it has not yet taken.

use domain::cursor::Cursor;
use domain::wire::RoomId;

use crate::few::Few;

/// A connection, for as long as it lives; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub(crate) u64);

/// What each frame costs a queue beside the news in it, in bytes.
const FRAME_COST: usize = 256;

#[derive(Debug)]
pub(crate) struct Client {
    /// The last position it was told.
    pub(crate) cursor: Cursor,
    /// The number of its last wish.
    pub(crate) n: u32,
    pub(crate) rooms: Few<RoomId, ()>,
    /// Those of its rooms that still have to be answered.
    pub(crate) due: Few<RoomId, Due>,
    queued: usize,
}

/// A room that a client waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    /// Wished, with the position of the state that it has.
    Wished { since: Option<i64> },
    /// Answered before, but what came since did not fit its queue.
    Behind,
}

impl Client {
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self {
            cursor,
            n: 0,
            rooms: Few::new(),
            due: Few::new(),
            queued: 0,
        }
    }

    /// Whether it has the newest state of the room.
    pub(crate) fn is_current_in(&self, room_id: RoomId) -> bool {
        self.rooms.contains(&room_id) && !self.due.contains(&room_id)
    }

    /// The position that its next message tells: it stays while a room that it was shown is behind.
    pub(crate) fn tell(&mut self, cursor: Cursor) -> Cursor {
        if !self.due.iter().any(|(_, due)| matches!(due, Due::Behind)) {
            self.cursor = cursor;
        }
        self.cursor
    }

    /// Whether `bytes` more may wait for it.
    pub(crate) fn has_space_for(&self, bytes: usize, limit: usize) -> bool {
        self.queued + bytes + FRAME_COST <= limit
    }

    /// Whether nothing waits for it: then one room, or one message beside rooms, may whatever its size.
    pub(crate) fn has_taken_all(&self) -> bool {
        self.queued == 0
    }

    /// A message of so many bytes waits for it.
    pub(crate) fn queue(&mut self, bytes: usize) {
        self.queued += bytes + FRAME_COST;
    }

    /// It has taken a message of so many bytes.
    pub(crate) fn take(&mut self, bytes: usize) {
        self.queued = self.queued.saturating_sub(bytes + FRAME_COST);
    }

    pub(crate) fn queued(&self) -> usize {
        self.queued
    }
}
