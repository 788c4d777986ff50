//! Which rooms clients hold, and how long left ones are kept.

use std::collections::BTreeMap;

use domain::place::ROOM_RESOLUTIONS;
use domain::time::Millis;
use domain::wire::{CloseCode, RoomId, RoomWish};

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
        let wanted: BTreeMap<RoomId, Option<i64>> = wishes
            .iter()
            .map(|wish| (wish.room, self.position(wish)))
            .collect();
        let cells = || wanted.keys().filter_map(|room_id| room_id.cell());
        let held = cells().count();
        if held > self.limits.held || wanted.len() - held > self.limits.talks {
            return Err(CloseCode::TooManyRooms);
        }
        if !cells().all(|cell| ROOM_RESOLUTIONS.contains(&cell.resolution())) {
            return Err(CloseCode::Malformed);
        }
        let Some(known) = self.clients.get_mut(&client) else {
            return Ok(None);
        };
        known.n = n;
        let gone: Vec<RoomId> = known
            .rooms
            .iter()
            .map(|&(room_id, ())| room_id)
            .filter(|room_id| !wanted.contains_key(room_id))
            .collect();
        let new: Vec<(RoomId, Option<i64>)> = wanted
            .into_iter()
            .filter(|(room_id, _)| known.rooms.insert(*room_id, ()))
            .collect();
        for room_id in &gone {
            known.rooms.remove(room_id);
            known.due.remove(room_id);
        }
        for &(room_id, since) in &new {
            known.due.insert(room_id, Due::Wished { since });
        }
        for room_id in gone {
            self.leave(client, room_id, now);
        }
        for &(room_id, _) in &new {
            self.enter(client, room_id)?;
        }
        Ok(self.answer(client))
    }

    /// The position of the state that a client has of a room, if it says anything here.
    fn position(&self, wish: &RoomWish) -> Option<i64> {
        wish.cursor
            .filter(|cursor| self.followed.reaches(cursor))
            .map(|cursor| cursor.id)
    }

    fn enter(&mut self, client: ClientId, room_id: RoomId) -> Result<(), CloseCode> {
        if !self.rooms.contains_key(&room_id)
            && self.rooms.len() >= self.limits.rooms
            && !self.forget_a_left_room()
        {
            return Err(CloseCode::TooManyRooms);
        }
        let room = self
            .rooms
            .entry(room_id)
            .or_insert_with(|| Room::new(self.followed.id));
        room.listeners.insert(client);
        room.left_at = None;
        if room.is_touched() {
            self.stale.insert(room_id);
        }
        if !room.holds_at(self.cursor, self.followed) {
            self.wanted.insert(room_id);
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, client: ClientId, room_id: RoomId, now: Millis) {
        let Some(room) = self.rooms.get_mut(&room_id) else {
            return;
        };
        if room.listeners.remove(&client) && room.listeners.is_empty() {
            room.left_at = Some(now);
            self.left.push_back((now, room_id));
            self.stale.remove(&room_id);
            self.wanted.remove(&room_id);
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
        while let Some((at, room_id)) = self.left.pop_front() {
            if self
                .rooms
                .get(&room_id)
                .is_some_and(|room| room.left_at == Some(at))
            {
                self.forget(room_id);
                return true;
            }
        }
        false
    }

    fn forget(&mut self, room_id: RoomId) {
        if let Some(room) = self.rooms.remove(&room_id) {
            self.history_bytes -= room.history_bytes();
            if let Some(seen) = room.seen() {
                self.roles.shown.replace(room_id, seen, &BTreeMap::new());
            }
        }
    }
}
