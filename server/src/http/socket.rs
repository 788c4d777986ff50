//! `GET /ws`: hands the connection to the rooms.

use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;

use super::problem::Outcome;
use super::visitor::Visitor;
use super::web::Web;
use crate::rooms::{self, Caller};

/// The live channel; a session is welcome, not needed.
pub(super) async fn socket(
    State(web): State<Web>,
    visitor: Visitor,
    upgrade: WebSocketUpgrade,
) -> Outcome<Response> {
    let session = visitor.session()?;
    let caller = Caller {
        address: visitor.address,
        role: session.and_then(|session| session.role),
        session: session.and(visitor.token.clone()),
    };
    Ok(rooms::upgrade(&web.rooms, upgrade, caller))
}
