//! The form to knot a node. Fields keep what is typed in the document; rules are asked when it is sent.

use domain::link::Panel;
use domain::page::Viewer;
use domain::refusal::Refusal;
use domain::weave::NodeKind;

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
        return vec![
            top,
            parts::hint(text.into()),
            parts::link(panel).set("class", "button primary").say(word),
        ];
    }
    let draft = state.draft.as_ref();
    let title = el("input")
        .set("type", "text")
        .set("autocomplete", "off")
        .attr(
            "value",
            draft.map_or(Text::Borrowed(""), |draft| draft.title.clone().into()),
        );
    let text = el("textarea")
        .set("rows", "4")
        .text(draft.map_or(Text::Borrowed(""), |draft| draft.text.clone().into()));
    let start_value = draft
        .and_then(|draft| draft.starts_at)
        .map_or(String::new(), |at| look.local_input(at));
    let start = el("input")
        .set("type", "datetime-local")
        .attr("value", start_value.into());
    let place = place(look, Form::Weave)
        .maybe(error(look, |refusal| matches!(refusal, Refusal::PlaceInvalid)).map(parts::alert));
    let body = el("form")
        .set("class", "form")
        .set("data-form", "weave")
        .flag("data-only-script", true)
        .flag("novalidate", true)
        .child(kinds(look))
        .child(parts::field(
            "title-of-knot",
            w.weave_name,
            w.weave_name_hint,
            title,
            error(look, |refusal| {
                matches!(refusal, Refusal::TitleLength { .. })
            }),
        ))
        .child(
            parts::field(
                "start",
                w.weave_start,
                "",
                start,
                error(look, |refusal| {
                    matches!(refusal, Refusal::StartMissing | Refusal::StartOutOfRange)
                }),
            )
            .set("data-only", "event"),
        )
        .child(parts::field(
            "text",
            w.weave_text,
            w.weave_text_hint,
            text,
            error(look, |refusal| {
                matches!(refusal, Refusal::TextLength { .. })
            }),
        ))
        .child(place)
        .maybe(error(look, elsewhere).map(parts::alert))
        .child(
            of("div", "send")
                .child(parts::submit(w.weave_submit).flag("disabled", !state.awake))
                .child(parts::hint(w.weave_life.into())),
        );
    let mut content = vec![top, body];
    content.extend(parts::without_script(look));
    content
}

/// The reason in words, if the last refusal is one of those that `here` shows.
fn error(look: &Look<'_>, here: fn(&Refusal) -> bool) -> Option<Text> {
    match &look.state.refused {
        Some((Form::Weave, Denied::Rule(refusal))) if here(refusal) => {
            Some(why::refusal(look, refusal))
        }
        _ => None,
    }
}

/// Refusals that belong to no field of this form.
const fn elsewhere(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::TitleLength { .. }
            | Refusal::TextLength { .. }
            | Refusal::StartMissing
            | Refusal::StartOutOfRange
            | Refusal::PlaceInvalid
    )
}

fn kinds(look: &Look<'_>) -> Element {
    let chosen = look
        .state
        .draft
        .as_ref()
        .map_or(NodeKind::Idea, |draft| draft.kind);
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

/// The point that is meant, and how to choose another. From too far out none is: what helps is offered instead.
#[must_use]
pub(crate) fn place(look: &Look<'_>, form: Form) -> Element {
    let w = look.words;
    let state = look.state;
    let field = el("fieldset")
        .set("class", "field place")
        .child(el("legend").say(w.weave_place));
    let mut ways = of("div", "buttons").child(
        parts::button("button small", Press::Locate)
            .child(parts::icon("locate"))
            .child(el("span").say(w.weave_locate)),
    );
    let field = if let Some(place) = state.place() {
        let how = match state.chosen {
            Some(_) => w.weave_place_chosen,
            None if state.mapless => w.weave_place_mapless,
            None => w.weave_place_middle,
        };
        field
            .child(
                of("p", "spot")
                    .child(parts::icon("place"))
                    .child(of("span", "figures").text(look.coordinates(place).into())),
            )
            .child(parts::hint(how.into()))
    } else {
        let how = if state.mapless {
            w.place_far_mapless
        } else {
            let nearer = Press::Nearer(state.page.camera.centre);
            ways = ways.child(
                parts::button("button small", nearer)
                    .child(parts::icon("zoom"))
                    .child(el("span").say(w.nearer)),
            );
            w.place_far
        };
        let denied = state.refused == Some((form, Denied::TooFarOut));
        field
            .child(parts::hint(how.into()))
            .maybe(denied.then(|| parts::alert(w.denied_far.into())))
    };
    field.maybe(state.awake.then_some(ways))
}
