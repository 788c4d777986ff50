//! Which taps are one: a finger that taps twice, a key that is held down. Only what is tapped again is meant
//! by that; two buttons in quick succession are two.

use std::cell::{Cell, RefCell};

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, MouseEvent, PointerEvent, UiEvent};

/// A second tap within so many milliseconds belongs to the first.
const ONE_TAP_MS: f64 = 400.0;
/// Of a finger also on what has come to lie there meanwhile, within so many pixels.
const SAME_PLACE_PX: i32 = 24;

#[derive(Clone)]
struct Tap {
    at: f64,
    x: i32,
    y: i32,
    on: Option<Element>,
}

thread_local! {
    static LAST: RefCell<Option<Tap>> = const { RefCell::new(None) };
    static BY_FINGER: Cell<bool> = const { Cell::new(false) };
}

/// A pointer has come down: its tap may follow.
pub(super) fn touched(pointer: &PointerEvent) {
    BY_FINGER.set(pointer.pointer_type() != "mouse");
}

/// Notes a tap on `on`, and tells whether it belongs to the one before.
pub(super) fn is_second(event: &Event, on: Option<Element>) -> bool {
    let mouse: &MouseEvent = event.unchecked_ref();
    let tap = Tap {
        at: event.time_stamp(),
        x: mouse.client_x(),
        y: mouse.client_y(),
        on,
    };
    let before = LAST.replace(Some(tap.clone()));
    let soon = before
        .as_ref()
        .filter(|before| tap.at - before.at < ONE_TAP_MS);
    let same = soon.is_some_and(|before| tap.on.is_some() && tap.on == before.on);
    let near = |one: i32, other: i32| (one - other).abs() < SAME_PLACE_PX;
    let here = soon.is_some_and(|before| near(tap.x, before.x) && near(tap.y, before.y));
    match event.unchecked_ref::<UiEvent>().detail() {
        // A key, which repeats itself while it is held.
        0 => same,
        // Systems count the clicks of a mouse, as its owner has set it, but not all those of a finger.
        1 => BY_FINGER.get() && (same || here),
        _ => true,
    }
}
