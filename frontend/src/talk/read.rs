//! What of the open conversation was on this screen, and what one has not seen yet, as the server counts it.

use core::cell::Cell;

use app::talk::{anchor, read_to};
use domain::id::{MessageId, NodeId};
use domain::talk::{ReadMark, Unseen};
use domain::time::Millis;
use leptos::task::spawn_local;

use crate::browser::{self, Reply};
use crate::client::Client;

const PATH: &str = "/api/marks/read";
/// How often it is asked for while nothing else brings it, in milliseconds: it may grow a little old, so that a message costs
/// nothing for each who is not looking at it. Whoever is mentioned hears of it so.
const ASK_EVERY_MS: i64 = 60_000;
/// What is not older counts as what is so now, in milliseconds.
const FRESH_MS: i64 = 5000;

/// What was told of reading.
#[derive(Debug)]
pub(crate) struct Read {
    /// The message that the server was told of last.
    told: Cell<Option<MessageId>>,
    /// The open conversation, once it is known where one had read to: only then it may move.
    opened: Cell<Option<NodeId>>,
    /// When the counts were brought last.
    brought_at: Cell<Millis>,
    asking: Cell<bool>,
}

impl Read {
    /// Of a page that was made then.
    pub(crate) const fn as_of(page_now: Millis) -> Self {
        Self {
            told: Cell::new(None),
            opened: Cell::new(None),
            brought_at: Cell::new(page_now),
            asking: Cell::new(false),
        }
    }

    fn age_ms(&self, client: &Client) -> i64 {
        client.now() - self.brought_at.get()
    }
}

/// The newest message of the open conversation that the server was not told of, for who has a role.
fn newest(client: &Client) -> Option<MessageId> {
    client.me.borrow().as_ref()?;
    let newest = client.talk.borrow().rows().last()?.id;
    (client.read.told.get() != Some(newest)).then_some(newest)
}

/// Has an eye on the newest message of the open conversation.
pub(crate) fn look(client: &'static Client) {
    let Some(message) = newest(client) else {
        return;
    };
    let read = &client.read;
    let open = client.talk.borrow().node();
    if read.opened.get() != open {
        if read.age_ms(client) > FRESH_MS {
            ask(client);
            return;
        }
        read.opened.set(open);
    }
    browser::watch(&anchor(message));
}

/// It is on the screen.
pub(crate) fn seen(client: &'static Client) {
    let Some(message) = newest(client) else {
        return;
    };
    client.read.told.set(Some(message));
    let body = serde_json::to_string(&ReadMark { message }).ok();
    spawn_local(async move {
        let reply = browser::ask("POST", PATH, body).await;
        if !take(client, &reply) {
            // It is told with the next sight.
            client.read.told.set(None);
        }
    });
}

/// Asks what is not read, where that has grown old.
pub(crate) fn ask_unread(client: &'static Client) {
    if client.me.borrow().is_some() && client.read.age_ms(client) > ASK_EVERY_MS {
        ask(client);
    }
}

fn ask(client: &'static Client) {
    if client.read.asking.replace(true) {
        return;
    }
    spawn_local(async move {
        let reply = browser::ask("GET", PATH, None).await;
        client.read.asking.set(false);
        if take(client, &reply) {
            look(client);
        }
    });
}

/// Without an answer what was known stays: nothing is made up.
fn take(client: &Client, reply: &Reply) -> bool {
    let Ok(Unseen { unread, news }) = domain::json::read(&reply.text()) else {
        return false;
    };
    client.read.brought_at.set(client.now());
    client.change(|state| {
        state.page.unread = unread;
        state.page.news = news;
        state.talk.read = state.talk.read.or(read_to(&state.page));
    });
    true
}
