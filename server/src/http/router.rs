//! All routes on one page.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::problem::ProblemKind;
use domain::wire::COMMAND_MAX;
use tokio::time::timeout;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Failure;
use super::web::Web;
use super::{
    about, basemap, calendar, cells, commands, community, events, feed, guide, health, host,
    in_words, mailbox, marks, messages, openapi, page, picture, preview, rights, search, session,
    share, sign_in, trust, unread, upload,
};
use crate::sender;

/// Everything that is served.
pub fn router(web: Web) -> Router {
    let (api, description) = OpenApiRouter::with_openapi(openapi::Description::openapi())
        .routes(routes!(commands::submit))
        .routes(routes!(cells::cell))
        .routes(routes!(messages::messages))
        .routes(routes!(basemap::about))
        .routes(routes!(basemap::tile))
        .routes(routes!(events::events))
        .routes(routes!(page::data))
        .routes(routes!(search::search))
        .routes(routes!(unread::unread, unread::read))
        .routes(routes!(session::mail))
        .routes(routes!(session::code))
        .routes(routes!(session::end))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .split_for_parts();
    let live = crate::rooms::route(web.rooms.clone());
    let uploads = uploads(&web);
    let proxies = from_fn_with_state(web.proxies.clone(), sender::behind_proxies);
    api.route(
        "/api/openapi.json",
        get(move || async { axum::Json(description) }),
    )
    .route("/api/{*rest}", axum::routing::any(nothing))
    .route("/anmelden", get(page::page).post(sign_in::ask))
    .route("/anmelden/code", post(sign_in::code))
    .route(
        "/anmelden/{token}",
        get(sign_in::confirm).post(sign_in::follow),
    )
    .route("/abmelden", post(sign_in::sign_out))
    .route("/postfach", get(mailbox::mailbox))
    .route("/ueber", get(about::about))
    .route(
        "/gemeinschaft",
        get(community::page).post(community::change),
    )
    .route(
        "/gemeinschaft/buergschaften",
        get(community::away).post(community::vouches),
    )
    .route("/rolle/{id}/rechte", get(rights::page).post(rights::change))
    .route("/manifest.webmanifest", get(community::manifest))
    .route("/_style", get(guide::guide))
    .route("/teilen", get(share::page))
    .route("/teilen/blatt.svg", get(share::leaf))
    .route("/bild.png", get(picture::start))
    .route("/knoten/{id}/bild.png", get(picture::node))
    .route("/knoten/{id}/termin.ics", get(calendar::event))
    .route("/bilder/{id}", get(upload::large))
    .route("/bilder/{id}/klein", get(upload::small))
    .route(
        "/knoten/{id}/bilder/{picture}/entfernen",
        post(upload::remove),
    )
    .route("/ich/bild/entfernen", post(upload::remove_portrait))
    .route("/ich/vorschau", get(preview::away).post(preview::page))
    .route("/gebiete", get(page::page).post(marks::keep))
    .route("/gebiete/{id}", get(page::page).post(marks::reword))
    .route("/gebiete/{id}/entfernen", post(marks::forget))
    .route("/gebiete/{id}/adresse", post(marks::renew))
    .route("/feed.atom", get(feed::atom))
    .route("/feed.ics", get(feed::calendar))
    .route("/feed/{secret}/neues.atom", get(feed::atom_of))
    .route("/feed/{secret}/termine.ics", get(feed::calendar_of))
    .route("/vertrauen", get(trust::page))
    .route(trust::CERTIFICATE, get(trust::certificate))
    .fallback(get(page::page).fallback(wrong_method))
    .method_not_allowed_fallback(wrong_method)
    .layer(DefaultBodyLimit::max(COMMAND_MAX))
    .layer(from_fn_with_state(web.answer_patience, in_time))
    .merge(uploads)
    .with_state(web)
    .merge(live)
    .layer(from_fn(host::own_origin))
    .layer(from_fn(in_words::in_words))
    .layer(
        CompressionLayer::new()
            .quality(CompressionLevel::Precise(PACKED_LEVEL))
            .compress_when(SizeAbove::new(PACKED_FROM).and(is_written_anew)),
    )
    .layer(from_fn(headers))
    .layer(proxies)
}

/// The forms that bring pictures: large, and slow over a phone's line. What is asked of the same addresses otherwise is a page.
fn uploads(web: &Web) -> Router<Web> {
    let page = || get(page::page).layer(from_fn_with_state(web.answer_patience, in_time));
    Router::new()
        .route("/knoten/{id}/bilder", page().merge(post(upload::add)))
        .route("/ich/bild", page().merge(post(upload::portray)))
        .layer(DefaultBodyLimit::max(upload::BODY_MAX))
        .layer(from_fn_with_state(upload::PATIENCE, in_time))
}

/// Smaller answers fit into one packet as they are, in bytes.
const PACKED_FROM: u16 = 1024;
/// Of gzip's nine: a page of 100 KiB takes a millisecond, and the next level's byte in a hundred another.
const PACKED_LEVEL: i32 = 4;

/// Whether an answer is packed on its way: pages and their data, which are written for each asker. What has a tag is kept by
/// who asks, and files are packed already.
fn is_written_anew(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    !headers.contains_key(header::ETAG)
        && (kind.starts_with(b"text/html") || kind.starts_with(b"application/json"))
}

async fn nothing() -> Failure {
    Failure::not_found()
}

/// Cuts off what takes too long, so that nobody waits for ever for a database that hangs. Nothing that writes is lost by
/// it: no request owns such work.
async fn in_time(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    // The route, never the address: some addresses are secrets. What has no route is a page.
    let route = request.extensions().get::<MatchedPath>().cloned();
    match timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let route = route.as_ref().map_or("a page", MatchedPath::as_str);
            tracing::warn!(route, "a request took too long and was answered without");
            Failure::unavailable().into_response()
        }
    }
}

pub(super) async fn wrong_method() -> Failure {
    Failure::new(
        ProblemKind::MethodNotAllowed,
        "this address does not answer to that method",
    )
}

/// For small pages: nothing but our own style, pictures and forms.
const QUIET_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                            manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer carries.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let is_trustworthy = host::is_trustworthy(request.headers());
    let mut response = next.run(request).await;
    let carried = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        carried.insert(name, HeaderValue::from_static(value));
    }
    let is_html = carried
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_html {
        // A page that brings no policy of its own (with its scripts' nonce) runs no script and is not kept.
        carried
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static(QUIET_POLICY));
        carried
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    // Elsewhere browsers ignore it and complain.
    if is_trustworthy {
        carried.insert(
            header::HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tokio::net::TcpListener;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no writer panicked").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    // On one thread, so that what is told is heard.
    #[tokio::test]
    async fn what_takes_too_long_is_logged_without_the_secrets_of_its_address() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let never = || async { std::future::pending::<()>().await };
        let router = Router::new()
            .route("/feed/{secret}/neues.atom", get(never))
            .fallback(never)
            .layer(from_fn_with_state(Duration::from_millis(1), in_time));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        for path in ["feed/5ec2e7/neues.atom", "feed/5ec2e7/anderes"] {
            let answer = reqwest::get(format!("http://{address}/{path}")).await;
            assert_eq!(answer.expect("an answer").status(), 503);
        }
        serving.abort();
        let told = lines.0.lock().expect("no writer panicked").clone();
        let told = String::from_utf8(told).expect("text");
        assert!(told.contains("/feed/{secret}/neues.atom"), "{told}");
        assert!(told.contains("a page"), "{told}");
        assert!(!told.contains("5ec2e7"), "{told}");
    }
}
