//! `GET /api/cells/{cell}`: the full state of one room.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::cursor::Cursor;
use domain::place::{Cell, ROOM_RESOLUTIONS};
use domain::problem::ProblemKind;
use domain::view::CellView;
use serde::{Deserialize, Serialize};

use super::problem::{Failure, Outcome};
use super::sent::Asked;
use super::web::Web;

/// How long `min` is waited for.
const WAIT: Duration = Duration::from_secs(5);

/// The state of a room at a position of the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct CellState {
    #[schema(value_type = String)]
    cursor: Cursor,
    view: CellView,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct CellQuery {
    /// Answer only with a state that includes this position (a receipt's cursor).
    min: Option<String>,
}

/// The full state of a room.
#[utoipa::path(
    get, path = "/api/cells/{cell}",
    params(("cell" = String, Path, description = "H3 cell of resolution 7 to 10"), CellQuery),
    responses(
        (status = 200, body = CellState),
        (status = 304, description = "not changed since the ETag"),
        (status = 400, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn cell(
    State(web): State<Web>,
    Path(cell): Path<String>,
    Asked(query): Asked<CellQuery>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let cell: Cell = cell
        .parse()
        .ok()
        .filter(|cell: &Cell| ROOM_RESOLUTIONS.contains(&cell.resolution()))
        .ok_or_else(|| {
            Failure::new(
                ProblemKind::Malformed,
                "a room is an H3 cell of resolution 7 to 10",
            )
        })?;
    if let Some(min) = query.min {
        let min = super::events::position(&web.store, &min)?;
        if !store::weave::read::reached(&web.store, min, WAIT).await? {
            return Err(Failure::unavailable());
        }
    }
    let (cursor, mut views) = store::weave::read::rooms(&web.store, &[cell]).await?;
    let view = views.pop().map(|(_, view)| view).unwrap_or_default();
    let last = (view.nodes.values().map(|row| row.last))
        .chain(view.threads.values().map(|row| row.last))
        .chain(view.spools.values().map(|row| row.last))
        .max()
        .unwrap_or_default();
    // What left the room leaves no row behind, so their number belongs to the tag.
    let tag = format!(
        "\"{}-{last}-{}-{}-{}\"",
        web.store.epoch().0.simple(),
        view.nodes.len(),
        view.threads.len(),
        view.spools.len()
    );
    let tag = HeaderValue::from_str(&tag).map_err(|_| Failure::unavailable())?;
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag)], Json(CellState { cursor, view })).into_response())
}
