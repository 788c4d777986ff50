//! What holds of every form that the server draws and the browser sends.

use super::scenes::{self, awake, member, panels};
use super::{LANGUAGES, html};
use app::live::State;
use app::served::pictures::{Back, Told, Unfit};
use domain::link::Panel;
use domain::page::{Detail, Viewer};
use domain::refusal::Refusal;
use domain::wire::LineState;

/// The gaps of texts that nobody has filled.
fn gaps(html: &str) -> Vec<&str> {
    let after = html.split('{').skip(1);
    let gaps = after.filter_map(|rest| rest.split_once('}').map(|(gap, _)| gap));
    let is_gap = |gap: &&str| !gap.is_empty() && gap.bytes().all(|byte| byte.is_ascii_lowercase());
    gaps.filter(is_gap).collect()
}

#[test]
fn no_panel_shows_a_gap_in_its_words() {
    assert_eq!(gaps("noch {days} Tage, {\"a\": 1} {}"), ["days"]);
    for lang in LANGUAGES {
        for panel in panels() {
            for viewer in [member(), Viewer::Guest] {
                let state = State::new(scenes::page(panel, lang, viewer));
                let shown = html(&state);
                assert!(gaps(&shown).is_empty(), "{panel:?}: {:?}", gaps(&shown));
                if let Detail::Served { html, .. } = &state.page.detail {
                    assert!(gaps(html).is_empty(), "{panel:?}: {:?}", gaps(html));
                }
            }
        }
        let unfit = Unfit::ALL.map(Told::Unfit);
        let refused = Told::Refused(Refusal::TooManyPictures { max: 6 });
        for told in unfit
            .into_iter()
            .chain([Told::Shown, Told::Removed, refused])
        {
            let back = Back {
                told: Some(told),
                alt: String::new(),
            };
            let mut page = scenes::page(Panel::Portrait, lang, member());
            app::served::pictures::draw_portrait(&mut page, &back);
            let portrait = html(&State::new(page));
            let mut page = scenes::page(Panel::Pictures(scenes::node_id(1)), lang, member());
            let node = page.near[0].node.clone();
            app::served::pictures::draw(&mut page, &node, &back);
            for html in [portrait, html(&State::new(page))] {
                assert!(gaps(&html).is_empty(), "{told:?}: {:?}", gaps(&html));
            }
        }
    }
}

#[test]
fn every_plain_form_says_what_holds_while_nothing_can_be_sent() {
    for lang in LANGUAGES {
        let mut forms = 0;
        for panel in panels() {
            let page = scenes::page(panel, lang, member());
            let Detail::Served { html, .. } = &page.detail else {
                continue;
            };
            for form in html.split("<form").skip(1) {
                let form = form.split("</form>").next().unwrap_or_default();
                assert!(form.contains("method=\"post\""), "{panel:?}: {form}");
                assert_eq!(
                    form.matches("class=\"hint cut-off\"").count(),
                    1,
                    "{panel:?}"
                );
                forms += 1;
            }
        }
        // To bring a picture, one's own; to keep an area, and to change, to give new addresses and to remove one.
        assert_eq!(forms, 6);
    }
}

#[test]
fn the_header_says_it_where_the_style_sheet_looks_for_it() {
    let mut state = awake(scenes::page(Panel::Areas, LANGUAGES[0], member()));
    for (line, is_cut_off) in [
        (LineState::Live, false),
        (LineState::Reconnecting, false),
        (LineState::Deaf, false),
        (LineState::Unanswered, true),
        (LineState::Offline, true),
    ] {
        state.line = line;
        let shown = html(&state);
        let says = ["offline", "unanswered"]
            .iter()
            .any(|code| shown.contains(&format!("data-line=\"{code}\"")));
        assert_eq!(says, is_cut_off, "{line:?}");
    }
    let sheet = include_str!("../../../style/parts.css");
    assert!(
        sheet.contains(
            "#app:not(:has([data-line=\"offline\"], [data-line=\"unanswered\"])) .cut-off"
        )
    );
}

#[test]
fn what_one_sees_can_be_kept_wherever_the_list_is() {
    for lang in LANGUAGES {
        let mut page = scenes::page(Panel::Home, lang, member());
        let link = "href=\"/gebiete?@";
        assert!(html(&State::new(page.clone())).contains(link));
        page.near.clear();
        let empty = State::new(page.clone());
        assert!(html(&empty).contains(link), "where nothing is woven yet");
        let mut counted = awake(page);
        counted.heard = app::live::Heard::Counts;
        assert!(html(&counted).contains(link), "where knots are counted");
    }
}
