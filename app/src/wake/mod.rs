//! The page in the browser: takes over what the server rendered and listens to the person.

mod forms;
mod gestures;
mod presses;
mod search;
mod served;
mod talk;
mod taps;

use domain::link::Panel;
use domain::page::{Detail, SignInStep, Viewer};
use leptos::mount::hydrate_from;
use leptos::prelude::{Effect, RwSignal, Update, With, document, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::frame;
use crate::live::{Live, Sheet, State};
use crate::look::Look;
use crate::ports::Ports;

/// Takes over the page that the server rendered from the same state, and keeps it true from then on.
pub fn wake(mut state: State, ports: &'static dyn Ports) -> Live {
    served::read(&mut state);
    let live = Live {
        state: RwSignal::new(state),
        ports,
    };
    let Some(root) = element("app") else {
        return live;
    };
    hydrate_from(root.clone().unchecked_into(), move || {
        move || {
            live.state
                .with(|state| frame::page(&Look::new(state, Some(live.ports))))
        }
    })
    .forget();
    gestures::listen(&root, live);
    follow(live);
    talk::follow(live);
    served::follow(live);
    live
}

/// What the open panel changes outside the page's markup: title, focus, and a sheet that shows it.
fn follow(live: Live) {
    Effect::new(move |before: Option<((Panel, bool), &'static str, bool)>| {
        let (shown, field, is_awaited, sheet, title) = live.state.with(|state| {
            (
                shown(state),
                asked_for(&state.sign_in.step),
                state.loading || state.away && matches!(state.page.detail, Detail::None),
                state.sheet,
                frame::title(&Look::new(state, None)),
            )
        });
        change_outside(&title, frame::sheet_code(sheet));
        let (before, asked_before, was_awaited) = before.unwrap_or((shown, field, false));
        if before != shown {
            if sheet == Sheet::Low && shown.0 != Panel::Home {
                live.state.update(|state| state.sheet = Sheet::Half);
            }
            // The new panel is drawn by an effect of its own; focus follows it.
            request_animation_frame(move || {
                if let Some(panel) = element("panel") {
                    panel.set_scroll_top(0);
                }
                search::focus_on(shown.0);
            });
        } else if asked_before != field {
            // What asked for the step is gone; its own first field comes next.
            request_animation_frame(move || focus(field));
        } else if was_awaited && !is_awaited {
            // What stood there until the panel came is gone, and the focus with it.
            request_animation_frame(move || {
                if is_focus_lost() {
                    search::focus_on(shown.0);
                }
            });
        }
        (shown, field, is_awaited)
    });
}

/// The open panel. One's own is another one to a guest: who signs in or out there begins at its top.
fn shown(state: &State) -> (Panel, bool) {
    let panel = state.page.panel;
    let is_guest = matches!(state.page.viewer, Viewer::Guest);
    (panel, panel == Panel::Me && is_guest)
}

/// The first field of a step of signing in.
const fn asked_for(step: &SignInStep) -> &'static str {
    match step {
        SignInStep::Code { email } if email.is_empty() => "code-email",
        SignInStep::Code { .. } | SignInStep::CodeWrong { .. } => "code",
        SignInStep::Email
        | SignInStep::EmailWrong { .. }
        | SignInStep::TooMany
        | SignInStep::Unavailable => "email",
    }
}

/// Changes the document's title and how high the sheet is, which the map keeps clear of. It watches that, so
/// what is so already is not written again.
fn change_outside(title: &str, sheet: &str) {
    let document = document();
    if document.title() != title {
        document.set_title(title);
    }
    if let Some(html) = document.document_element()
        && html.get_attribute("data-sheet").as_deref() != Some(sheet)
    {
        _ = html.set_attribute("data-sheet", sheet);
    }
}

fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Whether nothing has the focus, as after what had it is gone.
fn is_focus_lost() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|focused| focused.tag_name() == "BODY")
}

fn focus(id: &str) {
    if let Some(target) = element(id) {
        _ = target.unchecked_into::<HtmlElement>().focus();
    }
}
