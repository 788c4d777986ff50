//! `/api/marks/read`: what a member has read, and what not yet. Theirs alone: private rows, no events.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::id::RoleId;
use domain::problem::{Problem, ProblemKind};
use domain::talk::{ReadMark, Unread};

use super::problem::{Failure, Outcome};
use super::sent::Sent;
use super::visitor::Visitor;
use super::web::Web;

/// What is not read in the conversations in which one takes part, and in the parlour.
#[utoipa::path(
    get, path = "/api/marks/read",
    responses(
        (status = 200, body = Vec<Unread>, description = "the conversations with unread messages, the one with the newest first"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "the account has no role"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn unread(State(web): State<Web>, visitor: Visitor) -> Outcome<Response> {
    let role = member(&web, &visitor)?;
    told(&web, role).await
}

/// That message was on the screen: with all that was said before it, it counts as read on all devices. What was read stays so.
#[utoipa::path(
    post, path = "/api/marks/read", request_body = ReadMark,
    responses(
        (status = 200, body = Vec<Unread>, description = "what is not read after it"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "the account has no role, or the request came from another site"),
        (status = 415, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn read(
    State(web): State<Web>,
    visitor: Visitor,
    Sent(mark): Sent<ReadMark>,
) -> Outcome<Response> {
    let role = member(&web, &visitor)?;
    store::talk::marks::read(&web.store, role, mark.message).await?;
    told(&web, role).await
}

async fn told(web: &Web, role: RoleId) -> Outcome<Response> {
    let unread = store::talk::marks::unread(&web.store, role).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(unread)).into_response())
}

/// The role that asks, within what it may ask.
fn member(web: &Web, visitor: &Visitor) -> Outcome<RoleId> {
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?;
    let role = session.role.ok_or_else(|| {
        let title = "an account without a role takes part in no conversation";
        Failure::new(ProblemKind::ForeignRole, title)
    })?;
    web.limits.mark(visitor.address)?;
    Ok(role)
}
