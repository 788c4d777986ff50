//! The listeners: three for the whole page, and two for the sheet's handle.

use std::cell::Cell;

use domain::link::Panel;
use domain::page::Lang;
use leptos::prelude::Update;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, Event, MouseEvent, PointerEvent};

use super::{forms, presses};
use crate::live::{Live, Sheet};
use crate::press::Press;

/// A second tap within so many milliseconds belongs to the first.
const ONE_TAP_MS: f64 = 400.0;
/// A drag of the handle shorter than this is a tap, in pixels.
const DRAG_PX: i32 = 24;

thread_local! {
    /// Where the handle was taken.
    static TAKEN_AT: Cell<Option<i32>> = const { Cell::new(None) };
    static LAST_ACT: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

pub(super) fn listen(root: &Element, live: Live) {
    on(root, "click", live, click);
    on(root, "submit", live, submit);
    on(root, "pointerdown", live, take);
    on(root, "pointerup", live, let_go);
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

fn is_second_tap(event: &Event) -> bool {
    let now = event.time_stamp();
    now - LAST_ACT.replace(now) < ONE_TAP_MS
}

fn click(live: Live, event: &Event) {
    if let Some(button) = closest(event, "[data-press]") {
        let press = button
            .get_attribute("data-press")
            .and_then(|code| Press::from_code(&code));
        if let Some(press) = press
            && !is_second_tap(event)
        {
            presses::press(live, press);
        }
        return;
    }
    let Some(link) = closest(event, "a[href^='/']") else {
        return;
    };
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
            live.ports.navigate(Panel::from_path(&path));
        }
    }
}

fn submit(live: Live, event: &Event) {
    if let Some(form) = closest(event, "[data-form]") {
        event.prevent_default();
        if !is_second_tap(event) {
            forms::send(live, &form);
        }
    }
}

fn take(_: Live, event: &Event) {
    let pointer: &PointerEvent = event.unchecked_ref();
    let handle = closest(event, ".handle");
    if let Some(handle) = &handle {
        // Let go over the map, it still ends here.
        _ = handle.set_pointer_capture(pointer.pointer_id());
    }
    TAKEN_AT.set(handle.map(|_| pointer.client_y()));
}

fn let_go(live: Live, event: &Event) {
    let Some(from) = TAKEN_AT.take() else { return };
    let pointer: &PointerEvent = event.unchecked_ref();
    let up = from - pointer.client_y();
    if up.abs() < DRAG_PX {
        return;
    }
    // The click that ends a drag is none.
    LAST_ACT.set(event.time_stamp());
    live.state.update(|state| {
        state.sheet = match (state.sheet, up > 0) {
            (Sheet::Low, true) | (Sheet::Full, false) => Sheet::Half,
            (Sheet::Half | Sheet::Full, true) => Sheet::Full,
            (Sheet::Low | Sheet::Half, false) => Sheet::Low,
        };
    });
}
