//! Problems in words: whoever reads pages gets one, whoever speaks to the API the problem itself.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::problem::ProblemKind;

use super::language::language;

/// Puts a small page in the place of a problem that a person would read; status and headers stay.
pub(super) async fn in_words(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path().starts_with("/api/") || !reads_pages(request.headers()) {
        return next.run(request).await;
    }
    let lang = language(uri.query().unwrap_or_default(), request.headers());
    let again = (*request.method() == Method::GET)
        .then(|| uri.path_and_query())
        .flatten()
        // With two slashes it would lead to another site.
        .filter(|path| !path.as_str().starts_with("//"))
        .map(ToString::to_string);
    let response = next.run(request).await;
    let Some(kind) = response.extensions().get::<ProblemKind>().copied() else {
        return response;
    };
    let page = app::plain::failed(lang, kind, again.as_deref(), super::site::assets());
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, lang.code()),
    ] {
        parts.headers.insert(name, HeaderValue::from_static(value));
    }
    Response::from_parts(parts, Body::from(page))
}

/// Browsers that open an address name HTML first; scripts and programs do not name it, or JSON before it.
fn reads_pages(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let at = |kind| accepted.find(kind);
    at("text/html").is_some_and(|html| at("json").is_none_or(|json| html < json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_read_pages_and_programs_do_not() {
        for (accepted, expected) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html, application/json;q=0.5", true),
            ("application/json, text/html;q=0.5", false),
            ("application/problem+json", false),
            ("*/*", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accepted));
            assert_eq!(reads_pages(&headers), expected, "{accepted}");
        }
        assert!(!reads_pages(&HeaderMap::new()));
    }
}
