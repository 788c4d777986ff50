//! `GET /ws`: from a request to a socket.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::problem::{Problem, ProblemKind};
use domain::wire::SUBPROTOCOL;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

use super::{Rooms, socket};
use crate::sender;

/// The route of the live channel. The address of the peer comes from axum's `ConnectInfo`, the session from its cookie.
pub fn route(rooms: Rooms) -> Router {
    Router::new().route("/ws", get(upgrade)).with_state(rooms)
}

async fn upgrade(State(rooms): State<Rooms>, request: Request) -> Response {
    if !sender::is_from_own_page(request.headers()) {
        return problem(
            ProblemKind::ForeignOrigin,
            "this socket was opened by another site's page",
        );
    }
    let Ok(mut answer) = create_response_with_body(&request, Body::empty) else {
        return problem(ProblemKind::Malformed, "a WebSocket handshake is expected");
    };
    if !speaks_ours(request.headers()) {
        return problem(
            ProblemKind::Malformed,
            "the subprotocol weltgewebe.v1 is expected",
        );
    }
    answer.headers_mut().insert(
        header::SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(SUBPROTOCOL),
    );
    let address = sender::address(request.extensions());
    let token = sender::cookie(request.headers(), sender::SESSION_COOKIE).map(str::to_owned);
    let upgrade = hyper::upgrade::on(request);
    tokio::spawn(async move {
        // Who goes away before the answer is nobody to talk to.
        if let Ok(upgraded) = upgrade.await {
            socket::begin(upgraded, rooms, address, token).await;
        }
    });
    answer
}

fn speaks_ours(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|protocol| protocol.trim() == SUBPROTOCOL)
}

fn problem(kind: ProblemKind, title: &str) -> Response {
    let problem = Problem::new(kind, title);
    let status = StatusCode::from_u16(problem.status).unwrap_or_default();
    let text = serde_json::to_string(&problem).unwrap_or_default();
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        text,
    )
        .into_response()
}
