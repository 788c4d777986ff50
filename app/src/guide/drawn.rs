//! What the map draws itself, drawn by the map's own scripts (`public/js/guide.js`): its pictures one by one, and samples
//! of its weave. Here stand only the places for them and their words.

use std::collections::BTreeMap;

use domain::lens::KINDS;
use domain::page::Lang;

use super::Section;
use super::tokens;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::shell::Assets;
use crate::words::{PlainWords, Words, plain_words, words};

pub(super) fn all(lang: Lang, assets: &Assets) -> [Section; 2] {
    let (w, words) = (plain_words(lang), words(lang));
    [pictures(w, words), samples(w, words, assets)]
}

/// Each picture that the map registers, in the light and in the dark.
fn pictures(w: &'static PlainWords, words: &'static Words) -> Section {
    let list = of("ul", "specimens pictures")
        .set("role", "list")
        .set("id", "pictures")
        .attr(
            "data-names",
            in_json(serde_json::to_string(&names(w, words))),
        )
        .attr("data-colours", in_json(serde_json::to_string(&colours())))
        .set("data-light", w.guide_light)
        .set("data-dark", w.guide_dark)
        .set("data-calm", w.guide_calm);
    let turn = of("button", "button small")
        .set("type", "button")
        .set("id", "turn")
        .flag("hidden", true)
        .say(w.guide_turn);
    Section {
        id: "drawn",
        title: w.guide_drawn,
        content: vec![el("p").say(w.guide_drawn_lead), needs_script(w), list, turn],
    }
}

/// What the pictures are, by the names under which the map's script draws them.
fn names(w: &'static PlainWords, words: &'static Words) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = KINDS
        .into_iter()
        .map(|kind| {
            let name = ["knot-", kind.code()].concat();
            (name, parts::kind_word(words, kind).to_owned())
        })
        .collect();
    for (kind, word) in [
        ("create", words.thread_of_create),
        ("change", words.thread_of_change),
        ("talk", words.thread_of_talk),
        ("join", words.thread_of_join),
        ("vouch", words.thread_of_vouch),
    ] {
        for (sort, of_sort) in [("yarn", w.guide_yarn), ("tuft", w.guide_tuft)] {
            names.insert([sort, "-", kind].concat(), [of_sort, ": ", word].concat());
        }
    }
    for (name, word) in [
        ("rings-1", w.guide_rings_1),
        ("rings-2", w.guide_rings_2),
        ("rings-3", w.guide_rings_3),
        ("rings-4", w.guide_rings_4),
        ("last-day", words.node_last_day),
        ("ball", w.guide_ball),
        ("spool", words.role_kind),
        ("spool-turning", w.guide_turning),
    ] {
        names.insert(name.to_owned(), word.to_owned());
    }
    names
}

/// The colours of both schemes: a browser tells a script those of one.
fn colours() -> BTreeMap<&'static str, [&'static str; 2]> {
    tokens::roles()
        .into_iter()
        .filter(|token| token.colours().is_some())
        .map(|token| (token.name, [token.light, token.dark.unwrap_or(token.light)]))
        .collect()
}

/// Maps of their own, fed with rows that show every state.
fn samples(w: &'static PlainWords, words: &'static Words, assets: &Assets) -> Section {
    let sample = |name: &'static str, told: &'static str| {
        let map = el("div")
            .set("data-sample", name)
            .set("data-label", words.map_label)
            .set("data-mark", words.map_mark)
            .attr("data-bridge", assets.map_js.clone().into())
            .attr("data-script", assets.maplibre_js.clone().into())
            .attr("data-worker", assets.maplibre_worker.clone().into())
            .attr("data-style", assets.maplibre_css.clone().into());
        el("figure")
            // To be looked at: one scrolls past it.
            .child(of("div", "sample").flag("inert", true).child(map))
            .child(of("figcaption", "hint").say(told))
    };
    Section {
        id: "woven",
        title: w.guide_woven,
        content: vec![
            el("p").say(w.guide_woven_lead),
            needs_script(w),
            parts::hint(w.guide_woven_mapless.into())
                .set("data-mapless", "")
                .flag("hidden", true),
            of("div", "samples")
                .attr(
                    "data-words",
                    in_json(serde_json::to_string(&sample_words(w, words))),
                )
                .child(sample("kinds", w.guide_woven_kinds))
                .child(sample("holds", w.guide_woven_holds))
                .child(sample("balls", w.guide_woven_balls)),
        ],
    }
}

/// What things on the samples are called.
fn sample_words(
    w: &'static PlainWords,
    words: &'static Words,
) -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("create", words.thread_create),
        ("change", words.thread_change),
        ("talk", words.thread_talk),
        ("join", words.thread_join),
        ("vouch", words.thread_vouch),
        ("fresh", w.guide_fresh),
        ("older", w.guide_older),
        ("nearly", w.guide_nearly),
        ("yarn", w.guide_yarn),
        ("bundle", w.guide_bundle),
        ("tuft", w.guide_tuft),
        ("own", w.guide_own),
        ("place", w.guide_one_place),
        ("around", w.guide_around),
        ("rings", w.guide_rings),
    ])
}

/// Hidden by the script that draws.
fn needs_script(w: &'static PlainWords) -> Element {
    parts::hint(w.guide_needs_script.into()).set("data-needs-script", "")
}

fn in_json(text: serde_json::Result<String>) -> Text {
    text.unwrap_or_default().into()
}
