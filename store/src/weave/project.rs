//! The projection: follows the log into the read models. Holding the checkpoint's row is being the worker, so
//! with any number of instances there is one at a time, and a dead one's work moves by its connection's death.

use std::time::Duration;

use super::fold::Loom;
use super::versions::Versions;
use super::{load, write};
use crate::moment::{millis, stamp};
use crate::session::Purpose;
use crate::spool::community::Community;
use crate::spool::profiles::Profiles;
use crate::spool::standings::Standings;
use crate::tail::Tail;
use crate::talk::project::Conversations;
use crate::{Store, StoreError, fail, log};
use domain::cursor::Cursor;
use domain::event::Event;
use domain::time::Millis;
use sqlx::{Connection, PgConnection};

/// Whose rows the read models are: `version` of their checkpoint. Whoever finds another one there leaves them alone, since an older
/// program would weave them without what is newer. It is counted up with a migration that has all woven anew.
pub const VERSION: i32 = 1;
/// Events folded in one transaction.
pub const BATCH_MAX: usize = 1000;
/// From the beginning of one catching up to the next, at least: where much happens, what comes in this time is woven as one
/// batch, which costs a fraction of many. Where little happens nobody waits for it.
const PACE: Duration = Duration::from_millis(25);
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
    /// The rows are those of a program that weaves otherwise, which is told once.
    Foreign { version: i32 },
}

/// The projection's own connections.
struct Lines {
    rows: PgConnection,
    /// The log is read by a session whose plans are made for the days that are asked for.
    log: PgConnection,
}

/// Projects until the store is closed.
pub async fn run(store: Store) {
    let mut head = Tail::start(&store).watch();
    let (mut lines, mut foreign) = (None, None);
    while !store.is_closed() {
        let next = tokio::time::Instant::now() + PACE;
        match catch_up(&store, &mut lines).await {
            Ok(last) => {
                let found = match last {
                    Step::Foreign { version } => Some(version),
                    Step::More | Step::Done | Step::Elsewhere => None,
                };
                if let Some(version) = found.filter(|_| found != foreign) {
                    tracing::warn!(
                        version,
                        own = VERSION,
                        "the read models are woven by another version of this program, and not by this one"
                    );
                }
                foreign = found;
                // An end of the tail is the end of the store, which the loop sees.
                tokio::time::timeout(LOOK_EVERY, head.changed()).await.ok();
                tokio::time::sleep_until(next).await;
            }
            Err(error) => {
                tracing::error!(%error, "the weave projection stands");
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

/// Weaves until nothing is left, and tells why no more is; after an error the connections are not used again.
async fn catch_up(store: &Store, kept: &mut Option<Lines>) -> Result<Step, StoreError> {
    let mut lines = match kept.take() {
        Some(lines) => lines,
        None => Lines {
            rows: store.address().connect(Purpose::Project).await?,
            log: store.address().connect(Purpose::Read).await?,
        },
    };
    let last = loop {
        // A server that died without a word must not hold this up for ever.
        let stepped = tokio::time::timeout(STEP_TIMEOUT, step(store, &mut lines)).await;
        let step = stepped.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
        if !matches!(step, Step::More) {
            break step;
        }
    };
    *kept = Some(lines);
    Ok(last)
}

/// Folds one batch in one transaction.
async fn step(store: &Store, lines: &mut Lines) -> Result<Step, StoreError> {
    let mut transaction = lines.rows.begin().await?;
    let row = sqlx::query!(
        "SELECT id, at, version FROM checkpoints WHERE name = 'weave' FOR UPDATE SKIP LOCKED"
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else {
        transaction.rollback().await?;
        return Ok(Step::Elsewhere);
    };
    if row.version != VERSION {
        transaction.rollback().await?;
        return Ok(Step::Foreign {
            version: row.version,
        });
    }
    let from = store.cursor(millis(row.at), row.id);
    fail::point("projecting").await;
    let events = log::read(store, &mut lines.log, from, BATCH_MAX).await?;
    let count = events.len();
    let Some(to) = fold(store, &mut transaction, events).await? else {
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

/// Folds a batch of sealed events into the tables that the connection sees, and moves the checkpoint it sees; none
/// where there are none.
async fn fold(
    store: &Store,
    connection: &mut PgConnection,
    mut events: Vec<Event>,
) -> Result<Option<Cursor>, StoreError> {
    let Some((at, id)) = events.last().map(|event| (event.at, event.id)) else {
        return Ok(None);
    };
    log::open(store, &mut *connection, events.iter_mut()).await?;
    let (mut loom, mut conversations) = (Loom::default(), Conversations::default());
    let (mut profiles, mut standings) = (Profiles::default(), Standings::default());
    let mut community = Community::default();
    let mut versions = Versions::default();
    load::into(&mut loom, &mut *connection, &events).await?;
    conversations.load(&mut *connection, &events).await?;
    for event in &events {
        loom.fold(event);
        conversations.fold(event);
        profiles.fold(event);
        standings.fold(event);
        community.fold(event);
        versions.fold(event, &loom);
    }
    write::changed(&mut *connection, &loom).await?;
    conversations.write(&mut *connection).await?;
    profiles.write(&mut *connection).await?;
    standings.write(&mut *connection).await?;
    community.write(&mut *connection).await?;
    versions.write(&mut *connection).await?;
    let to = store.cursor(at, id);
    reach(connection, to).await?;
    Ok(Some(to))
}

/// Moves the checkpoint that the connection sees.
pub(super) async fn reach(connection: &mut PgConnection, to: Cursor) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE checkpoints SET id = $1, at = $2 WHERE name = 'weave'",
        to.id,
        stamp(to.at)
    )
    .execute(connection)
    .await?;
    Ok(())
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
