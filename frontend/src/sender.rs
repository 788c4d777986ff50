//! Sends what the outbox holds: one tab at a time, in order, with the same id until there is an answer.

use std::cell::{Cell, RefCell};

use domain::command::Act;
use domain::id::CommandId;
use domain::problem::ProblemKind;
use domain::wire::Submission;
use leptos::task::spawn_local;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::outbox::entry::{Entry, EntryState};
use crate::outbox::lease::ASKED_EVERY_MS;
use crate::outbox::queue::{Answer, Then, WAIT_MAX_MS, made_on, next, settle};
use crate::right::{self, Right};
use crate::{navigate, socket};

/// How long to wait for a network that the browser says is not there, in milliseconds.
const OFFLINE_MS: u32 = 30_000;
/// How long to wait for a disk that could not be read, in milliseconds.
const UNREAD_MS: u32 = 5000;

/// Where sending stands in this tab.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    busy: Cell<bool>,
    /// Something new has come while it was busy.
    again: Cell<bool>,
    sending: Cell<Option<u32>>,
    /// Fruitless attempts since the last answer.
    attempt: Cell<u32>,
    /// What its author has taken back.
    withdrawn: RefCell<Vec<CommandId>>,
    /// Why an act has not arrived so far.
    problems: RefCell<Vec<(u32, ProblemKind)>>,
    pub(crate) lease: right::Lease,
}

impl Sender {
    pub(crate) fn sending(&self) -> Option<u32> {
        self.sending.get()
    }

    /// Why an act has not arrived so far.
    pub(crate) fn problem(&self, seq: u32) -> Option<ProblemKind> {
        let problems = self.problems.borrow();
        let found = problems.iter().find(|(of, _)| *of == seq);
        found.map(|(_, kind)| *kind)
    }
}

/// Sends what waits, now.
pub(crate) fn nudge() {
    if let Some(client) = client() {
        spawn_local(drain(client));
    }
}

/// The network is back, someone looks, or another one is signed in: no patience is needed any more.
pub(crate) fn hurry() {
    if let Some(client) = client() {
        client.sender.attempt.set(0);
        read_again();
    }
}

/// Another tab may have changed the outbox.
pub(crate) fn read_again() {
    if let Some(client) = client() {
        spawn_local(async move {
            client.load().await;
            drain(client).await;
        });
    }
}

/// Takes an act that still waits out of the outbox: with the right to send, so that nothing is taken out that
/// is on its way right now.
pub(crate) fn withdraw(client: &'static Client, command: CommandId) {
    client.sender.withdrawn.borrow_mut().push(command);
    nudge();
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
    if client.sender.withdrawn.borrow().is_empty() && to_send(client).is_none() {
        return None;
    }
    let Some(right) = Right::take(client).await else {
        return Some(ASKED_EVERY_MS);
    };
    // Another tab may have sent meanwhile, or taken something out.
    let wait = if client.load().await {
        send_all(client, &right).await
    } else {
        Some(UNREAD_MS)
    };
    right.give_back(client).await;
    wait
}

fn to_send(client: &Client) -> Option<(u32, Entry)> {
    let entries = client.entries.borrow();
    let (seq, entry) = next(&entries, client.author()?)?;
    Some((seq, entry.clone()))
}

async fn send_all(client: &'static Client, right: &Right) -> Option<u32> {
    let sender = &client.sender;
    loop {
        if !right.holds(client).await {
            // It went to another tab, which goes on.
            return Some(ASKED_EVERY_MS);
        }
        take_out(client).await;
        let (seq, entry) = to_send(client)?;
        if !browser::is_online() {
            // The browser says when the network is back; it is asked again in case it forgets.
            return Some(OFFLINE_MS);
        }
        match send(client, seq, &entry).await {
            Then::Mark(state) => {
                sender.attempt.set(0);
                let accepted = matches!(state, EntryState::Receipt { .. });
                // First, so that none of them goes out should this tab end in between.
                let with_it = made_on(&client.entries.borrow(), seq, &state);
                for seq in with_it {
                    client.mark(seq, state.clone()).await;
                }
                client.mark(seq, state).await;
                if matches!(entry.command.act, Act::RegisterRole { .. }) {
                    // The line was opened without a role; a new one is greeted with the one there is.
                    socket::renew();
                } else if accepted {
                    socket::expect_effect(client);
                }
            }
            Then::AskWho => {
                navigate::reload();
                return Some(WAIT_MAX_MS);
            }
            Then::Wait(ms) => {
                sender.attempt.set(sender.attempt.get().saturating_add(1));
                client.refresh();
                return Some(ms);
            }
        }
    }
}

/// Sends one act, and says what its answer means.
async fn send(client: &'static Client, seq: u32, entry: &Entry) -> Then {
    let sender = &client.sender;
    let submission = Submission {
        command: entry.command.clone(),
        account: entry.account,
    };
    // It is made of text and numbers: it always has a JSON form.
    let body = serde_json::to_string(&submission).unwrap_or_default();
    sender.sending.set(Some(seq));
    client.refresh();
    socket::asks(client);
    let reply = browser::ask("POST", "/api/commands", Some(body)).await;
    sender.sending.set(None);
    let answer = if reply.status() == 0 {
        Answer::Nothing
    } else {
        Answer::read(&entry.command, &reply.text())
    };
    socket::asked(client, answer != Answer::Nothing);
    let mut problems = sender.problems.borrow_mut();
    problems.retain(|(of, _)| *of != seq);
    if let Answer::Problem(problem) = &answer {
        problems.push((seq, problem.kind));
    }
    settle(answer, sender.attempt.get(), browser::random())
}

/// Takes out what its author has taken back and has not been sent.
async fn take_out(client: &'static Client) {
    let waits = |entry: &Entry| entry.state == EntryState::Waiting;
    let withdrawn = client.sender.withdrawn.take();
    for command in withdrawn {
        if let Some(seq) = crate::ports::find(client, command, waits) {
            client.remove(vec![seq]).await;
            client.refresh();
            browser::tell_others(false);
        }
    }
}
