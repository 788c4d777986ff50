//! What an event adds to conversations, and changes in them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::event::{Body, Event};
use domain::id::{MessageId, NodeId, RoleId};
use domain::personal::Personal;
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
    /// Messages that were said otherwise or taken back; the last time counts.
    changed: BTreeMap<MessageId, Changed>,
}

#[derive(Debug)]
struct Said {
    id: MessageId,
    node: NodeId,
    nth: u32,
    role: RoleId,
    text: String,
    at: Millis,
    reply_to: Option<MessageId>,
    event: i64,
}

/// How a message is now.
#[derive(Debug)]
struct Changed {
    text: String,
    /// None: it was taken back.
    at: Option<Millis>,
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
        let StreamId::Message(id) = event.stream else {
            return;
        };
        match &event.payload {
            Body::NachrichtGesendet { text, reply_to } => self.say(event, id, text, *reply_to),
            Body::NachrichtGeaendert { text, .. } => {
                let text = readable(text);
                self.change(event, id, text, Some(event.at));
            }
            Body::NachrichtZurueckgezogen { .. } => self.change(event, id, String::new(), None),
            _ => {}
        }
    }

    fn say(&mut self, event: &Event, id: MessageId, text: &Personal, reply_to: Option<MessageId>) {
        let Some(tie) = event.tie else { return };
        let Some(node) = tie.to.node() else { return };
        let last = self.last.entry(node).or_default();
        *last = last.saturating_add(1);
        self.said.push(Said {
            id,
            node,
            nth: *last,
            role: tie.from,
            text: readable(text),
            at: event.at,
            reply_to,
            event: event.id,
        });
    }

    fn change(&mut self, event: &Event, id: MessageId, text: String, at: Option<Millis>) {
        let event = event.id;
        self.changed.insert(id, Changed { text, at, event });
    }

    /// Writes what was said, and then what of it was changed.
    pub(crate) async fn write(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        write_said(&mut *connection, std::mem::take(&mut self.said)).await?;
        write_changed(connection, std::mem::take(&mut self.changed)).await
    }
}

/// An erased text shows as nothing.
fn readable(text: &Personal) -> String {
    text.readable().unwrap_or_default().to_owned()
}

async fn write_said(connection: &mut PgConnection, said: Vec<Said>) -> Result<(), StoreError> {
    if said.is_empty() {
        return Ok(());
    }
    sqlx::query!(
            "INSERT INTO messages_read (id, node, nth, role, text, said_at, reply_to, last)
             SELECT id, node, nth, role, text, said_at, reply_to, last
             FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[], $8::int8[])
                 AS new (id, node, nth, role, text, said_at, reply_to, last)",
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
            &said
                .iter()
                .map(|row| row.reply_to.map(|id| id.0))
                .collect::<Vec<_>>() as &[Option<Uuid>],
            &said.iter().map(|row| row.event).collect::<Vec<i64>>()
        )
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_changed(
    connection: &mut PgConnection,
    changed: BTreeMap<MessageId, Changed>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    let rows = changed.values();
    sqlx::query!(
        "UPDATE messages_read AS known
         SET text = new.text, changed_at = new.changed_at, is_withdrawn = new.changed_at IS NULL, last = new.last
         FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::int8[]) AS new (id, text, changed_at, last)
         WHERE known.id = new.id",
        &changed.keys().map(|id| id.0).collect::<Vec<Uuid>>(),
        &rows
            .clone()
            .map(|row| row.text.clone())
            .collect::<Vec<String>>(),
        &rows
            .clone()
            .map(|row| row.at.map(stamp))
            .collect::<Vec<_>>() as &[Option<DateTime<Utc>>],
        &rows.map(|row| row.event).collect::<Vec<i64>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}
