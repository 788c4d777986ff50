//! The listeners, for the whole page.

use domain::link::Panel;
use domain::page::Lang;
use domain::wire::LineState;
use leptos::prelude::{Update, WithUntracked};
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, MouseEvent};

use super::{forms, presses, search, taps};
use crate::live::Live;
use crate::press::Press;

pub(super) fn listen(root: &Element, live: Live) {
    on(root, "click", live, click);
    on(root, "submit", live, submit);
    on(root, "keydown", live, typed);
    on(root, "input", live, changed);
    on(root, "pointerdown", live, |_, event| {
        taps::touched(event.unchecked_ref());
    });
    on(root, "thrown", live, thrown);
}

fn on(root: &Element, name: &str, live: Live, act: fn(Live, &Event)) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| act(live, &event));
    _ = root.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    // The page listens as long as it lives.
    listener.forget();
}

fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()?
}

fn click(live: Live, event: &Event) {
    // What sends a form is a button too: without its click there is no sending.
    let tapped = closest(
        event,
        "[data-press],[data-act],[type=submit],a[href^='/']:not([data-document])",
    );
    if taps::is_second(event, tapped.clone()) && tapped.is_some() {
        event.prevent_default();
        return;
    }
    let Some(link) = tapped else { return };
    if let Some(code) = link.get_attribute("data-press") {
        // Some are links where no script runs.
        event.prevent_default();
        if let Some(press) = Press::from_code(&code) {
            presses::press(live, press);
        }
        return;
    }
    if let Some(data) = link.get_attribute("data-act") {
        presses::carried(live, &data);
        return;
    }
    if !link.has_attribute("href") {
        return;
    }
    let mouse: &MouseEvent = event.unchecked_ref();
    if mouse.button() != 0
        || mouse.ctrl_key()
        || mouse.meta_key()
        || mouse.shift_key()
        || mouse.alt_key()
    {
        // A new tab or window is the browser's business.
        return;
    }
    event.prevent_default();
    match link.get_attribute("data-lang").as_deref() {
        Some("en") => live.ports.speak(Lang::En),
        Some(_) => live.ports.speak(Lang::De),
        None => {
            let path = link.get_attribute("href").unwrap_or_default();
            live.state.update(|state| {
                state.refused = None;
                state.notice = None;
                state.draft = None;
            });
            let (path, anchor) = path.split_once('#').unwrap_or((&path, ""));
            // Where one looks is known here.
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            live.ports.navigate(Panel::from_path(path));
            search::show(anchor);
        }
    }
}

fn submit(live: Live, event: &Event) {
    if let Some(form) = closest(event, "[data-form]") {
        event.prevent_default();
        forms::send(live, &form);
    } else if is_cut_off(live) && closest(event, "#served").is_some() {
        // It would lead to the browser's page of errors and away from what was filled in. Beside its button it says why.
        event.prevent_default();
    }
}

fn is_cut_off(live: Live) -> bool {
    let line = live.state.with_untracked(|state| state.line);
    matches!(line, LineState::Offline | LineState::Unanswered)
}

/// Control and Enter send a message from within its field, where Enter alone begins a new line; Escape empties the field to search.
fn typed(live: Live, event: &Event) {
    let key: &KeyboardEvent = event.unchecked_ref();
    if key.key() == "Enter"
        && (key.ctrl_key() || key.meta_key())
        && !key.repeat()
        && let Some(form) = closest(event, "[data-form=talk]")
    {
        event.prevent_default();
        forms::send(live, &form);
    }
    if key.key() == "Escape"
        && let Some(form) = closest(event, "[data-form=search]")
    {
        search::clear(live, &form);
    }
}

/// What is typed as a knot's title is compared with what is there; what is typed to be found is looked for.
fn changed(live: Live, event: &Event) {
    if let Some(field) = closest(event, "[data-form=weave] #title-of-knot") {
        let field: &HtmlInputElement = field.unchecked_ref();
        let title = field.value();
        live.state.update(|state| state.title = title);
    }
    if let Some(form) = closest(event, "[data-form=search]") {
        search::typed(live, &form);
    }
}

/// A finger or a key has sent the sheet to a height; `js/sheet.js` says which.
fn thrown(live: Live, event: &Event) {
    let sent = closest(event, "[data-thrown]");
    let code = sent.and_then(|sheet| sheet.get_attribute("data-thrown"));
    if let Some(press @ Press::Sheet(_)) = code.as_deref().and_then(Press::from_code) {
        presses::press(live, press);
    }
}
