//! Two versions of one knot: one's own change came back because the knot was changed meanwhile. Both stand side by
//! side until their author decides; nothing of either is lost before.

use domain::command::Act;
use domain::id::NodeId;
use domain::view::NodeRow;

use super::particulars::told;
use crate::live::Waiting;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;

/// Every change of that knot that waits for a decision, oldest first.
#[must_use]
pub(super) fn versions(look: &Look<'_>, id: NodeId) -> Vec<Element> {
    let mut found = Vec::new();
    for waiting in &look.state.waiting {
        if waiting.is_about(id)
            && let Some(other) = look.state.other_version(waiting)
        {
            found.push(decision(look, waiting, other));
        }
    }
    found
}

fn decision(look: &Look<'_>, waiting: &Waiting, other: &NodeRow) -> Element {
    let w = look.words;
    let id = waiting.command.id;
    let mine = with(other, &waiting.command.act);
    of("section", "versions")
        .key(id.0.as_u128())
        .child(el("h2").say(w.versions_title))
        .child(el("p").say(w.versions_text))
        .child(
            of("div", "pair")
                .child(card(look, el("h3").say(w.version_other), other, &mine))
                .child(card(look, el("h3").say(w.version_mine), &mine, other)),
        )
        .child(
            of("div", "buttons")
                .child(parts::button("button primary", Press::Mine(id)).say(w.versions_mine))
                .child(parts::button("button", Press::Discard(id)).say(w.versions_other))
                .child(parts::button("button", Press::Edit(id)).say(w.versions_edit)),
        )
}

/// The knot as it would be with that change, as the domain will keep it: only what differs is called different.
pub(super) fn with(other: &NodeRow, act: &Act) -> NodeRow {
    let mut row = other.clone();
    if let Act::ChangeNode {
        kind,
        title,
        text,
        place,
        starts_at,
        particulars,
        ..
    } = act
    {
        if let Some(title) = title {
            row.title = domain::weave::title(title).unwrap_or_else(|_| title.clone());
        }
        if let Some(text) = text {
            row.text = domain::weave::text(text).unwrap_or_else(|_| text.clone());
        }
        row.place = place.unwrap_or(row.place);
        row.turn_into(*kind);
        row.starts_at = starts_at.or(row.starts_at);
        row.particulars.change(particulars);
    }
    row
}

/// One version under its heading, with what is different in the other one marked.
#[must_use]
pub(super) fn card(look: &Look<'_>, heading: Element, row: &NodeRow, against: &NodeRow) -> Element {
    let w = look.words;
    let mut facts = vec![fact(
        look,
        w.weave_name,
        row.title.clone().into(),
        row.title != against.title,
    )];
    if row.kind != against.kind {
        let kind = parts::kind_word(w, row.kind).into();
        facts.push(fact(look, w.weave_kind, kind, true));
    }
    if let Some(start) = row.start() {
        let differs = row.start() != against.start();
        facts.push(fact(look, w.weave_start, look.date(start).into(), differs));
    }
    let differs = row.particulars != against.particulars;
    if !row.particulars.is_empty() || differs {
        let said = told(look, &row.particulars).unwrap_or_default();
        facts.push(fact(look, w.particulars, said, differs));
    }
    if !row.text.is_empty() || !against.text.is_empty() {
        let differs = row.text != against.text;
        facts.push(fact(look, w.weave_text, row.text.clone().into(), differs));
    }
    if row.place != against.place {
        let place = look.coordinates(row.place);
        facts.push(fact(look, w.node_place, place.into(), true));
    }
    of("section", "version")
        .child(heading)
        .child(el("dl").all(facts))
}

fn fact(look: &Look<'_>, word: &'static str, value: Text, differs: bool) -> Element {
    let w = look.words;
    let value = if value.is_empty() {
        w.version_empty.into()
    } else {
        value
    };
    el("div")
        .flag("data-differs", differs)
        .child(
            el("dt")
                .say(word)
                .maybe(differs.then(|| of("span", "differs").say(w.version_differs))),
        )
        .child(of("dd", "prose").text(value))
}
