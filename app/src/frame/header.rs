//! The name, how the live channel stands, and the other language.

use domain::link::Panel;
use domain::page::{Detail, Lang};
use domain::wire::LineState;

use crate::live::Heard;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::words::counted;

pub(crate) fn header(look: &Look<'_>) -> Element {
    let w = look.words;
    let code = match look.state.page.lang {
        Lang::De => "en",
        Lang::En => "de",
    };
    let mut other = look.state.page.panel.path();
    other.push_str("?lang=");
    other.push_str(code);
    if let Detail::Search { search, .. } = &look.state.page.detail {
        other.push('&');
        other.push_str(&search.query());
    }
    of("header", "header")
        .child(
            parts::link(Panel::Home)
                .set("class", "wordmark")
                .child(parts::icon("mark"))
                .child(el("span").say(w.site)),
        )
        .maybe(look.state.page.is_demo.then(|| {
            parts::document("/ueber")
                .set("class", "demo")
                .set("title", w.demo_title)
                .say(w.demo)
        }))
        .child(line(look))
        .child(
            of("a", "language")
                .attr("href", other.into())
                .set("hreflang", code)
                .set("lang", code)
                .set("data-lang", code)
                .set("title", w.other_language_long)
                .say(w.other_language),
        )
}

/// "Live" only while something is heard, and the server has its database; beside it what waits.
fn line(look: &Look<'_>) -> Element {
    let w = look.words;
    let state = look.state;
    let chip = of("p", "line").set("role", "status");
    if !state.awake {
        // Without script nothing is live: a page is as old as it says.
        return chip
            .set("data-line", "still")
            .child(of("span", "dot").set("aria-hidden", "true"))
            .child(el("span").text(look.clock(state.page.now).into()));
    }
    // What is said at an open knot is heard wherever the map looks.
    let deaf = state.heard == Heard::Nothing && !matches!(state.page.panel, Panel::Node(_));
    let (code, word) = match state.line {
        LineState::Deaf => ("deaf", w.line_deaf),
        LineState::Live if deaf || state.away => ("deaf", w.line_deaf),
        LineState::Live => ("live", w.line_live),
        LineState::Unanswered => ("unanswered", w.line_unanswered),
        LineState::Reconnecting => ("reconnecting", w.line_reconnecting),
        LineState::Offline => ("offline", w.line_offline),
    };
    let waiting = look.open_count();
    chip.set("data-line", code)
        .child(of("span", "dot").set("aria-hidden", "true"))
        .child(el("span").say(word))
        .maybe((waiting > 0).then(|| {
            parts::link(Panel::Me).set("class", "count").text(counted(
                w.line_waiting_one,
                w.line_waiting_many,
                waiting,
            ))
        }))
}
