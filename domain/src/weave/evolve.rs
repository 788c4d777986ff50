//! What an act does to a thread and its knot.

use std::collections::BTreeMap;

use super::{NodeKind, NodeState, ThreadState};
use crate::event::Tie;
use crate::id::RoleId;
use crate::place::Cell;
use crate::time::{FADE_MS, Millis};

/// A new knot. An event holds at least until its date and then fades.
pub(crate) fn knot(
    kind: NodeKind,
    owner: RoleId,
    cell: Cell,
    starts_at: Option<Millis>,
    at: Millis,
) -> NodeState {
    NodeState {
        version: 1,
        kind,
        owner,
        cell,
        starts_at,
        holds_until: starts_at.map_or(at, |start| start.max(at)) + FADE_MS,
        yarns: BTreeMap::new(),
        dissolved_at: None,
    }
}

/// A changed knot; its change draws a thread beside that. An event holds at least until its new date: every thread that
/// held it ends within the time that the change's own thread begins now, so nothing else is forgotten. One that becomes
/// something else is over, so that thread is the longest of its holds already.
pub(crate) fn change(
    node: &mut NodeState,
    cell: Option<Cell>,
    kind: Option<NodeKind>,
    starts_at: Option<Millis>,
    at: Millis,
) {
    node.version = node.version.saturating_add(1);
    node.cell = cell.unwrap_or(node.cell);
    if let Some(kind) = kind {
        (node.kind, node.starts_at) = (kind, None);
    }
    if let Some(start) = starts_at {
        node.starts_at = starts_at;
        node.holds_until = start.max(at) + FADE_MS;
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
