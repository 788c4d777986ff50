//! The last changes of a room, so that who comes back gets what changed instead of everything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::time::Millis;
use domain::view::{Patch, Row};

use crate::limits::Limits;

/// Changes in order, bounded by number, bytes and age.
#[derive(Debug)]
pub(crate) struct History {
    /// Positions before this one are not covered.
    floor: i64,
    changes: VecDeque<Change>,
    bytes: usize,
}

#[derive(Debug)]
struct Change {
    /// The position of the state that it leads to.
    to: i64,
    at: Millis,
    bytes: usize,
    patch: Patch,
}

impl History {
    /// Of a room that was first read at `floor`.
    pub(crate) fn new(floor: i64) -> Self {
        Self {
            floor,
            changes: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Bytes of JSON of what is remembered.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Remembers what led to the state at `to`.
    pub(crate) fn push(
        &mut self,
        to: i64,
        at: Millis,
        patch: Patch,
        bytes: usize,
        limits: &Limits,
    ) {
        self.bytes += bytes;
        self.changes.push_back(Change {
            to,
            at,
            bytes,
            patch,
        });
        while self.changes.len() > limits.history_changes || self.bytes > limits.history_bytes {
            self.forget_oldest();
        }
    }

    /// Forgets what happened before `moment`.
    pub(crate) fn forget_before(&mut self, moment: Millis) {
        while self
            .changes
            .front()
            .is_some_and(|change| change.at < moment)
        {
            self.forget_oldest();
        }
    }

    /// Forgets one change.
    pub(crate) fn forget_oldest(&mut self) {
        if let Some(change) = self.changes.pop_front() {
            self.floor = self.floor.max(change.to);
            self.bytes -= change.bytes;
        }
    }

    /// The first change that who stands at `position` may not have; all later ones are wanted too. None: nothing
    /// changed since. An error: the position is not covered.
    pub(crate) fn first_after(&self, position: i64) -> Result<Option<i64>, NotCovered> {
        if position < self.floor {
            return Err(NotCovered);
        }
        Ok(self
            .changes
            .iter()
            .map(|change| change.to)
            .find(|&to| to > position))
    }

    /// All changes from the one that leads to `first` on, as one.
    pub(crate) fn merged_from(&self, first: i64) -> Patch {
        let patches = || {
            self.changes
                .iter()
                .filter(|change| change.to >= first)
                .map(|change| &change.patch)
        };
        let (nodes, nodes_gone) = merge(patches().map(|patch| (&patch.nodes, &patch.nodes_gone)));
        let (threads, threads_gone) =
            merge(patches().map(|patch| (&patch.threads, &patch.threads_gone)));
        let (spools, spools_gone) =
            merge(patches().map(|patch| (&patch.spools, &patch.spools_gone)));
        let (messages, messages_gone) =
            merge(patches().map(|patch| (&patch.messages, &patch.messages_gone)));
        let mut counts = BTreeMap::new();
        for patch in patches() {
            counts.extend(patch.counts.iter().map(|row| (row.cell, row.clone())));
        }
        let counts = counts.into_values().collect();
        Patch {
            nodes,
            threads,
            spools,
            counts,
            messages,
            nodes_gone,
            threads_gone,
            spools_gone,
            messages_gone,
        }
    }
}

/// The position is older than what is remembered.
#[derive(Debug)]
pub(crate) struct NotCovered;

/// What went and came again stands in both lists: `CellView::apply` removes first, so that the row that came is
/// taken whatever its last event was.
fn merge<'a, R: Row + Clone + 'a>(
    changes: impl Iterator<Item = (&'a Vec<R>, &'a Vec<R::Key>)>,
) -> (Vec<R>, Vec<R::Key>)
where
    R::Key: 'a,
{
    let mut rows = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for (came, went) in changes {
        for key in went {
            rows.remove(key);
            gone.insert(*key);
        }
        rows.extend(came.iter().map(|row| (row.key(), row.clone())));
    }
    (rows.into_values().collect(), gone.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use domain::id::RoleId;
    use domain::place::Place;
    use domain::view::{CellView, SpoolRow};
    use uuid::Uuid;

    use super::*;

    fn spool(n: u128, last: i64) -> SpoolRow {
        SpoolRow {
            role: RoleId(Uuid::from_u128(n)),
            name: format!("{n}"),
            place: Place { lat: 0, lon: 0 },
            radius: None,
            acted_at: Millis(last),
            last,
        }
    }

    fn view(spools: &[SpoolRow]) -> CellView {
        CellView {
            spools: spools.iter().map(|row| (row.role, row.clone())).collect(),
            ..CellView::default()
        }
    }

    #[test]
    fn merged_changes_lead_from_any_covered_state_to_the_newest() {
        let states = [
            (10, view(&[spool(1, 4), spool(2, 9)])),
            (12, view(&[spool(2, 9)])),
            (15, view(&[spool(1, 3), spool(2, 14), spool(3, 15)])),
            (17, view(&[spool(1, 3), spool(2, 14)])),
        ];
        let mut history = History::new(10);
        for pair in states.windows(2) {
            let [(_, old), (to, new)] = pair else {
                continue;
            };
            history.push(*to, Millis(0), old.diff(new), 1, &Limits::default());
        }
        for (position, old) in &states {
            let mut seen = old.clone();
            if let Some(first) = history.first_after(*position).expect("covered") {
                seen.apply(&history.merged_from(first));
            }
            assert_eq!(seen, states[3].1, "from {position}");
        }
        // Between two states and twice is as good.
        let mut seen = states[1].1.clone();
        for _ in 0..2 {
            let first = history.first_after(13).expect("covered").expect("a change");
            seen.apply(&history.merged_from(first));
        }
        assert_eq!(seen, states[3].1);
        assert!(history.first_after(9).is_err());
    }

    #[test]
    fn each_bound_forgets_the_oldest() {
        let small = Limits {
            history_changes: 2,
            history_bytes: 10,
            ..Limits::default()
        };
        let mut history = History::new(0);
        for to in 1..=3 {
            history.push(to, Millis(to), Patch::default(), 1, &small);
        }
        assert!(history.first_after(0).is_err() && history.first_after(1).is_ok());
        history.push(4, Millis(4), Patch::default(), 10, &small);
        assert!(history.first_after(2).is_err() && history.first_after(3).is_ok());
        assert_eq!(history.bytes(), 10);
        history.forget_before(Millis(5));
        assert!(history.first_after(3).is_err() && history.first_after(4).is_ok());
        assert_eq!(history.bytes(), 0);
    }
}
