//! `/health/live` and `/health/ready`: whether the process runs, and what it depends on.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::time::timeout;

use super::web::Web;
use crate::embedded::Phase;
use crate::rooms::Status;

/// How long the database may take to answer before it counts as away: while it recovers or hangs it may not answer at all.
const PATIENCE: Duration = Duration::from_millis(1500);

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
    /// `ok`, `degraded` (works, without one part) or `down`.
    status: &'static str,
    postgresql: PostgreSql,
    /// The bus. It is replaceable: without it rooms follow the log.
    redis: Redis,
    /// The live channel of this instance.
    rooms: Status,
}

#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct PostgreSql {
    /// `ok`, `degraded` (answers, but the last act could not be written: its disk is full, say) or `down`.
    status: &'static str,
    process: Phase,
    /// Events that are in the log and not yet in the read models.
    projection_lag_events: i64,
    /// Time since the newest event that the read models include, where some are missing.
    projection_lag_ms: i64,
    /// How long the oldest deadline has been due.
    deadline_lag_ms: i64,
    letters_waiting: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Redis {
    status: &'static str,
    process: Phase,
}

/// Every dependency by name, with how far it lags.
#[utoipa::path(
    get, path = "/health/ready",
    responses((status = 200, body = Ready), (status = 503, body = Ready))
)]
pub(super) async fn ready(State(web): State<Web>) -> Response {
    let rooms = web.rooms.status();
    let process = web.services.postgres();
    let postgresql = match timeout(PATIENCE, store::health::health(&web.store)).await {
        Ok(Ok(health)) => PostgreSql {
            status: if web.door.is_closed() {
                "degraded"
            } else {
                "ok"
            },
            process,
            projection_lag_events: health.weave_lag_events,
            projection_lag_ms: health.weave_lag_ms,
            deadline_lag_ms: health.deadline_lag_ms,
            letters_waiting: health.mails_waiting,
        },
        Ok(Err(_)) | Err(_) => PostgreSql {
            status: "down",
            process,
            ..PostgreSql::default()
        },
    };
    let redis = Redis {
        status: if rooms.bus_healthy { "ok" } else { "degraded" },
        process: web.services.redis(),
    };
    let (code, status) = match (postgresql.status, redis.status) {
        ("ok", "ok") => (StatusCode::OK, "ok"),
        ("down", _) => (StatusCode::SERVICE_UNAVAILABLE, "down"),
        _ => (StatusCode::OK, "degraded"),
    };
    let again = (code != StatusCode::OK).then_some([(header::RETRY_AFTER, "5")]);
    (
        code,
        again,
        Json(Ready {
            status,
            postgresql,
            redis,
            rooms,
        }),
    )
        .into_response()
}
