//! What is asked for to draw what is new for somebody.

use std::collections::BTreeMap;

use app::served::news::{Entry, News, Why};
use domain::id::{MessageId, NodeId, RoleId};
use store::marks;
use store::spool::Session;

use super::problem::Outcome;
use super::web::Web;

/// News on one page.
const PAGE: u16 = 30;
/// Pages that are told at most; who has not come for that long begins anew.
const PAGES_MAX: u16 = 20;
/// Characters of a message that are shown.
const SAID_MAX: usize = 120;

/// Nothing, for those who are nobody yet.
pub(super) const fn none() -> News {
    News {
        entries: Vec::new(),
        page: 0,
        has_older: false,
    }
}

/// A page of the news of an account, and, where it is the first one, notes that it has been looked at.
pub(super) async fn news(web: &Web, session: &Session, page: u16) -> Outcome<News> {
    let store = &web.store;
    let page = page.min(PAGES_MAX - 1);
    let seen = match page {
        0 => Some(marks::look(store, session.account).await?),
        _ => None,
    };
    // One more than is shown tells that there are more.
    let limit = (page + 1) * PAGE + 1;
    let found = marks::news(store, session.account, session.role, limit).await?;
    let has_older = found.len() == usize::from(limit) && page + 1 < PAGES_MAX;
    let skipped = usize::from(page * PAGE);
    let found: Vec<marks::Found> = found.into_iter().skip(skipped).take(PAGE.into()).collect();
    let nodes: Vec<NodeId> = found.iter().map(|found| found.node).collect();
    let mut nodes = store::weave::read::nodes(store, &nodes).await?;
    nodes.retain(|_, node| node.facts().undone_at(store.now()).is_none());
    let names = names(web, &found).await?;
    let said = said(web, &found).await?;
    let entry = |found: marks::Found| {
        let node = nodes.get(&found.node)?.clone();
        let is_new = seen.is_some_and(|seen| seen.is_before(&found));
        let (why, message) = match found.why {
            marks::Why::Area(area) => (Why::Area(area), None),
            marks::Why::Joined(level) => (Why::Joined(level), None),
            marks::Why::Mention(id) => (Why::Mention, Some(id)),
            marks::Why::Answer(id) => (Why::Answer, Some(id)),
            marks::Why::Said(id) => (Why::Said, Some(id)),
        };
        let message = match message {
            Some(id) => Some((id, said.get(&id)?.clone())),
            None => None,
        };
        Some(Entry {
            why,
            at: found.at,
            node,
            name: names.get(&found.role).cloned().unwrap_or_default(),
            message,
            is_new,
        })
    };
    Ok(News {
        entries: found.into_iter().filter_map(entry).collect(),
        page,
        has_older,
    })
}

async fn names(web: &Web, found: &[marks::Found]) -> Outcome<BTreeMap<RoleId, String>> {
    let roles: Vec<RoleId> = found.iter().map(|found| found.role).collect();
    Ok(marks::names(&web.store, &roles).await?)
}

/// How those messages begin, in one line.
async fn said(web: &Web, found: &[marks::Found]) -> Outcome<BTreeMap<MessageId, String>> {
    let ids: Vec<MessageId> = found
        .iter()
        .filter_map(|found| found.why.message())
        .collect();
    let texts = marks::texts(&web.store, &ids).await?;
    let begins = |text: String| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SAID_MAX) {
            Some((end, _)) => [line[..end].trim_end(), "…"].concat(),
            None => line,
        }
    };
    Ok(texts
        .into_iter()
        .map(|(id, text)| (id, begins(text)))
        .collect())
}
