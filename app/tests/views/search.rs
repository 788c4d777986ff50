//! Searching: what was found, whatever it is, and what to do where nothing was.

use domain::search::{HITS_MAX, Order};

use super::*;
use crate::scenes::hits;

fn found(lang: Lang, text: &str, count: usize) -> State {
    let mut page = page(Panel::Search, lang, Viewer::Guest);
    page.detail = Detail::Search {
        search: Search::new(text, Order::Relevance),
        hits: hits().into_iter().cycle().take(count).collect(),
        is_failed: false,
    };
    State::new(page)
}

#[test]
fn what_was_found_is_one_list_of_knots_roles_and_what_was_said() {
    let html = html(&found(Lang::De, "Brot", 3));
    for wanted in [
        "3 Treffer",
        "… warum Brot backen …",
        "Ereignis",
        "Garnrolle",
        "Birgit hat gesagt",
        "1,2\u{a0}km",
    ] {
        assert!(html.contains(wanted), "{wanted}: {html}");
    }
    let links = [
        format!("href=\"/knoten/{}\"", node_id(2)),
        format!("href=\"/rolle/{}\"", role_id(2)),
        format!("href=\"/knoten/{}#gespraech\"", node_id(2)),
    ];
    let places: Vec<_> = links.iter().map(|link| html.find(link)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}"
    );
    let role = html.split("<li>").find(|row| row.contains("/rolle/"));
    let role = role.expect("a role's row");
    assert!(!role.contains("class=\"distance\""), "it is hidden: {role}");
    let many = usize::from(HITS_MAX);
    assert!(super::html(&found(Lang::En, "bread", many)).contains("The first 30 results"));
    assert!(super::html(&found(Lang::En, "bread", 1)).contains("1 result<"));
}

#[test]
fn without_script_the_form_and_the_orders_carry_where_one_looks() {
    let html = html(&found(Lang::De, "Brot & Salz", 3));
    let view = page(Panel::Search, Lang::De, Viewer::Guest).camera;
    for wanted in [
        format!("<input type=\"hidden\" name=\"{view}\">"),
        "action=\"/suche\"".to_owned(),
        "value=\"Brot &amp; Salz\"".to_owned(),
        format!("href=\"/suche?q=Brot%20%26%20Salz&amp;nach=entfernung&amp;{view}\""),
        format!("href=\"/suche?q=Brot%20%26%20Salz&amp;{view}\""),
        "lang=en&amp;q=Brot%20%26%20Salz".to_owned(),
    ] {
        assert!(html.contains(&wanted), "{wanted}: {html}");
    }
    let mut nearest = page(Panel::Search, Lang::De, Viewer::Guest);
    nearest.detail = Detail::Search {
        search: Search::new("Brot", Order::Distance),
        hits: Vec::new(),
        is_failed: false,
    };
    let html = super::html(&State::new(nearest));
    assert!(
        html.contains("name=\"nach\" value=\"entfernung\""),
        "the order stays: {html}"
    );
}

#[test]
fn what_is_empty_unfound_on_its_way_or_offline_is_told_apart() {
    let said = |change: &dyn Fn(&mut State), text, count| {
        let mut state = found(Lang::De, text, count);
        state.awake = true;
        change(&mut state);
        html(&state)
    };
    let w = words(Lang::De);
    let empty = said(&|_| {}, "", 0);
    assert!(empty.contains(w.search_hint) && !empty.contains(w.search_none_title));
    let none = said(&|_| {}, "Xyzzy", 0);
    assert!(
        none.contains(w.search_none_title) && none.contains("href=\"/weben\" class=\"button\"")
    );
    let looking = said(&|state| state.loading = true, "Xyzzy", 0);
    assert!(looking.contains("skeleton") && !looking.contains(w.search_none_title));
    let before = said(&|state| state.loading = true, "Brot", 3);
    assert!(
        before.contains("3 Treffer") && !before.contains("skeleton"),
        "what was found stays meanwhile"
    );
    let offline = said(&|state| state.found_here = true, "Brot", 1);
    assert!(offline.contains(w.search_device) && offline.contains("1 Treffer"));
    let failed = said(
        &|state| {
            if let Detail::Search { is_failed, .. } = &mut state.page.detail {
                *is_failed = true;
            }
        },
        "Xyzzy",
        0,
    );
    assert!(failed.contains(w.search_failed) && failed.contains("value=\"Xyzzy\""));
    assert!(!failed.contains(w.search_device) && !failed.contains(w.search_none_title));
}
