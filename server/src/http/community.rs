//! `/gemeinschaft`: what the community is called, where it is, how far it reaches and how many vouches it asks for. Everyone reads it; an
//! admin changes it by plain forms. And the manifest of the installed page, which has its name.

use std::fmt::Write as _;

use app::plain::{self, Community, Forms};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::command::Act;
use domain::id::RoleId;
use domain::link::Camera;
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{CommunityState, VOUCHES_NEEDED_MAX};
use serde::Deserialize;

use super::act;
use super::problem::Outcome;
use super::sent::Filled;
use super::visitor::Visitor;
use super::web::Web;

const PATH: &str = "/gemeinschaft";
const MANIFEST: &str = "manifest.webmanifest";
/// The equator, in metres, and what of it a window shows: as [`Camera::reach_m`] counts it.
const WORLD_M: f64 = 40_075_017.0;
/// Zooms at which something of a neighbourhood is seen, in hundredths.
const ZOOMS_CENTI: std::ops::RangeInclusive<u16> = 800..=1800;

/// What the form sends. Figures come as they were typed.
#[derive(Debug, Deserialize)]
pub(super) struct Form {
    #[serde(default)]
    name: String,
    /// Latitude and longitude in degrees, with a comma between.
    #[serde(default)]
    centre: String,
    /// In metres.
    #[serde(default)]
    radius: String,
    /// The same as they stood when the form was drawn; a form that does not say so asks for all three.
    was_name: Option<String>,
    was_centre: Option<String>,
    was_radius: Option<String>,
    /// How many vouches, which the form beside it sends.
    #[serde(skip)]
    needed: String,
}

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Outcome<Response> {
    let known = store::spool::community(&web.store).await?;
    let form = drawn(&known);
    shown(&web, &visitor, &known, &form, None).await
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Filled(form): Filled<Form>,
) -> Outcome<Response> {
    let role = act::asker(&web, &visitor)?;
    let refusal = match asked(&form) {
        Ok(Some(act)) => act::refused(&web, role, act).await?,
        Ok(None) => None,
        Err(refusal) => Some(refusal),
    };
    answered(&web, &visitor, &form, refusal).await
}

/// What the form of vouches sends: how many, as it was typed.
#[derive(Debug, Deserialize)]
pub(super) struct Vouches {
    needed: String,
}

/// `POST /gemeinschaft/buergschaften`: how many vouches make a weaver.
pub(super) async fn vouches(
    State(web): State<Web>,
    visitor: Visitor,
    Filled(Vouches { needed: typed }): Filled<Vouches>,
) -> Outcome<Response> {
    let role = act::asker(&web, &visitor)?;
    // What is no number is none that is allowed either.
    let needed = typed.trim().parse().unwrap_or(VOUCHES_NEEDED_MAX + 1);
    let refusal = act::refused(&web, role, Act::SetVouches { needed }).await?;
    let form = Form {
        needed: typed,
        ..drawn(&store::spool::community(&web.store).await?)
    };
    answered(&web, &visitor, &form, refusal).await
}

/// `GET /gemeinschaft/buergschaften`, which stands in the bar where that was refused.
pub(super) async fn away() -> Redirect {
    Redirect::to(PATH)
}

/// The page anew where it was done, else with what was asked for and why not.
async fn answered(
    web: &Web,
    visitor: &Visitor,
    form: &Form,
    refusal: Option<Refusal>,
) -> Outcome<Response> {
    if refusal.is_none() {
        return Ok(Redirect::to(PATH).into_response());
    }
    let known = store::spool::community(&web.store).await?;
    shown(web, visitor, &known, form, refusal).await
}

/// The forms as they stand before anybody types.
fn drawn(known: &CommunityState) -> Form {
    let (name, centre) = (known.name.clone(), known.centre.map(degrees));
    let centre = centre.unwrap_or_default();
    let radius = known.radius_m.map(|radius| radius.to_string());
    let radius = radius.unwrap_or_default();
    Form {
        was_name: Some(name.clone()),
        was_centre: Some(centre.clone()),
        was_radius: Some(radius.clone()),
        name,
        centre,
        radius,
        needed: known.vouches_needed.to_string(),
    }
}

/// The act that the form asks for: what differs from how the form was drawn, so that what another has changed meanwhile stays; none where
/// nothing does. A field that is empty asks for nothing but the name, which may be taken away.
fn asked(form: &Form) -> Result<Option<Act>, Refusal> {
    let differs = |now: &str, was: &Option<String>| was.as_deref() != Some(now.trim());
    let name = differs(&form.name, &form.was_name).then(|| form.name.clone());
    let is_moved = differs(&form.centre, &form.was_centre);
    let is_resized = differs(&form.radius, &form.was_radius);
    if name.is_none() && !is_moved && !is_resized {
        return Ok(None);
    }
    let centre = match form.centre.trim() {
        _ if !is_moved => None,
        "" => None,
        typed => Some(place(typed).ok_or(Refusal::PlaceInvalid)?),
    };
    let radius_m = match form.radius.trim() {
        _ if !is_resized => None,
        "" => None,
        // What is no number is none that is allowed either.
        typed => Some(typed.parse().unwrap_or_default()),
    };
    Ok(Some(Act::DescribeCommunity {
        name,
        centre,
        radius_m,
    }))
}

