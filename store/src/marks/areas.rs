//! The areas that an account follows.

use chrono::{DateTime, Utc};
use domain::area::{AREAS_MAX, Area as Shape, AreaFlaw, area_name};
use domain::id::{AccountId, AreaId};
use domain::place::Place;
use domain::time::Millis;
use domain::weave::NodeKind;
use sqlx::Connection;
use uuid::Uuid;

use crate::moment::{millis, stamp};
use crate::weave::kind;
use crate::{Store, StoreError};

/// An area as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub id: AreaId,
    pub name: String,
    /// None: all of them.
    pub kinds: Vec<NodeKind>,
    pub shape: Shape,
    pub made_at: Millis,
    /// Which address its feeds have by now.
    feed: i32,
}

/// An area as it is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub name: String,
    /// None: all of them.
    pub kinds: Vec<NodeKind>,
    /// None: as it is, which a new one cannot be.
    pub shape: Option<Shape>,
}

/// Why an area is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Flaw(#[from] AreaFlaw),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for KeepError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

struct SqlArea {
    id: Uuid,
    name: String,
    kinds: Vec<String>,
    lats: Vec<i32>,
    lons: Vec<i32>,
    feed: i32,
    made_at: DateTime<Utc>,
}

impl TryFrom<SqlArea> for Area {
    type Error = StoreError;

    fn try_from(row: SqlArea) -> Result<Self, StoreError> {
        let corners = row.lats.into_iter().zip(row.lons);
        let corners = corners.map(|(lat, lon)| Place { lat, lon }).collect();
        let shape = Shape::new(corners)
            .map_err(|flaw| StoreError::unreadable(format!("area {}", row.id), flaw))?;
        Ok(Self {
            id: AreaId(row.id),
            name: row.name,
            kinds: row
                .kinds
                .iter()
                .map(|code| kind(code))
                .collect::<Result<_, _>>()?,
            shape,
            made_at: millis(row.made_at),
            feed: row.feed,
        })
    }
}

/// All columns of the areas for which that holds.
macro_rules! areas_where {
    ($holds:literal, $($value:expr),+) => {
        sqlx::query_as!(
            SqlArea,
            "SELECT id, name, kinds, lats, lons, feed, made_at FROM marks_areas WHERE " + $holds,
            $($value),+
        )
    };
}

/// The areas of an account, in the order in which they were kept; [`AREAS_MAX`] at most.
///
/// # Errors
/// When the database can't be reached.
pub async fn areas(store: &Store, account: AccountId) -> Result<Vec<Area>, StoreError> {
    let rows = areas_where!("account = $1 ORDER BY made_at, id", account.0)
        .fetch_all(store.reads())
        .await?;
    rows.into_iter().map(Area::try_from).collect()
}

/// That area of an account; none where it has no such.
///
/// # Errors
/// When the database can't be reached.
pub async fn area(
    store: &Store,
    account: AccountId,
    id: AreaId,
) -> Result<Option<Area>, StoreError> {
    areas_where!("account = $1 AND id = $2", account.0, id.0)
        .fetch_optional(store.reads())
        .await?
        .map(Area::try_from)
        .transpose()
}

/// An id for an area that may be kept.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn next_id() -> Result<AreaId, StoreError> {
    Ok(AreaId(crate::random::id()?))
}

