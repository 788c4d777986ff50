//! Asking for what was said before that which is at hand.

use domain::page::TalkPage;
use leptos::task::spawn_local;

use crate::browser;
use crate::client::Client;

/// Asks for the messages before the oldest at hand; one question at a time.
pub(crate) fn ask(client: &'static Client) {
    let oldest = {
        let held = client.talk.borrow();
        let oldest = held.rows().first().map(|row| (row.id, row.nth));
        held.node().zip(oldest)
    };
    let Some((node, (before, nth))) = oldest else {
        return;
    };
    let mut busy = false;
    client.change(|state| {
        busy = std::mem::replace(&mut state.talk.asking, true);
        state.talk.failed = false;
    });
    if busy {
        return;
    }
    spawn_local(async move {
        let url = format!("/api/nodes/{node}/messages?before={before}");
        let reply = browser::ask("GET", &url, None).await;
        let page = domain::json::read::<TalkPage>(&reply.text());
        if client.talk.borrow().node() != Some(node) {
            // Another one is open by now, with a state of its own.
            return;
        }
        let has_failed = page.is_err();
        client.change(|state| {
            state.talk.asking = false;
            state.talk.failed = has_failed;
            if !has_failed && state.talk.older_below == 0 {
                state.talk.older_below = nth;
            }
        });
        if let Ok(page) = page {
            client.talk.borrow_mut().take_older(before, page.messages);
            client.refresh();
        }
    });
}
