//! What has to be done so that the weave has a thing as its source has it.

use domain::command::Act;
use domain::id::{NodeId, RoleId, ThreadId};
use domain::refusal::Refusal;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::{Particulars, ParticularsChange, ThreadKind};

use super::feature::Thing;
use super::reason::Reason;

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Knotted,
    Changed,
    Unchanged,
}

/// The acts that bring `thing` in as the knot `node` of `role`, and what they come to; `known` is that knot as it is.
/// What is knotted is twisted too, so that it stays.
///
/// # Errors
/// Why it is not brought in.
pub(super) fn plan(
    role: RoleId,
    node: NodeId,
    thing: &Thing,
    known: Option<&NodeRow>,
    now: Millis,
) -> Result<(Deed, Vec<Act>), Reason> {
    let thread = ThreadId::derive(role, ThreadKind::Create, node);
    let twist = Act::twist(thread, node);
    let Some(row) = known else {
        let knot = Act::KnotNode {
            node,
            kind: thing.kind,
            title: thing.title.clone(),
            text: thing.text.clone(),
            place: thing.place,
            starts_at: None,
            particulars: Particulars::default(),
        };
        return Ok((Deed::Knotted, vec![knot, twist]));
    };
    if row.owner != role {
        return Err(Reason::Foreign);
    }
    if let Some(at) = row.facts().undone_at(now) {
        return Err(Reason::Rule(Refusal::NodeDissolved { at }));
    }
    if row.kind != thing.kind {
        return Err(Reason::OtherKind {
            is: row.kind.code(),
        });
    }
    // One that was stopped between the two has knotted and not twisted.
    let mut acts = if row.yarns.contains_key(&thread) {
        Vec::new()
    } else {
        vec![twist]
    };
    let change = change(node, thing, row);
    let deed = if change.is_some() {
        Deed::Changed
    } else {
        Deed::Unchanged
    };
    acts.extend(change);
    Ok((deed, acts))
}

/// What differs; none where nothing does.
fn change(node: NodeId, thing: &Thing, row: &NodeRow) -> Option<Act> {
    let title = (thing.title != row.title).then(|| thing.title.clone());
    let text = (thing.text != row.text).then(|| thing.text.clone());
    let place = (thing.place != row.place).then_some(thing.place);
    if title.is_none() && text.is_none() && place.is_none() {
        return None;
    }
    Some(Act::ChangeNode {
        node,
        based_on: row.version,
        kind: None,
        title,
        text,
        place,
        starts_at: None,
        particulars: ParticularsChange::default(),
    })
}
