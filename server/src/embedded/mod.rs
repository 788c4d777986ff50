//! The private PostgreSQL and Redis that `weltgewebe` starts for itself, and the addresses of both, own or given.
//!
//! All of it lies under one data folder: `lock` (who runs here), `secrets`, `postgres`, `redis`, and `run` for the
//! sockets. docs/operating.md describes it for whoever keeps such a folder.

mod account;
mod database;
mod error;
mod folder;
mod keeper;
mod leftover;
mod postgres;
mod process;
mod programs;
mod redis;
mod secrets;
mod sockets;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use database::Database;
pub use error::EmbeddedError;
pub use folder::Inspection;
pub use keeper::Phase;
pub use programs::{PostgresPrograms, RedisProgram};

use folder::DataFolder;
use keeper::Keeper;
use secrets::Secrets;

use tokio::sync::watch;

use crate::signals::Shutdown;

/// What to run and what is given.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The data folder; it is made when missing, and untouched when both addresses are given.
    pub data: PathBuf,
    /// A PostgreSQL to use instead of an own one.
    pub database: Option<ServiceUrl>,
    /// A Redis to use instead of an own one.
    pub redis: Option<ServiceUrl>,
}

/// The address of a service. It holds a password, so it is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceUrl(String);

/// The running services. Dropping them asks what still runs to stop, without waiting; [`Services::stop`] waits.
#[derive(Debug)]
pub struct Services {
    database_url: ServiceUrl,
    redis_url: ServiceUrl,
    postgres: Option<Keeper>,
    redis: Option<Keeper>,
    /// Released last, so that the next one finds nothing running.
    _folder: Option<DataFolder>,
}

/// Tells how the services are, as far as their processes tell; by default both are given.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    postgres: Option<watch::Receiver<Phase>>,
    redis: Option<watch::Receiver<Phase>>,
}

/// Looks at a data folder without changing anything.
///
/// # Errors
/// When it cannot be read.
pub fn inspect(data: &Path) -> io::Result<Inspection> {
    folder::inspect(data)
}

/// The folder of the sockets that services on this data folder use.
#[must_use]
pub fn sockets_of(data: &Path) -> PathBuf {
    sockets::base_for(&data.canonicalize().unwrap_or_else(|_| data.to_path_buf()))
}

/// Who would run the services of this data folder, in words.
///
/// # Errors
/// When nobody could, or when the one could not reach the folder.
pub fn runs_as(data: &Path) -> Result<String, EmbeddedError> {
    let (database, bus) = (&postgres::ACCOUNTS, &redis::ACCOUNTS);
    account::described(data, &[("postgres", database), ("redis", bus)])
}

impl Plan {
    /// The plan for a data folder: `DATABASE_URL` and `REDIS_URL` replace the own services.
    #[must_use]
    pub fn from_environment(data: PathBuf) -> Self {
        Self {
            data,
            database: ServiceUrl::from_environment("DATABASE_URL"),
            redis: ServiceUrl::from_environment("REDIS_URL"),
        }
    }
}

impl Services {
    /// Starts what the plan does not name, and returns when both answer. Whatever a killed run left behind on this
    /// folder is stopped first. When `shutdown` is asked meanwhile, what was started is stopped again.
    ///
    /// # Errors
    /// [`EmbeddedError`] says in words what is missing and how to mend it; nothing is left running then.
    pub async fn start(plan: &Plan, shutdown: &Shutdown) -> Result<Self, EmbeddedError> {
        let started = Self::start_missing(plan, shutdown).await;
        started.map_err(|error| error.on_folder(&plan.data))
    }

    async fn start_missing(plan: &Plan, shutdown: &Shutdown) -> Result<Self, EmbeddedError> {
        if let (Some(database), Some(redis)) = (&plan.database, &plan.redis) {
            return Ok(Self {
                database_url: database.clone(),
                redis_url: redis.clone(),
                postgres: None,
                redis: None,
                _folder: None,
            });
        }
        let folder = DataFolder::open(&plan.data)?;
        let secrets = Secrets::load_or_make(&folder)?;
        let (postgres, database_url) = match &plan.database {
            Some(url) => (None, url.clone()),
            None => {
                let (keeper, url) = postgres::start(&folder, &secrets, shutdown).await?;
                (Some(keeper), url)
            }
        };
        let (redis, redis_url) = match &plan.redis {
            Some(url) => (None, url.clone()),
            None => match redis::start(&folder, &secrets, shutdown).await {
                Ok((keeper, url)) => (Some(keeper), url),
                Err(error) => {
                    if let Some(postgres) = postgres {
                        postgres.stop().await;
                    }
                    return Err(error);
                }
            },
        };
        Ok(Self {
            database_url,
            redis_url,
            postgres,
            redis,
            _folder: Some(folder),
        })
    }

    /// The address of the database, with its password.
    #[must_use]
    pub fn database_url(&self) -> &str {
        self.database_url.as_str()
    }

    /// The address of the bus, with its password.
    #[must_use]
    pub fn redis_url(&self) -> &str {
        self.redis_url.as_str()
    }

    /// Tells how both are from now on.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch {
            postgres: self.postgres.as_ref().map(Keeper::watch),
            redis: self.redis.as_ref().map(Keeper::watch),
        }
    }

    /// Stops Redis, then PostgreSQL, and waits for both. Close every connection before, so that nothing is cut off.
    pub async fn stop(self) {
        if let Some(redis) = self.redis {
            redis.stop().await;
        }
        if let Some(postgres) = self.postgres {
            postgres.stop().await;
        }
    }
}

impl Watch {
    /// The database's process.
    #[must_use]
    pub fn postgres(&self) -> Phase {
        phase(self.postgres.as_ref())
    }

    /// The bus's process.
    #[must_use]
    pub fn redis(&self) -> Phase {
        phase(self.redis.as_ref())
    }
}

fn phase(watched: Option<&watch::Receiver<Phase>>) -> Phase {
    watched.map_or(Phase::Given, |phase| *phase.borrow())
}

impl ServiceUrl {
    /// The address as it is.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self(url)
    }

    /// The address with its password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An empty variable is none: that is how environment files switch a line off.
    fn from_environment(name: &str) -> Option<Self> {
        std::env::var(name)
            .ok()
            .filter(|url| !url.trim().is_empty())
            .map(Self)
    }
}

impl fmt::Debug for ServiceUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ServiceUrl(…)")
    }
}
