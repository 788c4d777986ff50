//! The community's permanent knots, made when the product starts.

use std::time::Duration;

use domain::weave::Structure;
use store::StoreError;
use store::door::DoorError;

use super::web::Web;

/// How long it is waited for pages to show what was made.
const WOVEN_WITHIN: Duration = Duration::from_secs(5);

/// Why a permanent knot is not there yet.
#[derive(Debug, thiserror::Error)]
pub enum NotFounded {
    #[error("nobody knows yet where: {reason}")]
    Nowhere { reason: String },
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes that knot where the map begins, unless it is there; where whoever runs this says where that is, it is moved there.
///
/// # Errors
/// [`NotFounded`], where it can be tried again.
pub async fn found(web: &Web, structure: Structure) -> Result<(), NotFounded> {
    // A new version may be weaving all anew: where the newest knot is would not be known yet.
    let head = web.store.head().await?;
    store::weave::read::reached(&web.store, head, WOVEN_WITHIN).await?;
    let begins = super::page::beginning(web).await;
    let place = begins
        .map_err(|failure| NotFounded::Nowhere {
            reason: failure.0.title,
        })?
        .centre;
    let receipt = web
        .door
        .found(structure, place, web.centre.is_some())
        .await?;
    store::weave::read::reached(&web.store, receipt.cursor, WOVEN_WITHIN).await?;
    Ok(())
}
