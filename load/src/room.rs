//! What a room shows, held as the rows that were sent: docs/protocol.md says how a patch changes them, and nothing else
//! of a row needs to be understood for that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows by their id.
pub type Rows = BTreeMap<String, Value>;

/// A room's state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub nodes: Rows,
    pub threads: Rows,
    pub spools: Rows,
    /// By cell.
    pub counts: Rows,
}

/// The kinds of rows: their name in a state, the field that names a row, and their name among what is gone.
const KINDS: [(&str, &str, &str); 4] = [
    ("nodes", "id", "nodes_gone"),
    ("threads", "id", "threads_gone"),
    ("spools", "role", "spools_gone"),
    ("counts", "cell", ""),
];

impl Room {
    /// The state that was sent whole.
    #[must_use]
    pub fn full(view: &Value) -> Self {
        let mut room = Self::default();
        room.apply(view);
        room
    }

    /// Applies a patch: what is gone first, then what is new, except where the row at hand is newer.
    pub fn apply(&mut self, patch: &Value) {
        for (kind, key, gone) in KINDS {
            let rows = self.rows_mut(kind);
            for id in list(patch, gone) {
                rows.remove(id.as_str().unwrap_or_default());
            }
            for row in list(patch, kind) {
                let id = row[key].as_str().unwrap_or_default();
                if kind == "counts" && list(row, "kinds").is_empty() {
                    rows.remove(id);
                } else if rows.get(id).is_none_or(|known| last(known) <= last(row)) {
                    rows.insert(id.to_owned(), row.clone());
                }
            }
        }
    }

    /// Rows of all kinds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len() + self.threads.len() + self.spools.len() + self.counts.len()
    }

    /// Whether it shows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first row that differs from `other`'s, in words.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        for (kind, ..) in KINDS {
            let (ours, theirs) = (self.rows(kind), other.rows(kind));
            for (id, row) in theirs {
                match ours.get(id) {
                    None => return Some(format!("{kind} {id} is missing")),
                    Some(known) if known != row => {
                        return Some(format!("{kind} {id} is {known}, not {row}"));
                    }
                    Some(_) => {}
                }
            }
            if let Some(id) = ours.keys().find(|id| !theirs.contains_key(*id)) {
                return Some(format!("{kind} {id} is too much"));
            }
        }
        None
    }

    fn rows(&self, kind: &str) -> &Rows {
        match kind {
            "nodes" => &self.nodes,
            "threads" => &self.threads,
            "spools" => &self.spools,
            _ => &self.counts,
        }
    }

    fn rows_mut(&mut self, kind: &str) -> &mut Rows {
        match kind {
            "nodes" => &mut self.nodes,
            "threads" => &mut self.threads,
            "spools" => &mut self.spools,
            _ => &mut self.counts,
        }
    }
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn last(row: &Value) -> i64 {
    row["last"].as_i64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Room;

    #[test]
    fn patches_change_rows_as_the_protocol_says() {
        let mut room = Room::full(&json!({
            "nodes": [{"id": "a", "last": 3}, {"id": "b", "last": 4}],
            "spools": [{"role": "r", "last": 4}],
            "counts": [{"cell": "c", "kinds": [["idea", 2]]}],
        }));
        assert_eq!(room.len(), 4);
        let patch = json!({
            "nodes": [{"id": "a", "last": 2}, {"id": "d", "last": 5}],
            "nodes_gone": ["b"],
            "counts": [{"cell": "c", "kinds": []}],
        });
        for _ in 0..2 {
            room.apply(&patch);
            assert_eq!(room.nodes["a"]["last"], 3, "the older row is ignored");
            assert!(room.nodes.contains_key("d") && !room.nodes.contains_key("b"));
            assert!(room.counts.is_empty());
        }
        let mut other = room.clone();
        assert_eq!(room.difference(&other), None);
        other.nodes.remove("d");
        assert!(room.difference(&other).is_some());
        assert!(other.difference(&room).is_some());
    }
}
