//! Who may do what: the one place that says yes.

use super::CommunityState;
use crate::id::RoleId;
use crate::refusal::Refusal;
use crate::state::Facts;
use crate::weave::{NodeKind, NodeState, Part};

/// What somebody wants to do, as far as it takes a right.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed<'a> {
    /// What whoever has a role may: weave, join, talk, and say of oneself what one likes.
    Act,
    /// To change that part of that knot.
    Change(&'a NodeState, Part),
    /// To say something in that knot's conversation.
    Talk(&'a NodeState),
    /// To say what one's own yarn at that knot covers.
    Cover(&'a NodeState),
    /// To vouch for somebody.
    Vouch,
    /// To give and take rights, and to say what the community asks for.
    Govern,
}

/// Whether `by` may do that. What no line here allows is refused.
///
/// # Errors
/// What is missing.
pub(crate) fn may(facts: &dyn Facts, by: RoleId, deed: Deed<'_>) -> Result<(), Refusal> {
    let role = facts.role(by).ok_or(Refusal::RoleUnknown)?;
    let vouches = role.vouched_by.len() as u32;
    let is_weaver = role.weaver_since.is_some();
    let needed = || {
        let CommunityState { vouches_needed, .. } = facts.community();
        vouches_needed
    };
    match deed {
        Deed::Act => Ok(()),
        Deed::Change(node, _) if node.kind == NodeKind::Structure => Err(Refusal::StructureStays),
        // What somebody's yarn covers is theirs to change, whoever else belongs.
        Deed::Change(node, part) if is_weaver || node.owner == by => open(node, by, part),
        // Nobody's yarn covers what is everybody's.
        Deed::Talk(node) if node.kind == NodeKind::Structure => Ok(()),
        Deed::Cover(node) if node.kind == NodeKind::Structure => Err(Refusal::StructureStays),
        Deed::Talk(node) => open(node, by, Part::Talk),
        // Whoever may not change a knot keeps nobody else from it either.
        Deed::Cover(node) if is_weaver || node.owner == by => Ok(()),
        Deed::Change(..) | Deed::Cover(_) => Err(Refusal::NodeNotYours {
            vouches,
            needed: needed(),
        }),
        Deed::Vouch if is_weaver => Ok(()),
        Deed::Vouch => Err(Refusal::WeaverNeeded {
            vouches,
            needed: needed(),
        }),
        Deed::Govern if role.admin_since.is_some() => Ok(()),
        Deed::Govern => Err(Refusal::AdminNeeded),
    }
}

/// Whether no yarn of others covers that part.
fn open(node: &NodeState, by: RoleId, part: Part) -> Result<(), Refusal> {
    if !node.is_closed_to(by, part) {
        return Ok(());
    }
    Err(match part {
        Part::Text => Refusal::NodeCovered,
        Part::Talk => Refusal::TalkCovered,
        Part::Picture(_) => Refusal::PictureCovered,
    })
}
