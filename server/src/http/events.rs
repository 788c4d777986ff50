//! `GET /api/events`: the public log, a page at a time, as NDJSON.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::cursor::Cursor;
use domain::event::Event;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use store::Store;

use super::problem::{Failure, Outcome};
use super::sent::{Asked, count};
use super::web::Web;

/// Events on a page unless asked for otherwise, and at most.
const LIMIT: u16 = 100;
const LIMIT_MAX: u16 = 1000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// The cursor of the last line read; none: from the beginning.
    after: Option<String>,
    /// Lines at most, 1 to 1000.
    #[param(value_type = Option<u16>)]
    limit: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Line<'a> {
    #[schema(value_type = String)]
    cursor: Cursor,
    #[serde(flatten)]
    event: &'a Event,
}

/// One page of the public log. An empty page means that there is no more. Of a message only its last words are told, and none once
/// it was taken back: what is told no more is `withdrawn`.
#[utoipa::path(
    get, path = "/api/events", params(EventsQuery),
    responses(
        (status = 200, body = Line, content_type = "application/x-ndjson", description = "one event a line, each with its cursor"),
        (status = 400, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn events(
    State(web): State<Web>,
    Asked(query): Asked<EventsQuery>,
) -> Outcome<Response> {
    let after = match query.after {
        Some(text) => position(&web.store, &text)?,
        None => Cursor {
            epoch: web.store.epoch(),
            at: Millis(0),
            id: 0,
        },
    };
    let limit = count(query.limit.as_deref(), LIMIT, LIMIT_MAX)?;
    let mut lines = String::new();
    for (cursor, event) in store::log::public_after(&web.store, after, limit.into()).await? {
        let line = Line {
            cursor,
            event: &event,
        };
        lines.push_str(&serde_json::to_string(&line).map_err(|_| Failure::unavailable())?);
        lines.push('\n');
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
}

/// A cursor of this community's present epoch.
pub(super) fn position(store: &Store, text: &str) -> Outcome<Cursor> {
    text.parse()
        .ok()
        .filter(|cursor: &Cursor| cursor.epoch == store.epoch())
        .ok_or_else(Failure::not_a_cursor)
}
