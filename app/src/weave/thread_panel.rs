//! One thread or yarn: who tied it to what, how often, and until when it holds.

use domain::id::ThreadId;
use domain::link::Panel;
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{Covers, Part, Picture, strength_permille};

use super::node::{deed, fact};
use super::thread::{twisting, word};
use crate::live::{Denied, Form, Tied};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts::{self, still};
use crate::press::Press;
use crate::why;
use crate::words::fill;

/// The panel of a thread.
#[must_use]
pub fn thread_panel(look: &Look<'_>, id: ThreadId) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let Some((thread, tied)) = state.thread(id) else {
        return super::list::absent(look, w.thread_missing_title, w.role_missing);
    };
    let faded = thread.facts().faded_at(state.now);
    let is_yarn = thread.expires_at.is_none();
    let mut content = vec![parts::top(
        look,
        of("div", "heading")
            .child(
                of("span", "kind")
                    .child(parts::strand(
                        thread.kind,
                        is_yarn,
                        strength_permille(thread.expires_at, state.now),
                    ))
                    .child(el("span").say(if is_yarn { w.left_yarn } else { w.thread_kind })),
            )
            .child(parts::title(title(look, thread))),
    )];
    if state.unheard {
        content.push(still(look, w.still_unheard));
    }
    let until = match faded {
        Some(at) => fact("knot", w.thread_faded, el("dd").child(look.time(at))),
        None => match thread.expires_at {
            Some(at) => fact("knot", w.node_holds, el("dd").child(look.time(at))),
            None => fact("knot", w.thread_lasts, el("dd").say(w.thread_yarn)),
        },
    };
    let mut last = el("dd").child(look.time(thread.drawn_at));
    if thread.acts > 1 {
        last = last
            .say(" · ")
            .text(fill(w.thread_acts, "n", &thread.acts.to_string()).into());
    }
    let first = thread
        .since
        .map(|since| fact("clock", w.thread_first, el("dd").child(look.time(since))));
    let link =
        |panel: Panel, name: &str| el("dd").child(parts::link(panel).text(name.to_owned().into()));
    let (icon, word, mut held) = match tied {
        Tied::Node(node) => (
            node.kind.code(),
            if faded.is_some() {
                w.thread_held
            } else {
                w.thread_holds
            },
            link(Panel::Node(node.id), &node.title),
        ),
        Tied::Role(role, name) => ("me", w.role_vouches_for, link(Panel::Role(role), name)),
    };
    if let (Some(place), true) = (thread.to, state.awake && !state.mapless) {
        held = held
            .say(" ")
            .child(parts::button("text", Press::Show(place)).say(w.node_show));
    }
    content.push(
        of("dl", "facts")
            .child(fact(
                "spool",
                w.role_kind,
                link(Panel::Role(thread.role), &thread.role_name),
            ))
            .child(fact(icon, word, held))
            .maybe(first)
            .child(fact("clock", w.thread_last, last))
            .child(until)
            .maybe(covers(look, thread, tied)),
    );
    if faded.is_none() {
        content.extend(deeds(look, thread));
    }
    content
}

/// What the yarn covers, where it holds a knot.
fn covers(look: &Look<'_>, thread: &ThreadRow, tied: Tied<'_>) -> Option<Element> {
    let w = look.words;
    let Tied::Node(node) = tied else { return None };
    let covers = node.facts().covers_of(thread.id)?;
    let pictures = match (&covers.pictures, covered(node, &covers)) {
        (None, _) => String::from(w.covers_pictures),
        (Some(_), 0) => String::new(),
        (Some(_), n) => some_of(w.covers_some, n, node.pictures.len()),
    };
    let mut said = String::new();
    for word in [
        if covers.text { w.covers_text } else { "" },
        &*pictures,
        if covers.talk { w.talk_title } else { "" },
    ] {
        if !word.is_empty() {
            if !said.is_empty() {
                said.push_str(", ");
            }
            said.push_str(word);
        }
    }
    if said.is_empty() {
        said.push_str(w.covers_nothing);
    }
    Some(fact("spool", w.thread_covers, el("dd").text(said.into())))
}

/// How many of a knot's pictures these cover.
pub(crate) fn covered(node: &NodeRow, covers: &Covers) -> usize {
    let is_covered = |shown: &&Picture| covers.has(Part::Picture(shown.id));
    node.pictures.iter().filter(is_covered).count()
}

/// "2 of 5 pictures".
pub(crate) fn some_of(text: &str, n: usize, all: usize) -> String {
    fill(&fill(text, "n", &n.to_string()), "all", &all.to_string())
}

/// Who does what: "Anna takes part".
#[must_use]
pub(crate) fn title(look: &Look<'_>, thread: &ThreadRow) -> Text {
    [&*thread.role_name, word(look.words, thread)]
        .join(" ")
        .into()
}

/// What its owner can do with it.
fn deeds(look: &Look<'_>, thread: &ThreadRow) -> Option<Element> {
    let w = look.words;
    let state = look.state;
    let is_own = state.me.as_ref().is_some_and(|me| me.role == thread.role);
    if !is_own || !state.awake {
        return None;
    }
    let id = thread.id;
    let (press, word, hint) = twisting(look, thread);
    let deed = deed("button", press, word.into(), hint);
    let refused = match &state.refused {
        Some((Form::Act, Denied::Rule(refusal))) => Some(parts::alert(why::refusal(look, refusal))),
        _ => None,
    };
    let stream = domain::state::StreamId::Thread(id);
    let about: Vec<_> = look
        .open()
        .filter(|act| act.command.reads().contains(&stream))
        .collect();
    let waits = !about.is_empty();
    // What it covers is chosen in a panel that the server draws.
    let choose = state.may_cover(thread).then(|| {
        parts::link(Panel::Yarn(id))
            .set("class", "button")
            .say(w.thread_choose)
    });
    Some(
        of("section", "deeds")
            .maybe(waits.then(|| parts::badge("badge wide", look.on_its_way(&about, false))))
            .child(deed)
            .maybe(choose)
            .maybe(refused),
    )
}
