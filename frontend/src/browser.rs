//! What the browser can do, as typed imports of `js/browser.js`.

use wasm_bindgen::prelude::*;

use crate::hooks::Hooks;

/// The parts that have a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Timer {
    Line = 0,
    Sender = 1,
    Clock = 2,
    Lease = 3,
    Page = 4,
    Search = 5,
}

#[wasm_bindgen(module = "/js/browser.js")]
extern "C" {
    pub(crate) fn start(hooks: Hooks);
    pub(crate) fn text_of(id: &str) -> String;
    pub(crate) fn clock() -> f64;
    pub(crate) fn fill_random(bytes: &mut [u8]);
    pub(crate) fn is_online() -> bool;
    pub(crate) fn offset_min(ms: f64) -> i32;
    pub(crate) fn zone() -> String;
    pub(crate) fn offset_in(zone: &str, ms: f64) -> f64;
    pub(crate) fn from_local(text: &str, zone: &str) -> f64;
    pub(crate) fn size() -> Vec<f64>;
    fn wake(which: u8, ms: f64);
    pub(crate) async fn rest();
    pub(crate) fn tell_others(who: bool);

    #[wasm_bindgen(js_name = ask)]
    async fn ask_raw(method: &str, url: &str, body: Option<String>) -> JsValue;
    pub(crate) type Reply;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Reply) -> u16;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &Reply) -> String;

    pub(crate) fn watch(id: &str);

    pub(crate) fn has_locks() -> bool;
    #[wasm_bindgen(js_name = lock)]
    async fn lock_raw(name: &str) -> JsValue;

    pub(crate) fn connect(subprotocol: &str);
    pub(crate) fn disconnect();
    pub(crate) fn say(text: &str);

    pub(crate) fn address(url: &str, step: bool);
    pub(crate) fn came_with() -> String;
    pub(crate) fn speak(lang: &str);
    pub(crate) fn keep_typed();
    pub(crate) fn type_again();
    pub(crate) fn forget_typed();
    pub(crate) fn locate();
    pub(crate) fn panicked(text: &str);

    pub(crate) async fn map_wanted();
    #[wasm_bindgen(js_name = map_open)]
    async fn map_open_raw(lat: f64, lon: f64, zoom: f64, offset: f64) -> JsValue;
    pub(crate) fn map_feed(json: &str);
    pub(crate) fn map_fly(lat: f64, lon: f64, zoom: f64);
    pub(crate) fn map_mark(lat: f64, lon: f64);
    pub(crate) fn map_glow(found: &str);
}

/// Wakes a part once, so many milliseconds from now.
pub(crate) fn wake_in(timer: Timer, ms: i64) {
    // Timers of browsers are signed 32 bit.
    wake(timer as u8, ms.clamp(0, i64::from(i32::MAX)) as f64);
}

/// Asks the server. Status 0 means: no answer.
pub(crate) async fn ask(method: &str, url: &str, body: Option<String>) -> Reply {
    ask_raw(method, url, body).await.unchecked_into()
}

/// The lock of this name; the returned function gives it back.
pub(crate) async fn lock(name: &str) -> js_sys::Function {
    lock_raw(name).await.unchecked_into()
}

/// Opens the map; false where it can't be drawn here.
pub(crate) async fn map_open(lat: f64, lon: f64, zoom: f64, offset: f64) -> bool {
    map_open_raw(lat, lon, zoom, offset).await.is_truthy()
}

/// Sixteen bits of chance, to spread retries.
pub(crate) fn random() -> u16 {
    let mut bytes = [0; 2];
    fill_random(&mut bytes);
    u16::from_le_bytes(bytes)
}
