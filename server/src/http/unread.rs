//! `/api/marks/read`: what a member has read, and what they have not seen yet. Theirs alone: private rows, no events.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::id::{AccountId, RoleId};
use domain::page::NEWS_MAX;
use domain::problem::{Problem, ProblemKind};
use domain::talk::{ReadMark, Unseen};

use super::problem::{Failure, Outcome};
use super::sent::Sent;
use super::visitor::Visitor;
use super::web::Web;

/// What is not read in the conversations in which one takes part and in the parlour, and how much other news there is.
#[utoipa::path(
    get, path = "/api/marks/read",
    responses(
        (status = 200, body = Unseen),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "the account has no role"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn unread(State(web): State<Web>, visitor: Visitor) -> Outcome<Response> {
    let member = member(&web, &visitor)?;
    told(&web, member).await
}

/// That message was on the screen: with all that was said before it, it counts as read on all devices. What was read stays so.
#[utoipa::path(
    post, path = "/api/marks/read", request_body = ReadMark,
    responses(
        (status = 200, body = Unseen, description = "what is not seen after it"),
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
    let member = member(&web, &visitor)?;
    store::talk::marks::read(&web.store, member.1, mark.message).await?;
    told(&web, member).await
}

async fn told(web: &Web, (account, role): (AccountId, RoleId)) -> Outcome<Response> {
    let unread = store::talk::marks::unread(&web.store, role).await?;
    let news = store::marks::count(&web.store, account, Some(role), NEWS_MAX).await?;
    let unseen = Json(Unseen { unread, news });
    Ok(([(header::CACHE_CONTROL, "no-store")], unseen).into_response())
}

/// Who asks, within what they may ask.
fn member(web: &Web, visitor: &Visitor) -> Outcome<(AccountId, RoleId)> {
    let session = visitor.session()?.ok_or_else(Failure::signed_out)?;
    let role = session.role.ok_or_else(|| {
        let title = "an account without a role takes part in no conversation";
        Failure::new(ProblemKind::ForeignRole, title)
    })?;
    web.limits.mark(visitor.address)?;
    Ok((session.account, role))
}
