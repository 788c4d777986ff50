//! Saying something, saying it otherwise, and taking it back.

use super::{MESSAGE_MAX, MessageState};
use crate::event::{Body, Draft, Tie};
use crate::id::{MessageId, NodeId, RoleId};
use crate::personal::Personal;
use crate::place::Cell;
use crate::refusal::Refusal;
use crate::state::StreamId;
use crate::tidy::{count, has_something_to_see, tidy_text};
use crate::time::Millis;
use crate::weave::{NodeState, ThreadKind, holding};

/// A message as it is asked for.
pub(crate) struct Message<'a> {
    pub(crate) message: MessageId,
    pub(crate) node: NodeId,
    pub(crate) text: &'a str,
    /// What it answers, with what is known of that.
    pub(crate) reply_to: Option<(MessageId, Option<MessageState>)>,
}

/// Whoever has a role may talk, at every knot that holds; it draws a thread as every act does.
pub(crate) fn decide_send(
    by: RoleId,
    known: Option<&MessageState>,
    node: Option<&NodeState>,
    asked: &Message<'_>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    if known.is_some() {
        return Err(Refusal::MessageTaken);
    }
    let node = holding(node, now)?;
    if let Some((_, answered)) = &asked.reply_to {
        standing(answered.as_ref(), asked.node)?;
    }
    let text = message(asked.text)?;
    Ok(vec![Draft {
        stream: StreamId::Message(asked.message),
        cell: Some(node.cell),
        tie: Some(Tie::new(by, ThreadKind::Talk, asked.node)),
        body: Body::NachrichtGesendet {
            text: Personal::open(by, text),
            reply_to: asked.reply_to.map(|(id, _)| id),
        },
    }])
}

/// Whether a message that was said at `at` is to be said otherwise or taken back by who said it.
pub(crate) fn own(by: RoleId, said: Option<&MessageState>, at: NodeId) -> Result<(), Refusal> {
    let said = said
        .filter(|said| said.node == at)
        .ok_or(Refusal::MessageUnknown)?;
    if said.owner != by {
        return Err(Refusal::MessageNotYours);
    }
    standing(Some(said), at)
}

/// As long as its knot holds: the conversation of what has come undone is over. What it said before is in no state, since that holds no
/// personal text: whether the words are the same, only who reads them can tell. It ties nothing, since nothing new was said.
pub(crate) fn decide_change(
    by: RoleId,
    id: MessageId,
    (at, node): (NodeId, Option<&NodeState>),
    asked: &str,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    let cell = Some(holding(node, now)?.cell);
    let text = Personal::open(by, message(asked)?);
    let body = Body::NachrichtGeaendert { node: at, text };
    Ok(vec![untied(id, cell, body)])
}

/// One's words can be taken back whatever has become of their knot.
pub(crate) fn decide_withdraw(
    id: MessageId,
    (at, node): (NodeId, Option<&NodeState>),
) -> Vec<Draft> {
    let cell = node.map(|node| node.cell);
    vec![untied(id, cell, Body::NachrichtZurueckgezogen { node: at })]
}

const fn untied(id: MessageId, cell: Option<Cell>, body: Body) -> Draft {
    Draft {
        stream: StreamId::Message(id),
        cell,
        tie: None,
        body,
    }
}

/// Of this conversation, and not taken back.
fn standing(said: Option<&MessageState>, at: NodeId) -> Result<(), Refusal> {
    match said.filter(|said| said.node == at) {
        None => Err(Refusal::MessageUnknown),
        Some(said) if said.is_withdrawn => Err(Refusal::MessageWithdrawn),
        Some(_) => Ok(()),
    }
}

/// A message as it is kept: nothing blank at either end, and something to see.
///
/// # Errors
/// When it has control characters, nothing is left of it or it is too long.
pub fn message(asked: &str) -> Result<String, Refusal> {
    let text = tidy_text(asked)?;
    let got = if has_something_to_see(&text) {
        count(&text)
    } else {
        0
    };
    if got == 0 || got > MESSAGE_MAX {
        return Err(Refusal::MessageLength {
            max: MESSAGE_MAX,
            got,
        });
    }
    Ok(text)
}
