//! The database alone: given, that of another `weltgewebe` on the same data folder, or an own one for a while.

use std::sync::Arc;
use std::time::Duration;

use store::{Store, StoreError, SystemClock};
use tokio::time::{Instant, sleep};

use super::error::EmbeddedError;
use super::folder::DataFolder;
use super::keeper::Keeper;
use super::secrets::Secrets;
use super::{Plan, ServiceUrl, postgres};
use crate::log;
use crate::signals::Shutdown;

/// How long the database of another process may be starting.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A database to work on. Dropping it asks an own one to stop, without waiting; [`Database::close`] waits.
#[derive(Debug)]
pub struct Database {
    url: ServiceUrl,
    whose: Whose,
}

#[derive(Debug)]
enum Whose {
    Given,
    /// It runs for another process.
    Anothers,
    /// The folder is released last, so that the next one finds nothing running.
    Own(Keeper, DataFolder),
}

impl Database {
    /// Starts a database on the data folder of the plan, unless the plan names one or another `weltgewebe` has one
    /// running there.
    ///
    /// # Errors
    /// [`EmbeddedError`] says in words what is missing and how to mend it; nothing is left running then.
    pub async fn open(plan: &Plan, shutdown: &Shutdown) -> Result<Self, EmbeddedError> {
        let opened = Self::open_or_start(plan, shutdown).await;
        opened.map_err(|error| error.on_folder(&plan.data))
    }

    async fn open_or_start(plan: &Plan, shutdown: &Shutdown) -> Result<Self, EmbeddedError> {
        if let Some(url) = &plan.database {
            return Ok(Self {
                url: url.clone(),
                whose: Whose::Given,
            });
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (path, pid) = match DataFolder::open(&plan.data) {
                Ok(folder) => {
                    let secrets = Secrets::load_or_make(&folder)?;
                    let (keeper, url) = postgres::start(&folder, &secrets, shutdown).await?;
                    return Ok(Self {
                        url,
                        whose: Whose::Own(keeper, folder),
                    });
                }
                Err(EmbeddedError::InUse { path, pid }) => (path, pid),
                Err(error) => return Err(error),
            };
            if let Some(url) = postgres::running_on(&path)? {
                let by = pid.map_or(String::new(), |pid| format!(" (process {pid})"));
                log::say(&format!(
                    "Another weltgewebe{by} runs on this data folder: its database is used"
                ));
                return Ok(Self {
                    url,
                    whose: Whose::Anothers,
                });
            }
            if Instant::now() >= deadline {
                return Err(EmbeddedError::NoDatabase { path, pid });
            }
            // It is starting, or has just ended.
            tokio::select! {
                () = sleep(LOOK_EVERY) => {}
                () = shutdown.stopping() => {
                    return Err(EmbeddedError::Interrupted { service: "PostgreSQL" });
                }
            }
        }
    }

    /// Its address, with its password.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether it runs for another process, which may just be starting it.
    fn is_anothers(&self) -> bool {
        matches!(self.whose, Whose::Anothers)
    }

    /// Opens the store on it; where the database is another process's, it may not be ready yet. None when the stop was
    /// asked for meanwhile.
    ///
    /// # Errors
    /// When it can't be used.
    pub async fn store(&self, shutdown: &Shutdown) -> Result<Option<Store>, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let error = tokio::select! {
                store = Store::connect(self.url(), Arc::new(SystemClock)) => match store {
                    Ok(store) => return Ok(Some(store)),
                    Err(error) => error,
                },
                () = shutdown.stopping() => return Ok(None),
            };
            let may_come = matches!(
                error,
                StoreError::NotReached(_) | StoreError::Database(_) | StoreError::Migration(_)
            );
            if !self.is_anothers() || !may_come || Instant::now() >= deadline {
                return Err(error);
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Stops an own one and waits for it. Close every connection before.
    pub async fn close(self) {
        if let Whose::Own(keeper, _folder) = self.whose {
            keeper.stop().await;
        }
    }
}
