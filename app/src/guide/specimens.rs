//! Components in each of their states.

use domain::lens::KINDS;
use domain::link::Panel;
use domain::page::Lang;
use domain::weave::{NodeKind, ThreadKind};
use domain::wire::LineState;

use super::{Section, panels, scene, specimens};
use crate::frame;
use crate::live::{Sheet, State};
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::weave;
use crate::words::{PlainWords, Words, plain_words, words};

/// As style/icons.css draws them.
const ICONS: [&str; 24] = [
    "mark",
    "close",
    "plus",
    "list",
    "map",
    "me",
    "alert",
    "info",
    "offline",
    "zoom",
    "clock",
    "knot",
    "locate",
    "spool",
    "done",
    "idea",
    "event",
    "place",
    "tool",
    "bed",
    "structure",
    "share",
    "search",
    "said",
];

pub(super) fn all(lang: Lang) -> Vec<Section> {
    let (w, words) = (plain_words(lang), words(lang));
    vec![
        icons(w),
        threads(w, words),
        gold(w),
        kinds(w, words),
        buttons(w),
        fields(w),
        badges(w, words),
        told(w, words),
        lines(w, lang),
        bars(w, lang),
        lists(w, lang),
        panels::all(w, lang),
    ]
}

fn icons(w: &'static PlainWords) -> Section {
    let named = ICONS.map(|name| (name, parts::icon(name))).to_vec();
    Section {
        id: "icons",
        title: w.guide_icons,
        content: vec![specimens(named)],
    }
}

fn threads(w: &'static PlainWords, words: &'static Words) -> Section {
    let mut content = vec![el("p").say(w.guide_threads_lead)];
    for kind in ThreadKind::ALL {
        let (word, name) = match kind {
            ThreadKind::Create => (words.thread_of_create, "thread-create"),
            ThreadKind::Change => (words.thread_of_change, "thread-change"),
            ThreadKind::Talk => (words.thread_of_talk, "thread-talk"),
            ThreadKind::Join => (words.thread_of_join, "thread-join"),
            ThreadKind::Vouch => (words.thread_of_vouch, "thread-vouch"),
        };
        let strands = [
            (w.guide_fresh, false, 1000),
            (w.guide_older, false, 600),
            (w.guide_nearly, false, 150),
            (w.guide_yarn, true, 1000),
        ]
        .map(|(age, is_yarn, strength)| (age, parts::strand(kind, is_yarn, strength)))
        .to_vec();
        content.push(
            el("h3")
                .say(word)
                .say(" ")
                .child(of("code", "hint").say(name)),
        );
        content.push(specimens(strands));
    }
    Section {
        id: "threads",
        title: w.guide_threads,
        content,
    }
}

fn gold(w: &'static PlainWords) -> Section {
    let strand = |state| {
        of("span", "strand gold")
            .set("data-gold", state)
            .set("aria-hidden", "true")
    };
    Section {
        id: "gold",
        title: w.guide_gold,
        content: vec![
            el("p").say(w.guide_gold_lead),
            specimens(vec![
                (w.guide_gold_settled, strand("settled")),
                (w.guide_gold_pending, strand("pending")),
                (w.guide_gold_reversed, strand("reversed")),
            ]),
        ],
    }
}

fn kinds(w: &'static PlainWords, words: &'static Words) -> Section {
    let named = KINDS
        .map(|kind| {
            let seal = of("span", "seal")
                .set("data-kind", kind.code())
                .child(parts::icon(kind.code()));
            (parts::kind_word(words, kind), seal)
        })
        .to_vec();
    Section {
        id: "kinds",
        title: w.guide_kinds,
        content: vec![specimens(named)],
    }
}

fn buttons(w: &'static PlainWords) -> Section {
    let button = |class, word| of("button", class).set("type", "button").say(word);
    Section {
        id: "buttons",
        title: w.guide_buttons,
        content: vec![
            of("div", "buttons")
                .child(button("button primary", w.guide_button_primary))
                .child(button("button", w.guide_button))
                .child(button("button small", w.guide_button_small))
                .child(button("text", w.guide_button_text))
                .child(button("button", w.guide_button_disabled).flag("disabled", true)),
        ],
    }
}

