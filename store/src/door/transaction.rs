//! One transaction of the door: lock, read, decide, write, commit.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::Act;
use domain::id::{AccountId, RoleId};
use domain::state::{State, States, StreamId};
use domain::time::Millis;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::ledger::Ledger;
use super::names;
use super::receipts::{self, Outcome};
use super::work::Work;
use super::write;
use crate::moment::millis;
use crate::partitions::SeenDay;
use crate::{Store, StoreError, fail, pictures};

/// Guests that a lower number of vouches confirms at once. Those beyond it stay guests until one more vouch, or another change of
/// that number.
const CONFIRMED_MAX: i64 = 1000;

/// The door's own connection, and what is known as long as it works: after an error all of it is taken anew.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) connection: PgConnection,
    pub(super) seen_day: SeenDay,
}

/// Decides and writes `works` in order; every answer is as durable as the commit.
///
/// # Errors
/// Nothing of it is known to be written; where the commit itself failed, the receipts tell.
pub(super) async fn append(
    store: &Store,
    line: &mut Line,
    works: &[Work],
    clock: Millis,
) -> Result<Vec<Outcome>, StoreError> {
    let mut transaction = line.connection.begin().await?;
    let mut ledger = open(store, &mut transaction, works, clock).await?;
    let outcomes = works
        .iter()
        .map(|work| ledger.enter(work, store.house_keys()))
        .collect();
    write::ledger(store, &mut transaction, &mut line.seen_day, ledger).await?;
    fail::point("before_commit").await;
    transaction.commit().await?;
    fail::point("after_commit").await;
    Ok(outcomes)
}

/// Takes the lock and reads what the batch needs.
async fn open(
    store: &Store,
    connection: &mut PgConnection,
    works: &[Work],
    clock: Millis,
) -> Result<Ledger, StoreError> {
    let head = sqlx::query!("SELECT epoch, id, at FROM log_head FOR UPDATE")
        .fetch_one(&mut *connection)
        .await?;
    if head.epoch != store.epoch().0 {
        return Err(StoreError::unreadable(
            "the head of the log",
            "it was restored to another epoch: restart",
        ));
    }
    fail::point("after_lock").await;
    let head_at = millis(head.at);
    let known = receipts::load(&mut *connection, works).await?;
    let wanted = works.iter().flat_map(Work::reads).collect();
    let (mut states, mut stories) = streams(&mut *connection, &wanted).await?;
    if let Some(needed) = works.iter().filter_map(|work| work.vouches(&states)).min() {
        let guests = vouched(&mut *connection, needed).await?;
        let (more, of) = streams(&mut *connection, &guests).await?;
        states.0.extend(more.0);
        stories.extend(of);
    }
    Ok(Ledger {
        head_id: head.id,
        head_at,
        now: clock.max(head_at),
        known_streams: stories.keys().copied().collect(),
        states,
        stories,
        uploaded: pictures::for_the_door(&mut *connection, works.iter().filter_map(Work::picture))
            .await?,
        alike: names::alike(&mut *connection, works).await?,
        known,
        accounts: accounts(connection, works).await?,
        events: Vec::new(),
        receipts: Vec::new(),
        changed: BTreeMap::new(),
        registered: BTreeSet::new(),
        placed: BTreeMap::new(),
        bound: BTreeMap::new(),
        pictures: BTreeMap::new(),
        portraits: BTreeMap::new(),
    })
}

/// The states of those streams that there are, and the first event of each one's story.
pub(crate) async fn streams(
    connection: &mut PgConnection,
    wanted: &BTreeSet<StreamId>,
) -> Result<(States, BTreeMap<StreamId, i64>), StoreError> {
    let wanted: Vec<String> = wanted.iter().map(StreamId::to_string).collect();
    let rows = sqlx::query!(
        r#"SELECT stream, story, v, state::text AS "state!" FROM streams WHERE stream = ANY($1)"#,
        &wanted
    )
    .fetch_all(connection)
    .await?;
    let (mut states, mut stories) = (States::default(), BTreeMap::new());
    for row in rows {
        let stream: StreamId = row
            .stream
            .parse()
            .map_err(|error| StoreError::unreadable(&row.stream, error))?;
        states
            .0
            .insert(stream, upcast(&row.stream, row.v, &row.state)?);
        stories.insert(stream, row.story);
    }
    Ok((states, stories))
}

/// The guests whom at least so many vouch for, whoever waits longest first.
async fn vouched(
    connection: &mut PgConnection,
    needed: u32,
) -> Result<BTreeSet<StreamId>, StoreError> {
    let rows = sqlx::query_scalar!(
        "SELECT stream FROM streams
         WHERE stream LIKE 'role/%' AND NOT state ? 'weaver_since'
           AND jsonb_array_length(coalesce(state->'vouched_by', '[]')) >= $1
         ORDER BY story LIMIT $2",
        needed.cast_signed(),
        CONFIRMED_MAX
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|stream| (stream.parse()).map_err(|error| StoreError::unreadable(stream, error)))
        .collect()
}

/// Older shapes of states are brought to today's here: of older ones only what is newer is missing, and has its value by default.
fn upcast(stream: &str, v: i16, state: &str) -> Result<State, StoreError> {
    match v {
        1..=3 => serde_json::from_str(state)
            .map_err(|error| StoreError::unreadable(format!("the state of {stream}"), error)),
        _ => Err(StoreError::unreadable(
            format!("the state of {stream}"),
            format!("this program does not know version {v}"),
        )),
    }
}

/// The roles of accounts that register one, so that none gets two.
async fn accounts(
    connection: &mut PgConnection,
    works: &[Work],
) -> Result<BTreeMap<AccountId, Option<RoleId>>, StoreError> {
    let wanted: Vec<Uuid> = works
        .iter()
        .filter_map(|work| match work {
            Work::Act {
                command,
                account: Some(account),
            } if matches!(command.act, Act::RegisterRole { .. }) => Some(account.0),
            Work::Act { .. }
            | Work::Import { .. }
            | Work::Order { .. }
            | Work::Found { .. }
            | Work::Due { .. } => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        "SELECT id, role FROM accounts WHERE id = ANY($1) FOR UPDATE",
        &wanted
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (AccountId(row.id), row.role.map(RoleId)))
        .collect())
}
