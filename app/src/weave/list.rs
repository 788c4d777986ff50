//! The map's equal: what is near, sorted by distance.

use std::collections::BTreeMap;

use domain::id::NodeId;
use domain::lens::Held;
use domain::link::{Camera, Panel};
use domain::page::{Detail, NEAR_MAX};
use domain::place::Place;
use domain::view::NodeRow;
use domain::weave::NodeKind;

use super::areas::areas;
use super::lenses::{hidden, lenses};
use super::particulars::told_now;
use crate::live::{Heard, NEAR_ZOOM_CENTI};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::talk::parlour;
use crate::words::{counted, fill};

/// The list around the middle of the map.
#[must_use]
pub fn list(look: &Look<'_>) -> Vec<Element> {
    let (w, state) = (look.words, look.state);
    if state.heard == Heard::Counts {
        return areas(look);
    }
    let (near, more) = near(look);
    let count = near.len();
    let lenses = lenses(look);
    let lead = if state.heard == Heard::Nothing {
        let mut lead = look.clock(state.page.now);
        lead.push_str(w.home_deaf);
        Some(lead.into())
    } else {
        (count > 0).then(|| w.home_lead.into())
    };
    let number = if more.is_some() {
        w.home_nearest_many
    } else {
        w.home_many
    };
    let head = head(look, lead, counted(w.home_one, number, count), count);
    // What stands here from the first start is no reason not to begin.
    let is_bare = near
        .iter()
        .all(|line| line.node.kind == NodeKind::Structure);
    let invites = is_bare && state.page.lens.is_clear();
    let mut list = vec![head];
    list.extend(invites.then(|| empty(look)));
    // Where only its own row follows it need not be told twice.
    list.extend((!invites || count == 0).then(|| parlour(look)));
    list.extend(lenses.filter(|_| !invites));
    if count > 0 {
        list.push(ordered(look, &near));
    } else if !state.page.lens.is_clear() {
        list.push(hidden(look));
    }
    if let Some(place) = more {
        list.push(parts::hint(w.home_more.into()));
        list.push(look_there(look, place).say(w.home_more_link));
    }
    list.push(keep(look));
    list.push(parts::about(look));
    list
}

/// The rows alone.
#[must_use]
pub(crate) fn rows(look: &Look<'_>) -> Element {
    ordered(look, &near(look).0)
}

fn ordered(look: &Look<'_>, lines: &[Line<'_>]) -> Element {
    let rows = lines.iter().map(|line| row(look, line)).collect();
    of("ol", "list").set("role", "list").all(rows)
}

/// The title; below it how many knots the list tells of, `tally`, where there are any, and what the list is.
pub(super) fn head(look: &Look<'_>, lead: Option<Text>, tally: Text, count: usize) -> Element {
    let tally = (count > 0).then(|| of("span", "tally").text(tally));
    let said = lead.map(|lead| {
        let between = if tally.is_some() { " · " } else { "" };
        of("p", "hint").maybe(tally).say(between).text(lead)
    });
    of("header", "top")
        .child(parts::title(look.words.home_title.into()))
        .maybe(parts::share(look))
        .maybe(parts::leaf(look))
        .maybe(said)
}

/// To hear of what is new here; without script the address says where that is.
pub(super) fn keep(look: &Look<'_>) -> Element {
    let mut address = Panel::Areas.path();
    address.push('?');
    address.push_str(&look.state.page.camera.to_string());
    of("a", "text")
        .attr("href", address.into())
        .say(look.words.home_keep)
}

pub(crate) fn empty(look: &Look<'_>) -> Element {
    let w = look.words;
    if look.state.away && matches!(look.state.heard, Heard::NotYet | Heard::Nothing) {
        return parts::hint(w.away_text.into());
    }
    of("div", "empty")
        .child(parts::icon("knot"))
        .child(el("h2").say(w.home_empty_title))
        .child(el("p").say(w.home_empty_text))
        .child(
            parts::link(Panel::Weave)
                .set("class", "button primary")
                .flag("data-only-script", true)
                .say(w.bar_weave),
        )
        .maybe(look.state.page.nearest.map(|place| nearest(look, place)))
}

/// The way to where there is something.
fn nearest(look: &Look<'_>, centre: Place) -> Element {
    let distance = look.distance(look.state.page.camera.centre.distance_m(centre) as u32);
    look_there(look, centre).text(fill(look.words.home_nearest, "distance", &distance).into())
}

/// A way to look at another place, near enough to see what is there.
fn look_there(look: &Look<'_>, centre: Place) -> Element {
    let mut path = String::from("/?");
    path.push_str(
        &Camera {
            centre,
            zoom_centi: look.state.page.camera.zoom_centi.max(NEAR_ZOOM_CENTI),
        }
        .to_string(),
    );
    of("a", "button")
        .attr("href", path.into())
        .attr("data-press", Press::Show(centre).code().into())
}

