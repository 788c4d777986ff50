//! One thread as a line of text: who, how, and how long still.

use domain::link::Panel;
use domain::state::StreamId;
use domain::view::ThreadRow;
use domain::weave::{JoinLevel, ThreadKind, strength_permille};

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::words::Words;

/// What twists a thread into yarn, or untwists it again: the button, its word, and what it does.
pub(super) fn twisting(look: &Look<'_>, thread: &ThreadRow) -> (Press, &'static str, &'static str) {
    let (w, id, target) = (look.words, thread.id, thread.target);
    if thread.expires_at.is_none() {
        let press = Press::Untwist(id, target);
        (press, w.node_untwist, w.node_untwist_hint)
    } else {
        let press = Press::Twist(id, target);
        let hint = if look.state.may_cover(thread) {
            w.node_twist_hint
        } else {
            w.node_twist_bare
        };
        (press, w.node_twist, hint)
    }
}

/// A thread that leads to or from `target`, which is named `name`; how long it holds leads to the thread itself.
#[must_use]
pub(crate) fn thread(look: &Look<'_>, thread: &ThreadRow, target: Panel, name: Text) -> Element {
    let w = look.words;
    let yarn = thread.expires_at.is_none();
    let stream = StreamId::Thread(thread.id);
    let waits = look
        .open()
        .any(|waiting| waiting.command.reads().contains(&stream));
    let left = if thread.faded_at.is_some() {
        Text::Borrowed(w.left_faded)
    } else {
        look.left(thread.expires_at)
    };
    // Read alone, as links are by those who go from one to the next, it says whose and which it is.
    let whole = [&*name, word(w, thread), &*left].join(", ");
    el("li")
        .set("class", "thread")
        .key(thread.id.0.as_u128())
        .child(parts::strand(
            thread.kind,
            yarn,
            strength_permille(thread.expires_at, look.state.now),
        ))
        .child(
            of("span", "thread-text")
                .child(parts::link(target).text(name))
                .child(of("span", "hint").say(word(w, thread)))
                .maybe(waits.then(|| parts::badge("badge wide", w.waiting_kept))),
        )
        .child(
            parts::link(Panel::Thread(thread.id))
                .set("class", "left")
                .attr("aria-label", whole.into())
                .flag("data-yarn", yarn)
                .text(left),
        )
}

/// What whoever tied it does.
#[must_use]
pub(super) const fn word(w: &Words, thread: &ThreadRow) -> &'static str {
    match thread.kind {
        ThreadKind::Create => w.thread_create,
        ThreadKind::Change => w.thread_change,
        ThreadKind::Talk => w.thread_talk,
        ThreadKind::Join => match thread.level {
            Some(JoinLevel::Responsibility) => w.thread_care,
            Some(JoinLevel::Promise) => w.thread_join,
            Some(JoinLevel::Interest) | None => w.thread_interest,
        },
        ThreadKind::Vouch => w.thread_vouch,
    }
}
