//! Log → bus. Every instance relays; what another one has put there already is left alone. Redis is never waited for by
//! anyone who acknowledges.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::cursor::Cursor;
use domain::event::Event;
use domain::time::Millis;
use store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::bus::{BusError, Publisher};
use super::status::Figures;

/// Events put on the bus at once.
const BATCH: usize = 500;
/// A bus that is farther behind goes on at the head: instances have read the log meanwhile.
const BACKLOG_MAX: i64 = 10_000;
/// From the beginning of one catching up to the next, at least: where much happens it goes in fewer and larger parts. Rooms tell
/// their news once in two seconds anyway.
const PACE: Duration = Duration::from_millis(50);
const AGAIN_FIRST: Duration = Duration::from_millis(100);
const AGAIN_LAST: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// Relays for ever.
pub(super) async fn run(
    store: Store,
    mut publisher: Publisher,
    mut head: watch::Receiver<Cursor>,
    figures: Arc<Figures>,
) {
    let mut published = None;
    let mut again = AGAIN_FIRST;
    let mut is_told = false;
    loop {
        let next = Instant::now() + PACE;
        match catch_up(&store, &mut publisher, &mut head, &mut published, &figures).await {
            Ok(()) => {
                figures.publishing.store(true, Relaxed);
                (again, is_told) = (AGAIN_FIRST, false);
                if head.changed().await.is_err() {
                    return;
                }
                sleep_until(next).await;
            }
            Err(error) => {
                figures.publishing.store(false, Relaxed);
                if !std::mem::replace(&mut is_told, true) {
                    tracing::warn!(%error, "the bus is not fed; rooms follow the log meanwhile");
                }
                tokio::time::sleep(again).await;
                again = (again * 2).min(AGAIN_LAST);
            }
        }
    }
}

async fn catch_up(
    store: &Store,
    publisher: &mut Publisher,
    head: &mut watch::Receiver<Cursor>,
    published: &mut Option<Cursor>,
    figures: &Figures,
) -> Result<(), RelayError> {
    let mut at = match *published {
        Some(at) => at,
        None => first(store, publisher).await?,
    };
    loop {
        let to = *head.borrow_and_update();
        figures.head.fetch_max(to.id, Relaxed);
        if to.id - at.id > BACKLOG_MAX {
            at = to;
        }
        *published = Some(at);
        figures.published.store(at.id, Relaxed);
        if to.id <= at.id {
            return Ok(());
        }
        let batch = store::log::raw_after(store, at, BATCH).await?;
        let Some(&(last, _)) = batch.last() else {
            return Ok(());
        };
        let events: Vec<_> = batch.into_iter().map(|(_, event)| event).collect();
        publisher.publish(&events).await?;
        at = last;
    }
}

/// Where a new relay begins: behind what is on the bus, else at the head. A bus that holds what this log never had was
/// kept while the database was brought back to an older state: nothing on it is to be believed, and it would take no
/// event of a number that it has passed already.
async fn first(store: &Store, publisher: &mut Publisher) -> Result<Cursor, RelayError> {
    let newest = publisher.newest().await?;
    let at = match newest {
        None => store.head().await?,
        Some(event) if is_in_log(store, &event).await? => Cursor {
            epoch: store.epoch(),
            at: event.at,
            id: event.id,
        },
        Some(event) => {
            tracing::warn!(
                at = event.id,
                "the bus holds what the log does not have, and is emptied"
            );
            publisher.clear().await?;
            store.head().await?
        }
    };
    publisher.trust();
    Ok(at)
}

/// Whether the log has this very event.
async fn is_in_log(store: &Store, event: &Event) -> Result<bool, StoreError> {
    let before = Cursor {
        epoch: store.epoch(),
        at: Millis(0),
        id: event.id - 1,
    };
    match store::log::raw_after(store, before, 1).await {
        Ok(found) => Ok(found.first().is_some_and(|(_, found)| {
            (found.id, found.at, found.command_id) == (event.id, event.at, event.command_id)
        })),
        Err(StoreError::CursorForeign { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
