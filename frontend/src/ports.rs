//! What the views ask for, done in this browser.

use app::live::Notice;
use app::ports::Ports;
use domain::command::{Act, COMMAND_VERSION, Command};
use domain::id::{CommandId, RoleId};
use domain::lens::Lens;
use domain::link::Panel;
use domain::page::Lang;
use domain::place::Place;
use domain::search::Search;
use domain::time::Millis;
use leptos::prelude::WithUntracked;
use leptos::task::spawn_local;
use uuid::{Builder, Uuid};

use crate::client::{Client, client};
use crate::outbox::entry::{Entry, EntryState};
use crate::{browser, hooks, map, navigate, search, sender, session, talk};

/// This browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Browser;

impl Ports for Browser {
    fn navigate(&self, panel: Panel) {
        navigate::to(panel);
    }

    fn submit(&self, act: Act, then: Option<Panel>) {
        let Some(client) = client() else { return };
        // At once: what is discarded right after this is replaced by it, and has to wait for it.
        client.keeping.set(true);
        spawn_local(async move {
            let kept = keep(client, act).await;
            client.keeping.set(false);
            let discarded = client.discarded.take();
            if !kept {
                return;
            }
            for command in discarded {
                discard(client, command);
            }
            client.refresh();
            browser::tell_others(false);
            sender::nudge();
            if let Some(panel) = then {
                navigate::on_from_form(panel);
            }
        });
    }

    fn withdraw(&self, command: CommandId) {
        if let Some(client) = client() {
            sender::withdraw(client, command);
        }
    }

    fn discard(&self, command: CommandId) {
        let Some(client) = client() else { return };
        if client.keeping.get() {
            // It may be replaced by what is being kept: then it goes once that is on disk, and not before.
            client.discarded.borrow_mut().push(command);
        } else {
            discard(client, command);
        }
    }

    fn new_id(&self) -> Uuid {
        new_id()
    }

    fn ask_mail(&self, email: String) {
        session::ask_mail(email);
    }

    fn send_code(&self, email: String, code: String) {
        session::send_code(email, &code);
    }

    fn sign_out(&self) {
        session::sign_out();
    }

    fn offset_min(&self, at: Millis) -> i32 {
        browser::offset_min(at.0 as f64)
    }

    fn zone(&self) -> String {
        browser::zone()
    }

    fn offset_in(&self, zone: &str, at: Millis) -> Option<i32> {
        let minutes = browser::offset_in(zone, at.0 as f64);
        minutes.is_finite().then_some(minutes as i32)
    }

    fn moment_of(&self, text: &str, zone: &str) -> Option<Millis> {
        let ms = browser::from_local(text, zone);
        ms.is_finite().then_some(Millis(ms as i64))
    }

    fn speak(&self, lang: Lang) {
        browser::speak(lang.code());
    }

    fn locate(&self) {
        browser::locate();
    }

    fn look_at(&self, place: Place) {
        map::look_at(place);
    }

    fn older_messages(&self) {
        if let Some(client) = client() {
            talk::ask(client);
        }
    }

    fn nearer(&self, place: Place) {
        map::nearer(place);
    }

    fn look_through(&self, lens: Lens) {
        navigate::look_through(lens);
    }

    fn search(&self, asked: Search) {
        search::ask_soon(asked);
    }

    fn reload(&self) {
        navigate::reload();
    }

    fn again(&self) {
        hooks::catch_up();
    }
}

/// The place in the order of a command that `wanted` agrees to.
pub(crate) fn find(client: &Client, command: CommandId, wanted: fn(&Entry) -> bool) -> Option<u32> {
    let entries = client.entries.borrow();
    entries.iter().find_map(|(seq, stored)| {
        let entry = stored.act()?;
        (entry.command.id == command && wanted(entry)).then_some(*seq)
    })
}

/// Forgets an act that was refused or set aside.
fn discard(client: &'static Client, command: CommandId) {
    let done = |entry: &Entry| {
        matches!(
            entry.state,
            EntryState::Refused { .. } | EntryState::Aside { .. }
        )
    };
    if let Some(seq) = find(client, command, done) {
        spawn_local(async move {
            client.remove(vec![seq]).await;
            client.refresh();
            browser::tell_others(false);
        });
    }
}

fn new_id() -> Uuid {
    let mut random = [0; 10];
    browser::fill_random(&mut random);
    let now = client().map_or(0, |client| client.now().0);
    Builder::from_unix_timestamp_millis(now.unsigned_abs(), &random).into_uuid()
}

/// Keeps an act on disk. Returns whether it is there.
async fn keep(client: &'static Client, act: Act) -> bool {
    let role = client
        .live
        .state
        .with_untracked(|state| state.me.as_ref().map(|me| me.role));
    // The views offer nothing to guests, and registering alone to who has no role.
    let Some(author) = client.author() else {
        return false;
    };
    let by = match (&act, role) {
        (_, Some(role)) => role,
        (Act::RegisterRole { .. }, None) => RoleId(new_id()),
        (_, None) => return false,
    };
    let command = Command {
        id: CommandId(new_id()),
        v: COMMAND_VERSION,
        by,
        issued_at: client.now(),
        act,
    };
    let kept = client.keep(Entry::new(command, author.account)).await;
    if !kept {
        client.notice(Notice::NotKept);
    }
    kept
}
