//! Letters that wait to be sent. Where nothing sends, the embedded mailbox shows them.

use domain::page::Lang;
use domain::time::{DAY_MS, Millis};
use sqlx::PgConnection;
use uuid::Uuid;

use super::logins::LOGIN_LASTS_MS;
use crate::moment::{millis, stamp};
use crate::{Store, StoreError, random};

/// How long letters are kept, sent or not, in milliseconds.
pub const MAILS_KEPT_MS: i64 = 7 * DAY_MS;
/// Letters taken or shown at once.
const LETTERS_MAX: i64 = 50;
/// A letter that an instance took to send is not taken by another for so long, in milliseconds.
pub const TAKEN_FOR_MS: i64 = 60 * 1000;

/// A letter with a link and a code; its words are made by whoever sends or shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: Uuid,
    pub to: String,
    pub lang: Lang,
    /// Eight digits.
    pub code: String,
    pub link: String,
    pub at: Millis,
}

pub(super) async fn queue(
    connection: &mut PgConnection,
    to: &str,
    lang: Lang,
    login_code: &str,
    link: &str,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO mails (id, kind, to_email, lang, body, made_at, expires_at, next_try_at)
         VALUES ($1, 'login', $2, $3, jsonb_build_object('code', $4::text, 'link', $5::text), $6, $7, $6)",
        random::id()?,
        to,
        code(lang),
        login_code,
        link,
        stamp(now),
        stamp(now + LOGIN_LASTS_MS)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes letters that are to be sent now, at most `limit`; other instances leave them alone for [`TAKEN_FOR_MS`].
///
/// # Errors
/// When the database can't be reached.
pub async fn claim_letters(store: &Store, limit: i64) -> Result<Vec<Letter>, StoreError> {
    let now = store.now();
    store
        .owned(|store| async move {
            let rows = sqlx::query!(
                "UPDATE mails SET next_try_at = $2, tries = tries + 1
                 WHERE id IN (SELECT id FROM mails WHERE sent_at IS NULL AND next_try_at <= $1 AND expires_at > $1
                              ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
                 RETURNING id, to_email, lang, body, made_at",
                stamp(now),
                stamp(now + TAKEN_FOR_MS),
                limit.min(LETTERS_MAX)
            )
            .fetch_all(store.writes())
            .await?;
            rows.into_iter()
                .map(|row| letter(row.id, row.to_email, &row.lang, &row.body, millis(row.made_at)))
                .collect()
        })
        .await
}

/// A letter has been handed over, and its link and code are forgotten here; or it could not be, and is taken
/// again after [`TAKEN_FOR_MS`].
///
/// # Errors
/// When the database can't be reached; it will be sent again.
pub async fn letter_done(store: &Store, id: Uuid, sent: bool) -> Result<(), StoreError> {
    if !sent {
        return Ok(());
    }
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

/// What waits, newest first: the embedded mailbox, which stands in for sending.
///
/// # Errors
/// When the database can't be reached.
pub async fn mailbox(store: &Store, limit: i64) -> Result<Vec<Letter>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, to_email, lang, body, made_at FROM mails
         WHERE sent_at IS NULL AND expires_at > $1 ORDER BY made_at DESC, id LIMIT $2",
        stamp(store.now()),
        limit.min(LETTERS_MAX)
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
            )
        })
        .collect()
}

fn letter(
    id: Uuid,
    to: String,
    lang: &str,
    body: &serde_json::Value,
    at: Millis,
) -> Result<Letter, StoreError> {
    let text = |field: &str| {
        let text = body.get(field).and_then(serde_json::Value::as_str);
        text.map(str::to_owned)
            .ok_or_else(|| StoreError::unreadable(format!("letter {id}"), format!("no {field}")))
    };
    Ok(Letter {
        code: text("code")?,
        link: text("link")?,
        id,
        to,
        lang: if lang == "en" { Lang::En } else { Lang::De },
        at,
    })
}

const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "de",
        Lang::En => "en",
    }
}
