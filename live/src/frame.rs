//! JSON text exactly as `domain::wire::ServerMessage` writes it, put together from rooms that were encoded once.

use std::sync::Arc;

use domain::cursor::Cursor;
use domain::view::{CellView, Patch};
use domain::wire::RoomId;
use serde::Serialize;

/// The news of one room: what changed.
pub(crate) fn patch(room_id: RoomId, patch: &Patch) -> Arc<str> {
    room(room_id, "patch", patch)
}

/// The news of one room: everything.
pub(crate) fn full(room_id: RoomId, view: &CellView) -> Arc<str> {
    room(room_id, "full", view)
}

fn room(room_id: RoomId, news: &str, value: &impl Serialize) -> Arc<str> {
    let value = json(value);
    match room_id {
        RoomId::Cell(cell) => format!(r#"{{"cell":"{cell}","{news}":{value}}}"#),
        RoomId::Talk(node) => format!(r#"{{"talk":"{node}","{news}":{value}}}"#),
    }
    .into()
}

/// The message with the news of several rooms.
pub(crate) fn rooms(cursor: Cursor, n: u32, rooms: &[Arc<str>]) -> Arc<str> {
    let length: usize = rooms.iter().map(|room| room.len() + 1).sum();
    let mut text = String::with_capacity(length + 128);
    text.push_str(r#"{"t":"rooms","cursor":""#);
    text.push_str(&cursor.to_string());
    text.push_str(r#"","n":"#);
    text.push_str(&n.to_string());
    text.push_str(r#","rooms":["#);
    for (i, room) in rooms.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(room);
    }
    text.push_str("]}");
    text.into()
}

/// Wire types have string keys and no floats, so that encoding them can't fail.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::id::{Epoch, NodeId};
    use domain::time::Millis;
    use domain::wire::{RoomFrame, RoomNews, ServerMessage};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn frames_are_what_the_wire_types_write() {
        let cursor = Cursor {
            epoch: Epoch(Uuid::from_u128(7)),
            at: Millis(12),
            id: 3,
        };
        let here = RoomId::Cell("8a1e15b60b2ffff".parse().expect("a cell"));
        let said = RoomId::Talk(NodeId(Uuid::from_u128(1)));
        let change = Patch {
            nodes_gone: vec![NodeId(Uuid::from_u128(1))],
            ..Patch::default()
        };
        let view = CellView::default();
        let ours = rooms(cursor, 5, &[patch(here, &change), full(said, &view)]);
        let theirs = ServerMessage::Rooms {
            cursor,
            n: 5,
            rooms: vec![
                RoomFrame {
                    room: here,
                    news: RoomNews::Patch(change),
                },
                RoomFrame {
                    room: said,
                    news: RoomNews::Full(view),
                },
            ],
        };
        assert_eq!(*ours, json(&theirs));
    }
}