fn fields(w: &'static PlainWords) -> Section {
    let text = || el("input").set("type", "text").set("autocomplete", "off");
    let content = vec![
        parts::field(
            "guide-empty",
            w.guide_field_label,
            w.guide_field_hint,
            text(),
            None,
        ),
        parts::field(
            "guide-filled",
            w.guide_field_label,
            "",
            text().set("value", w.guide_field_text),
            None,
        ),
        parts::field(
            "guide-wrong",
            w.guide_field_label,
            "",
            text(),
            Some(w.guide_field_error.into()),
        ),
    ];
    Section {
        id: "fields",
        title: w.guide_fields,
        content: vec![of("div", "form").all(content)],
    }
}

fn badges(w: &'static PlainWords, words: &'static Words) -> Section {
    let badge = |stage, word| parts::badge("badge", word).set("data-stage", stage);
    Section {
        id: "badges",
        title: w.guide_badges,
        content: vec![
            of("div", "buttons")
                .child(badge("kept", words.waiting_kept))
                .child(badge("sending", words.waiting_sending))
                .child(badge("accepted", words.waiting_accepted))
                .child(badge("refused", words.waiting_refused)),
        ],
    }
}

fn told(w: &'static PlainWords, words: &'static Words) -> Section {
    let banner = |tone, icon, text| {
        of("div", "banner")
            .set("data-tone", tone)
            .child(parts::icon(icon))
            .child(el("p").say(text))
    };
    let done = of("p", "done")
        .child(parts::icon("done"))
        .child(el("span").say(w.guide_told_done));
    let error = of("p", "error")
        .child(parts::icon("alert"))
        .child(el("span").say(w.guide_field_error));
    Section {
        id: "told",
        title: w.guide_told,
        content: vec![
            banner("calm", "info", w.guide_told_calm),
            banner("loud", "alert", w.guide_told_loud),
            done,
            parts::waiting(words.me_on_its_way),
            error,
        ],
    }
}

/// Pieces that stand around every panel are shown to be looked at, not to be used: nobody should tab through them.
pub(super) fn frozen(element: Element) -> Element {
    of("div", "stage").flag("inert", true).child(element)
}

fn lines(w: &'static PlainWords, lang: Lang) -> Section {
    let mut content = Vec::new();
    for line in [
        LineState::Live,
        LineState::Reconnecting,
        LineState::Unanswered,
        LineState::Deaf,
        LineState::Offline,
    ] {
        let mut state = scene::state(lang, Panel::Home, &[]);
        state.line = line;
        let look = Look::new(&state, None);
        let mut stage = el("div").child(frame::header(&look));
        stage = stage.all(frame::banners(&look));
        content.push(frozen(stage));
    }
    Section {
        id: "line",
        title: w.guide_line,
        content,
    }
}

fn bars(w: &'static PlainWords, lang: Lang) -> Section {
    let bar = |change: &dyn Fn(&mut State)| {
        let mut state = scene::state(lang, Panel::Home, &[]);
        change(&mut state);
        frozen(frame::bar(&Look::new(&state, None)))
    };
    Section {
        id: "bar",
        title: w.guide_bar,
        content: vec![
            bar(&|state| state.sheet = Sheet::Half),
            bar(&|state| state.sheet = Sheet::Low),
            bar(&|state| state.others_waiting = 3),
            bar(&|state| state.page.panel = Panel::Me),
            bar(&|state| state.page.unread = scene::unread()),
        ],
    }
}

fn lists(w: &'static PlainWords, lang: Lang) -> Section {
    let filled = scene::state(
        lang,
        Panel::Home,
        &[
            (NodeKind::Idea, w.guide_field_text),
            (NodeKind::Tool, w.guide_specimen),
        ],
    );
    let empty = scene::state(lang, Panel::Home, &[]);
    let look = Look::new(&filled, None);
    Section {
        id: "list",
        title: w.guide_list,
        content: vec![
            parts::hint(w.guide_list_lead.into()),
            frozen(weave::rows(&look)),
            weave::skeleton(&look),
            frozen(weave::empty(&Look::new(&empty, None))),
        ],
    }
}
