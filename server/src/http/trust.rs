//! How to trust the community's own certificate authority: the page and the certificate, also without TLS.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};

use super::language::language;
use super::problem::Failure;
use super::web::Web;
use crate::tls::Trust;

pub(super) const CERTIFICATE: &str = "/vertrauen.crt";

/// `GET /vertrauen`.
pub(super) async fn page(State(web): State<Web>, request: Request) -> Response {
    match &web.trust {
        Some(trust) => told(trust, &request),
        None => Failure::not_found().into_response(),
    }
}

/// `GET /vertrauen.crt`.
pub(super) async fn certificate(State(web): State<Web>) -> Response {
    match &web.trust {
        Some(trust) => downloaded(trust),
        None => Failure::not_found().into_response(),
    }
}

/// What plain connections from elsewhere get: this page at every address, the certificate, and the page's files.
pub fn router(trust: Arc<Trust>) -> Router {
    Router::new()
        .fallback(elsewhere)
        .layer(from_fn(super::router::headers))
        .with_state(trust)
}

async fn elsewhere(State(trust): State<Arc<Trust>>, request: Request) -> Response {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return super::router::wrong_method().await.into_response();
    }
    if path == CERTIFICATE {
        return downloaded(&trust);
    }
    if path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
    {
        return super::site::file(path, request.headers());
    }
    told(&trust, &request)
}

fn told(trust: &Trust, request: &Request) -> Response {
    let lang = language(request.uri().query().unwrap_or_default(), request.headers());
    let onwards = format!(
        "https://{}{}",
        host(request.headers()),
        onwards(request.uri().path())
    );
    let page = app::plain::trust(
        lang,
        CERTIFICATE,
        &trust.fingerprint,
        &onwards,
        super::site::assets(),
    );
    Html(page).into_response()
}

/// Where the visitor wanted to go; from the page itself to the beginning.
fn onwards(path: &str) -> &str {
    if path == "/vertrauen" { "/" } else { path }
}

fn host(headers: &HeaderMap) -> &str {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost")
}

fn downloaded(trust: &Trust) -> Response {
    let mut response = trust.certificate.clone().into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"weltgewebe.crt\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
