//! A message as the room of its conversation shows it.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, NodeId, RoleId};
use crate::time::Millis;
use crate::view::{CellView, Me, Row};

use super::MessageState;

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageRow {
    /// Chosen by whoever wrote it.
    pub id: MessageId,
    /// The knot at which it was said.
    pub node: NodeId,
    /// Its place in the conversation: 1 is the first message ever, and no number is left out.
    pub nth: u32,
    pub role: RoleId,
    pub role_name: String,
    /// Empty where its author has been erased.
    pub text: String,
    pub said_at: Millis,
    /// The last event that changed this row; 0 while it is one's own and only predicted.
    pub last: i64,
}

impl Row for MessageRow {
    type Key = MessageId;

    fn key(&self) -> MessageId {
        self.id
    }

    fn last(&self) -> i64 {
        self.last
    }
}

impl MessageRow {
    /// The facts that decisions need, as the stream has them.
    #[must_use]
    pub const fn facts(&self) -> MessageState {
        MessageState {
            version: 1,
            node: self.node,
            owner: self.role,
            said_at: self.said_at,
        }
    }
}

/// One's own message before the server has it: the last one of its conversation.
pub(crate) fn predicted(
    view: &CellView,
    me: &Me,
    (id, node): (MessageId, NodeId),
    text: &str,
    now: Millis,
) -> MessageRow {
    let said = view.messages.values().filter(|row| row.node == node);
    MessageRow {
        id,
        node,
        nth: said.map(|row| row.nth).max().unwrap_or(0).saturating_add(1),
        role: me.role,
        role_name: me.name.clone(),
        text: text.to_owned(),
        said_at: now,
        last: 0,
    }
}
