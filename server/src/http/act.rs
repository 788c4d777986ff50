//! Acts that plain forms ask for: handed in at the door, and waited for until the next page shows them.

use std::time::Duration;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::RoleId;
use store::StoreError;
use store::door::{self, DoorError, Unavailable};

use super::web::Web;

/// How long the read models may need to have what the next page shows.
const WOVEN_PATIENCE: Duration = Duration::from_secs(2);

/// The command of that role that does `act` now.
///
/// # Errors
/// When the system has no random numbers.
pub(super) fn command(web: &Web, by: RoleId, act: Act) -> Result<Command, StoreError> {
    Ok(Command {
        id: door::new_order()?,
        v: COMMAND_VERSION,
        by,
        issued_at: web.store.now(),
        act,
    })
}

/// Hands the act in. Where the read models take longer the next page is a moment behind.
///
/// # Errors
/// As the door.
pub(super) async fn submit(web: &Web, by: RoleId, act: Act) -> Result<(), DoorError> {
    let command = command(web, by, act).map_err(|error| Unavailable::Database {
        reason: error.to_string(),
    })?;
    let receipt = web.door.submit(command).await?;
    let woven = store::weave::read::reached(&web.store, receipt.cursor, WOVEN_PATIENCE);
    _ = woven.await;
    Ok(())
}
