//! What is asked for to draw how a knot came to be what it is.

mod words;

use app::served::history::{Change, Entry, History};
use domain::id::NodeId;
use domain::view::NodeRow;
use domain::weave::NodeVersion;
use store::Store;

use super::problem::Outcome;
use words::differences;

/// Versions on one page.
const VERSIONS_MAX: u16 = 20;

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
            entries: entries(versions),
            has_older,
            is_newest: before.is_none(),
        },
    )))
}

fn entries(versions: Vec<NodeVersion>) -> Vec<Entry> {
    let before: Vec<Option<NodeVersion>> = (versions.iter().skip(1).cloned().map(Some))
        .chain([None])
        .collect();
    let pairs = versions.into_iter().zip(before);
    let entries = pairs.map(|(version, before)| Entry {
        change: before.map(|before| change(before, &version)),
        version,
    });
    entries.take(VERSIONS_MAX.into()).collect()
}

fn change(before: NodeVersion, version: &NodeVersion) -> Change {
    Change {
        title: differences(&before.title, &version.title),
        text: differences(&before.text, &version.text),
        before,
    }
}
