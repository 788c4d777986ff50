//! The point that a form means, and how to choose another: with the needle, by a tap, one's own position, or the middle of the map,
//! which keys move too.

use domain::place::Place;
use domain::refusal::Refusal;

use super::form::error;
use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;

/// The field of a form that needs a point. What has one already keeps it until another is chosen.
#[must_use]
pub(crate) fn place(look: &Look<'_>, form: Form) -> Element {
    let state = look.state;
    let mut field = el("fieldset").set("class", "field place");
    if let Some(spot) = state.chosen {
        // In a place's own units: the code that writes decimals weighs.
        let spot = [spot.lat.to_string(), spot.lon.to_string()].join(" ");
        field = field.attr("data-spot", spot.into());
    }
    let field = field.child(el("legend").say(look.words.weave_place));
    let kept = state.kept_place();
    let (field, ways) = if kept.is_some() || state.keeps_unseen() {
        keeping(look, form, field, kept)
    } else {
        choosing(look, form, field)
    };
    field.maybe(state.awake.then_some(ways))
}

/// `kept` is none where it is not told, not even to its owner.
fn keeping(look: &Look<'_>, form: Form, field: Element, kept: Option<Place>) -> (Element, Element) {
    let w = look.words;
    let state = look.state;
    let how = match (state.chosen, state.mapless) {
        (Some(_), _) => w.change_place_moved,
        (None, true) => w.change_place_mapless,
        (None, false) => w.change_place,
    };
    let mut ways = of("div", "buttons");
    if !state.mapless {
        if state.chosen.is_none()
            && let Some(kept) = kept
        {
            ways = ways.child(way(Press::Show(kept), "map", w.node_show));
        }
        ways = ways.child(way(Press::Middle, "place", w.change_place_middle));
    }
    ways = ways.child(locate(look));
    if state.chosen.is_some() {
        ways = ways.child(way(Press::Unchoose, "close", w.change_place_back));
    }
    let field = field
        // Read out when another is chosen; the middle of the map is not, with each of its moves.
        .maybe((state.chosen.or(kept)).map(|place| shown(spot(look, place).set("role", "status"))))
        .child(parts::hint(how.into()))
        .maybe(
            error(look, form, |refusal| {
                matches!(refusal, Refusal::PlaceInvalid)
            })
            .map(parts::alert),
        );
    (field, ways)
}

/// From too far out no point is meant: what helps is offered instead.
fn choosing(look: &Look<'_>, form: Form, field: Element) -> (Element, Element) {
    let w = look.words;
    let state = look.state;
    let mut ways = of("div", "buttons").child(locate(look));
    if let Some(place) = state.place() {
        let how = match state.chosen {
            Some(_) => w.weave_place_chosen,
            None if state.mapless => w.weave_place_mapless,
            None => w.weave_place_middle,
        };
        return (
            field
                .child(shown(spot(look, place)))
                .child(parts::hint(how.into())),
            ways,
        );
    }
    let how = if state.mapless {
        w.place_far_mapless
    } else {
        // The form to weave says so before all else, with the same button.
        if form != Form::Weave {
            let nearer = Press::Nearer(state.page.camera.centre);
            ways = ways.child(way(nearer, "zoom", w.nearer));
        }
        w.place_far
    };
    let denied = state.refused == Some((form, Denied::TooFarOut));
    let field = field
        .child(parts::hint(how.into()))
        .maybe(denied.then(|| parts::alert(w.denied_far.into())));
    (field, ways)
}

fn spot(look: &Look<'_>, place: Place) -> Element {
    of("span", "figures").text(look.coordinates(place).into())
}

fn shown(spot: Element) -> Element {
    of("p", "spot").child(parts::icon("place")).child(spot)
}

fn locate(look: &Look<'_>) -> Element {
    way(Press::Locate, "locate", look.words.weave_locate)
}

fn way(press: Press, icon: &'static str, word: &'static str) -> Element {
    parts::button("button small", press)
        .child(parts::icon(icon))
        .child(el("span").say(word))
}
