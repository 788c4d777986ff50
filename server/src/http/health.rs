//! `/health/live` and `/health/ready`: whether the process runs, and what it depends on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::web::Web;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Live {
    status: &'static str,
}

/// The process runs.
#[utoipa::path(get, path = "/health/live", responses((status = 200, body = Live)))]
pub(super) async fn live() -> Json<Live> {
    Json(Live { status: "ok" })
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Ready {
    /// `ok`, `degraded` (works, slower or without one part) or `down`.
    status: &'static str,
    postgresql: Dependency,
    /// The bus. It is replaceable: without it rooms follow the log.
    redis: Dependency,
    projection: Lag,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Dependency {
    status: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Lag {
    /// Events that are in the log and not yet in the read models.
    behind_events: i64,
}

/// Every dependency by name.
#[utoipa::path(
    get, path = "/health/ready",
    responses((status = 200, body = Ready), (status = 503, body = Ready))
)]
pub(super) async fn ready(State(web): State<Web>) -> Response {
    let head = web.store.head().await;
    let checkpoint = store::weave::read::checkpoint(&web.store).await;
    let (database, behind_events) = match (head, checkpoint) {
        (Ok(head), Ok(checkpoint)) => ("ok", (head.id - checkpoint.id).max(0)),
        _ => ("down", -1),
    };
    let bus = if web.rooms.is_bus_healthy() { "ok" } else { "degraded" };
    let status = match (database, bus) {
        ("ok", "ok") => "ok",
        ("ok", _) => "degraded",
        _ => "down",
    };
    let code = if status == "down" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let ready = Ready {
        status,
        postgresql: Dependency { status: database },
        redis: Dependency { status: bus },
        projection: Lag { behind_events },
    };
    (code, Json(ready)).into_response()
}
