//! In which rooms a role is seen, and who acted while rooms were being read.

use std::collections::BTreeMap;

use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::view::CellView;
use domain::wire::RoomId;

/// Where a role is seen in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its spool is there; else only threads, knots or messages of it.
    pub(crate) spool: bool,
}

/// The roles that a view shows.
pub(crate) fn seen_in(view: &CellView) -> BTreeMap<RoleId, Seen> {
    let threads = view.threads.values().map(|thread| thread.role);
    let knots = view.nodes.values().map(|node| node.owner);
    let speakers = view.messages.iter().map(|message| message.role);
    let ends = threads
        .chain(knots)
        .chain(speakers)
        .map(|role| (role, Seen { spool: false }));
    let spools = view.spools.keys().map(|&role| (role, Seen { spool: true }));
    ends.chain(spools).collect()
}

/// Role → rooms, over the views as they were last read; and the last acts of roles, because a room may have been
/// read before an act that is followed before the room arrives.
#[derive(Debug)]
pub(crate) struct Roles {
    rooms: BTreeMap<RoleId, BTreeMap<RoomId, Seen>>,
    recent: BTreeMap<RoleId, Recent>,
    /// Reads at positions before this one are useless: acts after them may have been forgotten.
    floor: i64,
    /// The floor after the next tick.
    next_floor: i64,
}

/// The last events of a role.
#[derive(Clone, Copy, Debug, Default)]
struct Recent {
    acted: i64,
    changed: i64,
}

impl Roles {
    pub(crate) fn new() -> Self {
        Self {
            rooms: BTreeMap::new(),
            recent: BTreeMap::new(),
            floor: 0,
            next_floor: 0,
        }
    }

    /// The rooms that show the role's spool.
    pub(crate) fn with_spool(&self, role: RoleId) -> Vec<RoomId> {
        let rooms = self.rooms.get(&role).into_iter().flatten();
        rooms
            .filter(|(_, seen)| seen.spool)
            .map(|(&room_id, _)| room_id)
            .collect()
    }

    /// The rooms that show anything of the role.
    pub(crate) fn with(&self, role: RoleId) -> Vec<RoomId> {
        self.rooms
            .get(&role)
            .into_iter()
            .flatten()
            .map(|(&room_id, _)| room_id)
            .collect()
    }

    /// The room now shows other roles.
    pub(crate) fn replace(
        &mut self,
        room_id: RoomId,
        old: &BTreeMap<RoleId, Seen>,
        new: &BTreeMap<RoleId, Seen>,
    ) {
        for role in old.keys().filter(|role| !new.contains_key(role)) {
            if let Some(rooms) = self.rooms.get_mut(role) {
                rooms.remove(&room_id);
                if rooms.is_empty() {
                    self.rooms.remove(role);
                }
            }
        }
        for (&role, &seen) in new
            .iter()
            .filter(|&(role, seen)| old.get(role) != Some(seen))
        {
            self.rooms.entry(role).or_default().insert(room_id, seen);
        }
    }

    /// The role acted in the event `id`.
    pub(crate) fn acted(&mut self, role: RoleId, id: i64) {
        self.recent.entry(role).or_default().acted = id;
    }

    /// The role was changed by the event `id`.
    pub(crate) fn changed(&mut self, role: RoleId, id: i64) {
        self.recent.entry(role).or_default().changed = id;
    }

    /// Keeps the recent acts bounded: at the bound, what is being read will be read again.
    pub(crate) fn bound(&mut self, max: usize, followed: i64) {
        if self.recent.len() > max {
            self.recent.clear();
            self.floor = followed;
        }
    }

    /// A tick has come: who began to read before the last one has waited long enough.
    pub(crate) fn age(&mut self, cursor: Cursor) {
        if self.floor != self.next_floor {
            self.floor = self.floor.max(self.next_floor);
            let floor = self.floor;
            self.recent
                .retain(|_, recent| recent.acted.max(recent.changed) > floor);
        }
        self.next_floor = cursor.id;
    }

    /// Whether a read at `position` can be used.
    pub(crate) fn covers(&self, position: i64) -> bool {
        position >= self.floor
    }

    /// The newest event after `position` that changes a room which shows these roles.
    pub(crate) fn newest_after(&self, position: i64, seen: &BTreeMap<RoleId, Seen>) -> Option<i64> {
        if self.recent.is_empty() {
            return None;
        }
        seen.iter()
            .filter_map(|(role, seen)| {
                let recent = self.recent.get(role)?;
                Some(if seen.spool {
                    recent.acted.max(recent.changed)
                } else {
                    recent.changed
                })
            })
            .filter(|&id| id > position)
            .max()
    }

    /// How many roles are remembered for reads in flight.
    pub(crate) fn recent_len(&self) -> usize {
        self.recent.len()
    }
}
