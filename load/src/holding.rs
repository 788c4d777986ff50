//! The rooms that a socket holds, wishes, or left a moment ago: the part of docs/protocol.md that needs no socket.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use crate::room::{Room, View};

/// Rooms that were left and are remembered, beside those that are wished.
const LEFT_MAX: usize = 140;

/// Rooms and the wishes for them.
#[derive(Debug, Default)]
pub struct Holding {
    rooms: BTreeMap<String, Held>,
    /// The number of the last wish.
    wish: u32,
}

#[derive(Debug, Default)]
struct Held {
    /// None until it was answered once.
    room: Option<Room>,
    /// The position that `room` is valid for, while it is not answered on this connection.
    cursor: String,
    /// The wish by which it is held.
    wished: u32,
    is_answered: bool,
    is_wished: bool,
}

/// The news of one room.
#[derive(Debug, Deserialize)]
pub struct News<'a> {
    #[serde(default)]
    cell: &'a str,
    #[serde(borrow)]
    full: Option<View<'a>>,
    #[serde(borrow)]
    patch: Option<View<'a>>,
}

impl Holding {
    /// The message that wishes `wanted` from now on; `cursor` is the connection's.
    pub fn wish(&mut self, wanted: &[String], cursor: &str) -> String {
        self.wish += 1;
        for (cell, held) in &mut self.rooms {
            if held.is_wished && !wanted.contains(cell) {
                held.leave(cursor);
            }
        }
        let mut wishes = Vec::with_capacity(wanted.len());
        for cell in wanted {
            let held = self.rooms.entry(cell.clone()).or_default();
            if !held.is_wished {
                (held.is_wished, held.is_answered, held.wished) = (true, false, self.wish);
            }
            // Of a room that is held already it is not looked at.
            wishes.push(match &held.room {
                Some(_) if !held.is_answered => json!({ "cell": cell, "cursor": held.cursor }),
                _ => json!({ "cell": cell }),
            });
        }
        while self.rooms.len() > LEFT_MAX {
            let left = self.rooms.iter().find(|(_, held)| !held.is_wished);
            let Some(cell) = left.map(|(cell, _)| cell.clone()) else {
                break;
            };
            self.rooms.remove(&cell);
        }
        json!({ "t": "rooms", "n": self.wish, "rooms": wishes }).to_string()
    }

    /// The connection is lost: all rooms stay as they are, valid for its last position.
    pub fn leave_all(&mut self, cursor: &str) {
        for held in self.rooms.values_mut().filter(|held| held.is_wished) {
            held.leave(cursor);
        }
    }

    /// Takes the news of one room from a message that says `n`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn take(&mut self, n: u64, news: &News<'_>) -> Result<(), String> {
        let cell = news.cell;
        let wrong = |error| format!("room {cell}: {error}");
        let Some(held) = self.rooms.get_mut(cell) else {
            return Ok(());
        };
        // What is of an earlier wish was on its way.
        if !held.is_wished || n < u64::from(held.wished) {
            return Ok(());
        }
        held.is_answered = true;
        if let Some(full) = &news.full {
            held.room = Some(Room::full(full).map_err(wrong)?);
            return Ok(());
        }
        match (&mut held.room, &news.patch) {
            (Some(room), Some(patch)) => room.apply(patch).map_err(wrong),
            _ => Err(format!("room {cell}: a patch to nothing, or neither")),
        }
    }

    /// Whether every wished room was answered on this connection.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        let mut wished = self.rooms.values().filter(|held| held.is_wished);
        wished.all(|held| held.is_answered)
    }

    /// What is shown in the end of the rooms that are wished.
    pub fn shown(self) -> impl Iterator<Item = (String, Room)> {
        let wished = self.rooms.into_iter().filter(|(_, held)| held.is_wished);
        wished.map(|(cell, held)| (cell, held.room.unwrap_or_default()))
    }
}

impl Held {
    /// It stays as it is, valid for the connection's position where it had been answered.
    fn leave(&mut self, cursor: &str) {
        if self.is_answered {
            cursor.clone_into(&mut self.cursor);
        }
        (self.is_wished, self.is_answered) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn full(cell: &str, node: &str) -> String {
        json!({ "cell": cell, "full": { "nodes": [{ "id": node, "last": 1 }] } }).to_string()
    }

    fn news(text: &str) -> News<'_> {
        serde_json::from_str(text).expect("news")
    }

    #[test]
    fn what_is_of_an_earlier_wish_is_ignored() {
        let mut holding = Holding::default();
        holding.wish(&cells(&["a"]), "");
        holding.wish(&cells(&["b"]), "");
        holding.wish(&cells(&["a", "b"]), "");
        holding
            .take(2, &news(&full("a", "old")))
            .expect("it is ignored");
        assert!(!holding.is_answered());
        holding.take(3, &news(&full("a", "new"))).expect("a state");
        holding
            .take(2, &news(&full("b", "held since")))
            .expect("a state");
        assert!(holding.is_answered());
        let shown: BTreeMap<_, _> = holding.shown().collect();
        assert!(shown["a"].nodes.contains_key("new"));
    }

    #[test]
    fn a_room_that_comes_back_is_wished_with_its_position() {
        let mut holding = Holding::default();
        holding.wish(&cells(&["a"]), "");
        assert!(!holding.wish(&cells(&["a"]), "").contains("cursor"));
        holding.take(1, &news(&full("a", "x"))).expect("a state");
        holding.leave_all("e.1.5");
        let wish = holding.wish(&cells(&["a", "b"]), "");
        assert!(wish.contains(r#"{"cell":"a","cursor":"e.1.5"}"#), "{wish}");
        assert!(wish.contains(r#"{"cell":"b"}"#), "{wish}");
        // Unanswered, it keeps the position that its state has.
        holding.leave_all("e.1.9");
        assert!(holding.wish(&cells(&["a"]), "").contains("e.1.5"));
        let empty = news(r#"{"cell":"a","patch":{}}"#);
        holding.take(4, &empty).expect("it is still current");
        assert!(holding.is_answered());
    }

    #[test]
    fn a_patch_to_nothing_is_told() {
        let mut holding = Holding::default();
        holding.wish(&cells(&["a"]), "");
        let patch = news(r#"{"cell":"a","patch":{}}"#);
        assert!(holding.take(1, &patch).is_err());
    }
}
