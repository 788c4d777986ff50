//! What the page has to say beside its panel.

use domain::link::Panel;
use domain::page::Viewer;
use domain::view::CountRow;
use domain::wire::LineState;

use crate::live::{Heard, Notice, Stage, Waiting};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::spool;
use crate::words::{counted, fill};

pub(crate) fn banners(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let mut banners = Vec::new();
    if !state.awake {
        banners.push(banner("quiet", "info", w.without_script));
    }
    if let Some(notice) = state.notice {
        let text = match notice {
            Notice::NotKept => w.notice_not_kept,
            Notice::NoLocation => w.notice_no_location,
        };
        banners.push(
            banner("loud", "alert", text)
                .set("role", "alert")
                .child(parts::button("text", Press::CloseNotice).say(w.notice_close)),
        );
    }
    banners.extend(back(look));
    let is_personal = matches!(state.page.panel, Panel::Me | Panel::SignIn);
    let others = spool::others(look);
    if let (Viewer::Guest, Some(text), false) = (&state.page.viewer, others, is_personal) {
        banners.push(
            frame("calm", "me", text).child(
                parts::link(Panel::SignIn)
                    .set("class", "button small")
                    .say(w.me_sign_in),
            ),
        );
    }
    if state.awake {
        match state.line {
            LineState::Offline => banners.push(banner("calm", "offline", w.line_offline_text)),
            LineState::Unanswered => {
                banners.push(
                    banner("calm", "info", w.line_unanswered_text)
                        .child(parts::button("text", Press::Again).say(w.line_again)),
                );
            }
            LineState::Live | LineState::Reconnecting | LineState::Deaf if state.away => {
                banners.push(banner("calm", "info", w.away));
            }
            LineState::Deaf => banners.push(banner("calm", "info", w.line_deaf_text)),
            LineState::Live | LineState::Reconnecting => {}
        }
    }
    if state.page.is_unprotected && is_personal {
        banners.push(
            banner("calm", "info", w.unprotected)
                .child(parts::document("/ueber").say(w.unprotected_more)),
        );
    }
    if state.mapless {
        let anew = el("a").set("href", "").say(w.broken_button);
        let text = el("p").say(w.mapless).say(" ").child(anew);
        banners.push(framed("calm", "info", text));
    } else if matches!(state.page.panel, Panel::Home) {
        let count: u32 = state.view.counts.iter().map(CountRow::total).sum();
        if count > 0 {
            let text = counted(w.count_one, w.count_many, count as usize);
            banners.push(frame("calm", "zoom", text));
        } else if state.heard == Heard::Nothing {
            let nearer = Press::Nearer(state.page.camera.centre);
            let nearer = parts::button("text", nearer).say(w.nearer);
            let text = el("p").say(w.zoom_in).say(" ").child(nearer);
            banners.push(framed("calm", "zoom", text));
        }
    }
    banners
}

/// What came back is told wherever one is, with the way to its text.
fn back(look: &Look<'_>) -> Option<Element> {
    let w = look.words;
    if matches!(look.state.page.panel, Panel::Me) {
        return None;
    }
    // What the open knot shows itself is not told twice.
    let open = look.state.page.panel;
    let told = |waiting: &&Waiting| spool::way_to(look, waiting) != open;
    let mut back = look.state.back().filter(told);
    let first = back.next()?;
    let mut target = spool::way_to(look, first);
    let is_moot = look.state.back().filter(told).all(
        |waiting| matches!(&waiting.stage, Stage::Refused { refusal, .. } if refusal.is_moot()),
    );
    let text = match 1 + back.count() {
        1 => {
            let act = spool::act_words(look, &first.command.act);
            let mut text = fill(w.back_one, "act", &act);
            // What is so already needs nothing more. Otherwise why, and what was written, stands where it leads: here it would fill half a sheet.
            if let Some(reason) = spool::reason(look, &first.stage).filter(|_| is_moot) {
                text.push(' ');
                text.push_str(&reason);
            }
            text
        }
        many => {
            target = Panel::Me;
            fill(w.back_many, "n", &many.to_string())
        }
    };
    let (tone, icon) = if is_moot {
        ("calm", "info")
    } else {
        ("loud", "alert")
    };
    Some(
        frame(tone, icon, text.into()).set("role", "status").child(
            parts::link(target)
                .set("class", "button small")
                .say(w.back_see),
        ),
    )
}

fn banner(tone: &'static str, icon: &'static str, text: &'static str) -> Element {
    frame(tone, icon, Text::Borrowed(text))
}

fn frame(tone: &'static str, icon: &'static str, text: Text) -> Element {
    framed(tone, icon, el("p").text(text))
}

fn framed(tone: &'static str, icon: &'static str, text: Element) -> Element {
    of("div", "banner")
        .set("data-tone", tone)
        .child(parts::icon(icon))
        .child(text)
}
