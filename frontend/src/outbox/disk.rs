//! The outbox on disk: IndexedDB, every write with strict durability, values as JSON text.
//!
//! Nothing but requests of the same transaction is ever awaited inside one: it would commit by itself.

use std::cell::RefCell;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};

use wasm_bindgen::JsValue;

use super::lease::{is_free, written};

const NAME: &str = "weltgewebe";
const VERSION: u32 = 1;
/// Acts by their place in the order, which the database counts itself, across tabs.
const ACTS: &str = "outbox";
/// Single values by name.
const VALUES: &str = "values";
const LEASE: &str = "sender";

/// The browser refuses to keep something: private mode, no space left, a broken profile.
#[derive(Debug)]
pub struct NotKept;

impl From<Error> for NotKept {
    fn from(_: Error) -> Self {
        Self
    }
}

impl From<OpenDbError> for NotKept {
    fn from(_: OpenDbError) -> Self {
        Self
    }
}

/// The database, opened when it is first needed.
#[derive(Debug, Default)]
pub struct Disk {
    open: RefCell<Option<Database>>,
}

/// One write; each is one transaction.
enum Write<'a> {
    Append(&'a str),
    /// Only where it is still there: what was withdrawn stays withdrawn.
    Mark(u32, &'a str),
    Remove(&'a [u32]),
    /// The right to send, for one tab, until a moment.
    Lease {
        tab: u32,
        now: i64,
        until: i64,
    },
}

impl Disk {
    /// Keeps an act; when this returns, it survives a crash. Returns its place in the order.
    pub async fn append(&self, text: &str) -> Result<u32, NotKept> {
        self.write(Write::Append(text)).await
    }

    /// Writes the new state of an act.
    pub async fn mark(&self, seq: u32, text: &str) -> Result<(), NotKept> {
        self.write(Write::Mark(seq, text)).await.map(drop)
    }

    /// Takes acts out.
    pub async fn remove(&self, seqs: &[u32]) -> Result<(), NotKept> {
        self.write(Write::Remove(seqs)).await.map(drop)
    }

    /// Takes or renews the right to send, in milliseconds of this device's clock. Returns whether `tab` has it.
    pub async fn lease(&self, tab: u32, now: i64, until: i64) -> Result<bool, NotKept> {
        let lease = Write::Lease { tab, now, until };
        self.write(lease).await.map(|got| got == 1)
    }

    /// Everything kept, in order.
    pub async fn list(&self) -> Result<Vec<(u32, String)>, NotKept> {
        if let Ok(found) = list(&self.database().await?).await {
            return Ok(found);
        }
        self.open.take();
        Ok(list(&self.database().await?).await?)
    }

    /// A connection that the browser has closed behind our back is opened once more.
    async fn write(&self, change: Write<'_>) -> Result<u32, NotKept> {
        if let Ok(done) = write(&self.database().await?, &change).await {
            return Ok(done);
        }
        self.open.take();
        Ok(write(&self.database().await?, &change).await?)
    }

    async fn database(&self) -> Result<Database, NotKept> {
        if let Some(database) = self.open.borrow().as_ref() {
            return Ok(database.clone());
        }
        let database = Database::open(NAME)
            .with_version(VERSION)
            .with_on_upgrade_needed(|_, database| {
                database
                    .create_object_store(ACTS)
                    .with_auto_increment(true)
                    .build()?;
                database.create_object_store(VALUES).build()?;
                Ok(())
            })
            .await?;
        self.open.replace(Some(database.clone()));
        Ok(database)
    }
}

fn begin<'a>(database: &'a Database, store: &'static str) -> Result<Transaction<'a>, Error> {
    database
        .transaction(store)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(TransactionDurability::Strict))
        .build()
}

async fn write(database: &Database, change: &Write<'_>) -> Result<u32, Error> {
    let name = match change {
        Write::Lease { .. } => VALUES,
        Write::Append(_) | Write::Mark(..) | Write::Remove(_) => ACTS,
    };
    let transaction = begin(database, name)?;
    let store = transaction.object_store(name)?;
    let mut result = 0;
    match *change {
        Write::Append(text) => {
            result = store.add(text).with_key_type::<u32>().primitive()?.await?;
        }
        Write::Mark(seq, text) => {
            let kept: Option<String> = store.get(seq).primitive()?.await?;
            if kept.is_some() {
                store.put(text).with_key(seq).primitive()?.await?;
            }
        }
        Write::Remove(seqs) => {
            for seq in seqs {
                store.delete(*seq).primitive()?;
            }
        }
        Write::Lease { tab, now, until } => {
            let kept: Option<String> = store.get(LEASE).primitive()?.await?;
            if is_free(kept.as_deref(), tab, now) {
                let text = written(tab, until);
                store.put(text).with_key(LEASE).primitive()?.await?;
                result = 1;
            }
        }
    }
    transaction.commit().await?;
    Ok(result)
}

async fn list(database: &Database) -> Result<Vec<(u32, String)>, Error> {
    let transaction = database.transaction(ACTS).build()?;
    let store = transaction.object_store(ACTS)?;
    // Both go out before either is awaited, so both read the same state.
    let keys = store.get_all_keys::<u32>().primitive()?;
    let values = store.get_all::<JsValue>().primitive()?;
    let keys = keys.await?.collect::<Result<Vec<u32>, Error>>()?;
    let values = values.await?.collect::<Result<Vec<JsValue>, Error>>()?;
    // What is no text was not written by any version of this: it is listed as unreadable, and the others go on.
    let texts = values
        .into_iter()
        .map(|value| value.as_string().unwrap_or_default());
    Ok(keys.into_iter().zip(texts).collect())
}
