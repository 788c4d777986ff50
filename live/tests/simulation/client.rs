//! A client as `docs/protocol.md` asks for it, and what must hold for it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use domain::cursor::Cursor;
use domain::view::CellView;
use domain::wire::{RoomId, RoomNews, RoomWish, ServerMessage};
use live::ClientId;

use crate::world::World;

#[derive(Default)]
struct Room {
    view: CellView,
    /// What its view is valid for; none: it has none.
    cursor: Option<Cursor>,
    /// The wish that is not answered yet.
    asked: Option<u32>,
    /// The position of the log at which it was last found to be as it is.
    seen_at: i64,
}

/// One browser.
#[derive(Default)]
pub(crate) struct Client {
    pub(crate) id: Option<ClientId>,
    /// What the hub has sent and it has not read.
    pub(crate) inbox: VecDeque<Arc<str>>,
    pub(crate) stalled: bool,
    wished: BTreeMap<RoomId, Room>,
    left: BTreeMap<RoomId, Room>,
    cursor: Option<Cursor>,
    said: u32,
}

/// What a message was.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) fulls: u64,
    pub(crate) patches: u64,
    pub(crate) deltas_after_return: u64,
    pub(crate) ignored_as_old: u64,
}

impl Client {
    /// Wants other rooms; what it leaves it keeps.
    pub(crate) fn look(&mut self, rooms: Vec<RoomId>) {
        for (id, room) in std::mem::take(&mut self.wished) {
            if rooms.contains(&id) {
                self.wished.insert(id, room);
            } else if room.cursor.is_some() {
                self.left.insert(id, room);
            }
        }
        for id in rooms {
            if !self.wished.contains_key(&id) {
                let mut room = self.left.remove(&id).unwrap_or_default();
                room.asked = Some(u32::MAX);
                self.wished.insert(id, room);
            }
        }
    }

    /// What it has left and kept.
    pub(crate) fn left(&self) -> impl Iterator<Item = RoomId> {
        self.left.keys().copied()
    }

    /// What it says then.
    pub(crate) fn wishes(&mut self) -> (u32, Vec<RoomWish>) {
        self.said += 1;
        for room in self
            .wished
            .values_mut()
            .filter(|room| room.asked == Some(u32::MAX))
        {
            room.asked = Some(self.said);
        }
        (
            self.said,
            self.wished
                .iter()
                .map(|(id, room)| RoomWish {
                    room: *id,
                    cursor: room.cursor,
                })
                .collect(),
        )
    }

    /// Its connection is gone, with all that was on its way.
    pub(crate) fn lose(&mut self) -> Option<ClientId> {
        self.inbox.clear();
        self.cursor = None;
        for room in self.wished.values_mut() {
            room.asked = Some(u32::MAX);
        }
        self.id.take()
    }

    /// Reads one message and checks what it has then.
    pub(crate) fn hear(&mut self, text: &str, world: &World, exact: bool) -> Result<Heard, String> {
        let message: ServerMessage =
            serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))?;
        let mut heard = Heard::default();
        match message {
            ServerMessage::Hello { cursor, .. } | ServerMessage::Pong { cursor, .. } => {
                self.reached(cursor)?
            }
            ServerMessage::Me { .. } => {}
            ServerMessage::Rooms { cursor, n, rooms } => {
                for frame in rooms {
                    let Some(room) = self.wished.get_mut(&frame.room) else {
                        continue;
                    };
                    if room.asked.is_some_and(|asked| n < asked) {
                        heard.ignored_as_old += 1;
                        continue;
                    }
                    match frame.news {
                        RoomNews::Full(view) => {
                            heard.fulls += 1;
                            room.view = view;
                        }
                        RoomNews::Patch(patch) => {
                            if room.cursor.is_none() {
                                return Err(format!(
                                    "a patch for {:?}, of which nothing is known",
                                    frame.room
                                ));
                            }
                            heard.patches += 1;
                            heard.deltas_after_return +=
                                u64::from(room.asked.is_some() && !patch.is_empty());
                            room.view.apply(&patch);
                        }
                    }
                    (room.asked, room.cursor) = (None, Some(cursor));
                }
                self.reached(cursor)?;
            }
        }
        self.check(world, exact)?;
        Ok(heard)
    }

    fn reached(&mut self, cursor: Cursor) -> Result<(), String> {
        if self.cursor.is_some_and(|before| cursor.id < before.id) {
            return Err(format!("the cursor went back to {}", cursor.id));
        }
        self.cursor = Some(cursor);
        for room in self.wished.values_mut().filter(|room| room.asked.is_none()) {
            room.cursor = Some(cursor);
        }
        Ok(())
    }

    /// Every answered room is what it was at some position at or after its cursor, and that never goes back. Where published
    /// points are told as of now (`exact` is not set), a spool that moved on meanwhile was never seen where it had passed:
    /// then the room is at least what it was once.
    fn check(&mut self, world: &World, exact: bool) -> Result<(), String> {
        for (id, room) in self
            .wished
            .iter_mut()
            .filter(|(_, room)| room.asked.is_none())
        {
            let Some(cursor) = room.cursor else { continue };
            let from = if exact {
                cursor.id.max(room.seen_at)
            } else {
                0
            };
            room.seen_at = world.when(*id, &room.view, from).ok_or_else(|| {
                format!(
                    "{id:?} was never as shown from {from} on: {:?} is not {:?}",
                    room.view,
                    world.view(*id, from)
                )
            })?;
        }
        Ok(())
    }

    /// All is quiet: everything is answered, and as a fresh read would give it.
    pub(crate) fn is_current(&self, world: &World) -> Result<(), String> {
        if self.cursor.is_none_or(|cursor| cursor.id != world.head()) {
            return Err(format!(
                "it is at {:?}, the head is {}",
                self.cursor,
                world.head()
            ));
        }
        for (id, room) in &self.wished {
            if room.asked.is_some() {
                return Err(format!("{id:?} was never answered"));
            }
            if room.view != **world.view(*id, world.head()) {
                return Err(format!("{id:?} is not what it is now"));
            }
        }
        Ok(())
    }
}
