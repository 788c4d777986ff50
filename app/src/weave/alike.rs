//! What is there already and may be what one is about to knot.

use domain::link::Panel;
use domain::view::NodeRow;
use domain::weave::alike;

use super::list::insert_sorted;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;

/// Farther away it is another one, in metres.
const NEARBY_M: f64 = 1000.0;
/// More would hide the form.
const SHOWN_MAX: usize = 3;

/// The knots nearby whose titles are like the one that is being typed, nearest first; none where there are none.
#[must_use]
pub(super) fn alike_knots(look: &Look<'_>) -> Option<Element> {
    let w = look.words;
    let state = look.state;
    let here = state.place().unwrap_or(state.page.camera.centre);
    let mut found: Vec<(u32, &NodeRow)> = Vec::new();
    for node in state.view.nodes.values() {
        let distance_m = here.distance_m(node.place);
        if distance_m <= NEARBY_M && alike::alike(&state.title, &node.title) {
            insert_sorted(
                &mut found,
                (distance_m as u32, node),
                |(distance_m, node)| (*distance_m, node.id),
            );
        }
    }
    found.truncate(SHOWN_MAX);
    (!found.is_empty()).then(|| {
        let lines = found.into_iter().map(|(distance_m, node)| {
            el("li").key(node.id.0.as_u128()).child(
                parts::link(Panel::Node(node.id))
                    .child(parts::icon(node.kind.code()))
                    .child(of("span", "row-title").text(node.title.clone().into()))
                    .child(of("span", "distance").text(look.distance(distance_m).into())),
            )
        });
        of("section", "alike")
            .set("role", "status")
            .child(el("h2").say(w.alike_title))
            .child(parts::hint(w.alike_text.into()))
            .child(el("ul").set("role", "list").all(lines.collect()))
    })
}
