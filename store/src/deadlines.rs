//! The timer: one loop that sleeps until the next deadline and hands it in at the door, also those that fell
//! due while nothing ran. Any number of instances may run it: the command's id comes from stream and due time.

use std::time::{Duration, Instant};

use domain::command::Due;
use domain::state::StreamId;
use domain::time::Millis;

use crate::door::Door;
use crate::moment::{millis, stamp};
use crate::tail::Tail;
use crate::{Store, StoreError};

/// Deadlines looked for at once.
pub const FOUND_MAX: usize = 1000;
/// Deadlines handed in together: whoever acts meanwhile waits for no more than these.
pub const TOGETHER_MAX: usize = 64;
/// After so many it rests for this part of the time they took: what falls due at once leaves room for who reads.
const REST: f64 = 0.6;
/// The longest sleep: wall clocks are set, and then a time far away may be near.
pub const SLEEP_MAX: Duration = Duration::from_secs(60);
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// While acts come in, earlier deadlines are looked for so often, not after each of them.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// One deadline that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    stream: StreamId,
    due_at: Millis,
    due: Due,
    cause: i64,
}

/// Hands in what is due until the store is closed. New events may bring earlier deadlines.
pub async fn run(store: Store, door: Door) {
    let mut head = Tail::start(&store).watch();
    while !store.is_closed() {
        head.borrow_and_update();
        let next = match hand_in(&store, &door).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "deadlines wait");
                tokio::time::sleep(AGAIN_AFTER).await;
                continue;
            }
        };
        let sleep = store
            .clock()
            .sleep_until(next.unwrap_or(domain::time::LATEST), SLEEP_MAX);
        tokio::select! {
            () = sleep => {}
            _ = head.changed() => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}

/// Hands in everything that is due and says when the next one is.
///
/// # Errors
/// When the database can't be reached.
pub async fn hand_in(store: &Store, door: &Door) -> Result<Option<Millis>, StoreError> {
    let mut before = Vec::new();
    loop {
        let now = store.now();
        let due = due(store, now).await?;
        if due.is_empty() {
            return next(store, now).await;
        }
        if due == before {
            // They could not be handed in, or nothing came of it.
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        for chunk in due.chunks(TOGETHER_MAX) {
            // Asked for in order before any is awaited, so that they share transactions.
            let asked: Vec<_> = chunk
                .iter()
                .map(|waiting| {
                    let Waiting {
                        stream,
                        due_at,
                        due,
                        cause,
                    } = *waiting;
                    let door = door.clone();
                    async move { door.submit_due(stream, due_at, due, cause).await }
                })
                .collect();
            let mut waiting = 0;
            let began = Instant::now();
            for answer in together(asked).await {
                if let Err(error) = answer {
                    tracing::warn!(%error, "a deadline waits");
                    waiting += 1;
                }
            }
            // Where none was taken, what follows would wait as well, and come out of order. A single one that can't be decided holds up
            // nothing behind it.
            if waiting == chunk.len() {
                break;
            }
            if chunk.len() == TOGETHER_MAX {
                tokio::time::sleep(began.elapsed().mul_f64(REST)).await;
            }
        }
        before = due;
    }
}

/// Polls all of them in order, so that each is handed in before the first is answered.
async fn together<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all = std::task::Poll::Ready(());
        for (future, done) in waiting.iter_mut().zip(&mut done) {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => all = std::task::Poll::Pending,
                }
            }
        }
        all
    })
    .await;
    done.into_iter().flatten().collect()
}

/// A thread fades before its knot comes undone where both fall on one moment. What this program can't read waits for one that can, and
/// nothing else waits for it.
async fn due(store: &Store, now: Millis) -> Result<Vec<Waiting>, StoreError> {
    let rows = sqlx::query_file!("src/sql/deadlines_due.sql", stamp(now), FOUND_MAX as i64)
        .fetch_all(store.reads())
        .await?;
    let waiting = rows.into_iter().map(|row| {
        let what = format!("the deadline of {}", row.stream);
        Ok(Waiting {
            stream: row
                .stream
                .parse()
                .map_err(|error| StoreError::unreadable(&what, error))?,
            due_at: millis(row.due),
            due: serde_json::from_value(row.command)
                .map_err(|error| StoreError::unreadable(&what, error))?,
            cause: row.cause,
        })
    });
    let readable = waiting.filter_map(|waiting: Result<Waiting, StoreError>| {
        waiting
            .inspect_err(|error| tracing::error!(%error, "a deadline waits"))
            .ok()
    });
    Ok(readable.collect())
}

/// When the first of those is due that are not due yet.
async fn next(store: &Store, now: Millis) -> Result<Option<Millis>, StoreError> {
    let due = sqlx::query_scalar!("SELECT min(due) FROM deadlines WHERE due > $1", stamp(now))
        .fetch_one(store.reads())
        .await?;
    Ok(due.map(millis))
}
