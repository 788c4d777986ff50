//! The beginning: the page that the server has rendered wakes up.

use app::live::State;
use domain::page::Page;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser;
use crate::hooks::Hooks;
use crate::ports::Browser;
use crate::{client, map, sender, socket};

/// Wakes the page: its first picture is the server's, made from the same [`Page`].
#[wasm_bindgen(start)]
fn wake() {
    std::panic::set_hook(Box::new(|info| browser::panicked(&info.to_string())));
    let Ok(page) = domain::json::read::<Page>(&browser::text_of("page")) else {
        browser::panicked("this script does not know this page");
        return;
    };
    let live = app::wake(State::new(page), &Browser);
    let client = client::begin(live);
    browser::start(Hooks);
    // In tasks of their own: on a cheap phone all of it together would keep a finger waiting.
    spawn_local(async move {
        browser::rest().await;
        client.change(|state| state.awake = true);
        client.tick();
        browser::rest().await;
        socket::start(client);
        sender::read_again();
        browser::rest().await;
        map::start(client);
    });
}
