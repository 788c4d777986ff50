//! What an act does to a thread and its knot.

use std::collections::BTreeMap;

use super::{NodeKind, NodeState, ThreadState};
use crate::event::Tie;
use crate::id::RoleId;
use crate::place::Cell;
use crate::time::{FADE_MS, Millis};

/// A new knot. An event holds at least until its date, which is its end where it says one, and then fades.
pub(crate) fn knot(
    kind: NodeKind,
    owner: RoleId,
    cell: Cell,
    (starts_at, ends_at): (Option<Millis>, Option<Millis>),
    at: Millis,
) -> NodeState {
    NodeState {
        version: 1,
        kind,
        owner,
        cell,
        starts_at,
        ends_at,
        holds_until: holds_until(starts_at, ends_at, at),
        yarns: BTreeMap::new(),
        pictures: Vec::new(),
        covers: Vec::new(),
        dissolved_at: None,
    }
}

/// How long its date and the thread drawn `at` let a knot hold.
pub(crate) fn holds_until(
    starts_at: Option<Millis>,
    ends_at: Option<Millis>,
    at: Millis,
) -> Millis {
    ends_at.or(starts_at).map_or(at, |date| date.max(at)) + FADE_MS
}

/// A changed knot; its change draws a thread beside that. An event holds at least until its new date: every thread that
/// held it ends within the time that the change's own thread begins now, so nothing else is forgotten. One that becomes
/// something else is over, so that thread is the longest of its holds already.
pub(crate) fn change(
    node: &mut NodeState,
    cell: Option<Cell>,
    kind: Option<NodeKind>,
    (starts_at, ends_at): (Option<Millis>, Option<Option<Millis>>),
    at: Millis,
) {
    node.version = node.version.saturating_add(1);
    node.cell = cell.unwrap_or(node.cell);
    if let Some(kind) = kind {
        (node.kind, node.ends_at) = (kind, None);
    }
    node.starts_at = starts_at.or(node.starts_at);
    node.ends_at = ends_at.unwrap_or(node.ends_at);
    if starts_at.is_some() || ends_at.is_some() {
        node.holds_until = holds_until(node.starts_at, node.ends_at, at);
    }
}

/// Draws the thread of `tie`, or re-arms it; yarn stays yarn. What had faded begins anew.
pub(crate) fn draw(thread: Option<ThreadState>, tie: &Tie, at: Millis) -> ThreadState {
    match thread {
        Some(thread) if thread.faded_at(at).is_none() => ThreadState {
            acts: thread.acts.saturating_add(1),
            expires_at: thread.expires_at.map(|_| at + FADE_MS),
            ..thread
        },
        other => ThreadState {
            version: other.map_or(0, |thread| thread.version),
            kind: tie.kind,
            owner: tie.from,
            target: tie.to,
            acts: 1,
            level: None,
            expires_at: Some(at + FADE_MS),
            faded_at: None,
        },
    }
}

/// What the thread stood for is taken back: it ends at once, also where it was yarn.
pub(crate) const fn withdraw(thread: &mut ThreadState, at: Millis) {
    thread.expires_at = Some(at);
    thread.faded_at = Some(at);
}
