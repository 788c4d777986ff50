//! What an import has to know of what is there already.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::id::{NodeId, RoleId};
use domain::state::StreamId;
use domain::view::NodeRow;
use uuid::Uuid;

use crate::weave::read;
use crate::{Store, StoreError};

/// How long the read models may be behind the log before an import gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The knots of these ids that exist, as the log has them by now. Where none of them exists nothing is waited for;
/// else until the read models, which somebody has to keep up, have come to the log's present head.
///
/// # Errors
/// When the database can't be reached, or the read models stand.
pub async fn known(store: &Store, ids: &[NodeId]) -> Result<BTreeMap<NodeId, NodeRow>, StoreError> {
    let streams: Vec<String> = ids
        .iter()
        .map(|id| StreamId::Node(*id).to_string())
        .collect();
    let exists = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM streams WHERE stream = ANY($1)) AS "exists!""#,
        &streams
    )
    .fetch_one(store.reads())
    .await?;
    if !exists {
        return Ok(BTreeMap::new());
    }
    let head = store.head().await?;
    if !read::reached(store, head, PATIENCE).await? {
        return Err(StoreError::unreadable(
            "what is there already",
            "the read models do not follow the log",
        ));
    }
    read::nodes(store, ids).await
}

/// Whether a person acts as `role`: an import must not.
///
/// # Errors
/// When the database can't be reached.
pub async fn is_a_persons(store: &Store, role: RoleId) -> Result<bool, StoreError> {
    let role: Uuid = role.0;
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM accounts WHERE role = $1) AS "exists!""#,
        role
    )
    .fetch_one(store.reads())
    .await?;
    Ok(found)
}