/// What is not at hand: not there only where the server has said so, else still asked for, in vain so far or not.
#[must_use]
pub(crate) fn absent(look: &Look<'_>, title: &'static str, missing: &'static str) -> Vec<Element> {
    let w = look.words;
    let (title, text) = match look.state.page.detail {
        Detail::Missing => (title, missing),
        _ if look.state.away && !look.state.loading => {
            return vec![
                parts::top(look, parts::title(w.away_title.into())),
                parts::hint(w.away_text.into()),
                parts::button("button", Press::Again).say(w.line_again),
            ];
        }
        _ => {
            return vec![
                parts::top(look, parts::title(w.loading.into())),
                skeleton(look),
            ];
        }
    };
    vec![
        parts::top(look, parts::title(title.into())),
        parts::hint(text.into()),
        parts::link(Panel::Home)
            .set("class", "button")
            .say(w.unknown_link),
    ]
}

/// Lines where text will stand.
#[must_use]
pub(crate) fn skeleton(look: &Look<'_>) -> Element {
    of("div", "skeleton")
        .set("role", "status")
        .set("aria-label", look.words.loading)
        .child(el("span"))
        .child(el("span"))
        .child(el("span"))
}

struct Line<'a> {
    node: &'a NodeRow,
    distance_m: u32,
    threads: usize,
}

/// From the rooms where they are held, else from the page; and where the list ends, if there are more.
fn near<'a>(look: &Look<'a>) -> (Vec<Line<'a>>, Option<Place>) {
    let state = look.state;
    let centre = state.page.camera.centre;
    let mut counts: BTreeMap<NodeId, usize> = BTreeMap::new();
    for thread in state.view.threads.values() {
        if let Some(node) = thread.target.node()
            && thread.faded_at.is_none()
            && thread.expires_at.is_none_or(|end| end > state.now)
        {
            *counts.entry(node).or_default() += 1;
        }
    }
    let told = |id: NodeId| state.page.near.iter().find(|near| near.node.id == id);
    let held = Held::of(&state.view, state.me.as_ref().map(|me| me.role), state.now);
    let mut lines = Vec::new();
    for node in state.view.nodes.values() {
        let counted = counts.get(&node.id).copied().unwrap_or_default();
        let told = told(node.id).filter(|_| state.heard != Heard::Things);
        // Of what the server has listed it knows every thread.
        if told.is_none() && !state.page.lens.shows(&held, node) {
            continue;
        }
        let line = Line {
            node,
            distance_m: centre.distance_m(node.place) as u32,
            threads: told.map_or(counted, |near| counted.max(near.threads as usize)),
        };
        insert_sorted(&mut lines, line, |line| (line.distance_m, line.node.id));
    }
    let is_all = lines.len() <= usize::from(NEAR_MAX);
    lines.truncate(usize::from(NEAR_MAX));
    let end = lines.last().filter(|_| !is_all);
    let end = end.map(|line| line.node.place);
    (lines, end)
}

/// Inserts before the first that comes after it. For lists of a screen this costs less than the standard
/// library's sort weighs in the client.
pub(crate) fn insert_sorted<T, K: Ord>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    let place = list.partition_point(|other| key(other) <= key(&item));
    list.insert(place, item);
}

fn row(look: &Look<'_>, line: &Line<'_>) -> Element {
    let w = look.words;
    let node = line.node;
    let waits = look.open().any(|waiting| waiting.is_about(node.id));
    let is_ending = node.is_in_its_last_day(look.state.now);
    let ending = is_ending.then(|| super::holds::last_day(look));
    el("li").key(node.id.0.as_u128()).child(
        parts::link(Panel::Node(node.id))
            .set("class", "row")
            .set("data-kind", node.kind.code())
            .child(of("span", "seal").child(parts::icon(node.kind.code())))
            .child(
                of("span", "row-text")
                    .child(of("span", "row-title").text(node.title.clone().into()))
                    .child(
                        of("span", "row-facts")
                            .child(el("span").say(parts::kind_word(w, node.kind)))
                            .maybe(node.start().map(|start| look.time(start)))
                            .maybe(told_now(look, node).map(|said| el("span").text(said)))
                            .child(el("span").text(counted(
                                w.threads_one,
                                w.threads_many,
                                line.threads,
                            )))
                            .child(look.age(node.created_at))
                            .maybe(ending),
                    ),
            )
            .child(
                of("span", "row-end")
                    .child(of("span", "distance").text(look.distance(line.distance_m).into()))
                    .maybe(waits.then(|| parts::badge("badge", w.waiting_kept))),
            ),
    )
}
