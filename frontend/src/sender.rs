//! Sends what the outbox holds: one tab at a time, in order, with the same id until there is an answer.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use domain::command::Act;
use domain::id::{CommandId, RoleId};
use domain::problem::ProblemKind;
use domain::wire::Submission;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::outbox::entry::{Entry, EntryState};
use crate::outbox::queue::{Answer, Then, next, settle};

const LOCK: &str = "weltgewebe-sender";
/// How long the right to send holds without Web Locks, and how often it is renewed, in milliseconds.
const LEASE_MS: u32 = 5000;
const LEASE_RENEWED_MS: i64 = 2000;
/// How long to wait for a network that the browser says is not there, in milliseconds.
const OFFLINE_MS: u32 = 30_000;

/// Where sending stands in this tab.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    busy: Cell<bool>,
    /// Something new has come while it was busy.
    again: Cell<bool>,
    sending: Cell<Option<u32>>,
    /// Fruitless attempts since the last answer.
    attempt: Cell<u32>,
    /// Roles that are not the one signed in: their acts wait.
    passed_over: RefCell<BTreeSet<RoleId>>,
    /// Why an act has not arrived so far.
    pub(crate) problems: RefCell<BTreeMap<u32, ProblemKind>>,
    /// This tab's name where there are no Web Locks; 0: it has no lease.
    tab: Cell<u32>,
}

impl Sender {
    pub(crate) fn sending(&self) -> Option<u32> {
        self.sending.get()
    }

    /// Another account may be signed in now.
    pub(crate) fn viewer_changed(&self) {
        self.passed_over.borrow_mut().clear();
        self.attempt.set(0);
    }
}

/// The right to send.
enum Right {
    Lock(js_sys::Function),
    Lease,
}

/// Sends what waits, now.
pub(crate) fn nudge() {
    if let Some(client) = client() {
        spawn_local(drain(client));
    }
}

/// The network is back, or someone looks: no patience is needed any more.
pub(crate) fn hurry() {
    if let Some(client) = client() {
        client.sender.attempt.set(0);
        nudge();
    }
}

async fn drain(client: &'static Client) {
    let sender = &client.sender;
    if sender.busy.replace(true) {
        sender.again.set(true);
        return;
    }
    let wait = loop {
        sender.again.set(false);
        let wait = turn(client).await;
        if !sender.again.get() {
            break wait;
        }
    };
    sender.busy.set(false);
    if let Some(ms) = wait {
        browser::wake_in(Timer::Sender, i64::from(ms));
    }
}

/// One turn with the right to send. Returns after how many milliseconds to try again, if there is a need.
async fn turn(client: &'static Client) -> Option<u32> {
    let Some(right) = take_right(client).await else {
        return Some(LEASE_MS / 2);
    };
    // Another tab may have sent meanwhile.
    client.load().await;
    let wait = send_all(client).await;
    give_back(client, right).await;
    wait
}

async fn give_back(client: &Client, right: Right) {
    match right {
        Right::Lock(release) => drop(release.call0(&JsValue::UNDEFINED)),
        Right::Lease => {
            let tab = client.sender.tab.replace(0);
            drop(client.disk.lease(tab, browser::clock() as i64, 0).await);
        }
    }
}

async fn take_right(client: &'static Client) -> Option<Right> {
    if browser::has_locks() {
        return Some(Right::Lock(browser::lock(LOCK).await));
    }
    let tab = (u32::from(browser::random()) << 16 | u32::from(browser::random())).max(1);
    if !lease(client, tab).await {
        return None;
    }
    client.sender.tab.set(tab);
    browser::wake_in(Timer::Lease, LEASE_RENEWED_MS);
    Some(Right::Lease)
}

async fn lease(client: &Client, tab: u32) -> bool {
    let now = browser::clock() as i64;
    client
        .disk
        .lease(tab, now, now + i64::from(LEASE_MS))
        .await
        .unwrap_or(false)
}

/// Renews the lease while this tab sends.
pub(crate) fn renew_lease() {
    let Some(client) = client() else { return };
    let tab = client.sender.tab.get();
    if tab == 0 {
        return;
    }
    spawn_local(async move {
        if lease(client, tab).await {
            browser::wake_in(Timer::Lease, LEASE_RENEWED_MS);
        } else {
            client.sender.tab.set(0);
        }
    });
}

async fn send_all(client: &'static Client) -> Option<u32> {
    let sender = &client.sender;
    loop {
        let found = next(&client.entries.borrow(), &sender.passed_over.borrow())
            .map(|(seq, entry)| (seq, entry.clone()));
        let (seq, entry) = found?;
        if !browser::is_online() {
            // The browser says when the network is back; it is asked again in case it forgets.
            return Some(OFFLINE_MS);
        }
        if !browser::has_locks() && sender.tab.get() == 0 {
            // The lease went to another tab, which goes on.
            return Some(LEASE_MS);
        }
        let submission = Submission {
            command: entry.command.clone(),
            account: None,
        };
        let body = serde_json::to_string(&submission).ok()?;
        sender.sending.set(Some(seq));
        client.refresh();
        let reply = browser::ask("POST", "/api/commands", Some(body)).await;
        sender.sending.set(None);
        let answer = if reply.status() == 0 {
            Answer::Nothing
        } else {
            Answer::read(&entry.command, &reply.text())
        };
        if let Answer::Problem(problem) = &answer {
            sender.problems.borrow_mut().insert(seq, problem.kind);
        } else {
            sender.problems.borrow_mut().remove(&seq);
        }
        let then = settle(&entry, answer, sender.attempt.get(), browser::random());
        match then {
            Then::Mark(state) => {
                sender.attempt.set(0);
                let accepted = matches!(state, EntryState::Receipt { .. });
                client.mark(seq, state).await;
                if accepted && matches!(entry.command.act, Act::RegisterRole { .. }) {
                    // The line was opened without a role; a new one is greeted with it.
                    crate::socket::renew();
                } else if accepted {
                    crate::socket::expect_effect(client);
                }
            }
            Then::PassOver(role) => {
                sender.passed_over.borrow_mut().insert(role);
                client.notice(app::live::Notice::OthersWaiting);
            }
            Then::Wait(ms) => {
                sender.attempt.set(sender.attempt.get().saturating_add(1));
                client.refresh();
                return Some(ms);
            }
        }
    }
}

/// Takes an act that still waits out of the outbox. It waits for the right to send, so that nothing is
/// taken out that is on its way right now.
pub(crate) async fn withdraw(client: &'static Client, command: CommandId) {
    let Some(right) = take_right(client).await else {
        return;
    };
    client.load().await;
    let waits = |entry: &Entry| entry.state == EntryState::Waiting;
    if let Some(seq) = crate::ports::find(client, command, waits) {
        client.remove(vec![seq]).await;
        client.refresh();
        browser::tell_others();
    }
    give_back(client, right).await;
}
