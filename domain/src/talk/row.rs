//! A message as the room of its conversation shows it.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, NodeId, RoleId};
use crate::time::Millis;
use crate::view::{CellView, Me, Row};

use super::{MessageState, Quoted};

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
    /// Empty where it was taken back or its author has been erased.
    pub text: String,
    pub said_at: Millis,
    /// When it was last said otherwise; none where it never was, or was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Millis>,
    /// Its author took it back; that it was there stays.
    #[serde(default, skip_serializing_if = "crate::wire::is_false")]
    pub is_withdrawn: bool,
    /// What it answers, as that is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quoted>,
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
    /// The facts that decisions need, as the stream has them; but for the version, which none of them reads.
    #[must_use]
    pub const fn facts(&self) -> MessageState {
        MessageState {
            version: 1,
            node: self.node,
            owner: self.role,
            said_at: self.said_at,
            is_withdrawn: self.is_withdrawn,
        }
    }
}

/// Puts a row in its place by its number; the one with its id goes.
pub fn put(rows: &mut Vec<MessageRow>, row: MessageRow) {
    rows.retain(|known| known.id != row.id);
    let place = rows.partition_point(|known| (known.nth, known.id) < (row.nth, row.id));
    rows.insert(place, row);
}

/// Says one's own message otherwise, also where it is answered.
pub fn reword(rows: &mut [MessageRow], id: MessageId, text: &str, at: Millis) {
    rewrite(rows, id, |row| {
        text.clone_into(&mut row.text);
        row.changed_at = Some(at);
    });
}

/// Takes one's own message back, also where it is answered.
pub fn withdraw(rows: &mut [MessageRow], id: MessageId) {
    rewrite(rows, id, |row| {
        row.text.clear();
        row.changed_at = None;
        row.is_withdrawn = true;
    });
}

fn rewrite(rows: &mut [MessageRow], id: MessageId, change: impl FnOnce(&mut MessageRow)) {
    let Some(row) = rows.iter_mut().find(|row| row.id == id) else {
        return;
    };
    change(row);
    let now = Quoted::from(&*row);
    for row in rows {
        if let Some(quoted) = &mut row.reply_to
            && quoted.id == id
        {
            quoted.clone_from(&now);
        }
    }
}

/// What turns `old` into `new`. Lists, not maps: there are a few dozen, and in the client each map weighs.
pub(crate) fn changed(old: &[MessageRow], new: &[MessageRow]) -> (Vec<MessageRow>, Vec<MessageId>) {
    let (mut upserts, mut gone) = (Vec::new(), Vec::new());
    for row in new {
        if !old.contains(row) {
            upserts.push(row.clone());
        }
    }
    for row in old {
        if !new.iter().any(|other| other.id == row.id) {
            gone.push(row.id);
        }
    }
    (upserts, gone)
}

/// Applies what [`changed`] says; rows older than what is held are ignored.
pub(crate) fn change(rows: &mut Vec<MessageRow>, upserts: &[MessageRow], gone: &[MessageId]) {
    rows.retain(|row| !gone.contains(&row.id));
    for row in upserts {
        let known = rows.iter().find(|known| known.id == row.id);
        if known.is_none_or(|known| known.last <= row.last) {
            put(rows, row.clone());
        }
    }
}

/// One's own message before the server has it: the last one of its conversation.
pub(crate) fn predicted(
    view: &CellView,
    me: &Me,
    (id, node): (MessageId, NodeId),
    (text, reply_to): (&str, Option<MessageId>),
    now: Millis,
) -> MessageRow {
    let answered = reply_to.and_then(|id| view.messages.iter().find(|row| row.id == id));
    let said = view.messages.iter().filter(|row| row.node == node);
    MessageRow {
        id,
        node,
        nth: said.map(|row| row.nth).max().unwrap_or(0).saturating_add(1),
        role: me.role,
        role_name: me.name.clone(),
        text: text.to_owned(),
        said_at: now,
        changed_at: None,
        is_withdrawn: false,
        reply_to: answered.map(Quoted::from),
        last: 0,
    }
}
