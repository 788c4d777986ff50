//! What is new for somebody: new knots in their areas, words that mention or answer them, and what goes on at their knots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::id::{AccountId, MessageId, NodeId, RoleId};
use domain::talk::mention::mention;
use domain::time::{DAY_MS, Millis};
use uuid::Uuid;

use crate::moment::{millis, stamp};
use crate::weave::read::checkpoint;
use crate::{Store, StoreError};

/// How far back news reach, in milliseconds.
const REACH_MS: i64 = 30 * DAY_MS;
/// One's own knots that are looked at, the newest ones.
const OWN_MAX: i64 = 200;
/// Messages with an `@` that are looked through for one's own name, the newest ones.
const ADDRESSED_MAX: i64 = 500;
/// Who comes back within that time finds marked as new what was so before, in milliseconds: a reload is no second look.
const ONE_LOOK_MS: i64 = 10 * 60 * 1000;

/// Why something is news.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Somebody mentioned one.
    Mention(MessageId),
    /// Somebody answered one.
    Answer(MessageId),
    /// Somebody talked at one's knot; the last word of that day.
    Said(MessageId),
    /// Somebody joined at one's knot.
    Joined,
    /// A new knot in the area of that name.
    Area(String),
}

impl Why {
    /// The message that it is about.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Mention(id) | Self::Answer(id) | Self::Said(id) => Some(*id),
            Self::Joined | Self::Area(_) => None,
        }
    }
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub why: Why,
    pub at: Millis,
    pub node: NodeId,
    /// Whose doing it is.
    pub role: RoleId,
}

/// What somebody has seen of their news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What came later is new.
    pub new_from: Millis,
}

/// The news of the last 30 days, the newest first; `limit` of them at most.
///
/// # Errors
/// When the database can't be reached.
pub async fn news(
    store: &Store,
    account: AccountId,
    role: Option<RoleId>,
    limit: u16,
) -> Result<Vec<Found>, StoreError> {
    found(store, account, role, store.now() + -REACH_MS, limit).await
}

/// How much of it has not been looked at; `limit` at most. What was said in conversations that one takes part in is counted there, until
/// it is read ([`crate::talk::marks`]).
///
/// # Errors
/// When the database can't be reached.
pub async fn count(
    store: &Store,
    account: AccountId,
    role: Option<RoleId>,
    limit: u16,
) -> Result<u16, StoreError> {
    let seen = sqlx::query_scalar!(
        r#"SELECT coalesce(s.seen_at, a.made_at) AS "seen_at!"
           FROM accounts a LEFT JOIN marks_seen s ON s.account = a.id WHERE a.id = $1"#,
        account.0
    )
    .fetch_optional(store.reads())
    .await?;
    let Some(seen) = seen else { return Ok(0) };
    let since = millis(seen).max(store.now() + -REACH_MS);
    let found = found(store, account, role, since, limit).await?;
    let is_told_there = |one: &&Found| matches!(one.why, Why::Said(_) | Why::Answer(_));
    let count = found.iter().filter(|one| !is_told_there(one)).count();
    Ok(u16::try_from(count).unwrap_or(limit))
}

/// Notes that an account looks at its news now: what the read models hold by now is seen.
///
/// # Errors
/// When the database can't be reached.
pub async fn look(store: &Store, account: AccountId) -> Result<Seen, StoreError> {
    let seen_at = checkpoint(store).await?.at;
    store
        .owned(move |store| async move {
            let now = store.now();
            let new_from = sqlx::query_scalar!(
                r#"INSERT INTO marks_seen AS known (account, seen_at, new_from, looked_at)
                   SELECT a.id, greatest($2, a.made_at), a.made_at, $3 FROM accounts a WHERE a.id = $1
                   ON CONFLICT (account) DO UPDATE SET
                       new_from = CASE WHEN known.looked_at < $4 THEN known.seen_at ELSE known.new_from END,
                       seen_at = greatest(known.seen_at, excluded.seen_at), looked_at = excluded.looked_at
                   RETURNING new_from"#,
                account.0,
                stamp(seen_at),
                stamp(now),
                stamp(now + -ONE_LOOK_MS)
            )
            .fetch_optional(store.writes())
            .await?;
            let new_from = new_from.map_or(now, millis);
            Ok(Seen { new_from })
        })
        .await
}

/// The names of these roles.
///
/// # Errors
/// When the database can't be reached.
pub async fn names(
    store: &Store,
    roles: &[RoleId],
) -> Result<BTreeMap<RoleId, String>, StoreError> {
    let wanted: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        "SELECT role, name FROM roles_read WHERE role = ANY($1)",
        &wanted
    )
    .fetch_all(store.reads())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (RoleId(row.role), row.name))
        .collect())
}

/// What was said in these messages, where it was not taken back.
///
/// # Errors
/// When the database can't be reached.
pub async fn texts(
    store: &Store,
    messages: &[MessageId],
) -> Result<BTreeMap<MessageId, String>, StoreError> {
    let wanted: Vec<Uuid> = messages.iter().map(|message| message.0).collect();
    let rows = sqlx::query!(
        "SELECT id, text FROM messages_read WHERE id = ANY($1) AND NOT is_withdrawn",
        &wanted
    )
    .fetch_all(store.reads())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (MessageId(row.id), row.text))
        .collect())
}

struct SqlNews {
    why: String,
    at: DateTime<Utc>,
    node: Uuid,
    role: Uuid,
    message: Option<Uuid>,
    area: Option<String>,
    text: Option<String>,
}

