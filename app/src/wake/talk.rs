//! Saying something, also otherwise: the field is emptied once its text is kept in the outbox, and filled with what is written again
//! or changed.

use std::cell::{Cell, RefCell};

use domain::command::Act;
use domain::id::{CommandId, MessageId, NodeId};
use domain::link::Panel;
use domain::talk::MessageRow;
use leptos::prelude::{Effect, Update, With, WithUntracked, document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use super::forms;
use crate::live::{Denied, Form, Live, State};
use crate::talk::{BEGINNING, Draft, FIELD, anchor};

thread_local! {
    /// What was sent and is not known to be kept yet.
    static SENT: RefCell<Option<Sent>> = const { RefCell::new(None) };
    /// The refused act whose text is in the field.
    static WRITTEN_AGAIN: RefCell<Option<CommandId>> = const { RefCell::new(None) };
    /// What was in the field before a message was put there to be changed.
    static ASIDE: RefCell<Option<Aside>> = const { RefCell::new(None) };
    /// Older messages were asked for by the button.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

struct Sent {
    message: MessageId,
    text: String,
    is_change: bool,
}

struct Aside {
    node: NodeId,
    text: String,
    written_again: Option<CommandId>,
}

pub(super) fn send(live: Live, form: &Element) {
    let (panel, changing, reply_to) = live
        .state
        .with_untracked(|state| (state.page.panel, state.talk.changing, state.talk.reply_to));
    let Panel::Node(node) = panel else { return };
    if SENT.with_borrow(Option::is_some) {
        // The one before is being written to disk: it is still in the field.
        return;
    }
    let text = forms::value(form, "[name=message]");
    let message = changing.unwrap_or_else(|| MessageId(live.ports.new_id()));
    let act = if changing.is_some() {
        let is_same = |state: &State| find(state, message).is_some_and(|row| says(row, &text));
        if live.state.with_untracked(is_same) {
            just_say(live);
            return;
        }
        Act::ChangeMessage {
            message,
            node,
            text: text.clone(),
        }
    } else {
        Act::SendMessage {
            message,
            node,
            text: text.clone(),
            reply_to,
        }
    };
    SENT.set(Some(Sent {
        message,
        text,
        is_change: changing.is_some(),
    }));
    if !forms::act_of(live, Form::Talk, act, None) {
        SENT.set(None);
    } else if let Some(replaced) = WRITTEN_AGAIN.take() {
        live.ports.discard(replaced);
    }
}

/// Puts a refused message, or a refused change of one, back into its knot's form.
pub(super) fn edit(live: Live, command: CommandId, act: &Act) {
    let (node, text, changing, reply_to) = match act {
        Act::SendMessage {
            node,
            text,
            reply_to,
            ..
        } => (*node, text, None, *reply_to),
        Act::ChangeMessage {
            message,
            node,
            text,
        } => (*node, text, Some(*message), None),
        _ => return,
    };
    if live.state.with_untracked(|state| state.page.panel) != Panel::Node(node) {
        live.ports.navigate(Panel::Node(node));
    }
    let draft = Draft {
        replaces: command,
        text: text.clone(),
        changing,
        reply_to,
    };
    live.state.update(|state| {
        state.refused = None;
        state.talk.draft = Some(draft);
    });
}

/// Puts one's own message into the field, to be said otherwise.
pub(super) fn reword(live: Live, message: MessageId) {
    let text = |state: &State| find(state, message).map(|row| row.text.clone());
    if let Some(text) = live.state.with_untracked(text) {
        change(live, message, &text, None);
    }
}

fn change(live: Live, message: MessageId, text: &str, again: Option<CommandId>) {
    let (Some(field), Panel::Node(node)) =
        (field(), live.state.with_untracked(|state| state.page.panel))
    else {
        return;
    };
    // What is being written to disk is still in the field.
    if SENT.with_borrow(Option::is_some) {
        return;
    }
    let before = WRITTEN_AGAIN.replace(again);
    ASIDE.with_borrow_mut(|aside| {
        aside.get_or_insert_with(|| Aside {
            node,
            text: field.value(),
            written_again: before,
        });
    });
    field.set_value(text);
    live.state.update(|state| {
        state.refused = None;
        state.talk.withdrawing = None;
        state.talk.changing = Some(message);
    });
    super::focus(FIELD);
}

/// Lets the form answer a message.
pub(super) fn answer(live: Live, message: MessageId) {
    live.state.update(|state| {
        state.refused = None;
        state.talk.withdrawing = None;
        state.talk.changing = None;
        state.talk.reply_to = Some(message);
    });
    super::focus(FIELD);
}

/// Lets the form be what it was before a message was changed, or say something that answers none.
pub(super) fn just_say(live: Live) {
    let mut left = None;
    live.state.update(|state| {
        state.refused = None;
        left = (state.talk.changing.take()).or_else(|| state.talk.reply_to.take());
    });
    back_to(left);
}

/// Takes one's own message back, once that is pressed again.
pub(super) fn take_back(live: Live, message: MessageId) {
    let (panel, withdrawing) = live
        .state
        .with_untracked(|state| (state.page.panel, state.talk.withdrawing));
    let Panel::Node(node) = panel else { return };
    if withdrawing != Some(message) {
        live.state
            .update(|state| state.talk.withdrawing = Some(message));
        return;
    }
    let act = Act::WithdrawMessage { message, node };
    let judged = live.state.with_untracked(|state| state.judge(act.clone()));
    live.state.update(|state| {
        state.talk.withdrawing = None;
        state.refused = judged
            .err()
            .map(|refusal| (Form::Talk, Denied::Rule(refusal)));
    });
    if judged.is_ok() {
        live.ports.submit(act, None);
    }
    back_to(Some(message));
}

/// The button that was pressed is gone: its message has the focus.
fn back_to(message: Option<MessageId>) {
    if let Some(message) = message {
        request_animation_frame(move || super::focus(&anchor(message)));
    }
}

fn find(state: &State, message: MessageId) -> Option<&MessageRow> {
    state.view.messages.iter().find(|row| row.id == message)
}

/// Whether it says that already.
fn says(row: &MessageRow, text: &str) -> bool {
    domain::talk::message(text).is_ok_and(|text| text == row.text)
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

/// Watches what becomes of a message that was sent, for one that is written again, and for the end of a change.
pub(super) fn follow(live: Live) {
    Effect::new(move |_| {
        let (is_over, drafted, is_asking, is_changing, panel) = live.state.with(|state| {
            (
                SENT.with_borrow(|sent| sent.as_ref().map(|sent| outcome(state, sent))),
                state.talk.draft.is_some(),
                state.talk.asking,
                state.talk.changing.is_some(),
                state.page.panel,
            )
        });
        match is_over.flatten() {
            Some(true) => kept(live),
            Some(false) => SENT.set(None),
            None => {}
        }
        if !is_changing && let Some(aside) = ASIDE.take() {
            restore(&aside, panel);
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
fn outcome(state: &State, sent: &Sent) -> Option<bool> {
    let is_it = |act: &Act| match act {
        Act::SendMessage { message, .. } => !sent.is_change && *message == sent.message,
        Act::ChangeMessage { message, text, .. } => {
            sent.is_change && *message == sent.message && *text == sent.text
        }
        _ => false,
    };
    let row = find(state, sent.message);
    if row.is_some_and(|row| !sent.is_change || says(row, &sent.text))
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

/// Takes out of the field what was sent; what was typed since stays. A change leaves it to what was there before.
fn kept(live: Live) {
    let Some(sent) = SENT.take() else { return };
    if sent.is_change {
        live.state.update(|state| state.talk.changing = None);
        back_to(Some(sent.message));
        return;
    }
    if let Some(field) = field()
        && let Some(rest) = field.value().strip_prefix(sent.text.as_str())
    {
        field.set_value(rest.trim_start());
    }
    live.state.update(|state| state.talk.reply_to = None);
}

/// Puts back what was in the field before, where that one is still open.
fn restore(aside: &Aside, panel: Panel) {
    WRITTEN_AGAIN.set(None);
    if panel == Panel::Node(aside.node)
        && let Some(field) = field()
    {
        field.set_value(&aside.text);
        WRITTEN_AGAIN.set(aside.written_again);
    }
}

fn fill(live: Live) {
    let (Some(field), Some(draft)) = (
        field(),
        live.state.with_untracked(|state| state.talk.draft.clone()),
    ) else {
        return;
    };
    live.state.update(|state| state.talk.draft = None);
    if let Some(message) = draft.changing {
        change(live, message, &draft.text, Some(draft.replaces));
        return;
    }
    ASIDE.set(None);
    field.set_value(&draft.text);
    WRITTEN_AGAIN.set(Some(draft.replaces));
    live.state.update(|state| {
        state.talk.changing = None;
        state.talk.reply_to = draft.reply_to;
        state.settle_talk();
    });
    _ = field.unchecked_into::<HtmlElement>().focus();
}

fn field() -> Option<HtmlTextAreaElement> {
    super::element(FIELD).map(JsCast::unchecked_into)
}
