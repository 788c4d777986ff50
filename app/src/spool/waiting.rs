//! What waits in this browser, and what came back refused with its text kept.

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::link::Panel;
use domain::problem::ProblemKind;
use domain::weave::Target;
use domain::wire::LineState;

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
    let (others, back, unreadable) = (others(look), look.state.others_back, look.state.unreadable);
    let (open, returned): (Vec<_>, Vec<_>) = waiting.iter().partition(|act| act.is_open());
    let is_back = unreadable > 0 || !returned.is_empty();
    let mut section = of("section", "block").set("id", "waiting");
    if is_back {
        let mut rows: Vec<Element> = returned.into_iter().map(|act| row(look, act)).collect();
        if unreadable > 0 {
            rows.push(set_aside(look, unreadable));
        }
        section = section
            .child(el("h2").say(w.waiting_back_title))
            .child(acts(rows));
    }
    if is_back && open.is_empty() && others.is_none() && back == 0 {
        return section;
    }
    let section = section
        .child(el("h2").say(w.waiting_title))
        .maybe(others.clone().map(parts::hint))
        .maybe((back > 0).then(|| {
            parts::hint(counted(
                w.waiting_others_back_one,
                w.waiting_others_back_many,
                back,
            ))
        }));
    if open.is_empty() {
        let is_all = others.is_none() && back == 0 && !is_back;
        return section
            // Without script nobody can know, and who has done nothing has nothing that could wait.
            .flag(
                "hidden",
                !look.state.awake || (is_all && look.state.me.is_none()),
            )
            .maybe(is_all.then(|| parts::hint(w.waiting_none.into())));
    }
    let may_be_tried = look.state.line != LineState::Offline
        && open.iter().any(|act| match act.stage {
            Stage::Kept { problem } => !matches!(
                problem,
                Some(ProblemKind::SignedOut | ProblemKind::ForeignRole)
            ),
            _ => false,
        });
    section
        .child(parts::hint(w.waiting_text.into()))
        // Without a network there is nothing to try, nor for whoever has to sign in first.
        .maybe(may_be_tried.then(|| parts::button("button small", Press::Again).say(w.line_again)))
        .child(acts(open.into_iter().map(|act| row(look, act)).collect()))
}

fn acts(rows: Vec<Element>) -> Element {
    of("ol", "waiting").set("role", "list").all(rows)
}

/// What another version of this page has written: kept, and nothing can be done with it here.
fn set_aside(look: &Look<'_>, count: usize) -> Element {
    let w = look.words;
    let name = counted(w.waiting_unreadable_one, w.waiting_unreadable_many, count);
    act("refused", name, w.waiting_set_aside).child(parts::hint(w.waiting_unreadable.into()))
}

/// The beginning of a row: what was done, and how far it has come.
fn act(stage: &'static str, name: Text, word: &'static str) -> Element {
    of("li", "act").set("data-stage", stage).child(
        of("div", "act-head")
            .child(of("strong", "act-name").text(name))
            .child(of("span", "badge").set("data-stage", stage).say(word)),
    )
}

/// What waits for whoever wrote it.
pub(crate) fn others(look: &Look<'_>) -> Option<Text> {
    let (w, others) = (look.words, look.state.others_waiting);
    (others > 0).then(|| counted(w.waiting_others_one, w.waiting_others_many, others))
}

