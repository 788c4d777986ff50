//! What this page has of one conversation: a run of messages without a gap, up to the newest.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::talk::{MessageRow, Quoted, put, reword, withdraw};
use domain::time::Millis;

/// The messages at hand.
#[derive(Clone, Debug, Default)]
pub struct Held {
    node: Option<NodeId>,
    /// By their number, which goes up by one.
    rows: Vec<MessageRow>,
    known: bool,
    /// Whether the live channel has told the newest; a page may be older than it.
    live: bool,
}

impl Held {
    /// The conversation of this knot is open, or none is. Another one is forgotten.
    pub fn open(&mut self, node: Option<NodeId>) {
        if self.node != node {
            *self = Self {
                node,
                ..Self::default()
            };
        }
    }

    /// The knot whose conversation is open.
    #[must_use]
    pub const fn node(&self) -> Option<NodeId> {
        self.node
    }

    /// Whether its newest messages are at hand.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.known
    }

    /// What is at hand, the oldest first.
    #[must_use]
    pub fn rows(&self) -> &[MessageRow] {
        &self.rows
    }

    /// The newest messages as a page brought them, in any order. Once the live channel has told them it knows better.
    pub fn take_page(&mut self, newest: &[MessageRow]) {
        if !self.live {
            self.take_newest(newest);
        }
    }

    /// The newest messages as their room shows them, in any order.
    pub fn take_room(&mut self, newest: &[MessageRow]) {
        self.live = true;
        self.take_newest(newest);
    }

    /// What newer messages pushed out of the room stays, as long as nothing is missing in between.
    fn take_newest(&mut self, newest: &[MessageRow]) {
        let mut fresh: Vec<MessageRow> = Vec::new();
        for row in newest {
            put(&mut fresh, row.clone());
        }
        self.known = true;
        let first = fresh.first().map_or(0, |row| row.nth);
        self.rows.retain(|row| row.nth < first);
        if self.rows.last().is_some_and(|last| last.nth + 1 != first) {
            self.rows.clear();
        }
        // Who is called otherwise now is so in what they said before, and what is answered there is as it is now.
        for row in &mut self.rows {
            if let Some(now) = fresh.iter().find(|other| other.role == row.role)
                && now.role_name != row.role_name
            {
                row.role_name.clone_from(&now.role_name);
            }
            if let Some(quoted) = &mut row.reply_to
                && let Some(now) = fresh.iter().find(|other| other.id == quoted.id)
            {
                *quoted = Quoted::from(now);
            }
        }
        self.rows.append(&mut fresh);
    }

    /// An act of one's own has happened. The room tells so of the newest messages alone; of others' acts on older ones nothing is
    /// heard until these are read again.
    pub fn take_own(&mut self, act: &Act, at: Millis) {
        match act {
            Act::ChangeMessage { message, text, .. } => {
                if let Ok(text) = domain::talk::message(text) {
                    reword(&mut self.rows, *message, &text, at);
                }
            }
            Act::WithdrawMessage { message, .. } => withdraw(&mut self.rows, *message),
            _ => {}
        }
    }

    /// What was said before `before`, in any order; nothing where that is not the oldest at hand any more.
    pub fn take_older(&mut self, before: MessageId, older: Vec<MessageRow>) {
        if self.rows.first().is_none_or(|first| first.id != before) {
            return;
        }
        for row in older {
            let place = self.rows.partition_point(|other| other.nth < row.nth);
            // The numbers go on without a gap; what does not fit is not taken.
            if place == 0
                && self
                    .rows
                    .first()
                    .is_some_and(|first| first.nth == row.nth + 1)
            {
                self.rows.insert(0, row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::RoleId;
    use uuid::Uuid;

    fn node(n: u128) -> Option<NodeId> {
        Some(NodeId(Uuid::from_u128(n)))
    }

    fn id(nth: u32) -> MessageId {
        MessageId(Uuid::from_u128(1000 + u128::from(nth)))
    }

    fn row(nth: u32) -> MessageRow {
        MessageRow {
            id: id(nth),
            node: NodeId(Uuid::from_u128(1)),
            nth,
            role: RoleId(Uuid::from_u128(u128::from(nth % 2))),
            role_name: "Ada".to_owned(),
            text: format!("Wort {nth}"),
            said_at: Millis(nth.into()),
            changed_at: None,
            is_withdrawn: false,
            reply_to: None,
            last: nth.into(),
        }
    }

    fn rows(range: std::ops::RangeInclusive<u32>) -> Vec<MessageRow> {
        range.rev().map(row).collect()
    }

    fn numbers(held: &Held) -> Vec<u32> {
        held.rows().iter().map(|row| row.nth).collect()
    }

    fn held(range: std::ops::RangeInclusive<u32>) -> Held {
        let mut held = Held::default();
        held.open(node(1));
        assert!(!held.is_known());
        held.take_room(&rows(range));
        held
    }

    #[test]
    fn what_newer_ones_push_out_of_the_room_stays() {
        let mut held = held(3..=6);
        held.take_room(&rows(5..=8));
        assert_eq!(numbers(&held), [3, 4, 5, 6, 7, 8]);
        held.take_room(&rows(9..=12));
        assert_eq!(numbers(&held), (3..=12).collect::<Vec<_>>());
        held.take_room(&rows(9..=12));
        assert_eq!(numbers(&held), (3..=12).collect::<Vec<_>>());
    }

    #[test]
    fn where_something_is_missing_in_between_only_the_newest_stay() {
        let mut held = held(3..=6);
        held.take_room(&rows(8..=9));
        assert_eq!(numbers(&held), [8, 9]);
        // The community was restored from a backup that knows less.
        held.take_room(&rows(1..=4));
        assert_eq!(numbers(&held), [1, 2, 3, 4]);
        held.take_room(&[]);
        assert!(held.rows().is_empty() && held.is_known());
    }

    #[test]
    fn older_ones_join_what_they_were_asked_for_and_nothing_else() {
        let mut held = held(5..=6);
        held.take_older(id(5), rows(2..=4));
        assert_eq!(numbers(&held), [2, 3, 4, 5, 6]);
        held.take_older(id(5), rows(2..=4));
        held.take_older(id(9), rows(1..=1));
        assert_eq!(numbers(&held), [2, 3, 4, 5, 6]);
        // With a gap they are no older ones of these.
        let mut other = self::held(5..=6);
        other.take_older(id(5), rows(1..=3));
        assert_eq!(numbers(&other), [5, 6]);
    }

    #[test]
    fn a_page_is_older_than_the_live_channel() {
        let mut held = Held::default();
        held.open(node(1));
        held.take_page(&rows(1..=3));
        assert_eq!(numbers(&held), [1, 2, 3]);
        held.take_room(&rows(1..=5));
        held.take_page(&rows(1..=4));
        assert_eq!(numbers(&held), [1, 2, 3, 4, 5]);
        held.open(node(2));
        assert!(held.rows().is_empty() && !held.is_known());
    }

    #[test]
    fn a_new_name_is_the_name_of_what_was_said_before() {
        let mut held = held(1..=2);
        let mut newest = rows(3..=4);
        for row in &mut newest {
            row.role_name = format!("Name {}", row.nth % 2);
        }
        held.take_room(&newest);
        let names: Vec<_> = held.rows().iter().map(|row| &*row.role_name).collect();
        assert_eq!(names, ["Name 1", "Name 0", "Name 1", "Name 0"]);
    }

    #[test]
    fn what_one_changed_or_took_back_is_so_in_what_the_room_tells_no_more() {
        let mut held = held(1..=3);
        held.rows[2].reply_to = Some(Quoted::from(&held.rows[0]));
        let node = NodeId(Uuid::from_u128(1));
        let change = Act::ChangeMessage {
            message: id(1),
            node,
            text: " Anders ".to_owned(),
        };
        let taken_back = Act::WithdrawMessage {
            message: id(2),
            node,
        };
        held.take_own(&change, Millis(9));
        held.take_own(&taken_back, Millis(9));
        // The next rooms have pushed them out.
        held.take_room(&rows(4..=5));
        assert_eq!(numbers(&held), [1, 2, 3, 4, 5]);
        let [first, second, third, ..] = held.rows() else {
            panic!("five of them")
        };
        assert_eq!(
            (&*first.text, first.changed_at),
            ("Anders", Some(Millis(9)))
        );
        assert!(second.is_withdrawn && second.text.is_empty());
        let quoted = third.reply_to.as_ref().map(|quoted| &*quoted.text);
        assert_eq!(quoted, Some("Anders"));
    }

    #[test]
    fn what_an_older_one_answers_is_as_the_room_tells_it() {
        let mut held = held(1..=2);
        let mut newest = rows(3..=4);
        held.rows[0].reply_to = Some(Quoted::from(&newest[0]));
        newest[0].text = "Neu".to_owned();
        held.take_room(&newest);
        let quoted = held.rows()[0].reply_to.as_ref().map(|quoted| &*quoted.text);
        assert_eq!(quoted, Some("Neu"));
    }
}
