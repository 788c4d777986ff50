//! The form to change a knot. What is not changed in it stays as it is, whoever changes that meanwhile.

use domain::command::Act;
use domain::id::NodeId;
use domain::link::Panel;
use domain::page::Viewer;
use domain::refusal::Refusal;
use domain::view::NodeRow;
use domain::weave::{NodeKind, Part};

use super::form;
use super::holds::keepers;
use super::node::absent;
use super::particulars;
use super::place::place;
use super::versions::{card, with};
use crate::live::Form;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::why;

/// The panel to change a knot.
#[must_use]
pub fn change(look: &Look<'_>, id: NodeId) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let Some(base) = state.base() else {
        return absent(look);
    };
    let top = parts::top(look, parts::title(w.change_title.into()));
    if state.me.is_none() {
        let (panel, word) = match state.page.viewer {
            Viewer::Guest => (Panel::SignIn, w.me_sign_in),
            Viewer::Account { .. } | Viewer::Role { .. } => (Panel::Me, w.me_register_submit),
        };
        return vec![
            top,
            parts::hint(w.change_guest.into()),
            parts::link(panel).set("class", "button primary").say(word),
        ];
    }
    if let Err(refusal @ (Refusal::NodeNotYours { .. } | Refusal::NodeCovered)) =
        state.may_change(base)
    {
        return vec![
            top,
            el("p").text(why::refusal(look, &refusal)),
            el("div").maybe(keepers(look, base, Part::Text)),
            back(look, id),
        ];
    }
    let mut content = vec![top];
    if let Some(newer) = state.node(id).filter(|row| row.version > base.version) {
        content.push(
            of("section", "versions")
                .set("role", "status")
                .child(el("p").say(w.change_meanwhile))
                .child(card(look, el("h2").say(w.version_other), newer, base)),
        );
    } else if let Some(draft) = state
        .draft
        .as_ref()
        .filter(|draft| draft.replaces.is_some())
    {
        // One's own came back: what it would replace stays in sight.
        let mine = with(base, &draft.act);
        content.push(
            of("section", "versions")
                .child(el("p").say(w.change_merge))
                .child(card(look, el("h2").say(w.version_other), base, &mine)),
        );
    }
    content.push(fields(look, base));
    content.extend(parts::without_script(look));
    content
}

fn back(look: &Look<'_>, id: NodeId) -> Element {
    parts::link(Panel::Node(id))
        .set("class", "button")
        .say(look.words.change_back)
}

fn fields(look: &Look<'_>, base: &NodeRow) -> Element {
    let w = look.words;
    let draft = look.state.draft.as_ref().map(|draft| &draft.act);
    let (mut title, mut text, mut starts_at) = (&base.title, &base.text, base.starts_at);
    let mut said = base.particulars.clone();
    if let Some(Act::ChangeNode {
        title: own_title,
        text: own_text,
        starts_at: own_start,
        particulars: own,
        ..
    }) = draft
    {
        title = own_title.as_ref().unwrap_or(title);
        text = own_text.as_ref().unwrap_or(text);
        starts_at = own_start.or(starts_at);
        said.change(own);
    }
    let is_event = base.kind == NodeKind::Event;
    el("form")
        .set("class", "form")
        .set("data-form", "change")
        .attr("data-base", base.version.to_string().into())
        .flag("data-only-script", true)
        .flag("novalidate", true)
        .child(form::title(look, Form::Change, title.clone().into()))
        .maybe(is_event.then(|| form::start(look, Form::Change, starts_at, said.zone.as_deref())))
        .all(particulars::fields(
            look,
            Form::Change,
            Some(base.kind),
            &said,
        ))
        .child(form::text(look, Form::Change, text.clone().into()))
        .child(place(look, Form::Change))
        .maybe(form::error(look, Form::Change, form::elsewhere).map(parts::alert))
        .child(
            of("div", "send")
                .child(parts::submit(w.change_submit).flag("disabled", !look.state.awake))
                .child(back(look, base.id))
                .child(parts::hint(w.change_life.into())),
        )
}
