//! What buttons do.

use domain::command::Act;
use domain::id::CommandId;
use domain::link::Panel;
use domain::page::SignInStep;
use leptos::prelude::Update;

use super::now;
use crate::live::{Denied, Draft, Form, Live, SignIn};
use crate::press::Press;

pub(super) fn press(live: Live, press: Press) {
    let ports = live.ports;
    match press {
        Press::Join(node) => act(live, Act::JoinNode { node }),
        Press::Twist(thread, node) => act(live, Act::TwistThread { thread, node }),
        Press::Untwist(thread, node) => act(live, Act::UntwistThread { thread, node }),
        Press::Withdraw(command) => ports.withdraw(command),
        Press::Discard(command) => ports.discard(command),
        Press::Edit(command) => edit(live, command),
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
        Press::Older => ports.older_messages(),
        Press::CloseNotice => live.state.update(|state| state.notice = None),
    }
}

/// An act about the open knot: asked of the domain first, then kept and sent.
fn act(live: Live, act: Act) {
    match now(live).judge(act.clone()) {
        Ok(()) => {
            live.state.update(|state| state.refused = None);
            live.ports.submit(act, None);
        }
        Err(refusal) => live
            .state
            .update(|state| state.refused = Some((Form::Act, Denied::Rule(refusal)))),
    }
}

/// Puts a refused knot or message back into its form.
fn edit(live: Live, command: CommandId) {
    let state = now(live);
    let act = state
        .waiting
        .iter()
        .find(|waiting| waiting.command.id == command)
        .map(|waiting| waiting.command.act.clone());
    let Some(Act::KnotNode {
        kind,
        title,
        text,
        place,
        starts_at,
        ..
    }) = act
    else {
        if let Some(act) = act {
            super::talk::edit(live, command, &act);
        }
        return;
    };
    live.ports.navigate(Panel::Weave);
    live.state.update(|state| {
        state.refused = None;
        state.chosen = Some(place);
        state.draft = Some(Draft {
            kind,
            title,
            text,
            starts_at,
            replaces: Some(command),
        });
    });
}

fn step(live: Live, step: SignInStep) {
    live.state.update(|state| {
        state.sign_in = SignIn {
            step,
            busy: false,
            problem: None,
            flaw: None,
        };
    });
}