/// Keeps an area under an id that its form brought, so that a form that is sent twice keeps one.
///
/// # Errors
/// [`AreaFlaw`] of what is asked for, or that there are [`AREAS_MAX`] already.
pub async fn keep(
    store: &Store,
    account: AccountId,
    id: AreaId,
    wanted: Wanted,
) -> Result<(), KeepError> {
    let name = area_name(&wanted.name)?;
    let shape = wanted.shape.ok_or(AreaFlaw::Corners)?;
    let kinds = codes(&wanted.kinds);
    let (lats, lons) = columns(&shape);
    store
        .owned(|store| async move {
            let mut connection = store.writes().acquire().await?;
            let mut transaction = connection.begin().await?;
            // Two forms at once are counted one after the other.
            sqlx::query!("SELECT id FROM accounts WHERE id = $1 FOR UPDATE", account.0)
                .fetch_optional(&mut *transaction)
                .await?;
            let kept = sqlx::query!(
                r#"SELECT count(*) AS "count!", coalesce(bool_or(id = $2), false) AS "is_kept!"
                   FROM marks_areas WHERE account = $1"#,
                account.0,
                id.0
            )
            .fetch_one(&mut *transaction)
            .await?;
            if kept.count >= i64::from(AREAS_MAX) && !kept.is_kept {
                return Err(AreaFlaw::TooMany.into());
            }
            sqlx::query!(
                "INSERT INTO marks_areas (id, account, name, kinds, lats, lons, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT DO NOTHING",
                id.0,
                account.0,
                name,
                &kinds,
                &lats,
                &lons,
                stamp(store.now())
            )
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
}

/// Calls that area of an account otherwise, or has it elsewhere. Whether there is such a one.
///
/// # Errors
/// [`AreaFlaw`] of what is asked for.
pub async fn reword(
    store: &Store,
    account: AccountId,
    id: AreaId,
    wanted: Wanted,
) -> Result<bool, KeepError> {
    let name = area_name(&wanted.name)?;
    let kinds = codes(&wanted.kinds);
    let (lats, lons) = wanted.shape.as_ref().map(columns).unzip();
    store
        .owned(|store| async move {
            let done = sqlx::query!(
                "UPDATE marks_areas SET name = $3, kinds = $4, lats = coalesce($5, lats), lons = coalesce($6, lons)
                 WHERE account = $1 AND id = $2",
                account.0,
                id.0,
                name,
                &kinds,
                lats.as_deref(),
                lons.as_deref()
            )
            .execute(store.writes())
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
}

/// Follows that area no longer; its feeds end. Whether there was such a one.
///
/// # Errors
/// When the database can't be reached.
pub async fn forget(store: &Store, account: AccountId, id: AreaId) -> Result<bool, StoreError> {
    store
        .owned(|store| async move {
            let done = sqlx::query!(
                "DELETE FROM marks_areas WHERE account = $1 AND id = $2",
                account.0,
                id.0
            )
            .execute(store.writes())
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
}

/// Gives the feeds of that area a new address; the one before leads nowhere from then on. Whether there is such an area.
///
/// # Errors
/// When the database can't be reached.
pub async fn renew_feed(store: &Store, account: AccountId, id: AreaId) -> Result<bool, StoreError> {
    store
        .owned(|store| async move {
            let done = sqlx::query!(
                "UPDATE marks_areas SET feed = feed + 1 WHERE account = $1 AND id = $2",
                account.0,
                id.0
            )
            .execute(store.writes())
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
}

/// Bytes of a secret address beside the area's id.
const SECRET_BYTES: usize = 16;

/// What the address of an area's feeds ends in: nobody outside can compute it, and nothing of it is stored.
#[must_use]
pub fn feed_secret(store: &Store, area: &Area) -> String {
    let mut secret = area.id.0.simple().to_string();
    for byte in proof(store, area.id, area.feed) {
        secret.push_str(&format!("{byte:02x}"));
    }
    secret
}

/// The area whose feeds that secret opens; none where it opens none any more.
///
/// # Errors
/// When the database can't be reached.
pub async fn feed_of(store: &Store, secret: &str) -> Result<Option<Area>, StoreError> {
    let Some((id, given)) = secret.split_at_checked(32) else {
        return Ok(None);
    };
    let (Ok(id), Some(given)) = (Uuid::try_parse(id), bytes(given)) else {
        return Ok(None);
    };
    let row = areas_where!("id = $1", id)
        .fetch_optional(store.reads())
        .await?;
    let Some(row) = row else { return Ok(None) };
    // How long it takes does not tell how much of it was right.
    let wanted = proof(store, AreaId(row.id), row.feed);
    let pairs = wanted.iter().zip(given);
    let differs = pairs.fold(0, |differs, (wanted, given)| differs | (wanted ^ given));
    (differs == 0).then(|| row.try_into()).transpose()
}

fn proof(store: &Store, id: AreaId, feed: i32) -> [u8; SECRET_BYTES] {
    let hash = store
        .house_keys()
        .feed_hash(&[b"area", id.0.as_bytes(), &feed.to_be_bytes()]);
    let mut proof = [0; SECRET_BYTES];
    proof.copy_from_slice(&hash[..SECRET_BYTES]);
    proof
}

fn bytes(hex: &str) -> Option<[u8; SECRET_BYTES]> {
    let mut bytes = [0; SECRET_BYTES];
    let is_hex = hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_hex || hex.len() != 2 * SECRET_BYTES {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).ok()?;
    }
    Some(bytes)
}

pub(super) fn codes(kinds: &[NodeKind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.code().to_owned()).collect()
}

pub(super) fn columns(shape: &Shape) -> (Vec<i32>, Vec<i32>) {
    let corners = shape.corners().iter();
    corners.map(|corner| (corner.lat, corner.lon)).unzip()
}
