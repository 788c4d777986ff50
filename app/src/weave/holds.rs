//! What holds a knot and until when, who joined it, and who may do what yarn covers.

use domain::link::Panel;
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{JoinLevel, NodeKind, Part, ThreadKind};

use super::node::{fact, threads};
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::words::fill;

/// Names in one line at most.
const NAMES_MAX: usize = 12;

/// "Until Thursday, or as long as Ada's yarn holds".
pub(super) fn holds(look: &Look<'_>, node: &NodeRow, threads: &[&ThreadRow]) -> Element {
    let w = look.words;
    let held = el("dd");
    if node.kind == NodeKind::Structure {
        return fact("knot", w.thread_holds, held.say(w.node_holds_structure));
    }
    let fades = node.holds_until > look.state.now;
    let until = || held.clone().child(look.day(node.holds_until));
    if node.yarns.is_empty() {
        // To the hour only when hours matter.
        let until = if node.is_in_its_last_day(look.state.now) {
            let time = look.time(node.holds_until);
            held.child(time).say(" ").child(last_day(look))
        } else {
            until()
        };
        return fact("knot", w.node_holds, until);
    }
    let names = names(look, node, threads, None);
    let yarn = if names.is_empty() {
        w.node_holds_some.into()
    } else {
        fill(w.node_holds_yarn, "names", &names).into()
    };
    if fades {
        fact("knot", w.node_holds, until().say(w.node_or).text(yarn))
    } else {
        fact("knot", w.thread_holds, held.text(yarn))
    }
}

/// The sign of a knot that comes undone within a day.
pub(super) fn last_day(look: &Look<'_>) -> Element {
    of("span", "last-day").say(look.words.node_last_day)
}

/// Whose yarn covers that part; nothing where nobody's does, or they are not at hand.
pub(crate) fn keepers(look: &Look<'_>, node: &NodeRow, part: Part) -> Option<Element> {
    let names = names(look, node, &threads(look, node), Some(part));
    let text = fill(look.words.node_may, "names", &names);
    (!names.is_empty()).then(|| parts::hint(text.into()))
}

/// Whom yarn keeps from changing what stands there, and whom not, for those who could not change anything yet; nothing where none does.
pub(super) fn covered(look: &Look<'_>, node: &NodeRow) -> Vec<Element> {
    let covered = || parts::hint(look.words.refusal_node_covered.into());
    let keepers = keepers(look, node, Part::Text);
    keepers.map_or(Vec::new(), |keepers| vec![covered(), keepers])
}

/// "Ada, Ben und Cem": whose yarn holds the knot and covers that part of it, each once.
fn names(
    look: &Look<'_>,
    node: &NodeRow,
    threads: &[&ThreadRow],
    covering: Option<Part>,
) -> String {
    let facts = node.facts();
    let mut names: Vec<&str> = Vec::new();
    for thread in threads {
        let is_meant = facts
            .covers_of(thread.id)
            .is_some_and(|covers| covering.is_none_or(|part| covers.has(part)));
        if is_meant && names.len() < NAMES_MAX && !names.contains(&&*thread.role_name) {
            names.push(&thread.role_name);
        }
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => String::from(*one),
        [some @ .., last] => [&some.join(", "), look.words.and, last].concat(),
    }
}

/// Who joined, the firmest first.
pub(super) fn joined(look: &Look<'_>, mut facts: Element, threads: &[&ThreadRow]) -> Element {
    let w = look.words;
    for (level, word) in [
        (JoinLevel::Responsibility, w.node_carers),
        (JoinLevel::Promise, w.node_joiners),
        (JoinLevel::Interest, w.node_interested),
    ] {
        let mut names = el("dd");
        let mut count = 0;
        for thread in threads {
            if thread.kind != ThreadKind::Join
                || thread.level.unwrap_or_default() != level
                || thread.facts().faded_at(look.state.now).is_some()
            {
                continue;
            }
            count += 1;
            if count > NAMES_MAX {
                names = names.say(" …");
                break;
            }
            if count > 1 {
                names = names.say(", ");
            }
            let name = thread.role_name.clone().into();
            names = names.child(parts::link(Panel::Role(thread.role)).text(name));
        }
        if count > 0 {
            facts = facts.child(fact("me", word, names));
        }
    }
    facts
}
