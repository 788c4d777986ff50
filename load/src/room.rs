//! What a room shows, held as the rows that were sent: docs/protocol.md says how a patch changes them, and nothing else
//! of a row needs to be understood for that.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// Rows by their id.
pub type Rows = BTreeMap<Box<str>, Row>;

/// A row as it was sent. Sockets hold tens of thousands of them, so it stays text until somebody looks into it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number of the event that it is as new as.
    last: i64,
    json: Box<str>,
}

/// A room's state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub nodes: Rows,
    pub threads: Rows,
    pub spools: Rows,
    /// By cell.
    pub counts: Rows,
}

/// A state or a patch, as it is on the wire.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View<'a> {
    #[serde(borrow)]
    nodes: Vec<&'a RawValue>,
    #[serde(borrow)]
    threads: Vec<&'a RawValue>,
    #[serde(borrow)]
    spools: Vec<&'a RawValue>,
    #[serde(borrow)]
    counts: Vec<&'a RawValue>,
    nodes_gone: Vec<Box<str>>,
    threads_gone: Vec<Box<str>>,
    spools_gone: Vec<Box<str>>,
}

/// What has to be known of a row to put it in its place.
#[derive(Deserialize)]
struct Head<'a> {
    id: Option<&'a str>,
    role: Option<&'a str>,
    cell: Option<&'a str>,
    #[serde(default)]
    last: i64,
    #[serde(borrow)]
    kinds: Option<&'a RawValue>,
}

impl<'a> Head<'a> {
    fn of(row: &'a RawValue) -> serde_json::Result<Self> {
        serde_json::from_str(row.get())
    }
}

impl Row {
    /// Its fields.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

impl From<Value> for Row {
    fn from(value: Value) -> Self {
        Self {
            last: value["last"].as_i64().unwrap_or_default(),
            json: value.to_string().into(),
        }
    }
}

impl PartialEq for Row {
    /// The same text is the same row; another order of its fields is too.
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json || self.value() == other.value()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl Room {
    /// The state that was sent whole.
    ///
    /// # Errors
    /// When a row is none.
    pub fn full(view: &View<'_>) -> serde_json::Result<Self> {
        let mut room = Self::default();
        room.apply(view)?;
        Ok(room)
    }

    /// Applies a patch: what is gone first, then what is new, except where the row at hand is newer.
    ///
    /// # Errors
    /// When a row is none; those before it are in.
    pub fn apply(&mut self, patch: &View<'_>) -> serde_json::Result<()> {
        for (rows, gone) in [
            (&mut self.nodes, &patch.nodes_gone),
            (&mut self.threads, &patch.threads_gone),
            (&mut self.spools, &patch.spools_gone),
        ] {
            for id in gone {
                rows.remove(id);
            }
        }
        put(&mut self.nodes, &patch.nodes, |head| head.id)?;
        put(&mut self.threads, &patch.threads, |head| head.id)?;
        put(&mut self.spools, &patch.spools, |head| head.role)?;
        for row in &patch.counts {
            let head = Head::of(row)?;
            let cell = head.cell.unwrap_or_default();
            if head.kinds.is_none_or(|kinds| kinds.get() == "[]") {
                self.counts.remove(cell);
            } else {
                set(&mut self.counts, cell, &head, row);
            }
        }
        Ok(())
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
        for (kind, ours, theirs) in [
            ("nodes", &self.nodes, &other.nodes),
            ("threads", &self.threads, &other.threads),
            ("spools", &self.spools, &other.spools),
            ("counts", &self.counts, &other.counts),
        ] {
            for (id, row) in theirs {
                match ours.get(id) {
                    None => return Some(format!("{kind} {id} is missing")),
                    Some(known) if known != row => {
                        return Some(format!("{kind} {id} is {}, not {}", known.json, row.json));
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
}

fn put<'a>(
    rows: &mut Rows,
    new: &[&'a RawValue],
    key: impl Fn(&Head<'a>) -> Option<&'a str>,
) -> serde_json::Result<()> {
    for row in new {
        let head = Head::of(row)?;
        set(rows, key(&head).unwrap_or_default(), &head, row);
    }
    Ok(())
}

/// Puts a row in its place, except where the one at hand is newer.
fn set(rows: &mut Rows, id: &str, head: &Head<'_>, row: &RawValue) {
    if rows.get(id).is_none_or(|known| known.last <= head.last) {
        let (last, json) = (head.last, row.get().into());
        rows.insert(id.into(), Row { last, json });
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    fn room(text: &str) -> Room {
        Room::full(&serde_json::from_str(text).expect("a view")).expect("rows")
    }

    #[test]
    fn patches_change_rows_as_the_protocol_says() {
        let mut room = room(
            r#"{"nodes": [{"id": "a", "last": 3}, {"id": "b", "last": 4}], "spools": [{"role": "r", "last": 4}],
                "counts": [{"cell": "c", "kinds": [["idea", 2]]}]}"#,
        );
        assert_eq!(room.len(), 4);
        let patch = r#"{"nodes": [{"id": "a", "last": 2}, {"id": "d", "last": 5}], "nodes_gone": ["b"],
                        "counts": [{"cell": "c", "kinds": []}]}"#;
        for _ in 0..2 {
            room.apply(&serde_json::from_str(patch).expect("a patch"))
                .expect("rows");
            assert_eq!(
                room.nodes["a"].value()["last"],
                3,
                "the older row is ignored"
            );
            assert!(room.nodes.contains_key("d") && !room.nodes.contains_key("b"));
            assert!(room.counts.is_empty());
        }
        let mut other = room.clone();
        assert_eq!(room.difference(&other), None);
        other.nodes.remove("d");
        assert!(room.difference(&other).is_some());
        assert!(other.difference(&room).is_some());
    }

    #[test]
    fn the_order_of_fields_is_no_difference_and_a_row_without_an_end_is_none() {
        let one = room(r#"{"nodes": [{"id": "a", "last": 3}]}"#);
        assert_eq!(
            one.difference(&room(r#"{"nodes": [{"last":3,"id":"a"}]}"#)),
            None
        );
        assert!(
            one.difference(&room(r#"{"nodes": [{"id": "a", "last": 4}]}"#))
                .is_some()
        );
        let row = serde_json::from_str(r#"{"nodes": [3]}"#).expect("a list");
        assert!(Room::full(&row).is_err());
    }
}
