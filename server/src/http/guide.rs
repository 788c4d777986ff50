//! `GET /_style`: the living page of the design.

use axum::response::{Html, IntoResponse, Response};

use super::visitor::Visitor;

pub(super) async fn guide(visitor: Visitor) -> Response {
    Html(app::guide::guide(visitor.lang, super::site::assets())).into_response()
}
