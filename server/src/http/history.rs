//! What is asked for to draw how a knot came to be what it is.

mod words;

use std::time::{Duration, Instant};

use app::served::history::{Change, Entry, History};
use domain::id::NodeId;
use domain::view::NodeRow;
use domain::weave::NodeVersion;
use store::Store;
use tokio::sync::Semaphore;

use super::problem::{Failure, Outcome};
use words::differences;

/// Versions on one page.
const VERSIONS_MAX: u16 = 20;
/// Pages that are compared at once; others wait for their turn.
const AT_ONCE: usize = 2;
static COMPARING: Semaphore = Semaphore::const_new(AT_ONCE);
/// Whoever waits longer is refused, and may ask again.
const WAIT: Duration = Duration::from_secs(2);
/// How long the fewest words that differ are looked for on a page; what is found by then is true, if longer than it had to be.
const PATIENCE: Duration = Duration::from_millis(60);

/// The knot as it is, with its versions before that one, else the newest; none where there are none.
pub(super) async fn history(
    store: &Store,
    id: NodeId,
    before: Option<u32>,
) -> Outcome<Option<(NodeRow, History)>> {
    let Some(node) = store::weave::read::nodes(store, &[id]).await?.remove(&id) else {
        return Ok(None);
    };
    // One more than is shown: each is told by what it changed of the one before.
    let versions = store::weave::versions::page(store, id, before, VERSIONS_MAX + 1).await?;
    if versions.is_empty() {
        return Ok(None);
    }
    let has_older = versions.len() > usize::from(VERSIONS_MAX);
    Ok(Some((
        node,
        History {
            entries: compared(versions).await?,
            has_older,
            is_newest: before.is_none(),
        },
    )))
}

/// Off the threads that answer everyone: long texts cost their time.
async fn compared(versions: Vec<NodeVersion>) -> Outcome<Vec<Entry>> {
    let Ok(Ok(turn)) = tokio::time::timeout(WAIT, COMPARING.acquire()).await else {
        return Err(Failure::unavailable());
    };
    // Whoever goes away meanwhile leaves the work to its end, and its place taken until then.
    let entries = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        entries(versions, Instant::now() + PATIENCE)
    });
    entries.await.map_err(|error| {
        tracing::error!(%error, "a history was not compared to its end: {error}");
        Failure::unavailable()
    })
}

fn entries(versions: Vec<NodeVersion>, until: Instant) -> Vec<Entry> {
    let before: Vec<Option<NodeVersion>> = (versions.iter().skip(1).cloned().map(Some))
        .chain([None])
        .collect();
    let pairs = versions.into_iter().zip(before);
    let entries = pairs.map(|(version, before)| Entry {
        change: before.map(|before| change(before, &version, until)),
        version,
    });
    entries.take(VERSIONS_MAX.into()).collect()
}

fn change(before: NodeVersion, version: &NodeVersion, until: Instant) -> Change {
    Change {
        title: differences(&before.title, &version.title, until),
        text: differences(&before.text, &version.text, until),
        before,
    }
}
