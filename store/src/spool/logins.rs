//! Signing in: a letter brings a link token, and a code for the browser that asked. Both are stored hashed.

use std::num::NonZeroU32;

use domain::page::Lang;
use domain::time::Millis;
use sqlx::{Connection, PgConnection};

use super::email::{EmailInvalid, email};
use super::letters;
use super::sessions::{self, hash, random_token};
use crate::moment::stamp;
use crate::{Store, StoreError, random};

/// How long link and code work, in milliseconds.
pub const LOGIN_LASTS_MS: i64 = 20 * 60 * 1000;
/// How long asking is remembered for the limits, in milliseconds.
pub const LOGINS_KEPT_MS: i64 = 24 * HOUR_MS;
/// Letters to one address within an hour.
pub const ASKED_PER_EMAIL_MAX: i64 = 5;
/// Codes tried for one letter.
pub const CODE_TRIES_MAX: i16 = 5;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// What the letter says. It exists in the letter alone.
struct Login {
    /// For the link: 64 hexadecimal digits.
    token: String,
    /// Eight digits.
    code: String,
}

/// Who asks for a letter, as far as is known.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// A network address, which is kept hashed.
    pub address: &'a str,
    /// Letters that it may cause within an hour.
    pub letters_max: NonZeroU32,
}

/// Why no letter was written.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    NotAnAddress(#[from] EmailInvalid),
    #[error("too many letters within an hour; the next one in {retry_after_s} s at the latest")]
    TooMany { retry_after_s: u32 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues a letter to `to` whose link leads to `{base_url}/anmelden/{token}`.
///
/// # Errors
/// Over the limits, or when it is no address.
pub async fn ask(
    store: &Store,
    to: &str,
    lang: Lang,
    base_url: &str,
    asker: Asker<'_>,
) -> Result<(), AskError> {
    let to = email(to)?;
    let address = asker.address.as_bytes();
    let asker_hash = store.house_keys().login_hash(&[b"asker", address]);
    let letters_max = i64::from(asker.letters_max.get());
    let base_url = base_url.to_owned();
    store
        .owned(|store| async move {
            let mut connection = store.writes().acquire().await.map_err(StoreError::from)?;
            let mut transaction = connection.begin().await.map_err(StoreError::from)?;
            let now = store.now();
            check_limits(&mut transaction, &to, (&asker_hash, letters_max), now).await?;
            let login = write(&store, &mut transaction, &to, &asker_hash, now).await?;
            let link = format!("{base_url}/anmelden/{}", login.token);
            letters::queue(&mut transaction, &to, lang, &login.code, &link, now).await?;
            transaction.commit().await.map_err(StoreError::from)?;
            Ok(())
        })
        .await
}

/// Whoever asks for the same address or from the same place waits here, so that together they keep the limit.
async fn check_limits(
    connection: &mut PgConnection,
    to: &str,
    (asker_hash, letters_max): (&[u8], i64),
    now: Millis,
) -> Result<(), AskError> {
    let asker = i64::from_be_bytes(std::array::from_fn(|i| {
        asker_hash.get(i).copied().unwrap_or(0)
    }));
    let row = sqlx::query!(
        "SELECT pg_advisory_xact_lock(least(hashtextextended($1, 0), $2)),
                pg_advisory_xact_lock(greatest(hashtextextended($1, 0), $2))",
        to,
        asker
    );
    row.fetch_one(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    let asked = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE email = $1) AS "by_email!",
                  count(*) FILTER (WHERE asker_hash = $2) AS "by_asker!"
           FROM logins WHERE made_at > $3 AND (email = $1 OR asker_hash = $2)"#,
        to,
        asker_hash,
        stamp(now + -HOUR_MS)
    )
    .fetch_one(connection)
    .await
    .map_err(StoreError::from)?;
    if asked.by_email >= ASKED_PER_EMAIL_MAX || asked.by_asker >= letters_max {
        let retry_after_s = (HOUR_MS / 1000) as u32;
        return Err(AskError::TooMany { retry_after_s });
    }
    Ok(())
}

async fn write(
    store: &Store,
    connection: &mut PgConnection,
    to: &str,
    asker_hash: &[u8],
    now: Millis,
) -> Result<Login, StoreError> {
    let login = Login {
        token: random_token()?,
        code: format!("{:08}", random::below(100_000_000)?),
    };
    sqlx::query!(
        "INSERT INTO logins (id, email, token_hash, code_hash, asker_hash, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        random::id()?,
        to,
        &hash(&login.token),
        &code_hash(store, to, &login.code),
        asker_hash,
        stamp(now),
        stamp(now + LOGIN_LASTS_MS)
    )
    .execute(connection)
    .await?;
    Ok(login)
}

/// Keyed, since eight digits can be tried through.
fn code_hash(store: &Store, email: &str, code: &str) -> Vec<u8> {
    store
        .house_keys()
        .login_hash(&[b"code", email.as_bytes(), code.as_bytes()])
}

/// Signs in by the link's token, once. None: it is unknown, used or too old.
///
/// # Errors
/// When the database can't be reached.
pub async fn consume_token(store: &Store, token: &str) -> Result<Option<String>, StoreError> {
    let token_hash = hash(token);
    store
        .owned(|store| async move {
            let mut connection = store.writes().acquire().await?;
            let mut transaction = connection.begin().await?;
            let now = store.now();
            let email = sqlx::query_scalar!(
                "UPDATE logins SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
                 RETURNING email",
                &token_hash,
                stamp(now)
            )
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(email) = email else { return Ok(None) };
            let token = sessions::begin(&mut transaction, &email, now).await?;
            transaction.commit().await?;
            Ok(Some(token))
        })
        .await
}

/// Signs in by the code of one of the letters to `email`. Every call uses up one of [`CODE_TRIES_MAX`] tries.
///
/// # Errors
/// When the database can't be reached.
pub async fn consume_code(
    store: &Store,
    to: &str,
    code: &str,
) -> Result<Option<String>, StoreError> {
    let Ok(to) = email(to) else { return Ok(None) };
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let wanted = code_hash(store, &to, &digits);
    store
        .owned(|store| async move {
            let mut connection = store.writes().acquire().await?;
            let now = store.now();
            // Counted and committed before anything is compared: many at once get no more tries.
            let tried = sqlx::query!(
                "UPDATE logins SET tries = tries + 1
                 WHERE email = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3 RETURNING id, code_hash",
                &to,
                stamp(now),
                CODE_TRIES_MAX
            )
            .fetch_all(&mut *connection)
            .await?;
            let Some(login) = tried.into_iter().find(|login| login.code_hash == wanted) else {
                return Ok(None);
            };
            let mut transaction = connection.begin().await?;
            let used = sqlx::query!(
                "UPDATE logins SET used_at = $2 WHERE id = $1 AND used_at IS NULL",
                login.id,
                stamp(now)
            )
            .execute(&mut *transaction)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(None);
            }
            let token = sessions::begin(&mut transaction, &to, now).await?;
            transaction.commit().await?;
            Ok(Some(token))
        })
        .await
}
