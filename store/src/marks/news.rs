//! What is new for somebody: new knots in their areas, words that mention or answer them, and what goes on at their knots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::id::{AccountId, MessageId, NodeId, RoleId};
use domain::talk::mention::mention;
use domain::time::{DAY_MS, Millis};
use domain::weave::JoinLevel;
use sqlx::Connection;
use uuid::Uuid;

use crate::moment::{millis, stamp};
use crate::weave::level;
use crate::weave::read::checkpoint;
use crate::{Store, StoreError};

/// How far back news reach, in milliseconds.
const REACH_MS: i64 = 30 * DAY_MS;
/// One's own knots that are looked at, the newest ones.
const OWN_MAX: i64 = 200;
/// Messages that may mention one which are looked through, the newest ones.
const ADDRESSED_MAX: i64 = 500;
/// New knots that are looked for in one's areas, the newest ones.
const FRESH_MAX: i64 = 2000;
/// Other names that are looked at for what a mention may mean. Beyond them it counts as one's own: one notice too many.
const NAMES_MAX: i64 = 200;
/// What is looked through for the news, in milliseconds a statement: counting them is part of every page and must hold none up.
const COUNT_MS: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = 1000";
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
    /// Somebody takes part in one's knot, and how.
    Joined(JoinLevel),
    /// A new knot in the area of that name.
    Area(String),
}

impl Why {
    /// The message that it is about.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Mention(id) | Self::Answer(id) | Self::Said(id) => Some(*id),
            Self::Joined(_) | Self::Area(_) => None,
        }
    }
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub why: Why,
    pub at: Millis,
    /// The last event about it, which tells apart what has the same moment.
    pub event: i64,
    pub node: NodeId,
    /// Whose doing it is.
    pub role: RoleId,
}

/// Up to where somebody has seen their news: a moment, and the last event of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    at: Millis,
    event: i64,
}

impl Seen {
    /// All of that moment and before.
    const fn all_of(at: Millis) -> Self {
        Self {
            at,
            event: i64::MAX,
        }
    }

    /// Whether that came later.
    #[must_use]
    pub fn is_before(self, found: &Found) -> bool {
        (found.at, found.event) > (self.at, self.event)
    }
}

/// What is asked of the news.
#[derive(Clone, Copy, Debug)]
struct Asked {
    since: Seen,
    limit: u16,
    /// Only their number, without what is counted where it was said.
    is_count: bool,
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
    let asked = Asked {
        since: Seen::all_of(store.now() + -REACH_MS),
        limit,
        is_count: false,
    };
    found(store, account, role, asked).await
}

/// How much of it has not been looked at; `limit` at most. What was said in conversations that one takes part in is counted there, until
/// it is read ([`crate::talk::marks`]), and a mention that was read where it was said is nothing new.
///
/// # Errors
/// When the database can't be reached.
pub async fn count(
    store: &Store,
    account: AccountId,
    role: Option<RoleId>,
    limit: u16,
) -> Result<u16, StoreError> {
    let seen = sqlx::query!(
        r#"SELECT coalesce(s.seen_at, a.made_at) AS "at!", coalesce(s.seen_event, $2) AS "event!"
           FROM accounts a LEFT JOIN marks_seen s ON s.account = a.id WHERE a.id = $1"#,
        account.0,
        i64::MAX
    )
    .fetch_optional(store.reads())
    .await?;
    let Some(seen) = seen else { return Ok(0) };
    let reach = Seen::all_of(store.now() + -REACH_MS);
    let seen = Seen {
        at: millis(seen.at),
        event: seen.event,
    };
    let asked = Asked {
        since: if seen.at > reach.at { seen } else { reach },
        limit,
        is_count: true,
    };
    let count = found(store, account, role, asked).await?.len();
    Ok(u16::try_from(count).unwrap_or(limit))
}

