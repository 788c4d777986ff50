//! Which states of cell rooms still hold: what was read once is answered again, until an event touches the room.
//!
//! A state that was read at a position no older than what was followed misses nothing that was ever told here: each event
//! after that position comes to [`Kept::follow`] while the room and the roles that it shows are known. So a state need not
//! be compared with events that came before it was kept, and none of them is remembered.

use core::mem::size_of;
use core::ops::Bound;
use std::collections::BTreeMap;

use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::place::Cell;
use domain::view::CellView;
use domain::wire::RoomId;

use crate::shown::{Seen, Shown, seen_in};
use crate::touch::Touch;

/// States of rooms as answers `A`, which are cheap to clone.
#[derive(Debug)]
pub struct Kept<A> {
    bytes_max: usize,
    /// The last event whose touches are known. None while nobody follows: then nothing is kept.
    followed: Option<Cursor>,
    states: BTreeMap<Cell, Read<A>>,
    /// Which of them show what of a role.
    shown: Shown,
    /// Of all states, about.
    bytes: usize,
    /// The room that was looked at last for being let go.
    hand: Option<Cell>,
}

/// The state of a room, as it was read.
#[derive(Debug)]
pub struct Read<A> {
    at: Cursor,
    seen: BTreeMap<RoleId, Seen>,
    answer: A,
    bytes: usize,
    is_asked_for: bool,
}

/// What a role in a room costs, here and in the index, in bytes.
const SEEN_COST: usize = 160;
/// One room may take this part of all bytes at most.
const PART_OF_ONE: usize = 8;

impl<A> Read<A> {
    /// `view` as it was read at `at`; `bytes` are those of `answer` beside itself.
    #[must_use]
    pub fn new(at: Cursor, view: &CellView, answer: A, bytes: usize) -> Self {
        let seen = seen_in(view);
        let bytes = bytes + size_of::<(Cell, Self)>() + seen.len() * SEEN_COST;
        Self {
            at,
            seen,
            answer,
            bytes,
            is_asked_for: false,
        }
    }
}

