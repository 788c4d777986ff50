//! Making the read models anew from the log, beside those in use, and swapping them in.

mod beside;

use domain::cursor::Cursor;
use sqlx::{Connection, Executor, PgConnection};

use self::beside::Beside;
use super::project::VERSION;
use crate::{Store, StoreError};

/// Where the swap is told, see `sql/rebuild_swap.sql`.
pub(crate) const REBUILT: &str = "weltgewebe_rebuilt";

/// Whoever rebuilds holds this lock of the database: two would work in the same tables beside.
const LOCK: i64 = 7_318_349_394_477_057;

/// Folds the whole log into tables beside the ones in use and swaps the rows in, in one step that readers see
/// either not at all or whole. The projection in use stands only for the last moments of it.
///
/// # Errors
/// [`StoreError::RebuildUnderWay`] where another one is at it, [`StoreError::WovenOtherwise`] where the rows are those of another version.
/// The rows in use are as before.
pub async fn run(store: &Store) -> Result<Cursor, StoreError> {
    run_telling(store, |_| ()).await
}

/// As [`run`], and tells after each batch how many events are folded.
///
/// # Errors
/// As [`run`].
pub async fn run_telling(
    store: &Store,
    mut tell: impl FnMut(u64) + Send,
) -> Result<Cursor, StoreError> {
    // The search path lets the projection's own statements find the tables beside.
    let mut connection = store.address().connect_unhurried().await?;
    let is_alone = sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "is_alone!""#, LOCK)
        .fetch_one(&mut connection)
        .await?;
    if !is_alone {
        return Err(StoreError::RebuildUnderWay);
    }
    restore_missing_tables(&mut connection).await?;
    own(
        sqlx::query_scalar!("SELECT version FROM checkpoints WHERE name = 'weave'")
            .fetch_one(&mut connection)
            .await?,
    )?;
    connection
        .execute(include_str!("sql/rebuild_prepare.sql"))
        .await?;
    let mut beside = Beside::new(store);
    beside.follow(&mut connection, &mut tell).await?;
    beside.write(&mut connection).await?;

    let mut transaction = connection.begin().await?;
    own(sqlx::query_scalar!(
        "SELECT version FROM public.checkpoints WHERE name = 'weave' FOR UPDATE"
    )
    .fetch_one(&mut *transaction)
    .await?)?;
    beside.follow(&mut transaction, &mut tell).await?;
    beside.write(&mut transaction).await?;
    transaction
        .execute(include_str!("sql/rebuild_swap.sql"))
        .await?;
    transaction.commit().await?;
    connection.execute("DROP SCHEMA rebuild CASCADE").await?;
    connection.close().await?;
    Ok(beside.to)
}

/// Whether rows of that version are ours to make.
fn own(version: i32) -> Result<(), StoreError> {
    if version == VERSION {
        Ok(())
    } else {
        Err(StoreError::WovenOtherwise { version })
    }
}

/// What makes the read models, in the order of the migrations.
const TABLES: [&str; 15] = [
    include_str!("../../../migrations/0003_weave_read_models.sql"),
    include_str!("../../../migrations/0004_conversations.sql"),
    include_str!("../../../migrations/0005_room_on_pages.sql"),
    include_str!("../../../migrations/0008_profiles.sql"),
    include_str!("../../../migrations/0009_messages_changed.sql"),
    include_str!("../../../migrations/0010_belonging.sql"),
    include_str!("../../../migrations/0011_search.sql"),
    include_str!("../../../migrations/0012_node_versions.sql"),
    include_str!("../../../migrations/0013_joining_and_covering.sql"),
    include_str!("../../../migrations/0014_community_and_marks.sql"),
    include_str!("../../../migrations/0015_particulars.sql"),
    include_str!("../../../migrations/0016_marks.sql"),
    include_str!("../../../migrations/0017_pictures.sql"),
    include_str!("../../../migrations/0018_the_way_back.sql"),
    include_str!("../../../migrations/0019_bounds.sql"),
];

/// Makes the tables of the read models where one is missing: all of them, since none is worth anything without the others.
async fn restore_missing_tables(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    let missing = sqlx::query_scalar!(
        r#"SELECT count(*) AS "missing!" FROM unnest(ARRAY['checkpoints', 'nodes_read', 'threads_read', 'roles_read', 'messages_read', 'profiles_read',
                                                          'standings_read', 'vouches_read', 'community_read', 'node_versions_read']) AS name
           WHERE to_regclass('public.' || name) IS NULL"#
    )
    .fetch_one(&mut *transaction)
    .await?;
    if missing > 0 {
        tracing::warn!(
            missing,
            "tables of the read models are missing and made anew"
        );
        transaction
            .execute(
                "DROP TABLE IF EXISTS checkpoints, nodes_read, threads_read, roles_read, messages_read, profiles_read,
                                      standings_read, vouches_read, community_read, node_versions_read",
            )
            .await?;
        for sql in TABLES {
            transaction.execute(sql).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