/// A place as people write it: `48.41, 15.61`.
pub(crate) fn place(typed: &str) -> Option<Place> {
    let (lat, lon) = typed.split_once(',')?;
    Place::from_degrees(lat.trim().parse().ok()?, lon.trim().parse().ok()?)
}

fn degrees(place: Place) -> String {
    let mut text = String::new();
    // A text takes whatever is written.
    _ = write!(
        text,
        "{:.5}, {:.5}",
        place.lat_degrees(),
        place.lon_degrees()
    );
    text
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    known: &CommunityState,
    form: &Form,
    refusal: Option<Refusal>,
) -> Outcome<Response> {
    let is_admin = match visitor.session()?.and_then(|session| session.role) {
        Some(role) => is_admin(web, role).await?,
        None => false,
    };
    let centre = known.centre.map(degrees);
    let needed = known.vouches_needed.to_string();
    let page = Community {
        name: &known.name,
        centre: centre.as_deref(),
        radius_m: known.radius_m,
        vouches_needed: known.vouches_needed,
        forms: is_admin.then_some(Forms {
            typed: [&*form.name, &*form.centre, &*form.radius],
            was: [&form.was_name, &form.was_centre, &form.was_radius]
                .map(|was| was.as_deref().unwrap_or_default()),
            needed: if form.needed.is_empty() {
                &needed
            } else {
                &form.needed
            },
            refusal,
        }),
    };
    let html = plain::community(visitor.lang, &page, super::site::assets());
    Ok((act::status(refusal), Html(html)).into_response())
}

/// Whether that role gives and takes rights.
pub(super) async fn is_admin(web: &Web, role: RoleId) -> Outcome<bool> {
    let me = store::weave::read::me(&web.store, role).await?;
    Ok(me.is_some_and(|me| me.standing.admin_since.is_some()))
}

/// What the community's area fills on a phone; without one its centre as a neighbourhood is looked at.
pub(super) fn camera(
    community: &CommunityState,
    usual_zoom_centi: u16,
    phone_px: f64,
) -> Option<Camera> {
    let centre = community.centre?;
    let zoom_centi = community.radius_m.map_or(usual_zoom_centi, |radius_m| {
        let across = 2.0 * f64::from(radius_m);
        let zoom = (phone_px * WORLD_M * centre.narrowing() / (512.0 * across)).log2();
        ((zoom * 100.0).max(0.0) as u16).clamp(*ZOOMS_CENTI.start(), *ZOOMS_CENTI.end())
    });
    Some(Camera { centre, zoom_centi })
}

/// `GET /manifest.webmanifest`: what the page is called where it is installed.
pub(super) async fn manifest(State(web): State<Web>, headers: HeaderMap) -> Response {
    // Where the database is away the page can be installed all the same, by its own name.
    let name = store::spool::community(&web.store)
        .await
        .map(|known| known.name);
    let name = name.unwrap_or_default();
    let plain = super::site::content(MANIFEST);
    let named = plain
        .and_then(|plain| serde_json::from_slice::<serde_json::Value>(&plain).ok())
        .filter(|_| !name.is_empty());
    let Some(mut named) = named else {
        return super::site::file(MANIFEST, &headers);
    };
    named["name"] = name.clone().into();
    named["short_name"] = name.into();
    let kind = HeaderValue::from_static("application/manifest+json");
    ([(header::CONTENT_TYPE, kind)], named.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let krems = place("48.41, 15.61").expect("a place");
        assert_eq!(place(&degrees(krems)), Some(krems));
        assert_eq!(place("48.41,15.61"), Some(krems));
        for nonsense in ["", "Krems", "48.41", "91,0", "NaN,1", "1,2,3"] {
            assert_eq!(place(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_area_fills_a_phone() {
        let centre = place("48.41, 15.61").expect("a place");
        let of = |radius_m| CommunityState {
            centre: Some(centre),
            radius_m,
            ..CommunityState::default()
        };
        assert_eq!(camera(&CommunityState::default(), 1500, 390.0), None);
        let zoom = |radius_m| {
            camera(&of(radius_m), 1500, 390.0)
                .expect("a camera")
                .zoom_centi
        };
        assert_eq!(zoom(None), 1500);
        // 390 pixels are so wide, and a hundredth of a zoom more or less.
        let across_m = |zoom: u16| {
            let view = Camera {
                centre,
                zoom_centi: zoom,
            };
            view.reach_m() * 390.0 / 512.0
        };
        assert!((across_m(zoom(Some(1000))) / 2000.0 - 1.0).abs() < 0.01);
        // A valley is seen from no farther than where something of it is.
        assert_eq!(zoom(Some(50_000)), 800);
    }
}