async fn found(
    store: &Store,
    account: AccountId,
    role: Option<RoleId>,
    since: Millis,
    limit: u16,
) -> Result<Vec<Found>, StoreError> {
    let rows = sqlx::query_file_as!(
        SqlNews,
        "src/marks/sql/news.sql",
        account.0,
        role.map(|role| role.0),
        stamp(since),
        i64::from(limit),
        OWN_MAX,
        ADDRESSED_MAX
    )
    .fetch_all(store.reads())
    .await?;
    let (mut news, mut addressed) = (Vec::new(), Vec::new());
    for row in rows {
        let message = || {
            let id = row.message.map(MessageId);
            id.ok_or_else(|| StoreError::unreadable("a piece of news", "it has no message"))
        };
        let why = match row.why.as_str() {
            "area" => Why::Area(row.area.unwrap_or_default()),
            "answer" => Why::Answer(message()?),
            "said" => Why::Said(message()?),
            "mention" => Why::Mention(message()?),
            "joined" => Why::Joined,
            other => return Err(StoreError::unreadable("a piece of news", other)),
        };
        let found = Found {
            why,
            at: millis(row.at),
            node: NodeId(row.node),
            role: RoleId(row.role),
        };
        match row.text {
            Some(text) => addressed.push((found, text)),
            None => news.push(found),
        }
    }
    if let Some(role) = role {
        news.extend(mentions(store, role, addressed).await?);
    }
    Ok(told_once(news, limit))
}

/// The newest first, and each message once: who is mentioned in an answer need not be told that it is one.
fn told_once(mut news: Vec<Found>, limit: u16) -> Vec<Found> {
    news.sort_by(|one, other| one.why.cmp(&other.why));
    let mut told = BTreeSet::new();
    news.retain(|found| found.why.message().is_none_or(|id| told.insert(id)));
    news.sort_by(|one, other| {
        let key = |found: &Found| (found.at, found.node);
        key(other).cmp(&key(one))
    });
    news.truncate(limit.into());
    news
}

/// Those of the messages that mention a role. Whoever of its name takes part in a conversation (has a thread to its knot, talking
/// being one) is meant there; only where none of them does, all of them are: one notice too many is better than one too few.
async fn mentions(
    store: &Store,
    role: RoleId,
    addressed: Vec<(Found, String)>,
) -> Result<Vec<Found>, StoreError> {
    if addressed.is_empty() {
        return Ok(Vec::new());
    }
    let Some(name) = crate::weave::read::role_name(store, role).await? else {
        return Ok(Vec::new());
    };
    let named: Vec<(Found, String)> = addressed
        .into_iter()
        .filter(|(_, text)| mention(text, 0, &[&name]).is_some())
        .collect();
    if named.is_empty() {
        return Ok(named.into_iter().map(|(found, _)| found).collect());
    }
    // Those of the same name, and those whose longer names begin with it.
    let others = sqlx::query!(
        "SELECT role, name FROM roles_read WHERE starts_with(lower(name), lower($1)) AND role <> $2",
        name,
        role.0
    )
    .fetch_all(store.reads())
    .await?;
    let (same, longer): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|other| other.name.chars().count() == name.chars().count());
    let mut names: Vec<&str> = vec![&name];
    names.extend(longer.iter().map(|other| other.name.as_str()));
    let mut found: Vec<Found> = named
        .into_iter()
        .filter(|(_, text)| is_mentioned(text, &names))
        .map(|(found, _)| found)
        .collect();
    if !same.is_empty() && !found.is_empty() {
        let nodes: BTreeSet<NodeId> = found.iter().map(|found| found.node).collect();
        let nodes: Vec<NodeId> = nodes.into_iter().collect();
        let tied: BTreeMap<NodeId, BTreeSet<RoleId>> =
            crate::weave::read::tied(store, &nodes).await?;
        found.retain(|found| {
            tied.get(&found.node).is_none_or(|tied| {
                let mut others = same.iter().map(|other| RoleId(other.role));
                tied.contains(&role) || !others.any(|other| tied.contains(&other))
            })
        });
    }
    Ok(found)
}

/// Whether the first of these names is meant somewhere.
fn is_mentioned(text: &str, names: &[&str]) -> bool {
    let mut from = 0;
    while let Some(mention) = mention(text, from, names) {
        if mention.name == 0 {
            return true;
        }
        from = mention.end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(why: Why, at: i64) -> Found {
        Found {
            why,
            at: Millis(at),
            node: NodeId(Uuid::from_u128(1)),
            role: RoleId(Uuid::from_u128(2)),
        }
    }

    #[test]
    fn a_message_is_told_once_by_what_concerns_one_most() {
        let id = |n| MessageId(Uuid::from_u128(n));
        let news = vec![
            found(Why::Said(id(1)), 5),
            found(Why::Joined, 9),
            found(Why::Answer(id(1)), 5),
            found(Why::Answer(id(2)), 7),
            found(Why::Mention(id(2)), 7),
        ];
        let told: Vec<Why> = told_once(news, 10)
            .into_iter()
            .map(|found| found.why)
            .collect();
        assert_eq!(told, [Why::Joined, Why::Mention(id(2)), Why::Answer(id(1))]);
    }

    #[test]
    fn who_has_a_longer_name_is_meant_where_it_is_said() {
        let names = ["Anna", "Anna Maria"];
        assert!(is_mentioned("@Anna Maria, und @Anna?", &names));
        assert!(!is_mentioned("@Anna Maria und sonst @niemand", &names));
    }
}
