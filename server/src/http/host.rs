//! Where a request says it came from: our own pages, or another site.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::problem::ProblemKind;

use super::problem::Failure;
use crate::sender::is_from_own_page;

/// Refuses what another site's page sends: anything that writes, and the live channel, must come from a page
/// of ours or from something that is no browser.
pub(super) async fn own_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(header::UPGRADE);
    if reads || is_from_own_page(request.headers()) {
        next.run(request).await
    } else {
        Failure::new(
            ProblemKind::ForeignOrigin,
            "this request came from another site's page",
        )
        .into_response()
    }
}

/// Whether the request reached the outermost proxy, or us, by TLS.
pub(super) fn came_by_tls(headers: &HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(',').next())
        .is_some_and(|protocol| protocol.trim().eq_ignore_ascii_case("https"))
}

/// Whether a browser trusts the way that the request took: it came by TLS or from this machine.
pub(super) fn is_trustworthy(headers: &HeaderMap) -> bool {
    came_by_tls(headers) || super::mailbox::is_loopback_host(headers)
}

/// Scheme and host under which people reach us: as whoever runs this says, else as this request's sender does.
pub(super) fn reached_by(public_url: Option<&str>, headers: &HeaderMap) -> String {
    public_url.map_or_else(|| base_url(headers), str::to_owned)
}

/// Scheme and host under which this request's sender knows us.
pub(super) fn base_url(headers: &HeaderMap) -> String {
    let scheme = if came_by_tls(headers) {
        "https"
    } else {
        "http"
    };
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}
