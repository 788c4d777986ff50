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
use sha2::{Digest, Sha256};

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
#[into_params(parameter_in = Query)]
pub(super) struct CellQuery {
    /// Answer only with a state that includes this position (a receipt's cursor).
    min: Option<String>,
}

/// The full state of a room.
#[utoipa::path(
    get, path = "/api/cells/{cell}",
    params(("cell" = String, Path, description = "H3 cell of resolution 4 to 10; up to 6 it counts knots"), CellQuery),
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
                "a room is an H3 cell of resolution 4 to 10",
            )
        })?;
    wait_for(&web, query.min.as_deref()).await?;
    let (cursor, mut views) = store::weave::read::rooms(&web.store, &[cell.into()]).await?;
    let view = views.pop().map(|(_, view)| view).unwrap_or_default();
    let tag = HeaderValue::from_str(&tag(&view)?).map_err(|_| Failure::unavailable())?;
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag)], Json(CellState { cursor, view })).into_response())
}

/// Waits until what is read includes the position `min` of the log, where there is one.
pub(super) async fn wait_for(web: &Web, min: Option<&str>) -> Outcome<()> {
    let Some(min) = min else { return Ok(()) };
    let min = super::events::position(&web.store, min)?;
    // What has not happened is not waited for.
    if min.id > web.store.head().await?.id {
        return Err(Failure::not_a_cursor());
    }
    if !store::weave::read::reached(&web.store, min, WAIT).await? {
        return Err(Failure::unavailable());
    }
    Ok(())
}

/// Of what is shown, whatever the position: weak, since the cursor beside it moves on.
fn tag(view: &CellView) -> Outcome<String> {
    let json = serde_json::to_vec(view).map_err(|_| Failure::unavailable())?;
    let hash = Sha256::digest(json);
    let hex: String = hash
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!("W/\"{hex}\""))
}
