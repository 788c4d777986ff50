//! `GET /api/cells/{cell}`: the full state of one room, read once and told again for as long as nothing touches it.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::cursor::Cursor;
use domain::place::{Cell, ROOM_RESOLUTIONS};
use domain::problem::ProblemKind;
use domain::view::CellView;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::conditional;
use super::problem::{Failure, Outcome};
use super::sent::{Asked, Named};
use super::web::Web;
use crate::rooms::Answer;

/// How long `min` is waited for.
const WAIT: Duration = Duration::from_secs(5);

/// The state of a room at a position of the log.
#[derive(Debug, utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "what is told is put together from kept bytes, see `whole`"
)]
pub(super) struct CellState {
    #[schema(value_type = String)]
    cursor: Cursor,
    view: CellView,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CellQuery {
    /// Answer only with a state that includes this position (a receipt's cursor). Without it the state may lack what came
    /// in the last quarter of a second.
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
    Named(cell): Named<String>,
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
    let min = query.min.as_deref();
    let wanted = min
        .map(|min| super::events::position(&web.store, min))
        .transpose()?;
    let (cursor, answer) = match web.rooms.kept(cell, wanted) {
        Some(kept) => kept,
        None => read(&web, cell, min).await?,
    };
    let validity = [
        (header::ETAG, answer.tag.clone()),
        // Kept, and asked about each time.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    if answer
        .tag
        .to_str()
        .is_ok_and(|tag| conditional::holds(&headers, tag))
    {
        return Ok((StatusCode::NOT_MODIFIED, validity).into_response());
    }
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )];
    Ok((validity, kind, whole(cursor, &answer.view)).into_response())
}

/// Reads the room, and keeps what came.
async fn read(web: &Web, cell: Cell, min: Option<&str>) -> Outcome<(Cursor, Answer)> {
    wait_for(web, min).await?;
    let (cursor, mut views) = store::weave::read::rooms(&web.store, &[cell.into()]).await?;
    let view = views.pop().map(|(_, view)| view).unwrap_or_default();
    let json = serde_json::to_vec(&view).map_err(|_| Failure::unavailable())?;
    // Of what is shown, whatever the position: weak, since the cursor beside it moves on.
    let tag = format!("W/{}", conditional::tag(&Sha256::digest(&json)));
    let tag = HeaderValue::from_str(&tag).map_err(|_| Failure::unavailable())?;
    let answer = Answer {
        view: json.into(),
        tag,
    };
    web.rooms.keep(cell, cursor, &view, answer.clone());
    Ok((cursor, answer))
}

/// A [`CellState`].
fn whole(cursor: Cursor, view: &[u8]) -> Vec<u8> {
    let cursor = format!("{{\"cursor\":\"{cursor}\",\"view\":");
    [cursor.as_bytes(), view, b"}"].concat()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_put_together_as_it_is_described() {
        let cursor: Cursor = "0199aaaa0000700080000000000000e0.1795630530000.41"
            .parse()
            .expect("a cursor");
        let view = serde_json::to_vec(&CellView::default()).expect("JSON");
        let told: serde_json::Value = serde_json::from_slice(&whole(cursor, &view)).expect("JSON");
        let wanted = serde_json::json!({ "cursor": cursor, "view": CellView::default() });
        assert_eq!(told, wanted);
    }
}
