//! In which rooms a role is seen.

use std::collections::BTreeMap;

use domain::id::RoleId;
use domain::view::CellView;
use domain::wire::RoomId;

/// Where a role is seen in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its spool is there; else only threads, knots or messages of it, or answers to these.
    pub(crate) spool: bool,
}

/// The roles that a view shows.
pub(crate) fn seen_in(view: &CellView) -> BTreeMap<RoleId, Seen> {
    let threads = view.threads.values().flat_map(|thread| {
        let to = thread.target.role();
        [Some(thread.role), to].into_iter().flatten()
    });
    let knots = view.nodes.values().map(|node| node.owner);
    let speakers = view.messages.iter().map(|message| message.role);
    let answered = view
        .messages
        .iter()
        .filter_map(|message| message.reply_to.as_ref());
    let ends = threads
        .chain(knots)
        .chain(speakers)
        .chain(answered.map(|quoted| quoted.role))
        .map(|role| (role, Seen { spool: false }));
    let spools = view.spools.keys().map(|&role| (role, Seen { spool: true }));
    ends.chain(spools).collect()
}

/// Role → rooms, over views as they were read.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    rooms: BTreeMap<RoleId, BTreeMap<RoomId, Seen>>,
}

impl Shown {
    /// The rooms that show the role's spool.
    pub(crate) fn with_spool(&self, role: RoleId) -> impl Iterator<Item = RoomId> {
        let rooms = self.rooms.get(&role).into_iter().flatten();
        rooms
            .filter(|(_, seen)| seen.spool)
            .map(|(&room_id, _)| room_id)
    }

    /// The rooms that show anything of the role.
    pub(crate) fn with(&self, role: RoleId) -> impl Iterator<Item = RoomId> {
        let rooms = self.rooms.get(&role).into_iter().flatten();
        rooms.map(|(&room_id, _)| room_id)
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
}
