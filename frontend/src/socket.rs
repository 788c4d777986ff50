//! The live channel: the line's state machine joined to a WebSocket, and what its messages change.

use domain::cover::Bounds;
use domain::link::Camera;
use domain::time::Millis;
use domain::wire::{ClientMessage, PROTOCOL_VERSION, SUBPROTOCOL, ServerMessage};
use leptos::prelude::WithUntracked;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::line::{Do, EFFECT_WITHIN_MS, Line};
use crate::rooms::around;

/// Starts it; from now on it keeps itself alive.
pub(crate) fn start(client: &'static Client) {
    step(client, &mut |_, _| None);
}

/// Lets the line decide, then does what it says, and sees to it that it is asked again in time.
fn step(client: &'static Client, event: &mut dyn FnMut(&mut Line, Millis) -> Option<Do>) {
    let now = client.now();
    let mut line = client.line.borrow_mut();
    let fruitless = line.fruitless();
    let mut order = event(&mut line, now);
    if order.is_none() {
        order = line.tick(now, browser::random());
    }
    // Closing may be followed by connecting at once.
    while let Some(what) = order {
        match what {
            Do::Connect => browser::connect(SUBPROTOCOL),
            Do::Ping => say(&ClientMessage::Ping),
            Do::Close => browser::disconnect(),
        }
        order = line.tick(now, browser::random());
    }
    browser::wake_in(Timer::Line, (line.due() - now).max(0));
    let state = line.state();
    let asks = line.fruitless() > fruitless && line.is_in_doubt();
    drop(line);
    if client
        .live
        .state
        .with_untracked(|shown| shown.line != state)
    {
        client.change(|shown| shown.line = state);
    }
    if asks {
        // Whether it is the server or the channel alone, a question tells; its answer is the news that there are.
        crate::navigate::reload();
    }
}

fn say(message: &ClientMessage) {
    if let Ok(text) = serde_json::to_string(message) {
        browser::say(&text);
    }
}

/// Says which rooms are wished for. Not before hello, which says all of them: an answer to what was said earlier would be
/// taken for one of the connection before, and the server tells nobody twice what they hold.
pub(crate) fn wish(client: &Client) {
    if !client.line.borrow().is_greeted() {
        return;
    }
    let (n, rooms) = client.rooms.borrow_mut().wishes();
    say(&ClientMessage::Rooms { n, rooms });
}

/// A message has come.
pub(crate) fn heard(client: &'static Client, text: &str) {
    step(client, &mut |line, _| {
        line.heard();
        None
    });
    // What this version can't read is another version's; hello tells which.
    let Ok(message) = domain::json::read::<ServerMessage>(text) else {
        return;
    };
    match message {
        ServerMessage::Hello { v, now, me, .. } => {
            if v != PROTOCOL_VERSION {
                // The server speaks of things that this script does not know: a fresh one does.
                browser::panicked("the live channel speaks another version");
                return;
            }
            client.set_clock(now);
            step(client, &mut |line, now| {
                line.greeted(now);
                None
            });
            client.rooms.borrow_mut().reconnected();
            wish(client);
            client.take_me(me);
            client.refresh();
            crate::talk::ask_unread(client);
            crate::navigate::again(client);
            crate::sender::hurry();
        }
        ServerMessage::Me { me } => {
            client.take_me(me);
            client.refresh();
        }
        ServerMessage::Rooms { cursor, n, rooms } => {
            client.rooms.borrow_mut().take(cursor, n, rooms);
            client.reached(cursor);
            client.refresh();
        }
        ServerMessage::Pong { cursor, now, away } => {
            step(client, &mut |line, _| {
                line.told(away);
                None
            });
            client.set_clock(now);
            client.reached(cursor);
            client.refresh();
        }
    }
}

/// The socket has closed.
pub(crate) fn closed(client: &'static Client, code: u16) {
    step(client, &mut |line, now| {
        line.closed(now, code, browser::random());
        None
    });
}

/// The line's timer has rung.
pub(crate) fn woke(client: &'static Client) {
    step(client, &mut |_, _| None);
}

/// Someone looks at the page again.
pub(crate) fn looked_at(client: &'static Client) {
    step(client, &mut Line::looked_at);
}

/// The device has found or lost its network.
pub(crate) fn network(client: &'static Client, online: bool) {
    step(client, &mut |line, now| {
        line.network(now, !online, browser::random())
    });
}

/// Another session speaks from now on: the line is made anew with it.
pub(crate) fn renew() {
    if let Some(client) = client() {
        browser::disconnect();
        step(client, &mut |line, now| {
            line.renew(now);
            None
        });
    }
}

/// A question goes out.
pub(crate) fn asks(client: &'static Client) {
    step(client, &mut Line::asks);
}

/// A question was answered, or was not.
pub(crate) fn asked(client: &'static Client, answered: bool) {
    step(client, &mut |line, _| {
        line.asked(answered);
        None
    });
}

/// An act was accepted: its effect is asked for should nothing arrive.
pub(crate) fn expect_effect(client: &'static Client) {
    step(client, &mut |line, now| {
        line.expect_effect(now);
        None
    });
    if client.is_owed_a_page() {
        browser::wake_in(Timer::Page, EFFECT_WITHIN_MS);
    }
}

/// The map shows this now.
pub(crate) fn look(client: &'static Client, bounds: Bounds) {
    let now = client.now();
    if client.rooms.borrow_mut().look(bounds, now) {
        wish(client);
    }
    client.refresh();
}

/// Looks at what a window would show, where no map tells it.
pub(crate) fn look_without_map(client: &'static Client, camera: Camera) {
    let size = browser::size();
    let [width, height] = [0, 1].map(|i| size.get(i).copied().unwrap_or(400.0));
    look(client, around(camera, width, height));
}
