//! What forms send. Fields keep what is typed; they are read when the form is sent.

use domain::command::Act;
use domain::id::NodeId;
use domain::link::Panel;
use domain::place::Radius;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::weave::NodeKind;
use leptos::prelude::{Update, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{element, now};
use crate::live::{Form, Live, State};

pub(super) fn send(live: Live, form: &Element) {
    let name = form.get_attribute("data-form").unwrap_or_default();
    let state = now(live);
    match name.as_str() {
        "weave" => weave(live, &state, form),
        "register" => {
            let act = Act::RegisterRole {
                name: value(form, "[name=name]"),
                placement: placement(&state, form),
            };
            act_of(live, &state, Form::Register, act, None);
        }
        "rename" => {
            let act = Act::RenameRole {
                name: value(form, "[name=name]"),
            };
            act_of(live, &state, Form::Rename, act, None);
        }
        "place" => {
            let act = Act::PlaceRole {
                placement: placement(&state, form),
            };
            act_of(live, &state, Form::Place, act, None);
        }
        "mail" => {
            live.state.update(|state| {
                state.sign_in.busy = true;
                state.sign_in.problem = None;
            });
            live.ports.ask_mail(value(form, "[name=email]"));
        }
        "code" => {
            live.state.update(|state| {
                state.sign_in.busy = true;
                state.sign_in.problem = None;
            });
            // As it stands in the mail it may have gaps.
            let code = value(form, "[name=code]")
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            live.ports.send_code(value(form, "[name=email]"), code);
        }
        "talk" => super::talk::send(live, &state, form),
        "sign-out" => live.ports.sign_out(),
        _ => {}
    }
}

fn weave(live: Live, state: &State, form: &Element) {
    let kind = NodeKind::from_code(&value(form, "[name=kind]:checked")).unwrap_or(NodeKind::Idea);
    let start = value(form, "[name=start]");
    let starts_at = (kind == NodeKind::Event)
        .then(|| live.ports.moment_of(&start))
        .flatten();
    let node = NodeId(live.ports.new_id());
    let act = Act::KnotNode {
        node,
        kind,
        title: value(form, "[name=title-of-knot]"),
        text: value(form, "[name=text]"),
        place: state.place(),
        starts_at,
    };
    if act_of(live, state, Form::Weave, act, Some(Panel::Node(node)))
        && let Some(replaced) = state.draft.as_ref().and_then(|draft| draft.replaces)
    {
        live.ports.discard(replaced);
    }
}

/// Asks the domain, then keeps and sends; what it says no to stands in words beside the field. Whether it
/// was kept.
pub(super) fn act_of(live: Live, state: &State, form: Form, act: Act, then: Option<Panel>) -> bool {
    let judged = state.judge(act.clone());
    live.state.update(|state| {
        state.notice = None;
        state.refused = judged.err().map(|refusal: Refusal| (form, refusal));
    });
    if judged.is_ok() {
        live.ports.submit(act, then);
        return true;
    }
    request_animation_frame(|| {
        let wrong = element("panel").and_then(|panel| {
            panel
                .query_selector("[aria-invalid], form [role=alert]")
                .ok()
                .flatten()
        });
        if let Some(wrong) = wrong {
            _ = wrong.unchecked_into::<HtmlElement>().focus();
        }
    });
    false
}

fn placement(state: &State, form: &Element) -> Placement {
    let place = state.place();
    match value(form, "[name=show]:checked").as_str() {
        "exact" => Placement::Exact { place },
        "radius" => {
            let metres = value(form, "[name=radius]").parse().ok();
            let radius = metres.and_then(Radius::from_metres).unwrap_or(Radius::M500);
            Placement::Radius { place, radius }
        }
        _ => Placement::Hidden,
    }
}

/// The value of a field: inputs, text areas and selects all have one.
pub(super) fn value(form: &Element, selector: &str) -> String {
    match form.query_selector(selector) {
        Ok(Some(field)) => field.unchecked_into::<HtmlInputElement>().value(),
        Ok(None) | Err(_) => String::new(),
    }
}
