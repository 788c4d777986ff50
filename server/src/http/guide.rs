//! `GET /_style`: the living page of the design.

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::visitor::Visitor;

/// As a page of ours, without the client: its pictures and samples are drawn by the map's scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
                      connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(super) async fn guide(visitor: Visitor) -> Response {
    let page = app::guide::guide(visitor.lang, super::site::assets());
    let policy = HeaderValue::from_static(POLICY);
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}
