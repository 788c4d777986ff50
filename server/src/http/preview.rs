//! `POST /ich/vorschau`: where others would see oneself at a place, before one says so. The place is sent, so that no address, and
//! with it no history and no log, says where somebody is.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::link::Panel;
use domain::place::Place;
use domain::problem::ProblemKind;
use serde::Deserialize;
use store::weave::preview;

use super::problem::{Failure, Outcome};
use super::sent::Filled;
use super::visitor::Visitor;
use super::web::Web;

/// Where one means to be, in a place's own units.
#[derive(Debug, Deserialize)]
pub(super) struct Meant {
    lat: i32,
    lon: i32,
}

/// Only who is signed in asks, and about nobody but themself. Who has no role yet is shown an example.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Filled(Meant { lat, lon }): Filled<Meant>,
) -> Outcome<Response> {
    let Some(session) = visitor.session()? else {
        return Ok(away().await.into_response());
    };
    web.limits.mark(visitor.address)?;
    let place = Place { lat, lon };
    if !place.is_valid() {
        return Err(Failure::new(
            ProblemKind::Malformed,
            "lat and lon are no place on Earth",
        ));
    }
    let shown = match session.role {
        Some(role) => preview::preview(&web.store, role, place).await?,
        None => None,
    };
    let is_example = shown.is_none();
    let shown = match shown {
        Some(shown) => shown,
        None => preview::example(place)?,
    };
    let assets = super::site::assets();
    let page = app::preview::page(visitor.lang, place, &shown, is_example, assets);
    Ok(Html(page).into_response())
}

/// Whoever comes by an address has said no place.
pub(super) async fn away() -> Redirect {
    Redirect::to(&Panel::Me.path())
}
