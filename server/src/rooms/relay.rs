//! Log → bus. Every instance relays; what another one has put there already is left alone. Redis is never waited for by
//! anyone who acknowledges.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use domain::cursor::Cursor;
use store::{Store, StoreError};
use tokio::sync::watch;

use super::bus::{BusError, Publisher};
use super::status::Figures;

/// Events put on the bus at once.
const BATCH: usize = 500;
/// A bus that is farther behind goes on at the head: instances have read the log meanwhile.
const BACKLOG_MAX: i64 = 10_000;
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
    loop {
        match catch_up(&store, &mut publisher, &mut head, &mut published, &figures).await {
            Ok(()) => {
                figures.publishing.store(true, Relaxed);
                again = AGAIN_FIRST;
                if head.changed().await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if figures.publishing.swap(false, Relaxed) {
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

/// Where a new relay begins: behind what is on the bus, else at the head.
async fn first(store: &Store, publisher: &mut Publisher) -> Result<Cursor, RelayError> {
    let head = store.head().await?;
    let newest = publisher.newest().await?.map(|event| Cursor {
        epoch: store.epoch(),
        at: event.at,
        id: event.id,
    });
    Ok(newest.filter(|at| at.id <= head.id).unwrap_or(head))
}
