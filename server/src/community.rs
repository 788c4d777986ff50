//! `weltgewebe community`: says what the community is called, where it is and how far it reaches; by a door of its own on the same
//! log, while the product runs or while it does not.

use std::io::{self, Write};
use std::path::PathBuf;

use domain::command::Act;
use domain::refusal::Refusal;
use store::door::{self, Door, DoorError, Unavailable};
use store::{Store, StoreError};

use crate::cli::{CommunityOptions, NoDataFolder};
use crate::embedded::{Database, EmbeddedError, Plan};
use crate::signals::Shutdown;
use crate::terminal::{self, Said};

/// What the log says of who did it.
const BECAUSE: &str = "weltgewebe community";

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum CommunityError {
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error("There is no data folder {}. Fix: name the one that is served, with --data DIR.", path.display())]
    Nowhere { path: PathBuf },
    #[error("A rule says no: {0}.")]
    Refused(Refusal),
    #[error(
        "Nothing was changed: {0}. Fix: when the database answers again, do the same once more."
    )]
    Unavailable(#[from] Unavailable),
    #[error("The database can't be used: {0}.")]
    Store(#[from] StoreError),
    #[error("Stopped before the end: nothing was changed, unless that was told.")]
    Interrupted,
}

/// What was done.
#[derive(Debug)]
pub(crate) struct Described {
    /// It was not so already.
    pub(crate) is_new: bool,
}

/// Says it on the database that is given, that runs on the data folder, or that is started for it.
///
/// # Errors
/// [`CommunityError`] says in words why not.
pub async fn describe(options: CommunityOptions, shutdown: Shutdown) -> Result<(), CommunityError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    // A name that is mistyped must not become a new and empty weave.
    if plan.database.is_none() && !plan.data.exists() {
        return Err(CommunityError::Nowhere { path: plan.data });
    }
    let database = Database::open(&plan, &shutdown).await?;
    let result = run(&database, options, &shutdown).await;
    database.close().await;
    result
}

async fn run(
    database: &Database,
    options: CommunityOptions,
    shutdown: &Shutdown,
) -> Result<(), CommunityError> {
    let Some(store) = database.store(shutdown).await? else {
        return Err(CommunityError::Interrupted);
    };
    let result = tokio::select! {
        result = submit(&store, options) => result,
        () = shutdown.stopping() => Err(CommunityError::Interrupted),
    };
    store.close().await;
    let is_new = result?;
    // Whoever closed the pipe does not want to read it.
    let _ = writeln!(
        io::stdout(),
        "{}",
        terminal::said(&Described { is_new } as &dyn Said)
    );
    Ok(())
}

/// Whether anything changed by it; what is so already is no mistake.
async fn submit(store: &Store, options: CommunityOptions) -> Result<bool, CommunityError> {
    let act = Act::DescribeCommunity {
        name: options.name,
        centre: options.centre,
        radius_m: options.radius,
    };
    let door = Door::start(store.clone());
    match door.submit_order(door::new_order()?, act, BECAUSE).await {
        Ok(_) => Ok(true),
        Err(DoorError::Refused(refusal)) if refusal.is_moot() => Ok(false),
        Err(DoorError::Refused(refusal)) => Err(CommunityError::Refused(refusal)),
        Err(DoorError::Unavailable(unavailable)) => Err(unavailable.into()),
    }
}
