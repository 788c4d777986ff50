//! `GET /api/search`: what is found for some words, around the middle of a map.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::link::Camera;
use domain::place::Place;
use domain::problem::{Problem, ProblemKind};
use domain::search::{Found, Hit, Order, Search, TEXT_MAX};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::problem::{Failure, Outcome};
use super::sent::Asked;
use super::visitor::Visitor;
use super::web::Web;
use crate::markdown;

/// Searches under way at once: the other readers of the database stay free for pages and rooms.
const AT_ONCE: usize = 3;
static UNDER_WAY: Semaphore = Semaphore::const_new(AT_ONCE);
/// Whoever waits longer is refused, and may ask again.
const WAIT: Duration = Duration::from_secs(2);

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Words, 100 characters at most; the last one may be the beginning of a word.
    q: String,
    /// `relevance` (where it is not given) or `distance`.
    #[param(value_type = Option<Order>)]
    order: Option<String>,
    /// The middle from which distances are measured: `@lat,lon,zoom`, in degrees. None: where the map begins.
    view: Option<String>,
}

/// What is found by German and English word stems, by beginnings, and where that is little by what is written alike: knots that hold,
/// roles, and what was said at knots that hold. At most 30.
#[utoipa::path(
    get, path = "/api/search", params(SearchQuery),
    responses(
        (status = 200, body = Found),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn search(
    State(web): State<Web>,
    visitor: Visitor,
    Asked(query): Asked<SearchQuery>,
) -> Outcome<Response> {
    if query.q.chars().count() > TEXT_MAX {
        return Err(Failure::new(
            ProblemKind::TooLarge,
            format!("what is searched has at most {TEXT_MAX} characters"),
        ));
    }
    let malformed = |what| Failure::new(ProblemKind::Malformed, what);
    let order = match query.order.as_deref() {
        None => Order::default(),
        Some(code) => Order::from_code(code)
            .ok_or_else(|| malformed("\"order\" is \"relevance\" or \"distance\""))?,
    };
    let around = match query.view {
        None => super::page::beginning(&web).await?.centre,
        Some(view) => {
            let camera = view.parse::<Camera>();
            camera
                .map_err(|_| malformed("\"view\" is @lat,lon,zoom, in degrees"))?
                .centre
        }
    };
    let search = Search::new(&query.q, order);
    let hits = hits(&web, visitor.address, &search, around).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Found { hits })).into_response())
}

/// What is found, where that address has not asked too often.
pub(super) async fn hits(
    web: &Web,
    address: IpAddr,
    search: &Search,
    around: Place,
) -> Outcome<Vec<Hit>> {
    if search.text.is_empty() {
        return Ok(Vec::new());
    }
    web.limits.search(address)?;
    let Ok(Ok(_turn)) = tokio::time::timeout(WAIT, UNDER_WAY.acquire()).await else {
        let problem = "too many searches at once";
        return Err(Failure::new(ProblemKind::Unavailable, problem));
    };
    Ok(store::search::find(&web.store, search, around, markdown::plain).await?)
}
