//! `GET /ich/vorschau`: where others would see oneself at a place, before one says so.

use axum::extract::State;
use axum::http::Uri;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::link::{Camera, Panel};

use super::problem::Outcome;
use super::visitor::Visitor;
use super::web::Web;

/// The place is the middle of the view that the address carries. Only who is signed in asks, and about nobody but themself.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor, uri: Uri) -> Outcome<Response> {
    let me = visitor.session()?.and_then(|session| session.role);
    let camera = Camera::from_query(uri.query().unwrap_or_default());
    let (Some(me), Some(camera)) = (me, camera) else {
        return Ok(Redirect::to(&Panel::Me.path()).into_response());
    };
    web.limits.command(me, visitor.address)?;
    let place = camera.centre;
    let shown = store::weave::preview::preview(&web.store, me, place).await?;
    let shown = shown.unwrap_or_default();
    let page = app::preview::page(visitor.lang, place, &shown, super::site::assets());
    Ok(Html(page).into_response())
}
