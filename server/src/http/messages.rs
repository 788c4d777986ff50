//! `GET /api/nodes/{node}/messages`: a conversation, a page at a time, from its newest message back.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::cursor::Cursor;
use domain::id::{MessageId, NodeId};
use domain::page::TalkPage;
use domain::problem::{Problem, ProblemKind};
use domain::talk::RECENT_MAX;
use serde::{Deserialize, Serialize};

use super::problem::{Failure, Outcome};
use super::sent::{Asked, Named, count};
use super::web::Web;

/// Messages on a page at most.
const LIMIT_MAX: u16 = 200;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesQuery {
    /// The id of the oldest message at hand: those said before it are wanted. None: the newest.
    before: Option<String>,
    /// Messages at most, 1 to 200; 50 unless asked for otherwise.
    #[param(value_type = Option<u16>)]
    limit: Option<String>,
    /// Answer only with what includes this position (a receipt's cursor).
    min: Option<String>,
}

/// A page of a conversation. The first message of all has the number (`nth`) 1: where the last one of a page has it, there are no
/// more.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Messages {
    /// What the page includes at least.
    #[schema(value_type = String)]
    cursor: Cursor,
    #[serde(flatten)]
    page: TalkPage,
}

/// What was said at a knot, whether it still holds or not.
#[utoipa::path(
    get, path = "/api/nodes/{node}/messages",
    params(("node" = String, Path, description = "the id of a knot"), MessagesQuery),
    responses(
        (status = 200, body = Messages),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn messages(
    State(web): State<Web>,
    Named(node): Named<String>,
    Asked(query): Asked<MessagesQuery>,
) -> Outcome<Response> {
    let node: NodeId = node.parse().map_err(|_| {
        Failure::new(
            ProblemKind::Malformed,
            "a conversation is named by the id of its knot",
        )
    })?;
    let before = match query.before {
        Some(id) => Some(id.parse::<MessageId>().map_err(|_| not_of_it())?),
        None => None,
    };
    let limit = count(query.limit.as_deref(), RECENT_MAX, LIMIT_MAX)?;
    super::cells::wait_for(&web, query.min.as_deref()).await?;
    let cursor = store::weave::read::checkpoint(&web.store).await?;
    if store::weave::read::nodes(&web.store, &[node])
        .await?
        .is_empty()
    {
        return Err(Failure::new(ProblemKind::NotFound, "there is no such knot"));
    }
    let messages = store::talk::read::page(&web.store, node, before, limit)
        .await?
        .ok_or_else(not_of_it)?;
    let page = Messages {
        cursor,
        page: TalkPage { messages, before },
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)).into_response())
}

fn not_of_it() -> Failure {
    Failure::new(
        ProblemKind::Malformed,
        "\"before\" is no message of this conversation",
    )
}
