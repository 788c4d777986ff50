//! Letters that wait to be sent. Where nothing sends, the embedded mailbox shows them.

use domain::page::Lang;
use domain::time::{DAY_MS, Millis};
use sqlx::PgConnection;
use uuid::Uuid;

use super::logins::{LOGIN_LASTS_MS, Login};
use crate::moment::{millis, stamp};
use crate::{Store, StoreError, random};

/// How long letters are kept, sent or not, in milliseconds.
pub const MAILS_KEPT_MS: i64 = 7 * DAY_MS;
/// Letters taken or shown at once.
pub const LETTERS_MAX: i64 = 50;
/// A letter that an instance took to send is not taken by another for so long, in milliseconds.
pub const TAKEN_FOR_MS: i64 = 60 * 1000;

/// A letter with a link and a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: Uuid,
    pub to: String,
    pub lang: Lang,
    pub login: Login,
    pub made_at: Millis,
    /// How often it was tried before.
    pub tries: i16,
}

pub(super) async fn queue(
    connection: &mut PgConnection,
    to: &str,
    lang: Lang,
    login: &Login,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO mails (id, kind, to_email, lang, body, made_at, expires_at, next_try_at)
         VALUES ($1, 'login', $2, $3, jsonb_build_object('token', $4::text, 'code', $5::text), $6, $7, $6)",
        random::id()?,
        to,
        code(lang),
        login.token,
        login.code,
        stamp(now),
        stamp(now + LOGIN_LASTS_MS)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the letters that are to be sent now; other instances leave them alone for [`TAKEN_FOR_MS`].
///
/// # Errors
/// When the database can't be reached.
pub async fn take(store: &Store) -> Result<Vec<Letter>, StoreError> {
    let now = store.now();
    store
        .owned(|store| async move {
            let rows = sqlx::query!(
                "UPDATE mails SET next_try_at = $2, tries = tries + 1
                 WHERE id IN (SELECT id FROM mails WHERE sent_at IS NULL AND next_try_at <= $1 AND expires_at > $1
                              ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
                 RETURNING id, to_email, lang, body, made_at, tries",
                stamp(now),
                stamp(now + TAKEN_FOR_MS),
                LETTERS_MAX
            )
            .fetch_all(store.writes())
            .await?;
            rows.into_iter()
                .map(|row| letter(row.id, row.to_email, &row.lang, &row.body, millis(row.made_at), row.tries - 1))
                .collect()
        })
        .await
}

/// A letter has been handed over: link and code are forgotten here.
///
/// # Errors
/// When the database can't be reached; it will be sent again.
pub async fn sent(store: &Store, id: Uuid) -> Result<(), StoreError> {
    let now = store.now();
    store
        .owned(|store| async move {
            sqlx::query!(
                "UPDATE mails SET sent_at = $2, body = '{}' WHERE id = $1",
                id,
                stamp(now)
            )
            .execute(store.writes())
            .await?;
            Ok(())
        })
        .await
}

/// A letter could not be handed over; it is tried again at `next`.
///
/// # Errors
/// When the database can't be reached; then it is tried again after [`TAKEN_FOR_MS`].
pub async fn failed(store: &Store, id: Uuid, next: Millis) -> Result<(), StoreError> {
    store
        .owned(|store| async move {
            sqlx::query!(
                "UPDATE mails SET next_try_at = $2 WHERE id = $1 AND sent_at IS NULL",
                id,
                stamp(next)
            )
            .execute(store.writes())
            .await?;
            Ok(())
        })
        .await
}

/// What waits, newest first: the embedded mailbox, which stands in for sending.
///
/// # Errors
/// When the database can't be reached.
pub async fn mailbox(store: &Store) -> Result<Vec<Letter>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, to_email, lang, body, made_at, tries FROM mails
         WHERE sent_at IS NULL AND expires_at > $1 ORDER BY made_at DESC, id LIMIT $2",
        stamp(store.now()),
        LETTERS_MAX
    )
    .fetch_all(store.reads())
    .await?;
    rows.into_iter()
        .map(|row| {
            letter(
                row.id,
                row.to_email,
                &row.lang,
                &row.body,
                millis(row.made_at),
                row.tries,
            )
        })
        .collect()
}

fn letter(
    id: Uuid,
    to: String,
    lang: &str,
    body: &serde_json::Value,
    made_at: Millis,
    tries: i16,
) -> Result<Letter, StoreError> {
    let text = |field: &str| {
        let text = body.get(field).and_then(serde_json::Value::as_str);
        text.map(str::to_owned)
            .ok_or_else(|| StoreError::unreadable(format!("letter {id}"), format!("no {field}")))
    };
    Ok(Letter {
        login: Login {
            token: text("token")?,
            code: text("code")?,
        },
        id,
        to,
        lang: if lang == "en" { Lang::En } else { Lang::De },
        made_at,
        tries,
    })
}

const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "de",
        Lang::En => "en",
    }
}
