//! One room: what was last read of it, who listens, and since when it may be stale.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::time::Millis;
use domain::view::CellView;
use domain::wire::RoomId;

use crate::client::ClientId;
use crate::frame;
use crate::history::History;
use crate::limits::Limits;
use crate::shown::{Seen, seen_in};

#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) listeners: BTreeSet<ClientId>,
    /// Since when nobody listens.
    pub(crate) left_at: Option<Millis>,
    /// The newest event that changed it and is not in what was read.
    touched: Option<i64>,
    state: Option<State>,
}

#[derive(Debug)]
struct State {
    view: CellView,
    /// While touched: the position up to which the view is known to hold.
    valid: Cursor,
    history: History,
    seen: BTreeMap<RoleId, Seen>,
    full: Option<Arc<str>>,
    /// The last encoded answer to who comes back, with the change that it begins with.
    since: Option<(i64, Arc<str>)>,
}

/// What a read brought.
pub(crate) struct Loaded {
    /// The roles seen before and now, where they changed.
    pub(crate) seen: Option<(BTreeMap<RoleId, Seen>, BTreeMap<RoleId, Seen>)>,
    /// What changed, encoded; none on the first read and where nothing did.
    pub(crate) patch: Option<Arc<str>>,
}

impl Room {
    /// A room nobody has read yet: only a read at `followed` or later shows all that was followed.
    pub(crate) fn new(followed: i64) -> Self {
        Self {
            listeners: BTreeSet::new(),
            left_at: None,
            touched: Some(followed),
            state: None,
        }
    }

    /// The event `id` changed it; all before `followed` is in what was read, unless it was touched already.
    pub(crate) fn touch(&mut self, id: i64, followed: Cursor) {
        if self.touched.is_none()
            && let Some(state) = &mut self.state
            && state.valid.id < followed.id
        {
            state.valid = followed;
        }
        self.touched = self.touched.max(Some(id));
    }

    /// Whether it must be read again.
    pub(crate) fn is_touched(&self) -> bool {
        self.touched.is_some()
    }

    /// The position up to which what was read holds.
    pub(crate) fn valid(&self, followed: Cursor) -> Option<Cursor> {
        let state = self.state.as_ref()?;
        if self.touched.is_some() || state.valid.id > followed.id {
            Some(state.valid)
        } else {
            Some(followed)
        }
    }

    /// Whether it can be shown to who is told `cursor`.
    pub(crate) fn holds_at(&self, cursor: Cursor, followed: Cursor) -> bool {
        self.valid(followed)
            .is_some_and(|valid| valid.id >= cursor.id)
    }

    /// Takes what was read at `cursor`, unless something newer is known.
    pub(crate) fn load(
        &mut self,
        room_id: RoomId,
        view: CellView,
        (cursor, followed): (Cursor, Cursor),
        now: Millis,
        limits: &Limits,
    ) -> Option<Loaded> {
        if self
            .valid(followed)
            .is_some_and(|valid| cursor.id < valid.id)
        {
            return None;
        }
        if self.touched.is_some_and(|id| id <= cursor.id) {
            self.touched = None;
        }
        let Some(state) = &mut self.state else {
            let seen = seen_in(&view);
            let history = History::new(cursor.id);
            let before = BTreeMap::new();
            self.state = Some(State {
                view,
                valid: cursor,
                history,
                seen: seen.clone(),
                full: None,
                since: None,
            });
            return Some(Loaded {
                seen: Some((before, seen)),
                patch: None,
            });
        };
        state.valid = cursor;
        let patch = state.view.diff(&view);
        if patch.is_empty() {
            return Some(Loaded {
                seen: None,
                patch: None,
            });
        }
        let encoded = frame::patch(room_id, &patch);
        state
            .history
            .push(cursor.id, now, patch, encoded.len(), limits);
        let seen = seen_in(&view);
        let before = core::mem::replace(&mut state.seen, seen.clone());
        state.view = view;
        state.full = None;
        state.since = None;
        Some(Loaded {
            seen: Some((before, seen)),
            patch: Some(encoded),
        })
    }

    /// What who stands at `since` needs: the changes where they are remembered, else everything. Encoded once for all
    /// who stand there.
    pub(crate) fn news(&mut self, room_id: RoomId, since: Option<i64>) -> Option<Arc<str>> {
        let state = self.state.as_mut()?;
        let first = since.map(|position| state.history.first_after(position));
        let Some(Ok(first)) = first else {
            let full = state
                .full
                .get_or_insert_with(|| frame::full(room_id, &state.view));
            return Some(Arc::clone(full));
        };
        let first = first.unwrap_or(i64::MAX);
        if let Some((known, encoded)) = &state.since
            && *known == first
        {
            return Some(Arc::clone(encoded));
        }
        let encoded = frame::patch(room_id, &state.history.merged_from(first));
        state.since = Some((first, Arc::clone(&encoded)));
        Some(encoded)
    }

    /// The roles that it shows.
    pub(crate) fn seen(&self) -> Option<&BTreeMap<RoleId, Seen>> {
        self.state.as_ref().map(|state| &state.seen)
    }

    pub(crate) fn history(&mut self) -> Option<&mut History> {
        self.state.as_mut().map(|state| &mut state.history)
    }

    pub(crate) fn history_bytes(&self) -> usize {
        self.state.as_ref().map_or(0, |state| state.history.bytes())
    }
}
