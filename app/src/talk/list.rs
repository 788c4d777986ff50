//! What was said, the newest first: one's own that waits, what is there, and the way to what was said before.

use domain::command::Act;
use domain::id::NodeId;
use domain::link::Panel;
use domain::talk::{MessageRow, Quoted};
use domain::wire::LineState;

use super::deeds::deeds;
use super::{HELD_MAX, anchor, at_hand, beginning, mention, older_link, oldest};
use crate::live::{Stage, Waiting};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::spool::{act_words, reason};
use crate::weave::{insert_sorted, skeleton};

/// The messages of a conversation, the newest first; one's own that nobody has confirmed before all others.
pub(super) fn said<'a>(look: &Look<'a>, node: NodeId) -> Vec<&'a MessageRow> {
    let mut said = Vec::new();
    for row in &look.state.view.messages {
        if row.node == node {
            insert_sorted(&mut said, row, |row| (row.last != 0, u32::MAX - row.nth));
        }
    }
    said
}

/// The conversation below its form.
pub(super) fn list(
    look: &Look<'_>,
    node: NodeId,
    said: &[&MessageRow],
    is_gone: bool,
    may_talk: bool,
) -> Vec<Element> {
    let w = look.words;
    let talk = &look.state.talk;
    let mut content = refused(look, node);
    if !talk.known && said.is_empty() {
        content.push(if look.state.line == LineState::Live || !look.state.awake {
            skeleton(look)
        } else {
            parts::hint(w.talk_away.into())
        });
        return content;
    }
    if said.is_empty() {
        if !is_gone {
            content.push(parts::hint(w.talk_empty.into()));
        }
        return content;
    }
    let may = look.state.awake.then_some(may_talk);
    let is_news = |row: &&&MessageRow| row.last == 0 || row.nth >= talk.older_below;
    let news = said.iter().take_while(|row| is_news(row)).count();
    let (news, older) = said.split_at(news);
    content.push(
        of("div", "log")
            .set("role", "log")
            .set("aria-label", w.talk_title)
            .child(rows(look, news.iter().copied(), may)),
    );
    if !older.is_empty() {
        content.push(rows(look, older.iter().copied(), may));
    }
    content.push(more(look, said));
    content
}

/// The way to what was said before, or that there is nothing before.
fn more(look: &Look<'_>, said: &[&MessageRow]) -> Element {
    let w = look.words;
    let talk = &look.state.talk;
    let first = said.iter().rev().find(|row| row.last != 0).copied();
    let more = of("div", "more");
    let Some(oldest) = oldest(first) else {
        return more.child(beginning(look));
    };
    if !look.state.awake || said.len() >= HELD_MAX {
        return more.child(older_link(look, oldest));
    }
    let word = if talk.asking { w.loading } else { w.talk_older };
    more.child(
        parts::button("button", Press::Older)
            .set("aria-disabled", if talk.asking { "true" } else { "false" })
            .say(word),
    )
    .maybe(talk.failed.then(|| parts::alert(w.talk_failed.into())))
}

/// Messages as a list, with what can be done with each: none for nothing, else whether one may still talk here.
pub(super) fn rows<'a>(
    look: &Look<'a>,
    said: impl Iterator<Item = &'a MessageRow>,
    may: Option<bool>,
) -> Element {
    let mut items = Vec::new();
    // All that are at hand are many: they are looked up once, and only where somebody may be mentioned.
    let mut names = None;
    for row in said {
        // Numbers go on without a gap: this is the newest that was read, below what is new.
        if row.last != 0 && Some(row.nth) == look.state.talk.read {
            items.push(
                of("li", "fresh")
                    .key(1)
                    .child(el("span").say(look.words.talk_new)),
            );
        }
        items.push(message(look, row, may, &mut names));
    }
    of("ol", "messages").set("role", "list").all(items)
}

