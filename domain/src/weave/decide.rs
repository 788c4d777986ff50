//! Decisions about knots and threads.

use super::particulars::{check, check_new, check_span};
use super::{
    JoinLevel, NodeKind, NodeState, Part, Particulars, ParticularsChange, START_AHEAD_MS, TEXT_MAX,
    TITLE_MAX, ThreadKind, ThreadState,
};
use crate::event::{Body, Draft, Tie};
use crate::id::{NodeId, RoleId, ThreadId};
use crate::personal::Personal;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::spool::{Deed, may};
use crate::state::{Facts, StreamId};
use crate::tidy::{count, tidy_line, tidy_text};
use crate::time::Millis;

/// A knot as it is asked for.
pub(crate) struct Knot<'a> {
    pub(crate) node: NodeId,
    pub(crate) kind: NodeKind,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) place: Place,
    pub(crate) starts_at: Option<Millis>,
    pub(crate) particulars: &'a Particulars,
}

pub(crate) fn decide_knot(
    by: RoleId,
    known: Option<&NodeState>,
    knot: &Knot<'_>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    if knot.kind == NodeKind::Structure {
        return Err(Refusal::StructureByHand);
    }
    if known.is_some() {
        return Err(Refusal::NodeTaken);
    }
    if !knot.place.is_valid() {
        return Err(Refusal::PlaceInvalid);
    }
    let title = title(knot.title)?;
    let text = text(knot.text)?;
    check_start(knot.kind, knot.starts_at, now)?;
    check_new(knot.kind, knot.starts_at, knot.particulars, now)?;
    Ok(vec![Draft {
        stream: StreamId::Node(knot.node),
        cell: Some(knot.place.cell()),
        tie: Some(Tie::new(by, ThreadKind::Create, knot.node)),
        body: Body::KnotenGeknuepft {
            kind: knot.kind,
            title: Personal::open(by, title),
            text: Personal::open(by, text),
            place: knot.place,
            starts_at: knot.starts_at,
            particulars: knot.particulars.clone(),
        },
    }])
}

/// A title as it is kept: one line, trimmed, inner white space single.
///
/// # Errors
/// When it has control characters, nothing is left of it, or it is too long.
pub fn title(asked: &str) -> Result<String, Refusal> {
    let title = tidy_line(asked)?;
    let got = count(&title);
    if got == 0 || got > TITLE_MAX {
        return Err(Refusal::TitleLength {
            max: TITLE_MAX,
            got,
        });
    }
    Ok(title)
}

/// A text as it is kept: nothing blank at either end.
///
/// # Errors
/// When it has control characters or is too long.
pub fn text(asked: &str) -> Result<String, Refusal> {
    let text = tidy_text(asked)?;
    let got = count(&text);
    if got > TEXT_MAX {
        return Err(Refusal::TextLength { max: TEXT_MAX, got });
    }
    Ok(text)
}

fn check_start(kind: NodeKind, starts_at: Option<Millis>, now: Millis) -> Result<(), Refusal> {
    match (kind, starts_at) {
        (NodeKind::Event, None) => Err(Refusal::StartMissing),
        // An outbox may have waited: an event that has just begun is still one.
        (NodeKind::Event, Some(start))
            if start < now + -crate::time::DAY_MS || start > now + START_AHEAD_MS =>
        {
            Err(Refusal::StartOutOfRange)
        }
        (NodeKind::Event, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => Err(Refusal::StartWithoutEvent),
    }
}

/// Where a change ends: an event may be moved, and what it was moved from may be said again, however long ago.
fn check_new_start(
    node: &NodeState,
    kind: Option<NodeKind>,
    start: Millis,
    now: Millis,
) -> Result<(), Refusal> {
    let kind = kind.unwrap_or(node.kind);
    let is_way_back =
        start <= now && start >= now + -START_AHEAD_MS || node.starts_at == Some(start);
    if kind == NodeKind::Event && is_way_back {
        return Ok(());
    }
    check_start(kind, Some(start), now)
}

/// What happened somewhere may have made a place or an idea of it, and that may be undone: it is the same event again, with its
/// start. Everything else is what it is.
fn check_kind(
    node: &NodeState,
    kind: NodeKind,
    starts_at: Option<Millis>,
    now: Millis,
) -> Result<(), Refusal> {
    let is_over = node.is_over(now) && matches!(kind, NodeKind::Place | NodeKind::Idea);
    let is_again = kind == NodeKind::Event
        && node.kind != NodeKind::Event
        && starts_at.is_some()
        && starts_at == node.starts_at;
    if is_over || is_again {
        Ok(())
    } else {
        Err(Refusal::KindFixed)
    }
}

/// A change of a knot as it is asked for; what is none stays as it is.
pub(crate) struct Change<'a> {
    pub(crate) node: NodeId,
    pub(crate) based_on: u32,
    pub(crate) kind: Option<NodeKind>,
    pub(crate) title: Option<&'a str>,
    pub(crate) text: Option<&'a str>,
    pub(crate) place: Option<Place>,
    pub(crate) starts_at: Option<Millis>,
    pub(crate) particulars: &'a ParticularsChange,
}

