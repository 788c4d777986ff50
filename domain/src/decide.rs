//! The registry of decisions: one match that delegates.

use crate::command::{Act, COMMAND_VERSION, Command, Due};
use crate::event::Draft;
use crate::id::NodeId;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::spool::{self, Deed, may};
use crate::state::Facts;
use crate::time::Millis;
use crate::weave::Structure;
use crate::{talk, weave};

/// Decides a person's command on what is known at `now`.
///
/// # Errors
/// The rule that says no.
pub fn decide(facts: &dyn Facts, command: &Command, now: Millis) -> Result<Vec<Draft>, Refusal> {
    if command.v != COMMAND_VERSION {
        return Err(Refusal::CommandVersion { v: command.v });
    }
    let by = command.by;
    match &command.act {
        Act::RegisterRole { name, placement } => {
            let needed = facts.community().vouches_needed;
            spool::decide_register(by, facts.role(by).as_ref(), name, *placement, needed)
        }
        Act::RenameRole { name } => {
            may(facts, by, Deed::Act)?;
            spool::decide_rename(by, name)
        }
        Act::PlaceRole { placement } => {
            may(facts, by, Deed::Act)?;
            spool::decide_place(by, facts.role(by).as_ref(), *placement)
        }
        Act::DescribeRole {
            about,
            goods,
            skills,
            languages,
        } => {
            may(facts, by, Deed::Act)?;
            let asked = spool::Description {
                about: about.as_deref(),
                goods: goods.as_deref(),
                skills: skills.as_deref(),
                languages: languages.as_deref(),
            };
            spool::decide_describe(by, &asked)
        }
        Act::PortrayRole { picture } => {
            may(facts, by, Deed::Act)?;
            spool::decide_portray(facts, by, *picture)
        }
        Act::KnotNode {
            node,
            kind,
            title,
            text,
            place,
            starts_at,
            particulars,
        } => {
            may(facts, by, Deed::Act)?;
            let knot = weave::Knot {
                node: *node,
                kind: *kind,
                title,
                text,
                place: *place,
                starts_at: *starts_at,
                particulars,
            };
            weave::decide_knot(by, facts.node(*node).as_ref(), &knot, now)
        }
        Act::ChangeNode {
            node,
            based_on,
            kind,
            title,
            text,
            place,
            starts_at,
            particulars,
        } => {
            let change = weave::Change {
                node: *node,
                based_on: *based_on,
                kind: *kind,
                title: title.as_deref(),
                text: text.as_deref(),
                place: *place,
                starts_at: *starts_at,
                particulars,
            };
            weave::decide_change(facts, by, &change, now)
        }
        Act::AddPicture { node, picture, alt } => {
            weave::decide_add_picture(facts, by, (*node, *picture), alt.as_deref(), now)
        }
        Act::RemovePicture { node, picture } => {
            weave::decide_remove_picture(facts, by, (*node, *picture), now)
        }
        Act::JoinNode { node, level } => {
            may(facts, by, Deed::Act)?;
            weave::decide_join(by, (*node, *level), facts.node(*node).as_ref(), now)
        }
        Act::SendMessage {
            message,
            node,
            text,
            reply_to,
        } => {
            may(facts, by, Deed::Act)?;
            let asked = talk::Message {
                message: *message,
                node: *node,
                text,
                reply_to: reply_to.map(|id| (id, facts.message(id))),
            };
            let (said, node) = (facts.message(*message), facts.node(*node));
            if let Some(node) = &node {
                may(facts, by, Deed::Talk(node))?;
            }
            talk::decide_send(by, said.as_ref(), node.as_ref(), &asked, now)
        }
        Act::ChangeMessage {
            message,
            node,
            text,
        } => {
            may(facts, by, Deed::Act)?;
            talk::own(by, facts.message(*message).as_ref(), *node)?;
            let at = facts.node(*node);
            talk::decide_change(by, *message, (*node, at.as_ref()), text, now)
        }
        Act::WithdrawMessage { message, node } => {
            may(facts, by, Deed::Act)?;
            talk::own(by, facts.message(*message).as_ref(), *node)?;
            let at = facts.node(*node);
            Ok(talk::decide_withdraw(*message, (*node, at.as_ref())))
        }
        Act::TwistThread { thread, covers, .. } => {
            weave::decide_twist(facts, by, *thread, covers.as_ref(), now)
        }
        Act::CoverYarn { thread, covers, .. } => {
            weave::decide_cover(facts, by, *thread, covers, now)
        }
        Act::UntwistThread { thread, .. } => weave::decide_untwist(facts, by, *thread, now),
        Act::VouchFor { role } => {
            may(facts, by, Deed::Vouch)?;
            let needed = facts.community().vouches_needed;
            spool::decide_vouch(by, *role, facts.role(*role).as_ref(), needed)
        }
        Act::WithdrawVouch { role } => {
            may(facts, by, Deed::Act)?;
            spool::decide_withdraw_vouch(by, *role, facts.role(*role).as_ref())
        }
        Act::GrantRight { .. }
        | Act::RevokeRight { .. }
        | Act::SetVouches { .. }
        | Act::DescribeCommunity { .. } => {
            may(facts, by, Deed::Govern)?;
            decide_order(facts, &command.act)
        }
    }
}

/// Decides what whoever runs the house asks for at its terminal, who has no role and needs none: what an admin may.
///
/// # Errors
/// The rule that says no; [`Refusal::AdminNeeded`] to what takes a role.
pub fn decide_order(facts: &dyn Facts, act: &Act) -> Result<Vec<Draft>, Refusal> {
    match act {
        Act::GrantRight {
            role,
            right,
            reason,
        } => spool::decide_grant(*role, facts.role(*role).as_ref(), *right, reason),
        Act::RevokeRight {
            role,
            right,
            reason,
        } => spool::decide_revoke(*role, facts.role(*role).as_ref(), *right, reason),
        Act::SetVouches { needed } => spool::decide_vouches(facts, *needed),
        Act::DescribeCommunity {
            name,
            centre,
            radius_m,
        } => spool::decide_describe_community(facts, name.as_deref(), *centre, *radius_m),
        _ => Err(Refusal::AdminNeeded),
    }
}

/// Decides that the system founds a structure: at the community's centre, else at `place`; nothing, where it stands. Where
/// `is_said` by whoever runs the house, `place` also moves one for which the community has said nothing.
#[must_use]
pub fn decide_found(
    facts: &dyn Facts,
    structure: Structure,
    place: Place,
    is_said: bool,
) -> Vec<Draft> {
    let centre = facts.community().centre;
    match facts.node(NodeId::of_structure(structure)) {
        None => weave::decide_found(structure, centre.unwrap_or(place)),
        Some(node)
            if is_said && centre.is_none() && place.is_valid() && place.cell() != node.cell =>
        {
            vec![weave::moved(&node, structure, place)]
        }
        Some(_) => Vec::new(),
    }
}

/// Decides what the timer asks for; nothing, where it has been overtaken.
#[must_use]
pub fn decide_due(facts: &dyn Facts, due: &Due, now: Millis) -> Vec<Draft> {
    match *due {
        Due::FadeThread { thread, .. } => {
            let state = facts.thread(thread);
            let held = state.as_ref().and_then(|state| state.target.node());
            let node = held.and_then(|held| facts.node(held));
            weave::decide_fade(thread, state.as_ref(), node.as_ref(), now)
        }
        Due::DissolveNode { node } => weave::decide_dissolve(node, facts.node(node).as_ref(), now),
    }
}
