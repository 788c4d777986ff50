//! The way to what others would see of one's place.

use super::*;
use app::preview;
use domain::place::Radius;

const BUTTON: &str = "form=\"preview\"";

fn newcomer() -> Viewer {
    Viewer::Account {
        account: account_id(),
        email: "neu@example.org".to_owned(),
    }
}

#[test]
fn it_is_sent_and_no_address_says_the_point_also_before_there_is_a_role() {
    for viewer in [member(), newcomer()] {
        let mut state = awake(page(Panel::Me, Lang::De, viewer));
        state.chosen = Some(scenes::place(3));
        let shown = html(&state);
        assert!(shown.contains(BUTTON));
        let form = shown.split_once("<form id=\"preview\"").expect("a form").1;
        let form = form.split_once("</form>").expect("its end").0;
        assert!(form.contains("method=\"post\"") && form.contains("action=\"/ich/vorschau\""));
        let lat = scenes::place(3).lat;
        assert!(form.contains(&format!("name=\"lat\" value=\"{lat}\"")));
        assert!(!shown.contains("/ich/vorschau?"));
    }
}

#[test]
fn where_no_point_is_meant_there_is_nothing_to_see() {
    let mut state = awake(page(Panel::Me, Lang::De, newcomer()));
    state.page.camera.zoom_centi = 600;
    let shown = html(&state);
    assert!(!shown.contains(BUTTON) && !shown.contains("/ich/vorschau"));
}

#[test]
fn the_document_tells_lengths_as_everything_else_does() {
    let place = scenes::place(1);
    let shown = Place {
        lat: place.lat + 111_000,
        ..place
    };
    for (lang, length) in [(Lang::De, "1,2\u{a0}km"), (Lang::En, "1.2\u{a0}km")] {
        let near = [(Radius::Km5, shown)];
        let page = preview::page(lang, place, &near, false, &assets());
        assert!(
            page.contains(length) && page.contains("5\u{a0}km"),
            "{page}"
        );
        let example = preview::page(lang, place, &near, true, &assets());
        assert_ne!(example, page, "an example says that it is one");
    }
}
