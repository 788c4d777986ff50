//! Accounts and their sessions. What the browser holds is random; what is stored is its hash.

use domain::id::{AccountId, RoleId};
use domain::time::{DAY_MS, Millis};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::moment::{millis, stamp};
use crate::{Store, StoreError, random};

/// How long a session lasts after it was last used, in milliseconds.
pub const SESSION_LASTS_MS: i64 = 90 * DAY_MS;
/// A session used within that time is not written again, in milliseconds.
const SEEN_EVERY_MS: i64 = DAY_MS;

/// Where ended sessions are told.
pub(crate) const CHANNEL: &str = "weltgewebe_session_ended";

/// A session as it is recognised, without what would open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionKey(String);

impl SessionKey {
    /// That of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(
            hash(token)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    pub(crate) fn told(payload: &str) -> Self {
        Self(payload.to_owned())
    }

    /// The hash that it is kept under; none where what was told is none.
    pub(crate) fn token_hash(&self) -> Option<Vec<u8>> {
        let digits = |at: usize| u8::from_str_radix(self.0.get(at..at + 2)?, 16).ok();
        (0..self.0.len()).step_by(2).map(digits).collect()
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub account: AccountId,
    pub email: String,
    /// None: the account may do one thing, register a role.
    pub role: Option<RoleId>,
}

/// The session of that token; none where it has ended. Using it makes it last.
///
/// # Errors
/// When the database can't be reached.
pub async fn session(store: &Store, token: &str) -> Result<Option<Session>, StoreError> {
    let token_hash = hash(token);
    let now = store.now();
    let asked = match store.recent_sessions().get(&token_hash, now) {
        Ok(session) => return Ok(Some(session)),
        Err(asked) => asked,
    };
    let row = sqlx::query!(
        "SELECT a.id, a.email, a.role, s.seen_at, s.expires_at FROM sessions s JOIN accounts a ON a.id = s.account
         WHERE s.token_hash = $1 AND s.expires_at > $2",
        &token_hash,
        stamp(now)
    )
    .fetch_optional(store.reads())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let session = Session {
        account: AccountId(row.id),
        email: row.email,
        role: row.role.map(RoleId),
    };
    if now - millis(row.seen_at) > SEEN_EVERY_MS {
        store.owned(|store| seen(store, token_hash, now)).await?;
    } else {
        let lasting = (&session, millis(row.expires_at));
        let recent = store.recent_sessions();
        recent.remember(token_hash, lasting, now, asked);
    }
    Ok(Some(session))
}

async fn seen(store: Store, token_hash: Vec<u8>, now: Millis) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1",
        &token_hash,
        stamp(now),
        stamp(now + SESSION_LASTS_MS)
    )
    .execute(store.writes())
    .await?;
    Ok(())
}

/// Ends a session and tells it to every instance, see [`crate::tail::Tail::ended_sessions`]; one that is not
/// there has ended already.
///
/// # Errors
/// When the database can't be reached.
pub async fn end_session(store: &Store, token: &str) -> Result<(), StoreError> {
    let token_hash = hash(token);
    store
        .owned(|store| async move {
            sqlx::query!(
                r#"WITH ended AS (DELETE FROM sessions WHERE token_hash = $1)
                   SELECT pg_notify($2, encode($1, 'hex')) AS "notified: ()""#,
                &token_hash,
                CHANNEL
            )
            .execute(store.writes())
            .await?;
            store.recent_sessions().forget(&token_hash);
            Ok(())
        })
        .await
}

/// Makes a session, and the account where the address has none.
pub(super) async fn begin(
    connection: &mut PgConnection,
    email: &str,
    now: Millis,
) -> Result<String, StoreError> {
    let account = sqlx::query_scalar!(
        "INSERT INTO accounts (id, email, made_at) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id",
        random::id()?,
        email,
        stamp(now)
    )
    .fetch_one(&mut *connection)
    .await?;
    let token = random_token()?;
    sqlx::query!(
        "INSERT INTO sessions (token_hash, account, made_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        &hash(&token),
        account,
        stamp(now),
        stamp(now + SESSION_LASTS_MS)
    )
    .execute(connection)
    .await?;
    Ok(token)
}

/// Of something random: nobody can try it through, so it needs no key.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// 64 hexadecimal digits that nobody can guess.
///
/// # Errors
/// When the operating system gives no random bytes.
pub fn random_token() -> Result<String, StoreError> {
    let bytes = random::bytes::<32>()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
