//! Saying something: the field is emptied once its text is kept in the outbox, and filled with what is written again.

use std::cell::{Cell, RefCell};

use domain::command::Act;
use domain::id::{CommandId, MessageId};
use domain::link::Panel;
use leptos::prelude::{Effect, Update, With, document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use super::{forms, now};
use crate::live::{Form, Live, State};
use crate::talk::{BEGINNING, Draft, FIELD};

thread_local! {
    /// What was sent and is not known to be kept yet.
    static SENT: RefCell<Option<(MessageId, String)>> = const { RefCell::new(None) };
    /// The refused act whose text is in the field.
    static WRITTEN_AGAIN: RefCell<Option<CommandId>> = const { RefCell::new(None) };
    /// Older messages were asked for by the button.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn send(live: Live, state: &State, form: &Element) {
    let Panel::Node(node) = state.page.panel else {
        return;
    };
    if SENT.with_borrow(Option::is_some) {
        // The one before is being written to disk: it is still in the field.
        return;
    }
    let text = forms::value(form, "[name=message]");
    let message = MessageId(live.ports.new_id());
    let act = Act::SendMessage {
        message,
        node,
        text: text.clone(),
    };
    SENT.set(Some((message, text)));
    if !forms::act_of(live, state, Form::Talk, act, None) {
        SENT.set(None);
    } else if let Some(replaced) = WRITTEN_AGAIN.take() {
        live.ports.discard(replaced);
    }
}

/// Puts a refused message back into its knot's form.
pub(super) fn edit(live: Live, command: CommandId, act: &Act) {
    let Act::SendMessage { node, text, .. } = act else {
        return;
    };
    if now(live).page.panel != Panel::Node(*node) {
        live.ports.navigate(Panel::Node(*node));
    }
    let draft = Draft {
        replaces: command,
        text: text.clone(),
    };
    live.state.update(|state| {
        state.refused = None;
        state.talk.draft = Some(draft);
    });
}

/// Asks for older messages.
pub(super) fn older(live: Live) {
    live.ports.older_messages();
    ASKED.set(true);
}

/// The button that asked is gone where there is nothing more: what stands in its place takes the focus it had.
fn hand_on_focus() {
    let is_lost = document()
        .active_element()
        .is_none_or(|focused| focused.tag_name() == "BODY");
    if is_lost {
        super::focus(BEGINNING);
    }
}

/// Watches what becomes of a message that was sent, and for one that is written again.
pub(super) fn follow(live: Live) {
    Effect::new(move |_| {
        let (is_over, drafted, is_asking) = live.state.with(|state| {
            (
                SENT.with_borrow(|sent| sent.as_ref().map(|(id, _)| outcome(state, *id))),
                state.talk.draft.is_some(),
                state.talk.asking,
            )
        });
        match is_over.flatten() {
            Some(true) => empty(),
            Some(false) => SENT.set(None),
            None => {}
        }
        if !is_asking && ASKED.take() {
            request_animation_frame(hand_on_focus);
        }
        if drafted {
            // The form may only be drawn after this.
            request_animation_frame(move || fill(live));
        }
    });
}

/// Whether the message was kept; none: it is not known yet.
fn outcome(state: &State, id: MessageId) -> Option<bool> {
    let is_it = |act: &Act| matches!(act, Act::SendMessage { message, .. } if *message == id);
    if state.view.messages.iter().any(|row| row.id == id)
        || state
            .waiting
            .iter()
            .any(|waiting| is_it(&waiting.command.act))
    {
        Some(true)
    } else {
        state.notice.is_some().then_some(false)
    }
}

/// Takes out of the field what was sent; what was typed since stays.
fn empty() {
    let Some((_, text)) = SENT.take() else { return };
    if let Some(field) = field()
        && let Some(rest) = field.value().strip_prefix(text.as_str())
    {
        field.set_value(rest.trim_start());
    }
}

fn fill(live: Live) {
    let (Some(field), Some(draft)) = (field(), now(live).talk.draft) else {
        return;
    };
    field.set_value(&draft.text);
    WRITTEN_AGAIN.set(Some(draft.replaces));
    live.state.update(|state| state.talk.draft = None);
    _ = field.unchecked_into::<HtmlElement>().focus();
}

fn field() -> Option<HtmlTextAreaElement> {
    super::element(FIELD).map(JsCast::unchecked_into)
}
