//! The form to say something, to answer, and to say otherwise what one said. The field keeps what is typed in the document until it is
//! kept in the outbox.

use domain::link::Panel;
use domain::page::Viewer;
use domain::refusal::Refusal;
use domain::talk::Quoted;
use domain::view::NodeRow;
use domain::weave::Part;

use super::at_hand;
use super::list::beginning_of;
use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::keepers;
use crate::why;
use crate::words::fill;

/// The name of the field.
pub(crate) const FIELD: &str = "message";

/// The form; where a rule lets one say nothing here, that rule in its place.
pub(super) fn form(
    look: &Look<'_>,
    node: &NodeRow,
    is_gone: bool,
    refusal: Option<&Refusal>,
) -> Element {
    let w = look.words;
    let state = look.state;
    if is_gone {
        return parts::hint(w.talk_gone.into());
    }
    if state.me.is_none() {
        let (text, panel, word) = match state.page.viewer {
            Viewer::Guest => (w.talk_guest, Panel::SignIn, w.me_sign_in),
            Viewer::Account { .. } | Viewer::Role { .. } => {
                (w.talk_no_role, Panel::Me, w.me_register_submit)
            }
        };
        return parts::hint(text.into())
            .flag("data-only-script", true)
            .say(" ")
            .child(parts::link(panel).say(word));
    }
    if let Some(refusal) = refusal.filter(|_| state.awake) {
        let said = el("div").child(parts::hint(why::refusal(look, refusal)));
        return said.maybe(keepers(look, node, Part::Talk));
    }
    let error = match &state.refused {
        Some((Form::Talk, Denied::Rule(refusal))) => Some(why::refusal(look, refusal)),
        _ => None,
    };
    let field = el("textarea")
        .set("rows", "2")
        .set("autocomplete", "off")
        .set("enterkeyhint", "enter");
    let submit = if state.talk.changing.is_some() {
        w.talk_change_submit
    } else {
        w.talk_submit
    };
    el("form")
        .set("class", "form")
        .set("data-form", "talk")
        .flag("data-changes", state.talk.changing.is_some())
        .flag("data-only-script", true)
        .flag("novalidate", true)
        .maybe(meant(look))
        .child(parts::field(
            FIELD,
            w.talk_message,
            w.talk_message_hint,
            field,
            error,
        ))
        .child(of("div", "send").child(parts::submit(submit).flag("disabled", !state.awake)))
}

/// What the form is for where it does not just say something, and the way back to that. It has a key, so that the field stays the one
/// in which somebody types.
fn meant(look: &Look<'_>) -> Option<Element> {
    let w = look.words;
    let talk = &look.state.talk;
    let text = if talk.changing.is_some() {
        w.talk_changing.into()
    } else {
        let quoted = Quoted::from(at_hand(look, talk.reply_to?)?);
        let mut text = fill(w.talk_replying, "name", &quoted.role_name);
        text.push(' ');
        text.push_str(&beginning_of(look, &quoted));
        text.into()
    };
    Some(
        of("div", "meant")
            .key(1)
            .child(el("p").set("role", "status").text(text))
            .child(parts::button("text", Press::JustSay).say(w.talk_just_say)),
    )
}