/// Notes that an account looks at its news now: what the read models hold by now is seen. Tells what was seen before this look.
///
/// # Errors
/// When the database can't be reached.
pub async fn look(store: &Store, account: AccountId) -> Result<Seen, StoreError> {
    let seen = checkpoint(store).await?;
    store
        .owned(move |store| async move {
            let now = store.now();
            let new_from = sqlx::query_file!(
                "src/marks/sql/look.sql",
                account.0,
                stamp(seen.at),
                stamp(now),
                stamp(now + -ONE_LOOK_MS),
                seen.id
            )
            .fetch_optional(store.writes())
            .await?;
            Ok(new_from.map_or(Seen::all_of(now), |row| Seen {
                at: millis(row.new_from),
                event: row.new_from_event,
            }))
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
    event: i64,
    node: Uuid,
    role: Uuid,
    message: Option<Uuid>,
    area: Option<String>,
    text: Option<String>,
    level: Option<String>,
}

async fn found(
    store: &Store,
    account: AccountId,
    role: Option<RoleId>,
    asked: Asked,
) -> Result<Vec<Found>, StoreError> {
    let Asked {
        since,
        limit,
        is_count,
    } = asked;
    let name = match role {
        Some(role) => crate::weave::read::role_name(store, role).await?,
        None => None,
    };
    let mut connection = store.reads().acquire().await?;
    let begin = if is_count {
        COUNT_MS
    } else {
        "BEGIN READ ONLY"
    };
    let mut transaction = connection.begin_with(begin).await?;
    let rows = sqlx::query_file_as!(
        SqlNews,
        "src/marks/sql/news.sql",
        account.0,
        role.map(|role| role.0),
        stamp(since.at),
        i64::from(limit),
        OWN_MAX,
        ADDRESSED_MAX,
        since.event,
        name.as_deref().map(naming),
        is_count,
        FRESH_MAX
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.rollback().await?;
    drop(connection);
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
            "joined" => Why::Joined(
                row.level
                    .as_deref()
                    .map_or(Ok(JoinLevel::default()), level)?,
            ),
            other => return Err(StoreError::unreadable("a piece of news", other)),
        };
        let found = Found {
            why,
            at: millis(row.at),
            event: row.event,
            node: NodeId(row.node),
            role: RoleId(row.role),
        };
        match row.text {
            Some(text) => addressed.push((found, text)),
            None => news.push(found),
        }
    }
    if let (Some(role), Some(name)) = (role, name) {
        news.extend(mentions(store, (role, &name), addressed).await?);
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
    (role, name): (RoleId, &str),
    addressed: Vec<(Found, String)>,
) -> Result<Vec<Found>, StoreError> {
    let named: Vec<(Found, String)> = addressed
        .into_iter()
        .filter(|(_, text)| mention(text, 0, &[name]).is_some())
        .collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    // Those of the same name, and those whose longer names begin with it.
    let others = sqlx::query_file!("src/marks/sql/names.sql", name, role.0, NAMES_MAX)
        .fetch_all(store.reads())
        .await?;
    let (same, longer): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|other| other.name.chars().count() == name.chars().count());
    let mut names: Vec<&str> = vec![name];
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

/// The regular expression of the messages that may mention that name: an `@` and its letters, as a word of their own. Where the one
/// rule of [`mention`] and the database may differ about letters, any will do here.
fn naming(name: &str) -> String {
    let mut pattern = String::from("(^|[^a-z0-9])@");
    for letter in name.chars() {
        match letter {
            ' ' => pattern.push(' '),
            letter if letter.is_ascii_alphanumeric() => pattern.push(letter),
            letter if letter.is_ascii() => pattern.extend(['\\', letter]),
            _ => pattern.push('.'),
        }
    }
    pattern.push_str("([^a-z0-9]|$)");
    pattern
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
            event: at,
            node: NodeId(Uuid::from_u128(1)),
            role: RoleId(Uuid::from_u128(2)),
        }
    }

    #[test]
    fn a_message_is_told_once_by_what_concerns_one_most() {
        let id = |n| MessageId(Uuid::from_u128(n));
        let news = vec![
            found(Why::Said(id(1)), 5),
            found(Why::Joined(JoinLevel::Promise), 9),
            found(Why::Answer(id(1)), 5),
            found(Why::Answer(id(2)), 7),
            found(Why::Mention(id(2)), 7),
        ];
        let told: Vec<Why> = told_once(news, 10)
            .into_iter()
            .map(|found| found.why)
            .collect();
        assert_eq!(
            told,
            [
                Why::Joined(JoinLevel::Promise),
                Why::Mention(id(2)),
                Why::Answer(id(1))
            ]
        );
    }

    #[test]
    fn signs_of_a_name_are_no_signs_of_a_pattern() {
        let pattern = r"(^|[^a-z0-9])@J.rg \(100\%\_\\\)([^a-z0-9]|$)";
        assert_eq!(naming(r"Jörg (100%_\)"), pattern);
    }

    #[test]
    fn of_one_moment_the_event_says_what_came_later() {
        let seen = Seen {
            at: Millis(5),
            event: 7,
        };
        let of = |at, event| Found {
            event,
            ..found(Why::Joined(JoinLevel::Interest), at)
        };
        assert!(seen.is_before(&of(5, 8)) && seen.is_before(&of(6, 1)));
        assert!(!seen.is_before(&of(5, 7)) && !seen.is_before(&of(4, 9)));
        assert!(!Seen::all_of(Millis(5)).is_before(&of(5, i64::MAX)));
    }

    #[test]
    fn who_has_a_longer_name_is_meant_where_it_is_said() {
        let names = ["Anna", "Anna Maria"];
        assert!(is_mentioned("@Anna Maria, und @Anna?", &names));
        assert!(!is_mentioned("@Anna Maria und sonst @niemand", &names));
    }
}
