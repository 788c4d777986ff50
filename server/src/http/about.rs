//! `GET /ueber`: what runs here, whose it is, and where its source is.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};

use super::visitor::Visitor;
use super::web::Web;

/// The source of this very build, which the licence promises to whoever uses it over a network.
const SOURCE: &str = "/weltgewebe-source.tar.gz";

pub(super) async fn about(State(web): State<Web>, visitor: Visitor) -> Response {
    let attribution = match &web.basemap {
        // A map that can't be read just now says so itself.
        Some(basemap) => basemap
            .about()
            .await
            .ok()
            .map(|(about, ..)| about.attribution),
        None => None,
    };
    let about = app::plain::About {
        version: env!("CARGO_PKG_VERSION"),
        host: web.host.as_deref(),
        attribution: attribution.as_deref(),
        source: SOURCE,
        is_unprotected: visitor.is_unprotected,
        is_demo: web.is_demo,
    };
    Html(app::plain::about(
        visitor.lang,
        &about,
        super::site::assets(),
    ))
    .into_response()
}
