//! Pictures that people upload: kept beside the log, sealed with their role's key, and swept when nothing shows them any more.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, PictureId, RoleId};
use domain::time::{DAY_MS, Millis};
use domain::weave::{PICTURE_KEPT_DAYS, Uploaded};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::moment::stamp;
use crate::{Store, StoreError};

/// Bytes of pictures that are kept for one role at most.
pub const BYTES_BY_ROLE_MAX: i64 = 100 * 1024 * 1024;
/// How long a picture that nothing shows is kept, in milliseconds: so long its removal can be undone.
pub const UNHELD_KEPT_MS: i64 = PICTURE_KEPT_DAYS * DAY_MS;

/// How long one is kept that nothing ever showed, in milliseconds: its upload was left half-way.
pub const NEVER_SHOWN_KEPT_MS: i64 = 6 * 60 * 60 * 1000;

/// A picture as it is to be kept: the same JPEG file twice, for looking at and for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub large: Vec<u8>,
    pub small: Vec<u8>,
}

/// Which of a picture's two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Large,
    Small,
}

/// Why a picture is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The role has no room for it.
    #[error("the pictures of one role have at most {BYTES_BY_ROLE_MAX} bytes")]
    Full,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps a picture of `role`, for a knot or for itself, and tells its id: the same one for the same picture. Nothing shows it yet.
///
/// # Errors
/// When the role has no room for it, has no key any more, or the database can't be reached.
pub async fn keep_for(
    store: &Store,
    role: RoleId,
    node: Option<NodeId>,
    sizes: Sizes,
) -> Result<PictureId, KeepError> {
    store
        .owned(move |store| async move { insert(&store, role, node, &sizes).await })
        .await
}

async fn insert(
    store: &Store,
    role: RoleId,
    node: Option<NodeId>,
    sizes: &Sizes,
) -> Result<PictureId, KeepError> {
    let id = PictureId::derive(role, node, &Sha256::digest(&sizes.large));
    let mut connection = store.writes().acquire().await.map_err(StoreError::from)?;
    let keys = store
        .role_keys()
        .get(&mut connection, &BTreeSet::from([role]))
        .await?;
    let key = keys
        .get(&role)
        .ok_or_else(|| StoreError::unreadable(format!("the key of role {role}"), "it is gone"))?;
    let large = key.seal_bytes(role, &sizes.large)?;
    let small = key.seal_bytes(role, &sizes.small)?;
    let bytes = i32::try_from(large.len() + small.len()).unwrap_or(i32::MAX);
    let kept = sqlx::query!(
        "INSERT INTO blobs (id, role, node, large, small, bytes, made_at, unheld_since)
         SELECT $1, $2, $3, $4, $5, $6::int4, $7, $7
         WHERE (SELECT coalesce(sum(bytes), 0) FROM blobs WHERE role = $2 AND id <> $1) + $6::int4 <= $8
         ON CONFLICT (id) DO UPDATE
         SET unheld_since = CASE WHEN blobs.unheld_since IS NULL THEN NULL ELSE excluded.unheld_since END",
        id.0,
        role.0,
        node.map(|node| node.0),
        &large,
        &small,
        bytes,
        stamp(store.now()),
        BYTES_BY_ROLE_MAX
    )
    .execute(&mut *connection)
    .await
    .map_err(StoreError::from)?;
    if kept.rows_affected() == 0 {
        return Err(KeepError::Full);
    }
    Ok(id)
}

/// Lets a picture go that nothing has ever shown: the act that would have was refused.
///
/// # Errors
/// When the database can't be reached.
pub async fn forget(store: &Store, id: PictureId) -> Result<(), StoreError> {
    store
        .owned(move |store| async move {
            sqlx::query!("DELETE FROM blobs WHERE id = $1 AND shown_at IS NULL", id.0)
                .execute(store.writes())
                .await?;
            Ok(())
        })
        .await
}

/// One of a picture's files, and who may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub jpeg: Vec<u8>,
    /// Something shows it now, so everyone sees it.
    pub is_shown: bool,
    /// It was shown at a knot, whose history members read.
    is_history: bool,
    owner: RoleId,
}

impl File {
    /// Whether that role may see it, or somebody without one.
    #[must_use]
    pub fn is_for(&self, role: Option<RoleId>) -> bool {
        let is_members = |role| self.is_history || role == self.owner;
        self.is_shown || role.is_some_and(is_members)
    }
}

