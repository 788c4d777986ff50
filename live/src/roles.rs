//! In which rooms of a hub a role is seen, and who acted while rooms were being read.

use std::collections::BTreeMap;

use domain::cursor::Cursor;
use domain::id::RoleId;

use crate::shown::{Seen, Shown};

/// What rooms show of roles, as they were last read; and the last acts of roles, because a room may have been read before an
/// act that is followed before the room arrives.
#[derive(Debug)]
pub(crate) struct Roles {
    pub(crate) shown: Shown,
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
            shown: Shown::default(),
            recent: BTreeMap::new(),
            floor: 0,
            next_floor: 0,
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
