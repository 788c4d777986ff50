//! What was said, a page at a time.

use chrono::{DateTime, Utc};
use domain::id::{MessageId, NodeId, RoleId};
use domain::talk::{MessageRow, RECENT_MAX};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::moment::millis;
use crate::{Store, StoreError};

/// The newest messages of each of these conversations, [`RECENT_MAX`] at most, by their number, beside the place of its knot
/// in `nodes`. The caller's transaction sees to it that names are of the same position.
pub(crate) async fn recent(
    connection: &mut PgConnection,
    nodes: &[NodeId],
) -> Result<Vec<(usize, MessageRow)>, StoreError> {
    let wanted: Vec<Uuid> = nodes.iter().map(|node| node.0).collect();
    let rows = sqlx::query_file!("src/talk/sql/recent.sql", &wanted, i64::from(RECENT_MAX))
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            // Ordinals count from one.
            let at = usize::try_from(row.ordinality - 1)
                .map_err(|error| StoreError::unreadable("a conversation", error))?;
            let message = SqlMessage {
                id: row.id,
                node: row.node,
                nth: row.nth,
                role: row.role,
                name: row.name,
                text: row.text,
                said_at: row.said_at,
                last: row.last,
            };
            Ok((at, message.into()))
        })
        .collect()
}

/// Messages of a conversation that were said before `before`, else the newest ones; the newest first, `limit` at most. None
/// where `before` is no message of this conversation.
///
/// # Errors
/// When the database can't be reached.
pub async fn page(
    store: &Store,
    node: NodeId,
    before: Option<MessageId>,
    limit: u16,
) -> Result<Option<Vec<MessageRow>>, StoreError> {
    let mut connection = store.reads().acquire().await?;
    let end = match before {
        None => i32::MAX,
        Some(message) => {
            let nth = sqlx::query_scalar!(
                "SELECT nth FROM messages_read WHERE id = $1 AND node = $2",
                message.0,
                node.0
            )
            .fetch_optional(&mut *connection)
            .await?;
            let Some(nth) = nth else { return Ok(None) };
            nth
        }
    };
    let rows = sqlx::query_as!(
        SqlMessage,
        "SELECT m.id, m.node, m.nth, m.role, r.name, m.text, m.said_at, m.last
         FROM messages_read m JOIN roles_read r ON r.role = m.role
         WHERE m.node = $1 AND m.nth < $2 ORDER BY m.nth DESC LIMIT $3",
        node.0,
        end,
        i64::from(limit)
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Some(rows.into_iter().map(MessageRow::from).collect()))
}

/// A row of `messages_read` with the name of who said it.
struct SqlMessage {
    id: Uuid,
    node: Uuid,
    nth: i32,
    role: Uuid,
    name: String,
    text: String,
    said_at: DateTime<Utc>,
    last: i64,
}

impl From<SqlMessage> for MessageRow {
    fn from(row: SqlMessage) -> Self {
        Self {
            id: MessageId(row.id),
            node: NodeId(row.node),
            nth: row.nth.cast_unsigned(),
            role: RoleId(row.role),
            role_name: row.name,
            text: row.text,
            said_at: millis(row.said_at),
            last: row.last,
        }
    }
}
