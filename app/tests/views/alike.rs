//! What is there already, beside the title that is being typed.

use super::*;

fn typing(title: &str) -> String {
    let mut state = awake(page(Panel::Weave, Lang::De, member()));
    title.clone_into(&mut state.title);
    html(&state)
}

#[test]
fn what_may_be_there_already_is_shown_with_the_way_to_it() {
    let w = words(Lang::De);
    for title in ["", "Bro", "Rasenmäher"] {
        assert!(!typing(title).contains(w.alike_title), "{title}");
    }
    let html = typing("Brot backen");
    assert!(html.contains(w.alike_title));
    let (_, shown) = html.split_once("class=\"alike\"").expect("a section");
    let (shown, _) = shown.split_once("</section>").expect("its end");
    assert!(shown.contains(&Panel::Node(node_id(1)).path()), "{shown}");
    assert_eq!(shown.matches("<li").count(), 1, "{shown}");
}

#[test]
fn what_is_far_away_is_another_one() {
    let mut state = awake(page(Panel::Weave, Lang::De, member()));
    state.title = "Brot backen".to_owned();
    state.chosen = Some(Place {
        lat: 485_000_000,
        lon: 156_100_000,
    });
    assert!(!html(&state).contains(words(Lang::De).alike_title));
}
