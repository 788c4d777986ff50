//! How far members have read: private rows beside the log, and what they have not read yet.

use domain::id::{MessageId, NodeId, RoleId};
use domain::talk::Unread;
use domain::weave::Structure;

use crate::moment::stamp;
use crate::{Store, StoreError};

/// Conversations that are looked through for one member: those in which they acted last, and the parlour.
const TALKS_MAX: i64 = 200;
/// The newest messages of each that are looked at.
const LOOKED_AT_MAX: i32 = 200;

/// The member has seen that message, and with it all that was said before. What was seen already stays seen; a message that there is
/// not says nothing.
///
/// # Errors
/// When the database can't be reached.
pub async fn read(store: &Store, role: RoleId, message: MessageId) -> Result<(), StoreError> {
    store
        .owned(move |store| async move {
            sqlx::query!(
                "INSERT INTO marks_read AS known (role, node, nth, at)
                 SELECT $1, node, nth, $3 FROM messages_read WHERE id = $2
                 ON CONFLICT (role, node) DO UPDATE SET nth = excluded.nth, at = excluded.at WHERE known.nth < excluded.nth",
                role.0,
                message.0,
                stamp(store.now())
            )
            .execute(store.writes())
            .await?;
            Ok(())
        })
        .await
}

/// What the member has not read in the conversations they take part in (they knotted, changed or joined the knot, or said something
/// there) and in the parlour, the newest first. Their own messages count as read, and what was said before they came.
///
/// # Errors
/// When the database can't be reached.
pub async fn unread(store: &Store, role: RoleId) -> Result<Vec<Unread>, StoreError> {
    let rows = sqlx::query_file!(
        "src/talk/sql/unread.sql",
        role.0,
        NodeId::of_structure(Structure::Parlour).0,
        TALKS_MAX,
        LOOKED_AT_MAX
    )
    .fetch_all(store.reads())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Unread {
            node: NodeId(row.node),
            title: row.title,
            count: u32::try_from(row.count).unwrap_or(u32::MAX),
            read: row.read.cast_unsigned(),
        })
        .collect())
}