impl<A: Clone> Kept<A> {
    /// Nothing yet, and at most about `bytes_max` bytes. Beyond them rooms are let go that were not asked for lately.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            followed: None,
            states: BTreeMap::new(),
            shown: Shown::default(),
            bytes: 0,
            hand: None,
        }
    }

    /// Forgets everything; from now on every event after `start` is told to [`Kept::follow`].
    pub fn begin(&mut self, start: Cursor) {
        self.end();
        self.followed = Some(start);
    }

    /// Forgets everything, and keeps nothing until it begins again: nobody follows any more.
    pub fn end(&mut self) {
        *self = Self::new(self.bytes_max);
    }

    /// Forgets everything and goes on: what is read from now on may differ without an event that tells of it.
    pub fn forget_all(&mut self) {
        if let Some(followed) = self.followed {
            self.begin(followed);
        }
    }

    /// The next event of the log, and what it changes.
    pub fn follow(&mut self, cursor: Cursor, touches: &[Touch]) {
        let Some(followed) = self.followed else {
            return;
        };
        if cursor.epoch != followed.epoch {
            // Another log: nothing that is kept was of it.
            return self.begin(cursor);
        }
        if cursor.id <= followed.id {
            return;
        }
        self.followed = Some(cursor);
        if self.states.is_empty() {
            return;
        }
        for touch in touches {
            for cell in touch
                .rooms(&self.shown)
                .into_iter()
                .filter_map(RoomId::cell)
            {
                if self
                    .states
                    .get(&cell)
                    .is_some_and(|state| state.at.id < cursor.id)
                {
                    self.forget(cell);
                }
            }
        }
    }

    /// What the room shows, and up to which position that holds; none where it has to be read, which is also where it is
    /// not known to hold at `min`.
    pub fn get(&mut self, cell: Cell, min: Option<Cursor>) -> Option<(Cursor, A)> {
        let followed = self.followed?;
        let state = self.states.get_mut(&cell)?;
        let cursor = if state.at.id > followed.id {
            state.at
        } else {
            followed
        };
        if min.is_some_and(|min| !cursor.reaches(&min)) {
            return None;
        }
        state.is_asked_for = true;
        Some((cursor, state.answer.clone()))
    }

    /// Keeps what was read, unless something may have changed it that was told before.
    pub fn keep(&mut self, cell: Cell, read: Read<A>) {
        let misses_nothing = self
            .followed
            .is_some_and(|followed| read.at.reaches(&followed));
        let is_newest = self
            .states
            .get(&cell)
            .is_none_or(|known| known.at.id < read.at.id);
        if !misses_nothing || !is_newest || read.bytes > self.bytes_max / PART_OF_ONE {
            return;
        }
        self.forget(cell);
        while self.bytes + read.bytes > self.bytes_max {
            self.let_one_go();
        }
        self.bytes += read.bytes;
        self.shown
            .replace(cell.into(), &BTreeMap::new(), &read.seen);
        self.states.insert(cell, read);
    }

    /// How many bytes all states take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn forget(&mut self, cell: Cell) {
        if let Some(state) = self.states.remove(&cell) {
            self.bytes -= state.bytes;
            self.shown
                .replace(cell.into(), &state.seen, &BTreeMap::new());
        }
    }

    /// Goes round all rooms, and lets the first one go that was not asked for since the last round.
    fn let_one_go(&mut self) {
        loop {
            let after = self.hand.map_or(Bound::Unbounded, Bound::Excluded);
            let next = self.states.range_mut((after, Bound::Unbounded)).next();
            let Some((&cell, state)) = next else {
                if self.hand.take().is_none() {
                    return;
                }
                continue;
            };
            self.hand = Some(cell);
            if !core::mem::take(&mut state.is_asked_for) {
                return self.forget(cell);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Epoch;
    use domain::place::Place;
    use domain::time::Millis;
    use uuid::Uuid;

    use super::*;

    const BYTES_MAX: usize = 16_000;

    fn cursor(epoch: u128, id: i64) -> Cursor {
        Cursor {
            epoch: Epoch(Uuid::from_u128(epoch)),
            at: Millis(id),
            id,
        }
    }

    /// Where things are, far from each other.
    fn stored(n: i32) -> Cell {
        let (lat, lon) = (484_100_000 + n * 1_000_000, 156_100_000);
        Place { lat, lon }.cell()
    }

    fn room(n: i32) -> Cell {
        stored(n).parent(9)
    }

    fn read(id: i64, bytes: usize) -> Read<i64> {
        Read::new(cursor(1, id), &CellView::default(), id, bytes)
    }

    fn begun() -> Kept<i64> {
        let mut kept = Kept::new(BYTES_MAX);
        kept.begin(cursor(1, 10));
        kept
    }

    #[test]
    fn at_the_bound_rooms_go_that_nobody_asked_for() {
        let mut kept = begun();
        for n in 0..100 {
            kept.keep(room(n), read(10, 1000));
            assert!(kept.bytes() <= BYTES_MAX);
            assert!(kept.get(room(0), None).is_some(), "asked for all the time");
        }
        assert!(kept.get(room(99), None).is_some());
        let left = (0..100).filter(|&n| kept.get(room(n), None).is_some());
        assert!((10..16).contains(&left.count()));
        kept.keep(room(100), read(10, BYTES_MAX / 4));
        assert!(kept.get(room(100), None).is_none(), "too big for one");
        // Also where all were asked for.
        kept.keep(room(101), read(10, 1000));
        assert!(kept.get(room(101), None).is_some() && kept.bytes() <= BYTES_MAX);
    }

    #[test]
    fn only_what_was_read_at_what_is_followed_or_later_is_kept() {
        let mut kept = begun();
        kept.keep(room(1), read(9, 10));
        assert_eq!(kept.get(room(1), None), None);
        kept.keep(room(1), read(12, 10));
        kept.keep(room(1), read(11, 10));
        assert_eq!(kept.get(room(1), None), Some((cursor(1, 12), 12)));
        // What it includes already changes nothing; what comes after that does.
        kept.follow(cursor(1, 12), &[Touch::At(stored(1))]);
        kept.follow(cursor(1, 13), &[Touch::At(stored(2))]);
        assert_eq!(
            kept.get(room(1), Some(cursor(1, 13))),
            Some((cursor(1, 13), 12))
        );
        assert_eq!(kept.get(room(1), Some(cursor(1, 14))), None);
        kept.follow(cursor(1, 14), &[Touch::At(stored(1))]);
        assert_eq!(kept.get(room(1), None), None);
        assert_eq!(kept.bytes(), 0);
    }

    #[test]
    fn another_log_and_the_end_of_following_forget_everything() {
        for end in [
            (|kept| kept.follow(cursor(2, 1), &[])) as fn(&mut Kept<i64>),
            |kept| kept.begin(cursor(1, 11)),
            Kept::end,
        ] {
            let mut kept = begun();
            kept.keep(room(1), read(10, 10));
            end(&mut kept);
            assert_eq!((kept.get(room(1), None), kept.bytes()), (None, 0));
        }
        let mut kept = begun();
        kept.end();
        kept.keep(room(1), read(10, 10));
        assert_eq!(kept.get(room(1), None), None);
    }
}
