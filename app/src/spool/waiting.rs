//! What waits in this browser, and what came back refused with its text kept.

use domain::command::Act;
use domain::id::NodeId;

use crate::live::{Stage, Waiting};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::why;
use crate::words::{counted, fill};

/// The outbox, oldest first.
#[must_use]
pub(super) fn waiting(look: &Look<'_>) -> Element {
    let w = look.words;
    let waiting = &look.state.waiting;
    let others = look.state.others_waiting;
    let section = of("section", "block")
        .set("id", "waiting")
        .child(el("h2").say(w.waiting_title))
        .maybe(
            (others > 0)
                .then(|| parts::hint(counted(w.waiting_others_one, w.waiting_others_many, others))),
        );
    if waiting.is_empty() && others > 0 {
        return section;
    }
    if waiting.is_empty() {
        // Without script nobody can know.
        return section
            .flag("hidden", !look.state.awake)
            .child(parts::hint(w.waiting_none.into()));
    }
    let rows = waiting.iter().map(|act| row(look, act)).collect();
    section
        .child(parts::hint(w.waiting_text.into()))
        .child(of("ol", "waiting").set("role", "list").all(rows))
}

fn row(look: &Look<'_>, waiting: &Waiting) -> Element {
    let w = look.words;
    let id = waiting.command.id;
    let (code, word, reason) = match waiting.stage {
        Stage::Kept { problem } => (
            "kept",
            w.waiting_kept,
            problem.map(|kind| Text::Borrowed(why::problem(look, kind))),
        ),
        Stage::Sending => ("sending", w.waiting_sending, None),
        Stage::Accepted => ("accepted", w.waiting_accepted, None),
        Stage::Refused(refusal) => (
            "refused",
            w.waiting_refused,
            Some(why::refusal(look, &refusal)),
        ),
        Stage::SetAside(kind) => (
            "refused",
            w.waiting_set_aside,
            Some(why::problem(look, kind).into()),
        ),
    };
    let row = el("li")
        .key(id.0.as_u128())
        .set("class", "act")
        .set("data-stage", code)
        .child(
            of("div", "act-head")
                .child(of("strong", "act-name").text(act_words(look, &waiting.command.act)))
                .child(of("span", "badge").set("data-stage", code).say(word)),
        )
        .maybe(
            text_of(&waiting.command.act)
                .map(|text| of("p", "prose quote").text(text.to_owned().into())),
        )
        .maybe(reason.map(|text| {
            if waiting.is_open() {
                parts::hint(text)
            } else {
                parts::alert(text)
            }
        }));
    let buttons = of("div", "buttons");
    match waiting.stage {
        Stage::Kept { .. } => row.child(
            buttons
                .child(parts::button("button small", Press::Withdraw(id)).say(w.waiting_withdraw)),
        ),
        Stage::Sending | Stage::Accepted => row,
        Stage::Refused(_) | Stage::SetAside(_) => row.child(
            buttons
                .maybe(
                    matches!(
                        waiting.command.act,
                        Act::KnotNode { .. } | Act::SendMessage { .. }
                    )
                    .then(|| parts::button("button small", Press::Edit(id)).say(w.waiting_edit)),
                )
                .child(parts::button("button small", Press::Discard(id)).say(w.waiting_discard)),
        ),
    }
}

/// Why an act came back; none where it may still happen.
pub(crate) fn reason(look: &Look<'_>, stage: &Stage) -> Option<Text> {
    match stage {
        Stage::Refused(refusal) => Some(why::refusal(look, refusal)),
        Stage::SetAside(kind) => Some(why::problem(look, *kind).into()),
        Stage::Kept { .. } | Stage::Sending | Stage::Accepted => None,
    }
}

/// The longer text that an act carries.
fn text_of(act: &Act) -> Option<&str> {
    match act {
        Act::KnotNode { text, .. }
        | Act::ChangeNode {
            text: Some(text), ..
        }
        | Act::SendMessage { text, .. }
            if !text.is_empty() =>
        {
            Some(text)
        }
        _ => None,
    }
}

/// What an act does. The compiler completes the list.
pub(crate) fn act_words(look: &Look<'_>, act: &Act) -> Text {
    let w = look.words;
    let about = |text, node| fill(text, "title", title_of(look, node)).into();
    match act {
        Act::RegisterRole { name, .. } => fill(w.act_register, "name", name).into(),
        Act::RenameRole { name } => fill(w.act_rename, "name", name).into(),
        Act::PlaceRole { .. } => Text::Borrowed(w.act_place),
        Act::KnotNode { title, .. } => fill(w.act_knot, "title", title).into(),
        Act::ChangeNode { node, .. } => about(w.act_change, *node),
        Act::JoinNode { node } => about(w.act_join, *node),
        Act::SendMessage { node, .. } => about(w.act_send, *node),
        Act::TwistThread { node, .. } => about(w.act_twist, *node),
        Act::UntwistThread { node, .. } => about(w.act_untwist, *node),
    }
}

/// The title of a knot that is shown or waits itself.
fn title_of<'a>(look: &Look<'a>, id: NodeId) -> &'a str {
    let state = look.state;
    let shown = state.node(id).map(|node| node.title.as_str());
    shown
        .or_else(|| {
            state
                .waiting
                .iter()
                .find_map(|waiting| match &waiting.command.act {
                    Act::KnotNode { node, title, .. } if *node == id => Some(title.as_str()),
                    _ => None,
                })
        })
        .unwrap_or(look.words.act_some_node)
}