/// One of a picture's files, opened; none where it is kept no more or its owner's key is gone.
///
/// # Errors
/// When the database can't be reached, or what is kept can't be read.
pub async fn file(store: &Store, id: PictureId, size: Size) -> Result<Option<File>, StoreError> {
    let mut connection = store.reads().acquire().await?;
    let row = sqlx::query!(
        r#"SELECT role, CASE WHEN $2 THEN small ELSE large END AS "sealed!", unheld_since IS NULL AS "is_shown!",
                  node IS NOT NULL AND shown_at IS NOT NULL AS "is_history!"
           FROM blobs WHERE id = $1"#,
        id.0,
        size == Size::Small
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let owner = RoleId(row.role);
    let keys = store
        .role_keys()
        .get(&mut connection, &BTreeSet::from([owner]))
        .await?;
    let Some(key) = keys.get(&owner) else {
        return Ok(None);
    };
    Ok(Some(File {
        jpeg: key.open_bytes(owner, &row.sealed)?,
        is_shown: row.is_shown,
        is_history: row.is_history,
        owner,
    }))
}

/// What is kept of these pictures; held as it is until the end of the transaction, so that no sweep takes what is about to be shown.
pub(crate) async fn for_the_door(
    connection: &mut PgConnection,
    ids: impl Iterator<Item = PictureId>,
) -> Result<BTreeMap<PictureId, Uploaded>, StoreError> {
    let wanted: Vec<Uuid> = ids.map(|id| id.0).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        "SELECT id, role, node FROM blobs WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        &wanted
    )
    .fetch_all(connection)
    .await?;
    let uploaded = rows.into_iter().map(|row| {
        let known = Uploaded {
            owner: RoleId(row.role),
            node: row.node.map(NodeId),
        };
        (PictureId(row.id), known)
    });
    Ok(uploaded.collect())
}

/// Notes which pictures something shows from now on (`true`), and which it shows no more.
pub(crate) async fn note(
    connection: &mut PgConnection,
    noted: &BTreeMap<PictureId, bool>,
    now: Millis,
) -> Result<(), StoreError> {
    if noted.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = noted.keys().map(|id| id.0).collect();
    let shown: Vec<bool> = noted.values().copied().collect();
    sqlx::query!(
        "UPDATE blobs SET unheld_since = CASE WHEN is_shown THEN NULL ELSE coalesce(unheld_since, $3) END,
                          shown_at = CASE WHEN is_shown THEN $3 ELSE coalesce(shown_at, $3) END
         FROM unnest($1::uuid[], $2::bool[]) AS noted (id, is_shown) WHERE blobs.id = noted.id",
        &ids,
        &shown,
        stamp(now)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that all other pictures which these roles had of themselves are shown no more.
pub(crate) async fn portray(
    connection: &mut PgConnection,
    portraits: &BTreeMap<RoleId, Option<PictureId>>,
    now: Millis,
) -> Result<(), StoreError> {
    for (role, shown) in portraits {
        sqlx::query!(
            "UPDATE blobs SET unheld_since = $3
             WHERE role = $1 AND node IS NULL AND id IS DISTINCT FROM $2 AND unheld_since IS NULL",
            role.0,
            shown.map(|shown| shown.0),
            stamp(now)
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Notes since when pictures are shown by nothing that lives, and lets those go for which that is long enough. What the door holds
/// is left for the next time, and so is what was last shown later than the read models know of: they may be late, or just being woven
/// anew.
pub(crate) async fn sweep(connection: &mut PgConnection, now: Millis) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH held AS (
             SELECT (shown ->> 'id')::uuid AS id FROM nodes_read, jsonb_array_elements(pictures) AS shown
             WHERE pictures <> '[]' AND dissolved_at IS NULL
             UNION SELECT picture FROM profiles_read WHERE picture IS NOT NULL
         ), other AS (
             SELECT id FROM blobs
             WHERE (unheld_since IS NULL) <> EXISTS (SELECT FROM held WHERE held.id = blobs.id)
               AND coalesce(shown_at, made_at) < (SELECT at FROM checkpoints WHERE name = 'weave')
             ORDER BY id FOR UPDATE SKIP LOCKED
         )
         UPDATE blobs SET unheld_since = CASE WHEN unheld_since IS NULL THEN $1::timestamptz END,
                          shown_at = coalesce(shown_at, made_at)
         FROM other WHERE blobs.id = other.id",
        stamp(now)
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM blobs WHERE id IN (
             SELECT id FROM blobs WHERE unheld_since < CASE WHEN shown_at IS NULL THEN $2::timestamptz ELSE $1 END
             ORDER BY id FOR UPDATE SKIP LOCKED)",
        stamp(now + -UNHELD_KEPT_MS),
        stamp(now + -NEVER_SHOWN_KEPT_MS)
    )
    .execute(connection)
    .await?;
    Ok(())
}
