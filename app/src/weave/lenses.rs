//! The choices of what of the weave is shown, each with how many knots it would leave.

use domain::lens::{Age, Choice, Held, KINDS, Lens};
use domain::link::Panel;

use crate::live::Heard;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::words::Words;

/// What asks for threads, which are known where the knots themselves are.
const OF_THREADS: [Choice; 4] = [
    Choice::Age(Age::Day),
    Choice::Age(Age::ThreeDays),
    Choice::Yarn,
    Choice::Mine,
];

/// The choices that leave something here, and those that are made; none where there is nothing to choose from.
#[must_use]
pub(super) fn lenses(look: &Look<'_>) -> Option<Element> {
    let state = look.state;
    let lens = state.page.lens;
    let me = state.me.as_ref().map(|me| me.role);
    let held = Held::of(&state.view, me, state.now);
    let is_counted = state.heard == Heard::Counts;
    let is_empty = state.view.nodes.is_empty() && state.view.counts.is_empty();
    if is_empty && lens.is_clear() {
        return None;
    }
    let nodes = |lens: Lens| {
        let nodes = state.view.nodes.values();
        nodes.filter(|node| lens.shows(&held, node)).count()
    };
    let count = |choice: Choice| match choice {
        Choice::Kind(kind) if is_counted => {
            let rows = state.view.counts.iter();
            let kinds = rows
                .flat_map(|row| &row.kinds)
                .filter(|(of, _)| *of == kind);
            kinds.map(|(_, count)| *count as usize).sum()
        }
        choice => nodes(lens.with(choice)),
    };
    let mut chips = Vec::new();
    for choice in KINDS.map(Choice::Kind) {
        let left = count(choice);
        if left > 0 || lens.has(choice) {
            chips.push(chip(look, choice, Some(left)));
        }
    }
    // What the server has listed comes without its threads, and counts have none.
    let has_threads = state.heard == Heard::Things;
    for choice in OF_THREADS {
        let is_offered = match choice {
            Choice::Mine => me.is_some(),
            Choice::Kind(_) | Choice::Age(_) | Choice::Yarn => true,
        };
        let left = has_threads.then(|| count(choice));
        if is_offered && (!is_counted && left != Some(0) || lens.has(choice)) {
            chips.push(chip(look, choice, left));
        }
    }
    (chips.len() > 1 || !lens.is_clear()).then(|| {
        of("nav", "lenses")
            .set("aria-label", look.words.lens_title)
            .all(chips)
    })
}

fn chip(look: &Look<'_>, choice: Choice, left: Option<usize>) -> Element {
    let w = look.words;
    let lens = look.state.page.lens;
    let link = to(look, lens.toggled(choice)).set("class", "chip");
    let link = if lens.has(choice) {
        link.set("aria-current", "true")
    } else {
        link
    };
    let link = match choice {
        Choice::Kind(kind) => link
            .set("data-kind", kind.code())
            .child(parts::icon(kind.code())),
        Choice::Age(_) => link.child(parts::icon("clock")),
        Choice::Yarn | Choice::Mine => link,
    };
    link.child(el("span").say(word(w, choice)))
        .maybe(left.map(|left| of("span", "figures").text(left.to_string().into())))
}

fn word(w: &'static Words, choice: Choice) -> &'static str {
    match choice {
        Choice::Kind(kind) => parts::kind_word(w, kind),
        Choice::Age(Age::Day) => w.lens_day,
        Choice::Age(Age::ThreeDays) => w.lens_three_days,
        Choice::Yarn => w.lens_yarn,
        Choice::Mine => w.lens_mine,
    }
}

/// The way to the same place through another lens, with and without script.
fn to(look: &Look<'_>, lens: Lens) -> Element {
    let mut path = Panel::Home.path();
    path.push('?');
    path.push_str(&look.state.page.camera.to_string());
    path.push_str(&lens.and_query());
    el("a")
        .attr("href", path.into())
        .attr("data-press", Press::Through(lens).code().into())
}

/// That nothing here is seen through the lens, and the way out.
#[must_use]
pub(super) fn hidden(look: &Look<'_>) -> Element {
    of("div", "empty")
        .child(parts::icon("zoom"))
        .child(el("p").say(look.words.lens_nothing))
        .child(
            to(look, Lens::default())
                .set("class", "button")
                .say(look.words.lens_clear),
        )
}

/// Beside the map, wherever a lens hides something of it: that it does, and the way to see all of it.
#[must_use]
pub(crate) fn lensed(look: &Look<'_>) -> Option<Element> {
    let w = look.words;
    let lens = look.state.page.lens;
    (!lens.is_clear()).then(|| {
        let mut words: Vec<&'static str> = lens
            .kinds()
            .into_iter()
            .map(|kind| parts::kind_word(w, kind))
            .collect();
        let chosen = OF_THREADS.into_iter().filter(|choice| lens.has(*choice));
        words.extend(chosen.map(|choice| word(w, choice)));
        of("nav", "lensed").set("aria-label", w.lens_clear).child(
            to(look, Lens::default())
                .set("title", w.lens_clear)
                .child(el("span").text(Text::Owned(words.join(", "))))
                .child(of("span", "unseen").say(w.lens_clear))
                .child(parts::icon("close")),
        )
    })
}
