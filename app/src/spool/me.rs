//! Account, role, and what waits.

use domain::command::Act;
use domain::link::Panel;
use domain::page::Viewer;
use domain::refusal::Refusal;
use domain::spool::Placed;
use domain::view::Me;

use super::{placement, profile, standing, waiting};
use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::talk::conversations;
use crate::why;
use crate::words::fill;

/// The panel about oneself.
#[must_use]
pub fn me(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let mut content = vec![parts::top(look, parts::title(w.me_title.into()))];
    match &state.page.viewer {
        Viewer::Guest => content.push(
            of("section", "block")
                .child(el("h2").say(w.me_guest_title))
                .child(el("p").say(w.me_guest))
                .child(
                    parts::link(Panel::SignIn)
                        .set("class", "button primary")
                        .say(w.me_sign_in),
                ),
        ),
        Viewer::Account { email, .. } | Viewer::Role { email, .. } => {
            match &state.me {
                Some(me) => {
                    content.push(conversations(look));
                    content.extend(role(look, me));
                }
                None => content.push(register(look)),
            }
            content.insert(1, ways(look));
            content.push(account(look, email));
        }
    }
    // What waits stands first where something does: it may need an answer.
    let waiting = waiting::waiting(look);
    // Keys of its own, so that the forms stay what they are, with what is typed in them, when it comes and goes.
    if state.waiting.is_empty() && look.open_count() == 0 {
        content.push(waiting.key(1));
    } else {
        content.insert(1, waiting.key(2));
    }
    content
}

/// To what is new, and to the parts of the map that one follows.
fn ways(look: &Look<'_>) -> Element {
    let w = look.words;
    let mut count = String::new();
    if look.state.page.news > 0 {
        count.push_str(" · ");
        count.push_str(&look.state.page.news.to_string());
    }
    of("p", "buttons")
        .child(
            parts::link(Panel::News(0))
                .set("class", "button")
                .say(w.me_news)
                .text(count.into()),
        )
        .child(
            parts::link(Panel::Areas)
                .set("class", "button")
                .say(w.me_areas),
        )
}

fn account(look: &Look<'_>, email: &str) -> Element {
    let w = look.words;
    of("section", "block account")
        .child(el("p").text(fill(w.me_signed_in, "email", email).into()))
        .child(
            el("form")
                .set("method", "post")
                .set("action", "/abmelden")
                .set("data-form", "sign-out")
                .child(
                    of("button", "button")
                        .set("type", "submit")
                        .say(w.me_sign_out),
                ),
        )
}

fn register(look: &Look<'_>) -> Element {
    let w = look.words;
    let (name, now) = match draft(look) {
        Some(Act::RegisterRole { name, placement }) => (name.clone(), placement.placed()),
        _ => (String::new(), Placed::Hidden),
    };
    let name = name_input(name.into());
    of("section", "block")
        .child(el("h2").say(w.me_register_title))
        .child(el("p").say(w.me_register_text))
        .child(
            form("register")
                .child(parts::field(
                    "name",
                    w.me_name,
                    w.me_name_hint,
                    name,
                    name_error(look, Form::Register),
                ))
                .child(placement::choice(look, now, Form::Register))
                .maybe(other_error(look, Form::Register))
                .child(parts::submit(w.me_register_submit).flag("disabled", !look.state.awake)),
        )
        .maybe(placement::previewed(look))
        .maybe(parts::without_script(look))
}

