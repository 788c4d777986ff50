//! The projection: follows the log into the read models. Holding the checkpoint's row is being the worker, so
//! with any number of instances there is one at a time, and a dead one's work moves by its connection's death.

use std::time::Duration;

use super::{load, write};
use crate::moment::{millis, stamp};
use crate::session::Purpose;
use crate::tail::Tail;
use crate::talk::project::Conversations;
use crate::{Store, StoreError, fail, log};
use domain::cursor::Cursor;
use domain::time::Millis;
use sqlx::{Connection, PgConnection};

/// Events folded in one transaction.
pub const BATCH_MAX: usize = 500;
/// How often the checkpoint is looked at where nothing is told: another instance may have died behind it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const AGAIN_AFTER: Duration = Duration::from_millis(500);
/// How long one batch may take before its connection is given up.
const STEP_TIMEOUT: Duration = Duration::from_secs(30);

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// There may be more.
    More,
    /// Everything is in the rows.
    Done,
    /// Another instance is at it.
    Elsewhere,
}

/// Projects until the store is closed.
pub async fn run(store: Store) {
    let mut head = Tail::start(&store).watch();
    let mut connection = None;
    while !store.is_closed() {
        match catch_up(&store, &mut connection).await {
            Ok(()) => {
                // An end of the tail is the end of the store, which the loop sees.
                tokio::time::timeout(LOOK_EVERY, head.changed()).await.ok();
            }
            Err(error) => {
                tracing::error!(%error, "the weave projection stands");
                connection = None;
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

async fn catch_up(store: &Store, kept: &mut Option<PgConnection>) -> Result<(), StoreError> {
    let mut connection = match kept.take() {
        Some(connection) => connection,
        None => store.address().connect(Purpose::Project).await?,
    };
    loop {
        // A server that died without a word must not hold this up for ever.
        let stepped = tokio::time::timeout(STEP_TIMEOUT, step(store, &mut connection)).await;
        let step = stepped.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
        if !matches!(step, Step::More) {
            break;
        }
    }
    *kept = Some(connection);
    Ok(())
}

/// Folds one batch in one transaction.
async fn step(store: &Store, connection: &mut PgConnection) -> Result<Step, StoreError> {
    let mut transaction = connection.begin().await?;
    let row =
        sqlx::query!("SELECT id, at FROM checkpoints WHERE name = 'weave' FOR UPDATE SKIP LOCKED")
            .fetch_optional(&mut *transaction)
            .await?;
    let Some(row) = row else {
        transaction.rollback().await?;
        return Ok(Step::Elsewhere);
    };
    let from = store.cursor(millis(row.at), row.id);
    fail::point("projecting").await;
    let Some((to, count)) = fold(store, &mut transaction, from).await? else {
        transaction.rollback().await?;
        tell(store, from);
        return Ok(Step::Done);
    };
    transaction.commit().await?;
    tell(store, to);
    Ok(if count < BATCH_MAX {
        Step::Done
    } else {
        Step::More
    })
}

/// Folds one batch into the tables that the connection sees, and moves the checkpoint it sees.
pub(super) async fn fold(
    store: &Store,
    connection: &mut PgConnection,
    from: Cursor,
) -> Result<Option<(Cursor, usize)>, StoreError> {
    let mut events = log::read(&mut *connection, from, BATCH_MAX).await?;
    let Some((at, id)) = events.last().map(|event| (event.at, event.id)) else {
        return Ok(None);
    };
    log::open(store, &mut *connection, events.iter_mut()).await?;
    let mut loom = load::loom(&mut *connection, &events).await?;
    let mut conversations = Conversations::load(&mut *connection, &events).await?;
    for event in &events {
        loom.fold(event);
        conversations.fold(event);
    }
    write::changed(&mut *connection, &loom).await?;
    conversations.write(&mut *connection).await?;
    sqlx::query!(
        "UPDATE checkpoints SET id = $1, at = $2 WHERE name = 'weave'",
        id,
        stamp(at)
    )
    .execute(connection)
    .await?;
    Ok(Some((store.cursor(at, id), events.len())))
}

fn tell(store: &Store, to: Cursor) {
    store.woven().send_if_modified(|known| {
        let newer = to.id > *known;
        *known = to.id.max(*known);
        newer
    });
}

/// The last event that is in the rows.
///
/// # Errors
/// When the database can't be reached.
pub async fn checkpoint(store: &Store) -> Result<Cursor, StoreError> {
    let row = sqlx::query!("SELECT id, at FROM checkpoints WHERE name = 'weave'")
        .fetch_one(store.reads())
        .await?;
    Ok(store.cursor(millis(row.at), row.id))
}

/// Waits until the rows include `cursor`; false where they do not after `timeout`, or never will because the
/// cursor is of another epoch.
///
/// # Errors
/// When the database can't be reached.
pub async fn reached(store: &Store, cursor: Cursor, timeout: Duration) -> Result<bool, StoreError> {
    if cursor.epoch != store.epoch() {
        return Ok(false);
    }
    let until = tokio::time::Instant::now() + timeout;
    let mut woven = store.woven().subscribe();
    loop {
        if *woven.borrow_and_update() >= cursor.id || checkpoint(store).await?.id >= cursor.id {
            return Ok(true);
        }
        if tokio::time::Instant::now() >= until {
            return Ok(false);
        }
        // Another instance may be the worker: then nothing is told here.
        let wait = tokio::time::Instant::now() + ELSEWHERE_EVERY;
        tokio::time::timeout_at(wait.min(until), woven.changed())
            .await
            .ok();
    }
}

/// How often [`reached`] asks for what another instance has woven.
const ELSEWHERE_EVERY: Duration = Duration::from_millis(25);

/// The time up to which the rows are complete, for lag figures.
pub(crate) fn age_ms(checkpoint: Cursor, head: Cursor, now: Millis) -> i64 {
    if checkpoint.id >= head.id {
        0
    } else {
        (now - checkpoint.at).max(0)
    }
}
