//! The form to knot a node, and its fields, which the form to change one has too. Fields keep what is typed in the document; rules
//! are asked when it is sent.

use domain::command::Act;
use domain::link::Panel;
use domain::page::Viewer;
use domain::refusal::Refusal;
use domain::time::Millis;
use domain::weave::{NodeKind, Particulars};

use super::alike::alike_knots;
use super::particulars;
use super::place::place;
use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::why;

/// The panel to weave.
#[must_use]
pub fn form(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let top = parts::top(look, parts::title(w.weave_title.into()));
    if state.me.is_none() {
        let (text, panel, word) = match state.page.viewer {
            Viewer::Guest => (w.weave_guest, Panel::SignIn, w.me_sign_in),
            Viewer::Account { .. } | Viewer::Role { .. } => {
                (w.weave_no_role, Panel::Me, w.me_register_submit)
            }
        };
        let mut content = vec![
            top,
            parts::hint(text.into()).flag("data-only-script", true),
            parts::link(panel)
                .set("class", "button primary")
                .flag("data-only-script", true)
                .say(word),
        ];
        content.extend(parts::without_script(look));
        return content;
    }
    let (kind, title_now, text_now, starts_at, said) =
        match state.draft.as_ref().map(|draft| &draft.act) {
            Some(Act::KnotNode {
                kind,
                title,
                text,
                starts_at,
                particulars,
                ..
            }) => (
                *kind,
                title.clone(),
                text.clone(),
                *starts_at,
                particulars.clone(),
            ),
            _ => (
                NodeKind::Idea,
                String::new(),
                String::new(),
                None,
                Particulars::default(),
            ),
        };
    let place = place(look, Form::Weave).maybe(
        error(look, Form::Weave, |refusal| {
            matches!(refusal, Refusal::PlaceInvalid)
        })
        .map(parts::alert),
    );
    let body = el("form")
        .set("class", "form")
        .set("data-form", "weave")
        .flag("data-only-script", true)
        .flag("novalidate", true)
        .maybe(far(look))
        .child(kinds(look, kind))
        .child(title(look, Form::Weave, title_now.into()))
        .maybe(alike_knots(look))
        .child(start(look, Form::Weave, starts_at, said.zone.as_deref()).set("data-only", "event"))
        .all(particulars::fields(look, Form::Weave, None, &said))
        .child(text(look, Form::Weave, text_now.into()))
        .child(place)
        .maybe(error(look, Form::Weave, elsewhere).map(parts::alert))
        .child(
            of("div", "send")
                .child(parts::submit(w.weave_submit).flag("disabled", !state.awake))
                .child(parts::hint(w.weave_life.into())),
        );
    let mut content = vec![top, body];
    content.extend(parts::without_script(look));
    content
}

/// Said before anything is typed: from so far out no place can be meant.
fn far(look: &Look<'_>) -> Option<Element> {
    let state = look.state;
    let is_far = state.awake && !state.mapless && state.place().is_none();
    is_far.then(|| {
        let nearer = Press::Nearer(state.page.camera.centre);
        // A tag that no field beside it has: what is typed there stays theirs when it comes and goes.
        of("aside", "banner")
            .set("data-tone", "calm")
            .child(parts::icon("zoom"))
            .child(el("p").say(look.words.weave_far))
            .child(parts::button("text", nearer).say(look.words.nearer))
    })
}

/// The field of a knot's title.
pub(super) fn title(look: &Look<'_>, form: Form, value: Text) -> Element {
    let w = look.words;
    let input = el("input")
        .set("type", "text")
        .set("autocomplete", "off")
        .attr("value", value);
    let wrong = error(look, form, |refusal| {
        matches!(refusal, Refusal::TitleLength { .. })
    });
    parts::field(
        "title-of-knot",
        w.weave_name,
        w.weave_name_hint,
        input,
        wrong,
    )
}

/// The field of what a knot says.
pub(super) fn text(look: &Look<'_>, form: Form, value: Text) -> Element {
    let w = look.words;
    let area = el("textarea").set("rows", "4").text(value);
    let wrong = error(look, form, |refusal| {
        matches!(refusal, Refusal::TextLength { .. })
    });
    parts::field("text", w.weave_text, w.weave_text_marks, area, wrong)
}

/// The field of an event's start, by the clocks of its time zone.
pub(super) fn start(
    look: &Look<'_>,
    form: Form,
    at: Option<Millis>,
    zone: Option<&str>,
) -> Element {
    let value = at.map_or(String::new(), |at| look.local_input(at, zone));
    let input = el("input")
        .set("type", "datetime-local")
        .attr("value", value.into());
    let wrong = error(look, form, |refusal| {
        matches!(refusal, Refusal::StartMissing | Refusal::StartOutOfRange)
    });
    parts::field("start", look.words.weave_start, "", input, wrong)
}

/// The reason in words, if the last refusal of that form is one of those that `here` shows.
pub(super) fn error(look: &Look<'_>, form: Form, here: fn(&Refusal) -> bool) -> Option<Text> {
    match &look.state.refused {
        Some((refused, Denied::Rule(refusal))) if *refused == form && here(refusal) => {
            Some(why::refusal(look, refusal))
        }
        _ => None,
    }
}

/// Refusals that belong to no field.
pub(super) const fn elsewhere(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::TitleLength { .. }
            | Refusal::TextLength { .. }
            | Refusal::StartMissing
            | Refusal::StartOutOfRange
            | Refusal::EndBeforeStart
            | Refusal::EndOutOfRange { .. }
            | Refusal::ZoneInvalid
            | Refusal::NightsOutOfRange { .. }
            | Refusal::GuestsOutOfRange { .. }
            | Refusal::LentOutOfRange
            | Refusal::PlaceInvalid
    )
}

fn kinds(look: &Look<'_>, chosen: NodeKind) -> Element {
    let choices = NodeKind::BY_HAND
        .into_iter()
        .map(|kind| {
            of("label", "choice")
                .set("data-kind", kind.code())
                .child(
                    el("input")
                        .set("type", "radio")
                        .set("name", "kind")
                        .set("value", kind.code())
                        .flag("checked", kind == chosen),
                )
                .child(parts::icon(kind.code()))
                .child(el("span").say(parts::kind_word(look.words, kind)))
        })
        .collect();
    el("fieldset")
        .set("class", "kinds")
        .child(el("legend").say(look.words.weave_kind))
        .child(of("div", "choices").all(choices))
}
