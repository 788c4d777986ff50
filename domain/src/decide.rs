//! The registry of decisions: one match that delegates.

use crate::command::{Act, COMMAND_VERSION, Command, Due};
use crate::event::Draft;
use crate::id::RoleId;
use crate::refusal::Refusal;
use crate::state::Facts;
use crate::time::Millis;
use crate::{spool, talk, weave};

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
            spool::decide_register(by, facts.role(by).as_ref(), name, *placement)
        }
        Act::RenameRole { name } => {
            known(facts, by)?;
            spool::decide_rename(by, name)
        }
        Act::PlaceRole { placement } => {
            known(facts, by)?;
            spool::decide_place(by, *placement)
        }
        Act::DescribeRole {
            about,
            goods,
            skills,
            languages,
        } => {
            known(facts, by)?;
            let asked = spool::Description {
                about: about.as_deref(),
                goods: goods.as_deref(),
                skills: skills.as_deref(),
                languages: languages.as_deref(),
            };
            spool::decide_describe(by, &asked)
        }
        Act::KnotNode {
            node,
            kind,
            title,
            text,
            place,
            starts_at,
        } => {
            known(facts, by)?;
            let knot = weave::Knot {
                node: *node,
                kind: *kind,
                title,
                text,
                place: *place,
                starts_at: *starts_at,
            };
            weave::decide_knot(by, facts.node(*node).as_ref(), &knot, now)
        }
        Act::ChangeNode {
            node,
            based_on,
            title,
            text,
            place,
            starts_at,
        } => {
            known(facts, by)?;
            let change = weave::Change {
                node: *node,
                based_on: *based_on,
                title: title.as_deref(),
                text: text.as_deref(),
                place: *place,
                starts_at: *starts_at,
            };
            weave::decide_change(by, facts.node(*node).as_ref(), &change, now)
        }
        Act::JoinNode { node } => {
            known(facts, by)?;
            weave::decide_join(by, *node, facts.node(*node).as_ref(), now)
        }
        Act::SendMessage {
            message,
            node,
            text,
        } => {
            known(facts, by)?;
            let asked = talk::Message {
                message: *message,
                node: *node,
                text,
            };
            let (said, node) = (facts.message(*message), facts.node(*node));
            talk::decide_send(by, said.as_ref(), node.as_ref(), &asked, now)
        }
        Act::TwistThread { thread, .. } => {
            known(facts, by)?;
            let (state, node) = tied(facts, *thread);
            weave::decide_twist(by, *thread, state.as_ref(), node.as_ref(), now)
        }
        Act::UntwistThread { thread, .. } => {
            known(facts, by)?;
            let (state, node) = tied(facts, *thread);
            weave::decide_untwist(by, *thread, state.as_ref(), node.as_ref(), now)
        }
    }
}

/// Decides what the timer asks for; nothing, where it has been overtaken.
#[must_use]
pub fn decide_due(facts: &dyn Facts, due: &Due, now: Millis) -> Vec<Draft> {
    match *due {
        Due::FadeThread { thread, node } => weave::decide_fade(
            thread,
            facts.thread(thread).as_ref(),
            facts.node(node).as_ref(),
            now,
        ),
        Due::DissolveNode { node } => weave::decide_dissolve(node, facts.node(node).as_ref(), now),
    }
}

fn known(facts: &dyn Facts, by: RoleId) -> Result<(), Refusal> {
    facts.role(by).map(|_| ()).ok_or(Refusal::RoleUnknown)
}

/// The thread and the knot it really holds, whatever the command names beside it.
fn tied(
    facts: &dyn Facts,
    thread: crate::id::ThreadId,
) -> (Option<weave::ThreadState>, Option<weave::NodeState>) {
    let state = facts.thread(thread);
    let node = state.as_ref().and_then(|state| facts.node(state.node));
    (state, node)
}
