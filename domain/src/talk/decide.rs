//! Saying something.

use super::{MESSAGE_MAX, MessageState};
use crate::event::{Body, Draft, Tie};
use crate::id::{MessageId, NodeId, RoleId};
use crate::personal::Personal;
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
    let text = message(asked.text)?;
    Ok(vec![Draft {
        stream: StreamId::Message(asked.message),
        cell: Some(node.cell),
        tie: Some(Tie::new(by, ThreadKind::Talk, asked.node)),
        body: Body::NachrichtGesendet {
            text: Personal::open(by, text),
        },
    }])
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
