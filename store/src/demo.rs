//! The mark of an invented neighbourhood: a real one is never made into a demo, and a demo says what it is.

use domain::time::Millis;

use crate::moment::{millis, stamp};
use crate::{Store, StoreError};

/// What a database is to who wants a demo on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// A demo whose story begins then, and is not told to its end.
    Telling { began_at: Millis },
    /// A demo that is complete.
    Filled,
    /// People weave here: it is none and never becomes one.
    Real,
}

/// Marks an empty log as that of a demo whose story begins at `began_at`; says what is there otherwise.
///
/// # Errors
/// When the database can't be reached.
pub async fn begin(store: &Store, began_at: Millis) -> Result<Begun, StoreError> {
    let mut transaction = store.writes().begin().await?;
    // Nobody writes a first event meanwhile.
    let head = sqlx::query_scalar!("SELECT id FROM log_head FOR UPDATE")
        .fetch_one(&mut *transaction)
        .await?;
    let is_new = sqlx::query!(
        "INSERT INTO demo (began_at) SELECT $1 WHERE $2 ON CONFLICT DO NOTHING",
        stamp(began_at),
        head == 0
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        > 0;
    let known = sqlx::query!("SELECT began_at, is_filled FROM demo")
        .fetch_optional(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(match known {
        None => Begun::Real,
        Some(known) if known.is_filled && !is_new => Begun::Filled,
        Some(known) => Begun::Telling {
            began_at: millis(known.began_at),
        },
    })
}

/// Its story is told.
///
/// # Errors
/// When the database can't be reached.
pub async fn fill(store: &Store) -> Result<(), StoreError> {
    sqlx::query!("UPDATE demo SET is_filled = true")
        .execute(store.writes())
        .await?;
    Ok(())
}

/// Whether this is a demo, told to its end or not.
///
/// # Errors
/// When the database can't be reached.
pub async fn is_one(store: &Store) -> Result<bool, StoreError> {
    let is_one = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM demo) AS "is_one!""#)
        .fetch_one(store.reads())
        .await?;
    Ok(is_one)
}
