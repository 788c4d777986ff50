//! What a member has not read: theirs alone, and in no event.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, NodeId};

/// From here on it does not matter how many there are: no more are told apart.
pub const UNREAD_TOLD_MAX: u32 = 99;

/// A conversation in which a member takes part, with messages that were on none of their screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unread {
    /// The conversation's knot.
    pub node: NodeId,
    pub title: String,
    /// Of the newest 200 messages, without the member's own and what was taken back.
    pub count: u32,
    /// The place in the conversation of the newest message that was read.
    pub read: u32,
}

/// What a member has not seen yet, as `/api/marks/read` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unseen {
    /// The conversations with unread messages, the one with the newest first.
    pub unread: Vec<Unread>,
    /// How much other news there is: mentions, new knots in one's areas, who takes part in one's own. 99 at most.
    pub news: u16,
}

/// The body of `POST /api/marks/read`: that message was on the screen, and with it counts as read what was said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadMark {
    pub message: MessageId,
}

/// How many messages are unread in all.
#[must_use]
pub fn unread_in_all(unread: &[Unread]) -> u32 {
    unread.iter().map(|one| one.count).sum()
}

/// What is unread at that knot; none: nothing.
#[must_use]
pub fn unread_at(unread: &[Unread], node: NodeId) -> Option<&Unread> {
    unread.iter().find(|one| one.node == node)
}
