//! The choice where one's role is shown.

use domain::place::Radius;
use domain::spool::Placed;

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::weave::place;

/// Hidden, exact or within a radius, beginning with `now`; then the point.
#[must_use]
pub(super) fn choice(look: &Look<'_>, now: Placed) -> Element {
    let w = look.words;
    of("fieldset", "field placement")
        .add(el("legend").say(w.me_place_title))
        .add(option(
            "hidden",
            w.me_place_hidden,
            w.me_place_hidden_hint,
            matches!(now, Placed::Hidden),
        ))
        .add(
            option(
                "radius",
                w.me_place_radius,
                w.me_place_radius_hint,
                matches!(now, Placed::Radius { .. }),
            )
            .add(radius(look, now)),
        )
        .add(option(
            "exact",
            w.me_place_exact,
            w.me_place_exact_hint,
            matches!(now, Placed::Exact),
        ))
        .add(place(look).set("data-only", "placed"))
}

fn option(value: &'static str, word: &'static str, hint: &'static str, chosen: bool) -> Element {
    of("div", "option").add(
        el("label")
            .add(
                el("input")
                    .set("type", "radio")
                    .set("name", "show")
                    .set("value", value)
                    .flag("checked", chosen),
            )
            .add(
                el("span")
                    .add(el("strong").say(word))
                    .add(of("span", "hint").say(hint)),
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
        .add(el("label").set("for", "radius").say(look.words.me_radius))
        .add(
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
