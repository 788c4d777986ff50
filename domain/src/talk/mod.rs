//! Conversations: what people say to each other at a knot. A conversation is no stream; each message is one, and the
//! conversation is named by its knot.

mod decide;
pub mod link;
pub mod mention;
mod quoted;
mod row;
mod unread;

use serde::{Deserialize, Serialize};

use crate::id::{NodeId, RoleId};
use crate::time::Millis;

pub use decide::message;
pub(crate) use decide::{Message, decide_change, decide_send, decide_withdraw, own};
pub use quoted::{QUOTED_MAX, Quoted};
pub use row::{MessageRow, put, reword, withdraw};
pub(crate) use row::{change, changed, predicted};
pub use unread::{ReadMark, UNREAD_TOLD_MAX, Unread, Unseen, unread_at, unread_in_all};

/// Characters of a message.
pub const MESSAGE_MAX: u32 = 2000;
/// Messages that a conversation's room shows, and a page of it: the newest ones.
pub const RECENT_MAX: u16 = 50;

/// The state of a message's stream. It holds no personal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageState {
    pub version: u32,
    /// The conversation's knot.
    pub node: NodeId,
    pub owner: RoleId,
    pub said_at: Millis,
    /// Its author took it back.
    #[serde(default, skip_serializing_if = "crate::wire::is_false")]
    pub is_withdrawn: bool,
}
