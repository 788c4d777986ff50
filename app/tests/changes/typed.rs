//! What was typed and left: its form goes on with the version that was seen.

use super::{NOW, State, html, member, node_id, other, page, place};
use domain::link::Panel;
use domain::page::{Detail, Lang};

/// The form to change the knot, begun with its second version, as after a reload.
fn begun_anew() -> State {
    let mut now = page(Panel::Change(node_id(1)), Lang::De, member());
    let Detail::Node { node, .. } = &mut now.detail else {
        unreachable!("the form is about a knot")
    };
    *node = other(2);
    let mut state = State::new(now);
    state.awake = true;
    state.now = NOW;
    state
}

#[test]
fn a_form_that_is_gone_on_with_knows_the_version_that_was_seen_and_shows_the_newer_one() {
    let mut state = begun_anew();
    assert!(html(&state).contains("data-base=\"2\""));
    assert!(!html(&state).contains("Inzwischen wurde der Knoten"));
    state.go_on_typing(Some(place(3)), 1);
    assert_eq!(state.base().map(|base| base.version), Some(1));
    assert_eq!(state.chosen, Some(place(3)));
    let shown = html(&state);
    assert!(shown.contains("data-base=\"1\""));
    assert!(shown.contains("Inzwischen wurde der Knoten"));
    // Nothing makes it a version that nobody has seen.
    state.begin_change();
    state.go_on_typing(None, 7);
    assert_eq!(state.base().map(|base| base.version), Some(1));
    assert_eq!(state.chosen, Some(place(3)), "what was chosen stays");
}

#[test]
fn a_point_chosen_since_holds() {
    let mut state = begun_anew();
    state.chosen = Some(place(4));
    state.go_on_typing(Some(place(3)), 2);
    assert_eq!(state.chosen, Some(place(4)));
    let mut reading = State::new(page(Panel::Node(node_id(1)), Lang::De, member()));
    reading.go_on_typing(Some(place(3)), 0);
    assert_eq!(reading.chosen, None, "what asks for no point has none");
}
