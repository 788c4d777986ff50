//! What an event adds to conversations.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Body, Event};
use domain::id::{MessageId, NodeId, RoleId};
use domain::state::StreamId;
use domain::time::Millis;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;
use crate::moment::stamp;

/// The conversations that a batch of events goes on with.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    /// The place of the last message of each.
    last: BTreeMap<NodeId, u32>,
    said: Vec<Said>,
}

#[derive(Debug)]
struct Said {
    id: MessageId,
    node: NodeId,
    nth: u32,
    role: RoleId,
    text: String,
    at: Millis,
    event: i64,
}

impl Conversations {
    /// Loads the ends of the conversations that `events` go on with, as they are before them, where they are not known.
    pub(crate) async fn load(
        &mut self,
        connection: &mut PgConnection,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let nodes: BTreeSet<Uuid> = events
            .iter()
            .filter(|event| matches!(event.payload, Body::NachrichtGesendet { .. }))
            .filter_map(|event| event.tie?.to.node())
            .filter(|node| !self.last.contains_key(node))
            .map(|node| node.0)
            .collect();
        if nodes.is_empty() {
            return Ok(());
        }
        let nodes: Vec<Uuid> = nodes.into_iter().collect();
        let rows = sqlx::query!(
            r#"SELECT said.node AS "node!",
                      (SELECT max(m.nth) FROM messages_read m WHERE m.node = said.node) AS "last"
               FROM unnest($1::uuid[]) AS said (node)"#,
            &nodes
        )
        .fetch_all(connection)
        .await?;
        let last = rows
            .into_iter()
            .map(|row| (NodeId(row.node), row.last.unwrap_or(0).cast_unsigned()));
        self.last.extend(last);
        Ok(())
    }

    /// Takes one event, with its texts opened.
    pub(crate) fn fold(&mut self, event: &Event) {
        let (Body::NachrichtGesendet { text }, StreamId::Message(id), Some(tie)) =
            (&event.payload, event.stream, event.tie)
        else {
            return;
        };
        let Some(node) = tie.to.node() else { return };
        let last = self.last.entry(node).or_default();
        *last = last.saturating_add(1);
        self.said.push(Said {
            id,
            node,
            nth: *last,
            role: tie.from,
            // An erased text shows as nothing.
            text: text.readable().unwrap_or_default().to_owned(),
            at: event.at,
            event: event.id,
        });
    }

    /// Writes what was said.
    pub(crate) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let said = std::mem::take(&mut self.said);
        if said.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "INSERT INTO messages_read (id, node, nth, role, text, said_at, last)
             SELECT id, node, nth, role, text, said_at, last
             FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::timestamptz[], $7::int8[])
                 AS new (id, node, nth, role, text, said_at, last)",
            &said.iter().map(|row| row.id.0).collect::<Vec<Uuid>>(),
            &said.iter().map(|row| row.node.0).collect::<Vec<Uuid>>(),
            &said
                .iter()
                .map(|row| row.nth.cast_signed())
                .collect::<Vec<i32>>(),
            &said.iter().map(|row| row.role.0).collect::<Vec<Uuid>>(),
            &said
                .iter()
                .map(|row| row.text.clone())
                .collect::<Vec<String>>(),
            &said.iter().map(|row| stamp(row.at)).collect::<Vec<_>>(),
            &said.iter().map(|row| row.event).collect::<Vec<i64>>()
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