fn message<'a>(
    look: &Look<'a>,
    row: &MessageRow,
    may: Option<bool>,
    names: &mut Option<mention::Names<'a>>,
) -> Element {
    let w = look.words;
    let is_own = look.state.me.as_ref().is_some_and(|me| me.role == row.role);
    let waiting = waiting(look, row);
    let waits = row.last == 0 || waiting.is_some();
    let foot = if waits {
        // Only predicted: it is on its way.
        of("span", "badge").say(stage_word(look, waiting))
    } else {
        look.age(row.said_at)
    };
    let head = of("p", "message-head")
        .child(parts::link(Panel::Role(row.role)).text(row.role_name.clone().into()))
        .maybe((row.changed_at).map(|at| {
            of("span", "changed")
                .attr("title", look.date(at).into())
                .say(w.talk_changed)
        }))
        .child(foot);
    el("li")
        .set("class", "message")
        .attr("id", anchor(row.id).into())
        .set("tabindex", "-1")
        .key(row.id.0.as_u128())
        .flag("data-own", is_own)
        .flag("data-waiting", waits)
        .flag("data-withdrawn", row.is_withdrawn)
        .child(head)
        .maybe(row.reply_to.as_ref().map(|quoted| answered(look, quoted)))
        .child(if row.is_withdrawn {
            parts::hint(w.talk_withdrawn.into())
        } else {
            mention::said(look, row, names)
        })
        .maybe(may.and_then(|may_talk| deeds(look, row, may_talk)))
}

/// The message that one answers, in one line; it leads there where that is on the page.
fn answered(look: &Look<'_>, quoted: &Quoted) -> Element {
    let line = match at_hand(look, quoted.id) {
        Some(_) => {
            let mut target = String::from("#");
            target.push_str(&anchor(quoted.id));
            of("a", "answered").attr("href", target.into())
        }
        None => of("p", "answered"),
    };
    line.child(el("strong").text(quoted.role_name.clone().into()))
        .say(" ")
        .child(of("span", "answered-text").text(beginning_of(look, quoted)))
}

/// How it begins, or that it was taken back.
pub(super) fn beginning_of(look: &Look<'_>, quoted: &Quoted) -> Text {
    if quoted.is_withdrawn {
        look.words.talk_withdrawn.into()
    } else {
        quoted.text.clone().into()
    }
}

/// The act of one's own by which it comes to be said, is said otherwise or taken back, where that is on its way.
fn waiting<'a>(look: &Look<'a>, row: &MessageRow) -> Option<&'a Waiting> {
    look.open().find(|waiting| match &waiting.command.act {
        Act::SendMessage { message, .. } => *message == row.id && row.last == 0,
        Act::ChangeMessage { message, .. } | Act::WithdrawMessage { message, .. } => {
            *message == row.id
        }
        _ => false,
    })
}

fn stage_word(look: &Look<'_>, waiting: Option<&Waiting>) -> &'static str {
    let w = look.words;
    match waiting.map(|waiting| &waiting.stage) {
        Some(Stage::Sending) => w.waiting_sending,
        Some(Stage::Accepted) => w.waiting_accepted,
        _ => w.waiting_kept,
    }
}

/// What came back of what one said here, or would have said otherwise: it keeps its text.
fn refused(look: &Look<'_>, id: NodeId) -> Vec<Element> {
    let w = look.words;
    let mut rows = Vec::new();
    for waiting in look.state.back() {
        let act = &waiting.command.act;
        let (said, has_form) = match act {
            Act::SendMessage { node, text, .. } if *node == id => {
                (of("p", "prose").text(text.clone().into()), true)
            }
            Act::ChangeMessage {
                node,
                text,
                message,
            } if *node == id => {
                let row = at_hand(look, *message).filter(|row| !row.is_withdrawn);
                (of("p", "prose").text(text.clone().into()), row.is_some())
            }
            Act::WithdrawMessage { node, .. } if *node == id => {
                (el("p").text(act_words(look, act)), false)
            }
            _ => continue,
        };
        let Some(reason) = reason(look, &waiting.stage) else {
            continue;
        };
        let command = waiting.command.id;
        let edit = || parts::button("button small", Press::Edit(command)).say(w.waiting_edit);
        rows.push(
            of("div", "message")
                .key(command.0.as_u128())
                .flag("data-own", true)
                .child(said)
                .child(parts::alert(reason))
                .child(of("div", "buttons").maybe(has_form.then(edit)).child(
                    parts::button("button small", Press::Discard(command)).say(w.waiting_discard),
                )),
        );
    }
    rows
}
