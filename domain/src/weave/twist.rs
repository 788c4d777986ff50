//! Decisions about one's own yarn: a thread is twisted into it, it covers, and it is a thread again.

use super::decide::of_thread;
use super::{Covers, NodeState, ThreadState};
use crate::event::{Body, Draft};
use crate::id::{RoleId, ThreadId};
use crate::refusal::Refusal;
use crate::spool::{Deed, may};
use crate::state::Facts;
use crate::time::Millis;

/// Where `covers` says nothing, the yarn covers what is usual, or nothing where its owner may cover nothing.
pub(crate) fn decide_twist(
    facts: &dyn Facts,
    by: RoleId,
    id: ThreadId,
    covers: Option<&Covers>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    let Own { thread, node } = own(facts, by, id, now)?;
    if thread.expires_at.is_none() {
        return Err(Refusal::AlreadyTwisted);
    }
    if let Some(covers) = covers {
        covers.check()?;
    }
    let covers = match &node {
        // Yarn to a role has nothing to cover.
        None => None,
        Some(node) => match (covers, may(facts, by, Deed::Cover(node))) {
            (covers, Ok(())) => covers.cloned(),
            (None, Err(_)) => Some(Covers::NOTHING),
            // To cover nothing is everyone's.
            (Some(covers), Err(_)) if *covers == Covers::NOTHING => Some(Covers::NOTHING),
            (Some(_), Err(refusal)) => return Err(refusal),
        },
    };
    let body = Body::FadenVerzwirnt { covers };
    Ok(vec![of_thread(id, &thread, node.as_ref(), body)])
}

/// What one's own yarn covers from now on.
pub(crate) fn decide_cover(
    facts: &dyn Facts,
    by: RoleId,
    id: ThreadId,
    covers: &Covers,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    let Own { thread, node } = own(facts, by, id, now)?;
    if thread.expires_at.is_some() {
        return Err(Refusal::NotTwisted);
    }
    let node = node.ok_or(Refusal::NothingToCover)?;
    covers.check()?;
    if node.covers_of(id).as_ref() == Some(covers) {
        return Err(Refusal::NothingChanged);
    }
    // To open all of it is everyone's.
    if *covers != Covers::NOTHING {
        may(facts, by, Deed::Cover(&node))?;
    }
    let covers = covers.clone();
    let body = Body::GarnDeckungGeaendert { covers };
    Ok(vec![of_thread(id, &thread, Some(&node), body)])
}

/// The thread fades again, from now on.
pub(crate) fn decide_untwist(
    facts: &dyn Facts,
    by: RoleId,
    id: ThreadId,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    let Own { thread, node } = own(facts, by, id, now)?;
    if thread.expires_at.is_some() {
        return Err(Refusal::NotTwisted);
    }
    let body = Body::FadenEntzwirnt;
    Ok(vec![of_thread(id, &thread, node.as_ref(), body)])
}

/// One's own thread, with the knot that it holds if it leads to one.
struct Own {
    thread: ThreadState,
    node: Option<NodeState>,
}

fn own(facts: &dyn Facts, by: RoleId, id: ThreadId, now: Millis) -> Result<Own, Refusal> {
    may(facts, by, Deed::Act)?;
    let thread = facts.thread(id).ok_or(Refusal::ThreadUnknown)?;
    if thread.owner != by {
        return Err(Refusal::NotYours);
    }
    if let Some(at) = thread.faded_at(now) {
        return Err(Refusal::ThreadFaded { at });
    }
    // The one that it really holds, whatever the command names beside it.
    let held = thread.target.node();
    let node = held.and_then(|held| facts.node(held));
    if node.is_none() && held.is_some() {
        return Err(Refusal::NodeUnknown);
    }
    Ok(Own { thread, node })
}