fn role(look: &Look<'_>, me: &Me) -> Vec<Element> {
    let w = look.words;
    let asleep = !look.state.awake;
    let name = match draft(look) {
        Some(Act::RenameRole { name }) => name,
        _ => &me.name,
    };
    let placed = match draft(look) {
        Some(Act::PlaceRole { placement }) => placement.placed(),
        _ => me.placed,
    };
    vec![
        of("section", "block card")
            .child(of("span", "seal").child(parts::icon("spool")))
            .child(
                el("div")
                    .child(el("h2").text(me.name.clone().into()))
                    .child(parts::hint(placement::now(look, me.placed)))
                    .child(
                        el("p").child(
                            parts::link(Panel::Role(me.role))
                                .set("class", "text")
                                .say(w.me_public),
                        ),
                    )
                    .maybe(done(look, Form::Register)),
            ),
        standing::own(look, me),
        of("section", "block")
            .child(el("h2").say(w.me_name_title))
            .child(
                form("rename")
                    .child(parts::field(
                        "name",
                        w.me_name,
                        w.me_name_hint,
                        name_input(name.clone().into()),
                        name_error(look, Form::Rename),
                    ))
                    .maybe(other_error(look, Form::Rename))
                    .child(
                        of("button", "button")
                            .set("type", "submit")
                            .say(w.me_name_submit)
                            .flag("disabled", asleep),
                    )
                    .maybe(done(look, Form::Rename)),
            )
            .maybe(parts::without_script(look)),
        profile::edited(look, me),
        of("p", "byline").child(
            parts::link(Panel::Portrait)
                .set("class", "text")
                .say(w.me_portrait),
        ),
        of("section", "block")
            .child(
                form("place")
                    .child(placement::choice(look, placed, Form::Place))
                    .maybe(other_error(look, Form::Place))
                    .child(
                        of("button", "button")
                            .set("type", "submit")
                            .say(w.me_place_submit)
                            .flag("disabled", asleep),
                    )
                    .maybe(done(look, Form::Place)),
            )
            .maybe(placement::previewed(look)),
    ]
}

pub(super) fn form(name: &'static str) -> Element {
    el("form")
        .set("class", "form")
        .set("data-form", name)
        .flag("data-only-script", true)
        .flag("novalidate", true)
}

/// The act that came back and is edited again here.
pub(super) fn draft<'a>(look: &Look<'a>) -> Option<&'a Act> {
    look.state.draft.as_ref().map(|draft| &draft.act)
}

/// What became of a form that was just sent. What came back says so itself, further up.
pub(super) fn done(look: &Look<'_>, form: Form) -> Option<Element> {
    let w = look.words;
    let state = look.state;
    if state.sent != Some(form) {
        return None;
    }
    let of_form = |act: &Act| {
        matches!(
            (form, act),
            (Form::Register, Act::RegisterRole { .. })
                | (Form::Rename, Act::RenameRole { .. })
                | (Form::Place, Act::PlaceRole { .. })
                | (Form::Describe, Act::DescribeRole { .. })
        )
    };
    let mut acts = state.waiting.iter();
    match acts.find(|waiting| of_form(&waiting.command.act)) {
        Some(waiting) if waiting.is_open() => Some(parts::waiting(match form {
            Form::Register => w.me_register_waiting,
            Form::Rename
            | Form::Describe
            | Form::Place
            | Form::Weave
            | Form::Change
            | Form::Talk
            | Form::Act => w.me_on_its_way,
        })),
        Some(_) => None,
        None => Some(parts::done(match form {
            Form::Register => w.me_registered,
            Form::Rename => w.me_renamed,
            Form::Describe => w.me_described,
            Form::Place | Form::Weave | Form::Change | Form::Talk | Form::Act => w.me_shown,
        })),
    }
}

fn name_input(value: Text) -> Element {
    el("input")
        .set("type", "text")
        .set("autocomplete", "nickname")
        .attr("value", value)
}

fn name_error(look: &Look<'_>, form: Form) -> Option<Text> {
    match &look.state.refused {
        Some((refused, Denied::Rule(refusal @ Refusal::NameLength { .. }))) if *refused == form => {
            Some(why::refusal(look, refusal))
        }
        _ => None,
    }
}

pub(super) fn other_error(look: &Look<'_>, form: Form) -> Option<Element> {
    match &look.state.refused {
        Some((_, Denied::Rule(Refusal::NameLength { .. }))) => None,
        Some((refused, Denied::Rule(refusal))) if *refused == form => {
            Some(parts::alert(why::refusal(look, refusal)))
        }
        _ => None,
    }
}
