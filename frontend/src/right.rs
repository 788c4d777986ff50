//! The right to send: one tab has it at a time. By Web Locks where there are some, else by a lease on disk.

use std::cell::Cell;

use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::outbox::lease::{LEASE_MS, RENEWED_EVERY_MS};

const LOCK: &str = "weltgewebe-sender";

/// The right to send, until it is given back.
pub(crate) enum Right {
    Lock(js_sys::Function),
    Lease,
}

/// This tab's lease.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    /// This tab's name among the others; 0: it has none yet.
    tab: Cell<u32>,
    /// When it was taken or renewed, in milliseconds of this device's clock; none: another tab may have it.
    since: Cell<Option<i64>>,
    /// Whether it is wanted: renewing it may cross its being given back.
    wanted: Cell<bool>,
}

impl Right {
    /// Waits for a lock; a lease is had at once or not at all.
    pub(crate) async fn take(client: &'static Client) -> Option<Self> {
        if browser::has_locks() {
            return Some(Self::Lock(browser::lock(LOCK).await));
        }
        lease(client).await.then(|| {
            client.sender.lease.wanted.set(true);
            browser::wake_in(Timer::Lease, RENEWED_EVERY_MS);
            Self::Lease
        })
    }

    /// Whether this tab still has it. Browsers put off the timers of tabs that nobody sees, so a lease is not
    /// renewed by its timer alone.
    pub(crate) async fn holds(&self, client: &'static Client) -> bool {
        match (self, client.sender.lease.since.get()) {
            (Self::Lock(_), _) => true,
            (Self::Lease, None) => false,
            (Self::Lease, Some(since)) => {
                (0..RENEWED_EVERY_MS).contains(&(browser::clock() as i64 - since))
                    || lease(client).await
            }
        }
    }

    pub(crate) async fn give_back(self, client: &Client) {
        match self {
            Self::Lock(release) => drop(release.call0(&JsValue::UNDEFINED)),
            Self::Lease => {
                client.sender.lease.wanted.set(false);
                give_back_lease(client).await;
            }
        }
    }
}

async fn lease(client: &Client) -> bool {
    let Lease { tab, since, .. } = &client.sender.lease;
    if tab.get() == 0 {
        tab.set((u32::from(browser::random()) << 16 | u32::from(browser::random())).max(1));
    }
    let now = browser::clock() as i64;
    let got = client.disk.lease(tab.get(), now, now + LEASE_MS).await;
    let got = got.unwrap_or(false);
    since.set(got.then_some(now));
    got
}

async fn give_back_lease(client: &Client) {
    let Lease { tab, since, .. } = &client.sender.lease;
    since.set(None);
    drop(
        client
            .disk
            .lease(tab.get(), browser::clock() as i64, 0)
            .await,
    );
}

/// Renews the lease while this tab sends.
pub(crate) fn renew() {
    let Some(client) = client() else { return };
    let wanted = &client.sender.lease.wanted;
    if !wanted.get() {
        return;
    }
    spawn_local(async move {
        let got = lease(client).await;
        if !wanted.get() {
            give_back_lease(client).await;
        } else if got {
            browser::wake_in(Timer::Lease, RENEWED_EVERY_MS);
        }
    });
}