fn row(look: &Look<'_>, waiting: &Waiting) -> Element {
    let w = look.words;
    let id = waiting.command.id;
    let (code, word) = match waiting.stage {
        Stage::Kept { .. } => ("kept", w.waiting_kept),
        Stage::Sending => ("sending", w.waiting_sending),
        Stage::Accepted => ("accepted", w.waiting_accepted),
        Stage::Refused { .. } => ("refused", w.waiting_refused),
        Stage::SetAside(_) => ("refused", w.waiting_set_aside),
    };
    let row = act(code, act_words(look, &waiting.command.act), word)
        .key(id.0.as_u128())
        .maybe(text_of(&waiting.command.act).map(|text| of("p", "prose quote").text(text.into())))
        .maybe(reason(look, &waiting.stage).map(|text| {
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
        Stage::Refused { .. } | Stage::SetAside(_) => row.child(
            buttons
                .maybe(way_on(look, waiting))
                .child(parts::button("button small", Press::Discard(id)).say(w.waiting_discard)),
        ),
    }
}

/// What can still be made of an act that came back: where there are two versions one decides between them beside their knot, and what
/// has a form goes back into it.
fn way_on(look: &Look<'_>, waiting: &Waiting) -> Option<Element> {
    let w = look.words;
    if look.state.other_version(waiting).is_some() {
        let link = parts::link(way_to(look, waiting)).set("class", "button small");
        return Some(link.say(w.waiting_compare));
    }
    if let Act::ChangeMessage { .. } | Act::WithdrawMessage { .. } = waiting.command.act {
        // Whether it can still be done is seen beside the message.
        let link = parts::link(way_to(look, waiting)).set("class", "button small");
        return Some(link.say(w.back_see));
    }
    let has_form = match waiting.command.act {
        Act::RegisterRole { .. } => look.state.me.is_none(),
        // The form would only say no: what was written can be read here, and the form comes with the right to it.
        Act::ChangeNode { node, .. } => {
            let node = look.state.node(node);
            node.is_none_or(|node| look.state.may_change(node).is_ok())
        }
        Act::RenameRole { .. }
        | Act::DescribeRole { .. }
        | Act::PlaceRole { .. }
        | Act::KnotNode { .. }
        | Act::SendMessage { .. } => true,
        Act::ChangeMessage { .. }
        | Act::WithdrawMessage { .. }
        | Act::PortrayRole { .. }
        | Act::AddPicture { .. }
        | Act::RemovePicture { .. }
        | Act::JoinNode { .. }
        | Act::TwistThread { .. }
        | Act::UntwistThread { .. }
        | Act::CoverYarn { .. }
        | Act::VouchFor { .. }
        | Act::WithdrawVouch { .. }
        | Act::GrantRight { .. }
        | Act::RevokeRight { .. }
        | Act::SetVouches { .. }
        | Act::DescribeCommunity { .. } => false,
    };
    has_form
        .then(|| parts::button("button small", Press::Edit(waiting.command.id)).say(w.waiting_edit))
}

/// Where one decides what becomes of an act that came back.
pub(crate) fn way_to(look: &Look<'_>, waiting: &Waiting) -> Panel {
    match waiting.command.act {
        Act::SendMessage { node, .. }
        | Act::ChangeMessage { node, .. }
        | Act::WithdrawMessage { node, .. } => Panel::Node(node),
        Act::ChangeNode { node, .. } if look.state.other_version(waiting).is_some() => {
            Panel::Node(node)
        }
        _ => Panel::Me,
    }
}

/// Why an act has not happened, so far or for good.
pub(crate) fn reason(look: &Look<'_>, stage: &Stage) -> Option<Text> {
    match stage {
        Stage::Refused { refusal, .. } => Some(why::refusal(look, refusal)),
        Stage::SetAside(kind)
        | Stage::Kept {
            problem: Some(kind),
        } => Some(why::problem(look, *kind).into()),
        Stage::Kept { problem: None } | Stage::Sending | Stage::Accepted => None,
    }
}

/// What was written in an act.
fn text_of(act: &Act) -> Option<String> {
    if let Act::DescribeRole {
        about,
        goods,
        skills,
        languages,
    } = act
    {
        let mut said = about.clone().unwrap_or_default();
        for tags in [goods, skills, languages].into_iter().flatten() {
            if !said.is_empty() {
                said.push('\n');
            }
            said.push_str(&tags.join(", "));
        }
        return (!said.is_empty()).then_some(said);
    }
    let (title, text) = match act {
        Act::KnotNode { text, .. } => ("", text.as_str()),
        Act::ChangeNode { title, text, .. } => (
            title.as_deref().unwrap_or_default(),
            text.as_deref().unwrap_or_default(),
        ),
        Act::SendMessage { text, .. } | Act::ChangeMessage { text, .. } => ("", text.as_str()),
        _ => return None,
    };
    let mut said = String::from(title);
    if !title.is_empty() && !text.is_empty() {
        said.push('\n');
    }
    said.push_str(text);
    (!said.is_empty()).then_some(said)
}

/// What an act does. The compiler completes the list.
pub(crate) fn act_words(look: &Look<'_>, act: &Act) -> Text {
    let w = look.words;
    let about = |text: &str, node| fill(text, "title", title_of(look, node)).into();
    let tied = |text: &str, to: Target| match to {
        Target::Node(node) => about(text, node),
        Target::Role(role) => fill(text, "title", name_of(look, role)).into(),
    };
    match act {
        Act::RegisterRole { name, .. } => fill(w.act_register, "name", name).into(),
        Act::RenameRole { name } => fill(w.act_rename, "name", name).into(),
        Act::PlaceRole { .. } => Text::Borrowed(w.act_place),
        Act::DescribeRole { .. } | Act::PortrayRole { .. } => Text::Borrowed(w.act_describe),
        Act::KnotNode { title, .. } => fill(w.act_knot, "title", title).into(),
        Act::ChangeNode { node, .. } => about(w.act_change, *node),
        Act::AddPicture { node, .. } => about(w.act_add_picture, *node),
        Act::RemovePicture { node, .. } => about(w.act_remove_picture, *node),
        Act::JoinNode { node, level } => {
            let said = fill(w.act_join, "level", parts::level_word(w, *level));
            about(&said, *node)
        }
        Act::SendMessage { node, .. } => about(w.act_send, *node),
        Act::ChangeMessage { node, .. } => about(w.act_change_message, *node),
        Act::WithdrawMessage { node, .. } => about(w.act_withdraw_message, *node),
        Act::TwistThread { target, .. } => tied(w.act_twist, *target),
        Act::UntwistThread { target, .. } => tied(w.act_untwist, *target),
        Act::CoverYarn { target, .. } => tied(w.act_cover, *target),
        Act::VouchFor { role } => fill(w.role_vouch, "name", name_of(look, *role)).into(),
        Act::WithdrawVouch { role } => fill(w.act_withdraw, "name", name_of(look, *role)).into(),
        Act::GrantRight { .. }
        | Act::RevokeRight { .. }
        | Act::SetVouches { .. }
        | Act::DescribeCommunity { .. } => Text::Borrowed(w.act_govern),
    }
}

/// The name of a role that is shown.
fn name_of<'a>(look: &Look<'a>, id: RoleId) -> &'a str {
    let name = look.state.name(id);
    name.unwrap_or(look.words.act_some_role)
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
