//! Frames: one per client with all its news, its bytes shared with every client that gets the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::wire::RoomId;

use super::{Hub, Outgoing};
use crate::client::{ClientId, Due};
use crate::frame;

/// What a read brought, and whom it concerns.
#[derive(Debug, Default)]
pub(super) struct News {
    /// What changed in a room, encoded.
    pub(super) patches: BTreeMap<RoomId, Arc<str>>,
    /// The changed rooms of a client.
    pub(super) changed: BTreeMap<ClientId, Vec<RoomId>>,
    /// Clients that wait for a room that was read.
    pub(super) waiting: BTreeSet<ClientId>,
}

/// Position, wish and rooms, by the addresses of their texts → the message made of them. The texts are kept beside
/// it, so that no other one gets their addresses.
type Composed = BTreeMap<(i64, u32, Vec<usize>), (Arc<str>, Vec<Arc<str>>)>;

impl Hub {
    pub(super) fn deliver(&mut self, news: News) -> Vec<Outgoing> {
        let News {
            patches,
            mut changed,
            waiting,
        } = news;
        for client in waiting {
            changed.entry(client).or_default();
        }
        let mut composed = Composed::new();
        changed
            .into_iter()
            .filter_map(|(client, room_ids)| self.frame(client, &room_ids, &patches, &mut composed))
            .collect()
    }

    /// What is at hand of all that the client waits for.
    pub(super) fn answer(&mut self, client: ClientId) -> Option<Outgoing> {
        self.frame(client, &[], &BTreeMap::new(), &mut Composed::new())
    }

    /// The client has taken a message of so many bytes; what did not fit before may follow.
    pub fn taken(&mut self, client: ClientId, bytes: usize) -> Option<Outgoing> {
        let known = self.clients.get_mut(&client)?;
        known.take(bytes);
        if known.due.is_empty() {
            None
        } else {
            self.answer(client)
        }
    }

    fn frame(
        &mut self,
        id: ClientId,
        changed: &[RoomId],
        patches: &BTreeMap<RoomId, Arc<str>>,
        composed: &mut Composed,
    ) -> Option<Outgoing> {
        let client = self.clients.get_mut(&id)?;
        let limits = &self.limits;
        let mut parts: Vec<Arc<str>> = changed
            .iter()
            .filter_map(|room_id| patches.get(room_id))
            .cloned()
            .collect();
        let mut bytes: usize = parts.iter().map(|part| part.len()).sum();
        let single = client.has_taken_all() && parts.len() == 1;
        if !parts.is_empty() && !single && !client.has_space_for(bytes, limits.queue_bytes) {
            for &room_id in changed {
                client.due.insert(room_id, Due::Behind);
            }
            parts.clear();
            bytes = 0;
        }
        let waiting: Vec<(RoomId, Due)> = client.due.iter().copied().collect();
        for (room_id, due) in waiting {
            let Some(room) = self.rooms.get_mut(&room_id) else {
                continue;
            };
            if !room.holds_at(self.cursor, self.followed) {
                continue;
            }
            let since = match due {
                Due::Wished { since } => since,
                Due::Behind => None,
            };
            let Some(part) = room.news(room_id, since) else {
                continue;
            };
            let first = client.has_taken_all() && parts.is_empty();
            let fits = bytes + part.len() <= limits.frame_bytes
                && client.has_space_for(bytes + part.len(), limits.queue_bytes);
            if !first && !fits {
                break;
            }
            bytes += part.len();
            parts.push(part);
            client.due.remove(&room_id);
        }
        if parts.is_empty() {
            return None;
        }
        let cursor = client.tell(self.cursor);
        let addresses = parts.iter().map(|part| part.as_ptr().addr()).collect();
        let n = client.n;
        let (text, _) = composed
            .entry((cursor.id, n, addresses))
            .or_insert_with(|| (frame::rooms(cursor, n, &parts), parts));
        client.queue(text.len());
        Some(Outgoing {
            client: id,
            text: Arc::clone(text),
        })
    }
}
