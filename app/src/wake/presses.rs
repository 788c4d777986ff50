//! What buttons do.

use domain::command::Act;
use domain::id::CommandId;
use domain::link::Panel;
use domain::page::{Carried, SignInStep};
use domain::refusal::Refusal;
use leptos::prelude::{Update, WithUntracked, request_animation_frame};

use super::focus;
use crate::live::{Denied, Draft, Form, Live, SignIn, State, Waiting, is_near};
use crate::press::Press;

pub(super) fn press(live: Live, press: Press) {
    let ports = live.ports;
    match press {
        Press::Join(node, level) => act(live, Act::JoinNode { node, level }, None),
        Press::Twist(thread, target) => {
            let covers = None;
            let twist = Act::TwistThread {
                thread,
                target,
                covers,
            };
            act(live, twist, None);
        }
        Press::Untwist(thread, target) => act(live, Act::UntwistThread { thread, target }, None),
        Press::Vouch(role) => act(live, Act::VouchFor { role }, None),
        Press::WithdrawVouch(role) => act(live, Act::WithdrawVouch { role }, None),
        Press::Withdraw(command) => ports.withdraw(command),
        Press::Discard(command) => ports.discard(command),
        Press::Edit(command) => edit(live, command),
        Press::Mine(command) => mine(live, command),
        Press::Middle => middle(live),
        Press::Unchoose => live.state.update(|state| state.chosen = None),
        Press::Sheet(sheet) => live.state.update(|state| state.sheet = sheet),
        Press::Locate => ports.locate(),
        Press::Show(place) => ports.look_at(place),
        Press::Nearer(place) => ports.nearer(place),
        Press::OtherEmail => step(live, SignInStep::Email),
        Press::HaveCode => step(
            live,
            SignInStep::Code {
                email: String::new(),
            },
        ),
        Press::Again => ports.again(),
        Press::Older => super::talk::older(live),
        Press::Reword(message) => super::talk::reword(live, message),
        Press::TakeBack(message) => super::talk::take_back(live, message),
        Press::Keep => live.state.update(|state| state.talk.withdrawing = None),
        Press::Answer(message) => super::talk::answer(live, message),
        Press::JustSay => super::talk::just_say(live),
        Press::Through(lens) => ports.look_through(lens),
        Press::Order(order) => super::search::order(live, order),
        Press::CloseNotice => live.state.update(|state| state.notice = None),
    }
}

/// Does what a button carries as data.
pub(super) fn carried(live: Live, data: &str) {
    if let Ok(Carried { act: asked, then }) = domain::json::read(data) {
        act(live, asked, then.map(|path| Panel::from_path(&path)));
    }
}

/// An act about what is open: asked of the domain first, then kept and sent; `then` opens once it is kept.
fn act(live: Live, act: Act, then: Option<Panel>) {
    match live.state.with_untracked(|state| state.judge(act.clone())) {
        // The server knows of a newer version than is shown here, or of what is not shown at all.
        Ok(()) | Err(Refusal::NodeChanged { .. } | Refusal::ThreadUnknown) => {
            live.state.update(|state| state.refused = None);
            live.ports.submit(act, then);
        }
        Err(refusal) => live
            .state
            .update(|state| state.refused = Some((Form::Act, Denied::Rule(refusal)))),
    }
}

/// Puts an act that came back into its form again.
fn edit(live: Live, command: CommandId) {
    let found = live.state.with_untracked(|state| {
        let waiting = find(state, command)?;
        let base = state.other_version(waiting).cloned().map(Box::new);
        Some((waiting.command.act.clone(), base))
    });
    let Some((act, base)) = found else { return };
    let edited = act.clone();
    let (panel, chosen) = match &act {
        Act::KnotNode { place, .. } => (Panel::Weave, Some(*place)),
        Act::ChangeNode { node, place, .. } => (Panel::Change(*node), *place),
        Act::RegisterRole { placement, .. } | Act::PlaceRole { placement } => {
            (Panel::Me, placement.place())
        }
        Act::RenameRole { .. } | Act::DescribeRole { .. } => (Panel::Me, None),
        Act::SendMessage { .. } | Act::ChangeMessage { .. } => {
            super::talk::edit(live, command, &act);
            return;
        }
        _ => return,
    };
    live.ports.navigate(panel);
    live.state.update(|state| {
        state.refused = None;
        state.chosen = chosen;
        state.draft = Some(Draft {
            act,
            base,
            replaces: Some(command),
        });
        state.begin_change();
    });
    if panel == Panel::Me {
        // Its form stands among others.
        let field = match &edited {
            Act::DescribeRole { .. } => "about",
            _ => "name",
        };
        request_animation_frame(move || focus(field));
    }
}

/// One's own version holds: the same change once more, made on the version that was seen beside it.
fn mine(live: Live, command: CommandId) {
    let found = live.state.with_untracked(|state| {
        let waiting = find(state, command)?;
        let version = state.other_version(waiting)?.version;
        Some((waiting.command.act.clone(), version))
    });
    if let Some((mut mine, version)) = found
        && let Act::ChangeNode { based_on, .. } = &mut mine
    {
        *based_on = version;
        act(live, mine, None);
        if live.state.with_untracked(|state| state.refused.is_none()) {
            live.ports.discard(command);
        }
    }
}

fn find(state: &State, command: CommandId) -> Option<&Waiting> {
    let mut waiting = state.waiting.iter();
    waiting.find(|waiting| waiting.command.id == command)
}

/// Chooses the middle of the map; from too far out one goes nearer first.
fn middle(live: Live) {
    let camera = live.state.with_untracked(|state| state.page.camera);
    if is_near(&camera) {
        live.state
            .update(|state| state.chosen = Some(camera.centre));
    } else {
        live.ports.nearer(camera.centre);
    }
}

fn step(live: Live, step: SignInStep) {
    live.state.update(|state| {
        state.sign_in = SignIn {
            step,
            busy: false,
            problem: None,
            flaw: None,
            again: false,
        };
    });
}