pub(crate) fn decide_change(
    facts: &dyn Facts,
    by: RoleId,
    change: &Change<'_>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    may(facts, by, Deed::Act)?;
    let node = facts.node(change.node);
    let node = holding(node.as_ref(), now)?;
    may(facts, by, Deed::Change(node, Part::Text))?;
    // Whoever changes what they have not seen would undo what somebody else, or another browser, has done.
    if change.based_on != node.version {
        return Err(Refusal::NodeChanged {
            version: node.version,
        });
    }
    let title = change.title.map(title).transpose()?;
    let text = change.text.map(text).transpose()?;
    if change.place.is_some_and(|place| !place.is_valid()) {
        return Err(Refusal::PlaceInvalid);
    }
    if let Some(kind) = change.kind {
        check_kind(node, kind, change.starts_at, now)?;
    }
    if let Some(start) = change.starts_at {
        check_new_start(node, change.kind, start, now)?;
    }
    check(change.kind.unwrap_or(node.kind), change.particulars, now)?;
    if change.kind.is_none_or(|kind| kind == NodeKind::Event) {
        let end = change.particulars.ends_at.unwrap_or(node.ends_at);
        check_span(change.starts_at.or(node.starts_at), end)?;
    }
    let said = title.is_some() || text.is_some() || !change.particulars.is_empty();
    if !said && change.place.is_none() && change.kind.is_none() && change.starts_at.is_none() {
        return Err(Refusal::NothingChanged);
    }
    let cell = change.place.map_or(node.cell, Place::cell);
    Ok(vec![Draft {
        stream: StreamId::Node(change.node),
        cell: Some(cell),
        tie: Some(Tie::new(by, ThreadKind::Change, change.node)),
        body: Body::KnotenGeaendert {
            kind: change.kind,
            title: title.map(|title| Personal::open(by, title)),
            text: text.map(|text| Personal::open(by, text)),
            place: change.place,
            starts_at: change.starts_at,
            particulars: change.particulars.clone(),
            left: (cell != node.cell).then_some(node.cell),
        },
    }])
}

pub(crate) fn decide_join(
    by: RoleId,
    (id, level): (NodeId, JoinLevel),
    node: Option<&NodeState>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    let node = holding(node, now)?;
    let tie = Tie::new(by, ThreadKind::Join, id);
    Ok(vec![Draft {
        stream: StreamId::Thread(tie.thread),
        cell: Some(node.cell),
        tie: Some(tie),
        body: Body::KnotenBeigetreten { level },
    }])
}

/// The timer's: nothing happens where the thread was re-armed, twisted or faded meanwhile.
pub(crate) fn decide_fade(
    id: ThreadId,
    thread: Option<&ThreadState>,
    node: Option<&NodeState>,
    now: Millis,
) -> Vec<Draft> {
    match thread {
        Some(thread)
            if thread.faded_at.is_none()
                && thread.expires_at.is_some_and(|end| end <= now)
                && (node.is_some() || thread.target.node().is_none()) =>
        {
            let due = thread.expires_at;
            vec![of_thread(id, thread, node, Body::FadenVerfallen { due })]
        }
        _ => Vec::new(),
    }
}

/// The timer's: nothing happens where something holds the knot again.
pub(crate) fn decide_dissolve(id: NodeId, node: Option<&NodeState>, now: Millis) -> Vec<Draft> {
    match node {
        Some(node) if node.dissolved_at.is_none() && node.undone_at(now).is_some() => {
            let due = node.undone_at(now);
            vec![Draft {
                stream: StreamId::Node(id),
                cell: Some(node.cell),
                tie: None,
                body: Body::KnotenAufgeloest { due },
            }]
        }
        _ => Vec::new(),
    }
}

/// The knot, where it still holds at `now`.
pub(crate) fn holding(node: Option<&NodeState>, now: Millis) -> Result<&NodeState, Refusal> {
    let node = node.ok_or(Refusal::NodeUnknown)?;
    match node.undone_at(now) {
        Some(at) => Err(Refusal::NodeDissolved { at }),
        None => Ok(node),
    }
}

/// That something became of a thread, told where the knot is which it holds.
pub(super) fn of_thread(
    id: ThreadId,
    thread: &ThreadState,
    node: Option<&NodeState>,
    body: Body,
) -> Draft {
    Draft {
        stream: StreamId::Thread(id),
        cell: node.map(|node| node.cell),
        tie: Some(Tie {
            thread: id,
            kind: thread.kind,
            from: thread.owner,
            to: thread.target,
        }),
        body,
    }
}
