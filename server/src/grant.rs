//! `weltgewebe grant`: names weavers and admins, and says how many vouches make a weaver; by a door of its own on the same log,
//! while the product runs or while it does not.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use domain::command::Act;
use domain::id::RoleId;
use domain::refusal::Refusal;
use domain::spool::Right;
use store::door::{self, Door, DoorError, Unavailable};
use store::weave::read;
use store::{Store, StoreError};

use crate::cli::{GrantOptions, NoDataFolder};
use crate::embedded::{Database, EmbeddedError, Plan};
use crate::signals::Shutdown;
use crate::terminal::{self, Said};

/// What the log says of who did it.
const BECAUSE: &str = "weltgewebe grant";
/// How long the read models, which names are looked up in, may be behind the log.
const PATIENCE: Duration = Duration::from_secs(60);
/// Roles of one name that are told at most.
const NAMED_MAX: u16 = 20;

/// Why nothing was granted.
#[derive(Debug, thiserror::Error)]
#[expect(
    missing_docs,
    reason = "each variant's sentence is its documentation; the fields are the values in it"
)]
pub enum GrantError {
    #[error(transparent)]
    NoDataFolder(#[from] NoDataFolder),
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error("There is no data folder {}. Fix: name the one that is served, with --data DIR.", path.display())]
    Nowhere { path: PathBuf },
    #[error(
        "No role is called “{asked}”, and it is no role's id. Fix: write the name as its page shows it, or name the id at the end of that \
         page's address."
    )]
    Unknown { asked: String },
    #[error(
        "Several roles are called “{asked}”. Fix: name one of them by its id:{}",
        list(ids)
    )]
    Ambiguous { asked: String, ids: Vec<RoleId> },
    #[error("A rule says no: {0}.")]
    Refused(Refusal),
    #[error(
        "Nothing was granted: {0}. Fix: when the database answers again, do the same once more."
    )]
    Unavailable(#[from] Unavailable),
    #[error(
        "Names can't be looked up: what pages read does not follow the log. Fix: see in the server's log why, or do the same once more."
    )]
    Behind,
    #[error("The database can't be used: {0}.")]
    Store(#[from] StoreError),
    #[error("Stopped before the end: nothing was granted, unless that was told.")]
    Interrupted,
}

/// Each on a line of its own.
pub(crate) fn list(ids: &[RoleId]) -> String {
    ids.iter().map(|id| format!("\n  {id}")).collect()
}

/// What was done, or was so already.
#[derive(Debug)]
pub(crate) enum Granted {
    Right {
        name: String,
        role: RoleId,
        right: Right,
        is_taken: bool,
        is_new: bool,
    },
    Vouches {
        needed: u32,
        is_new: bool,
    },
}

/// Grants on the database that is given, that runs on the data folder, or that is started for it.
///
/// # Errors
/// [`GrantError`] says in words why not.
pub async fn grant(options: GrantOptions, shutdown: Shutdown) -> Result<(), GrantError> {
    let plan = Plan::from_environment(options.common.data_folder()?);
    // A name that is mistyped must not become a new and empty weave.
    if plan.database.is_none() && !plan.data.exists() {
        return Err(GrantError::Nowhere { path: plan.data });
    }
    let database = Database::open(&plan, &shutdown).await?;
    let result = run(&database, &options, &shutdown).await;
    database.close().await;
    result
}

async fn run(
    database: &Database,
    options: &GrantOptions,
    shutdown: &Shutdown,
) -> Result<(), GrantError> {
    let Some(store) = database.store(shutdown).await? else {
        return Err(GrantError::Interrupted);
    };
    // Nobody else may be there to keep up what names are looked up in.
    let weaving = tokio::spawn(store::weave::project::run(store.clone()));
    let result = tokio::select! {
        result = all(&store, options) => result,
        () = shutdown.stopping() => Err(GrantError::Interrupted),
    };
    weaving.abort();
    store.close().await;
    result
}

/// One after the other, each told as soon as it is done.
async fn all(store: &Store, options: &GrantOptions) -> Result<(), GrantError> {
    let door = Door::start(store.clone());
    let head = store.head().await?;
    if !read::reached(store, head, PATIENCE).await? {
        return Err(GrantError::Behind);
    }
    if let Some(needed) = options.vouches_needed {
        let is_new = submit(&door, Act::SetVouches { needed }).await?;
        tell(&Granted::Vouches { needed, is_new });
    }
    for (asked, right) in [
        (&options.weaver, Right::Weaver),
        (&options.admin, Right::Admin),
    ] {
        let Some(asked) = asked else { continue };
        let (role, name) = find(store, asked).await?;
        let reason = options.reason.clone().unwrap_or_default();
        let act = if options.revoke {
            Act::RevokeRight {
                role,
                right,
                reason,
            }
        } else {
            Act::GrantRight {
                role,
                right,
                reason,
            }
        };
        let is_new = submit(&door, act).await?;
        tell(&Granted::Right {
            name,
            role,
            right,
            is_taken: options.revoke,
            is_new,
        });
    }
    Ok(())
}

/// Whether anything changed by it; what is so already is no mistake.
async fn submit(door: &Door, act: Act) -> Result<bool, GrantError> {
    match door.submit_order(door::new_order()?, act, BECAUSE).await {
        Ok(_) => Ok(true),
        Err(DoorError::Refused(refusal)) if refusal.is_moot() => Ok(false),
        Err(DoorError::Refused(refusal)) => Err(GrantError::Refused(refusal)),
        Err(DoorError::Unavailable(unavailable)) => Err(unavailable.into()),
    }
}

/// The role of that id or exactly that name, with its name.
async fn find(store: &Store, asked: &str) -> Result<(RoleId, String), GrantError> {
    let asked = asked.trim();
    if let Ok(id) = asked.parse()
        && let Some(name) = read::role_name(store, id).await?
    {
        return Ok((id, name));
    }
    let ids = read::named(store, asked, NAMED_MAX).await?;
    match ids.as_slice() {
        [] => Err(GrantError::Unknown {
            asked: asked.to_owned(),
        }),
        [id] => Ok((*id, asked.to_owned())),
        _ => Err(GrantError::Ambiguous {
            asked: asked.to_owned(),
            ids,
        }),
    }
}

fn tell(granted: &Granted) {
    // Whoever closed the pipe does not want to read it.
    let _ = writeln!(io::stdout(), "{}", terminal::said(granted as &dyn Said));
}
