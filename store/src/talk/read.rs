//! What was said, a page at a time.

use chrono::{DateTime, Utc};
use domain::id::{MessageId, NodeId, RoleId};
use domain::talk::{MessageRow, QUOTED_MAX, Quoted, RECENT_MAX};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::moment::millis;
use crate::{Store, StoreError};

/// The newest messages of each of these conversations, [`RECENT_MAX`] at most, by their number, beside the place of its knot
/// in `nodes`. The caller's transaction sees to it that names, and what is answered, are of the same position.
pub(crate) async fn recent(
    connection: &mut PgConnection,
    nodes: &[NodeId],
) -> Result<Vec<(usize, MessageRow)>, StoreError> {
    let wanted: Vec<Uuid> = nodes.iter().map(|node| node.0).collect();
    let rows = sqlx::query_file!(
        "src/talk/sql/recent.sql",
        &wanted,
        i64::from(RECENT_MAX),
        i32::from(QUOTED_MAX)
    )
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
                changed_at: row.changed_at,
                is_withdrawn: row.is_withdrawn,
                last: row.last,
                answered: row.answered,
                answered_role: row.answered_role,
                answered_name: row.answered_name,
                answered_text: row.answered_text,
                answered_withdrawn: row.answered_withdrawn,
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
    let rows = sqlx::query_file_as!(
        SqlMessage,
        "src/talk/sql/page.sql",
        node.0,
        end,
        i64::from(limit),
        i32::from(QUOTED_MAX)
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Some(rows.into_iter().map(MessageRow::from).collect()))
}

/// A row of `messages_read` with the name of who said it, and the beginning of what it answers.
struct SqlMessage {
    id: Uuid,
    node: Uuid,
    nth: i32,
    role: Uuid,
    name: String,
    text: String,
    said_at: DateTime<Utc>,
    changed_at: Option<DateTime<Utc>>,
    is_withdrawn: bool,
    last: i64,
    answered: Option<Uuid>,
    answered_role: Option<Uuid>,
    answered_name: Option<String>,
    answered_text: Option<String>,
    answered_withdrawn: Option<bool>,
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
            changed_at: row.changed_at.map(millis),
            is_withdrawn: row.is_withdrawn,
            reply_to: row
                .answered
                .zip(row.answered_role)
                .map(|(id, role)| Quoted {
                    id: MessageId(id),
                    role: RoleId(role),
                    role_name: row.answered_name.unwrap_or_default(),
                    text: row.answered_text.unwrap_or_default(),
                    is_withdrawn: row.answered_withdrawn.unwrap_or_default(),
                }),
            last: row.last,
        }
    }
}
