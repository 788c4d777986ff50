//! What was said, the newest first: one's own that waits, what is there, and the way to what was said before.

use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::link::Panel;
use domain::talk::MessageRow;
use domain::wire::LineState;

use super::{HELD_MAX, beginning, older_link, oldest};
use crate::live::{Stage, Waiting};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::{insert_sorted, skeleton};
use crate::why;

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
    let is_news = |row: &&&MessageRow| row.last == 0 || row.nth >= talk.older_below;
    let news = said.iter().take_while(|row| is_news(row)).count();
    let (news, older) = said.split_at(news);
    content.push(
        of("div", "log")
            .set("role", "log")
            .set("aria-label", w.talk_title)
            .child(rows(look, news.iter().copied())),
    );
    if !older.is_empty() {
        content.push(rows(look, older.iter().copied()));
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

/// Messages as a list.
pub(super) fn rows<'a>(look: &Look<'_>, said: impl Iterator<Item = &'a MessageRow>) -> Element {
    of("ol", "messages")
        .set("role", "list")
        .all(said.map(|row| message(look, row)).collect())
}

fn message(look: &Look<'_>, row: &MessageRow) -> Element {
    let is_own = look.state.me.as_ref().is_some_and(|me| me.role == row.role);
    let waits = (row.last == 0).then(|| waiting(look, row.id));
    let foot = match waits {
        // Only predicted: it is on its way.
        Some(waiting) => of("span", "badge").say(stage_word(look, waiting)),
        None => look.age(row.said_at),
    };
    el("li")
        .set("class", "message")
        .key(row.id.0.as_u128())
        .flag("data-own", is_own)
        .flag("data-waiting", row.last == 0)
        .child(
            of("p", "message-head")
                .child(parts::link(Panel::Role(row.role)).text(row.role_name.clone().into()))
                .child(foot),
        )
        .child(of("p", "prose").text(row.text.clone().into()))
}

fn waiting<'a>(look: &Look<'a>, id: MessageId) -> Option<&'a Waiting> {
    look.state.waiting.iter().find(|waiting| {
        matches!(&waiting.command.act, Act::SendMessage { message, .. } if *message == id)
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

/// One's own messages that a rule has refused: they keep their text.
fn refused(look: &Look<'_>, id: NodeId) -> Vec<Element> {
    let w = look.words;
    let mut rows = Vec::new();
    for waiting in &look.state.waiting {
        let (Act::SendMessage { node, text, .. }, Some(reason)) =
            (&waiting.command.act, reason(look, waiting))
        else {
            continue;
        };
        if *node != id {
            continue;
        }
        let command = waiting.command.id;
        rows.push(
            of("div", "message")
                .key(command.0.as_u128())
                .flag("data-own", true)
                .child(of("p", "prose").text(text.clone().into()))
                .child(parts::alert(reason))
                .child(
                    of("div", "buttons")
                        .child(
                            parts::button("button small", Press::Edit(command)).say(w.waiting_edit),
                        )
                        .child(
                            parts::button("button small", Press::Discard(command))
                                .say(w.waiting_discard),
                        ),
                ),
        );
    }
    rows
}

fn reason(look: &Look<'_>, waiting: &Waiting) -> Option<Text> {
    match &waiting.stage {
        Stage::Refused { refusal, .. } => Some(why::refusal(look, refusal)),
        Stage::SetAside(kind) => Some(why::problem(look, *kind).into()),
        Stage::Kept { .. } | Stage::Sending | Stage::Accepted => None,
    }
}
