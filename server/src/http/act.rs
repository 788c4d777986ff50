//! Acts that plain forms ask for: handed in at the door, and waited for until the next page shows them.

use std::time::Duration;

use axum::http::StatusCode;
use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::RoleId;
use domain::refusal::Refusal;
use store::StoreError;
use store::door::{self, DoorError, Unavailable};

use super::problem::{Failure, Outcome};
use super::visitor::Visitor;
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

/// The role of whoever sent a form, which counts as one act.
///
/// # Errors
/// To who is signed out, has no role, or has sent too many.
pub(super) fn asker(web: &Web, visitor: &Visitor) -> Outcome<RoleId> {
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?;
    let role = session.role.ok_or(Refusal::RoleUnknown)?;
    web.limits.command(role, visitor.address)?;
    Ok(role)
}

/// Hands the act in and tells the rule that refuses it. What is so already is done.
///
/// # Errors
/// When the door can't be reached.
pub(super) async fn refused(web: &Web, by: RoleId, act: Act) -> Outcome<Option<Refusal>> {
    match submit(web, by, act).await {
        Ok(()) => Ok(None),
        Err(DoorError::Refused(refusal)) if refusal.is_moot() => Ok(None),
        Err(DoorError::Refused(refusal)) => Ok(Some(refusal)),
        Err(unavailable @ DoorError::Unavailable(_)) => Err(unavailable.into()),
    }
}

/// Of a page that tells whether a form was refused.
pub(super) fn status(refusal: Option<Refusal>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |refusal| {
        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    })
}
