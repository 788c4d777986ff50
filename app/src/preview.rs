//! What others will see of one's place, before it is saved: a small document of its own, which its owner alone gets.

use domain::link::Camera;
use domain::page::Lang;
use domain::place::{Place, Radius};

use crate::look::distance;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::shell::{Assets, small};
use crate::words::{PlainWords, fill, plain_words, words};

/// The document: `place` is where its owner means to be, `shown` where others would see them, by radius, or might, once they have a role.
#[must_use]
pub fn page(
    lang: Lang,
    place: Place,
    shown: &[(Radius, Place)],
    is_example: bool,
    assets: &Assets,
) -> String {
    let w = plain_words(lang);
    let mut content = vec![
        parts::title(w.preview_title.into()),
        el("p").say(if is_example {
            w.preview_lead_example
        } else {
            w.preview_lead
        }),
        of("section", "block")
            .child(el("h2").say(w.preview_hidden_title))
            .child(parts::hint(w.preview_hidden.into())),
    ];
    for (radius, point) in shown {
        content.push(within(lang, place, *radius, *point));
    }
    content.push(
        of("section", "block")
            .child(el("h2").say(w.preview_exact_title))
            .child(parts::hint(w.preview_exact.into())),
    );
    content.push(parts::hint(w.preview_close.into()));
    small(lang, w.preview_title, assets, content)
}

/// One radius: the point that others see with its circle, and where in it one really is.
pub(crate) fn within(lang: Lang, place: Place, radius: Radius, shown: Place) -> Element {
    let w = plain_words(lang);
    let metres = |metres| distance(words(lang), metres);
    let apart = metres(shown.distance_m(place).round() as u32);
    let camera = Camera {
        centre: shown,
        zoom_centi: zoom(radius),
    };
    of("section", "block")
        .child(
            el("h2").text(
                fill(
                    w.preview_radius_title,
                    "radius",
                    &metres(radius.metres().into()),
                )
                .into(),
            ),
        )
        .child(drawn(w, place, radius, shown))
        .child(
            parts::hint(fill(w.preview_radius, "distance", &apart).into())
                .say(" ")
                .child(
                    el("a")
                        .attr("href", ["/?", &camera.to_string()].concat().into())
                        .say(w.preview_map),
                ),
        )
}

/// So near that the circle fills a phone about.
const fn zoom(radius: Radius) -> u16 {
    match radius {
        Radius::M100 => 1700,
        Radius::M250 => 1600,
        Radius::M500 => 1500,
        Radius::Km1 => 1400,
        Radius::Km2 => 1300,
        Radius::Km5 => 1150,
    }
}

/// The circle around the point that others see, north above; one's own point in it as a ring.
fn drawn(w: &'static PlainWords, place: Place, radius: Radius, shown: Place) -> Element {
    /// Units from the middle to the circle.
    const REACH: f64 = 80.0;
    let scale = REACH / f64::from(radius.metres());
    let across = Place {
        lat: shown.lat,
        lon: place.lon,
    };
    let (east, north) = (shown.distance_m(across), across.distance_m(place));
    let sign = |is: i32, from: i32| if is < from { -1.0 } else { 1.0 };
    let x = east * scale * sign(place.lon, shown.lon);
    let y = -north * scale * sign(place.lat, shown.lat);
    let circle = |class, x: f64, y: f64, r: f64| {
        of("circle", class)
            .attr("cx", format!("{x:.1}").into())
            .attr("cy", format!("{y:.1}").into())
            .attr("r", format!("{r:.1}").into())
    };
    of("svg", "preview")
        .set("viewBox", "-100 -100 200 200")
        .set("role", "img")
        .set("aria-label", w.preview_drawn)
        .child(circle("around", 0.0, 0.0, REACH))
        .child(circle("seen", 0.0, 0.0, 6.0))
        .child(circle("true", x, y, 5.0))
}
