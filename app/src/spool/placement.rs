//! The choice where one's role is shown.

use domain::place::Radius;
use domain::spool::Placed;

use crate::live::Form;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::weave::place;

/// Hidden, exact or within a radius, beginning with `now`; then the point.
#[must_use]
pub(super) fn choice(look: &Look<'_>, now: Placed, form: Form) -> Element {
    let w = look.words;
    of("fieldset", "field placement")
        .child(el("legend").say(w.me_place_title))
        .child(option(
            "hidden",
            w.me_place_hidden,
            w.me_place_hidden_hint,
            matches!(now, Placed::Hidden),
        ))
        .child(
            option(
                "radius",
                w.me_place_radius,
                w.me_place_radius_hint,
                matches!(now, Placed::Radius { .. }),
            )
            .child(radius(look, now)),
        )
        .child(option(
            "exact",
            w.me_place_exact,
            w.me_place_exact_hint,
            matches!(now, Placed::Exact),
        ))
        .child(place(look, form).set("data-only", "placed"))
        .maybe(preview(look))
}

/// The form that asks what others would see, in a page of its own: that one stays as it is. Its button stands in the other form.
const PREVIEW: &str = "preview";

/// The button to what others would see.
fn preview(look: &Look<'_>) -> Option<Element> {
    look.state.place().map(|_| {
        of("p", "byline").set("data-only", "placed").child(
            of("button", "text")
                .set("type", "submit")
                .set("form", PREVIEW)
                .say(look.words.me_place_preview),
        )
    })
}

/// What that button sends. It is sent, not asked for: an address stays in histories, and in logs.
#[must_use]
pub(super) fn previewed(look: &Look<'_>) -> Option<Element> {
    let place = look.state.place()?;
    let unit = |name, units: i32| {
        el("input")
            .set("type", "hidden")
            .set("name", name)
            .attr("value", units.to_string().into())
    };
    Some(
        el("form")
            .set("id", PREVIEW)
            .set("method", "post")
            .set("action", "/ich/vorschau")
            .set("target", "_blank")
            .flag("hidden", true)
            .child(unit("lat", place.lat))
            .child(unit("lon", place.lon)),
    )
}

fn option(value: &'static str, word: &'static str, hint: &'static str, chosen: bool) -> Element {
    of("div", "option").child(
        el("label")
            .child(
                el("input")
                    .set("type", "radio")
                    .set("name", "show")
                    .set("value", value)
                    .flag("checked", chosen),
            )
            .child(
                el("span")
                    .child(el("strong").say(word))
                    .child(of("span", "hint").say(hint)),
            ),
    )
}

fn radius(look: &Look<'_>, now: Placed) -> Element {
    let chosen = match now {
        Placed::Radius { radius } => radius,
        Placed::Hidden | Placed::Exact => Radius::M500,
    };
    let options = Radius::ALL
        .into_iter()
        .map(|radius| {
            el("option")
                .attr("value", radius.metres().to_string().into())
                .flag("selected", radius == chosen)
                .text(look.radius(radius).into())
        })
        .collect();
    of("div", "radius")
        .set("data-only", "radius")
        .child(el("label").set("for", "radius").say(look.words.me_radius))
        .child(
            el("select")
                .set("id", "radius")
                .set("name", "radius")
                .all(options),
        )
}

/// Where one's role is shown, told to its owner.
#[must_use]
pub(super) fn now(look: &Look<'_>, placed: Placed) -> Text {
    let w = look.words;
    match placed {
        Placed::Hidden => Text::Borrowed(w.me_placed_hidden),
        Placed::Exact => Text::Borrowed(w.me_placed_exact),
        Placed::Radius { radius } => {
            crate::words::fill(w.me_placed_radius, "radius", &look.radius(radius)).into()
        }
    }
}
