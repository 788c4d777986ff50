//! Which rooms clients hold, and how long left ones are kept.

use std::collections::BTreeMap;

use domain::place::{Cell, ROOM_RESOLUTIONS};
use domain::time::Millis;
use domain::wire::{CloseCode, RoomWish};

use super::{Hub, Outgoing};
use crate::client::{ClientId, Due};
use crate::room::Room;

impl Hub {
    /// The client wants to hold exactly these rooms from now on. What is at hand is answered at once; rooms it
    /// holds already go on as they are, whatever cursor it names. `n` is the client's number for this wish.
    ///
    /// # Errors
    /// `Malformed` for a cell that is no room, `TooManyRooms` beyond what one client or this hub may hold.
    pub fn wish(
        &mut self,
        client: ClientId,
        n: u32,
        wishes: &[RoomWish],
        now: Millis,
    ) -> Result<Option<Outgoing>, CloseCode> {
        let wanted: BTreeMap<Cell, Option<i64>> = wishes
            .iter()
            .map(|wish| (wish.cell, self.position(wish)))
            .collect();
        if wanted.len() > self.limits.held {
            return Err(CloseCode::TooManyRooms);
        }
        if !wanted
            .keys()
            .all(|cell| ROOM_RESOLUTIONS.contains(&cell.resolution()))
        {
            return Err(CloseCode::Malformed);
        }
        let Some(known) = self.clients.get_mut(&client) else {
            return Ok(None);
        };
        known.n = n;
        let gone: Vec<Cell> = known
            .rooms
            .iter()
            .filter(|cell| !wanted.contains_key(cell))
            .copied()
            .collect();
        let new: Vec<(Cell, Option<i64>)> = wanted
            .into_iter()
            .filter(|(cell, _)| known.rooms.insert(*cell))
            .collect();
        for cell in &gone {
            known.rooms.remove(cell);
            known.due.remove(cell);
        }
        for &(cell, since) in &new {
            known.due.insert(cell, Due::Wished { since });
        }
        for cell in gone {
            self.leave(client, cell, now);
        }
        for &(cell, _) in &new {
            self.enter(client, cell)?;
        }
        Ok(self.answer(client))
    }

    /// The position of the state that a client has of a room, if it says anything here.
    fn position(&self, wish: &RoomWish) -> Option<i64> {
        wish.cursor
            .filter(|cursor| self.followed.reaches(cursor))
            .map(|cursor| cursor.id)
    }

    fn enter(&mut self, client: ClientId, cell: Cell) -> Result<(), CloseCode> {
        if !self.rooms.contains_key(&cell)
            && self.rooms.len() >= self.limits.rooms
            && !self.forget_a_left_room()
        {
            return Err(CloseCode::TooManyRooms);
        }
        let room = self
            .rooms
            .entry(cell)
            .or_insert_with(|| Room::new(self.followed.id));
        room.listeners.insert(client);
        room.left_at = None;
        if room.is_touched() {
            self.stale.insert(cell);
        }
        if !room.holds_at(self.cursor, self.followed) {
            self.wanted.insert(cell);
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, client: ClientId, cell: Cell, now: Millis) {
        let Some(room) = self.rooms.get_mut(&cell) else {
            return;
        };
        if room.listeners.remove(&client) && room.listeners.is_empty() {
            room.left_at = Some(now);
            self.left.push_back((now, cell));
            self.stale.remove(&cell);
            self.wanted.remove(&cell);
        }
    }

    /// Forgets the rooms that were left long enough ago.
    pub(super) fn forget_left(&mut self, now: Millis) {
        while self
            .left
            .front()
            .is_some_and(|&(at, _)| now - at >= self.limits.left_ms)
        {
            self.forget_a_left_room();
        }
    }

    /// Forgets the room that was left first; false where none is left.
    fn forget_a_left_room(&mut self) -> bool {
        while let Some((at, cell)) = self.left.pop_front() {
            if self
                .rooms
                .get(&cell)
                .is_some_and(|room| room.left_at == Some(at))
            {
                self.forget(cell);
                return true;
            }
        }
        false
    }

    fn forget(&mut self, cell: Cell) {
        if let Some(room) = self.rooms.remove(&cell) {
            self.history_bytes -= room.history_bytes();
            if let Some(seen) = room.seen() {
                self.roles.replace(cell, seen, &BTreeMap::new());
            }
        }
    }
}
