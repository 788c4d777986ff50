//! What happened, which rooms must be read for it, and what was read.

use domain::cursor::Cursor;
use domain::time::Millis;
use domain::view::CellView;
use domain::wire::RoomId;

use super::deliver::News;
use super::{Hub, Outgoing};
use crate::touch::Touch;

impl Hub {
    /// The next event of the log, and what it changes. Events that were followed already change nothing.
    pub fn follow(&mut self, cursor: Cursor, touches: &[Touch]) {
        if cursor.epoch != self.followed.epoch || cursor.id <= self.followed.id {
            return;
        }
        let id = cursor.id;
        for &touch in touches {
            match touch {
                Touch::Acted { role, .. } => self.roles.acted(role, id),
                Touch::Changed { role, .. } => self.roles.changed(role, id),
                Touch::At(_) | Touch::Count(_) | Touch::Said(_) => {}
            }
            self.touch(touch.rooms(&self.roles.shown), id);
        }
        self.followed = cursor;
        self.roles.bound(self.limits.recent_roles, id);
        self.advance();
    }

    fn touch(&mut self, room_ids: Vec<RoomId>, id: i64) {
        for room_id in room_ids {
            if let Some(room) = self.rooms.get_mut(&room_id) {
                room.touch(id, self.followed);
                if !room.listeners.is_empty() {
                    self.stale.insert(room_id);
                }
            }
        }
    }

    /// A tick has come: the rooms to read, all at one position; none where nothing happened.
    pub fn tick(&mut self, now: Millis) -> Vec<RoomId> {
        self.roles.age(self.cursor);
        self.forget_left(now);
        self.forget_old_changes(now);
        self.wanted.clear();
        self.stale.iter().copied().collect()
    }

    /// The rooms that someone waits for and that are not at hand: to be read without waiting for the tick.
    pub fn wanted(&mut self) -> Vec<RoomId> {
        core::mem::take(&mut self.wanted).into_iter().collect()
    }

    /// What was read at `cursor`: the frames that this makes, at most one per client. Reads may come in any order;
    /// what is older than what is known changes nothing.
    pub fn loaded(
        &mut self,
        cursor: Cursor,
        views: Vec<(RoomId, CellView)>,
        now: Millis,
    ) -> Vec<Outgoing> {
        if cursor.epoch != self.followed.epoch || !self.roles.covers(cursor.id) {
            return Vec::new();
        }
        let mut news = News::default();
        for (room_id, view) in views {
            self.load(room_id, view, cursor, now, &mut news);
        }
        self.advance();
        self.deliver(news)
    }

    fn load(
        &mut self,
        room_id: RoomId,
        view: CellView,
        cursor: Cursor,
        now: Millis,
        news: &mut News,
    ) {
        let Some(room) = self.rooms.get_mut(&room_id) else {
            return;
        };
        let before = room.history_bytes();
        let Some(loaded) = room.load(room_id, view, (cursor, self.followed), now, &self.limits)
        else {
            return;
        };
        let after = room.history_bytes();
        self.history_bytes = self.history_bytes - before + after;
        // A role may have acted after this was read, when nobody knew yet that the room shows it.
        let missed = room
            .seen()
            .and_then(|seen| self.roles.newest_after(cursor.id, seen));
        if let Some(id) = missed {
            room.touch(id, cursor);
        }
        if room.is_touched() && !room.listeners.is_empty() {
            self.stale.insert(room_id);
        } else {
            self.stale.remove(&room_id);
        }
        for &client in &room.listeners {
            let Some(known) = self.clients.get(&client) else {
                continue;
            };
            if !known.is_current_in(room_id) {
                news.waiting.insert(client);
            } else if loaded.patch.is_some() {
                news.changed.entry(client).or_default().push(room_id);
            }
        }
        if let Some(patch) = loaded.patch {
            news.patches.insert(room_id, patch);
            self.remembered.push_back((now, room_id));
        }
        if let Some((old, new)) = loaded.seen {
            self.roles.shown.replace(room_id, &old, &new);
        }
    }

    fn forget_old_changes(&mut self, now: Millis) {
        let oldest = now + -self.limits.history_ms;
        while let Some(&(at, room_id)) = self.remembered.front() {
            let too_much = self.history_bytes > self.limits.history_total;
            if at >= oldest && !too_much {
                return;
            }
            self.remembered.pop_front();
            let Some(room) = self.rooms.get_mut(&room_id) else {
                continue;
            };
            let before = room.history_bytes();
            if let Some(history) = room.history() {
                history.forget_before(oldest);
                if too_much {
                    history.forget_oldest();
                }
            }
            self.history_bytes = self.history_bytes - before + room.history_bytes();
        }
    }

    /// Raises the cursor to what every listened room has reached.
    pub(super) fn advance(&mut self) {
        let mut reached = self.followed;
        for room_id in &self.stale {
            let valid = self
                .rooms
                .get(room_id)
                .and_then(|room| room.valid(self.followed));
            if let Some(valid) = valid
                && valid.id < reached.id
            {
                reached = valid;
            }
        }
        if reached.id > self.cursor.id {
            self.cursor = reached;
        }
    }
}
