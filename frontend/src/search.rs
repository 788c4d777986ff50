//! Searching while one types: the last question counts, and an answer to another one is not shown.

use app::live::State;
use domain::link::Panel;
use domain::page::Detail;
use domain::search::{Found, Hit, Search, Subject};
use domain::view::CellView;
use leptos::prelude::WithUntracked;
use leptos::task::spawn_local;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::navigate;

/// Whoever types is asked nothing for so long after each letter, in milliseconds.
const PAUSE_MS: i64 = 150;

/// What the open panel asks for.
pub(crate) fn open(state: &State) -> Search {
    match &state.page.detail {
        Detail::Search { search, .. } => search.clone(),
        _ => Search::default(),
    }
}

/// Asks in a moment, if nothing else is typed meanwhile.
pub(crate) fn ask_soon(search: Search) {
    let Some(client) = client() else { return };
    client.search.replace(search);
    browser::wake_in(Timer::Search, PAUSE_MS);
}

/// The map looks elsewhere: everything is at another distance from its middle.
pub(crate) fn look(client: &Client) {
    if is_open(client) && !client.search.borrow().text.is_empty() {
        browser::wake_in(Timer::Search, PAUSE_MS);
    }
}

/// What was found for this question before, while it is asked for again.
pub(crate) fn kept(client: &Client) -> Detail {
    let search = client.search.borrow().clone();
    match &*client.found.borrow() {
        Detail::Search {
            search: before,
            hits,
            ..
        } if *before == search => Detail::Search {
            search,
            hits: hits.clone(),
            is_failed: false,
        },
        _ => Detail::Search {
            search,
            hits: Vec::new(),
            is_failed: false,
        },
    }
}

/// The panel has opened, with a question in its address or none.
pub(crate) fn open_again(client: &'static Client) {
    let is_asked = !client.search.borrow().text.is_empty();
    client.change(|state| state.loading = is_asked);
    if is_asked {
        ask(client);
    }
}

/// Asks the server for what the field says; where it can't be reached, this device is asked.
pub(crate) fn ask(client: &'static Client) {
    if !is_open(client) {
        return;
    }
    let search = client.search.borrow().clone();
    browser::address(&navigate::address(client, Panel::Search), false);
    // An answer to what was asked before comes to nobody.
    let step = client.step.get() + 1;
    client.step.set(step);
    if search.text.is_empty() {
        show(client, search, Vec::new(), Looked::Everywhere);
        return;
    }
    let camera = client.live.state.with_untracked(|state| state.page.camera);
    let order = search.order.code();
    let mut url = search.query();
    // The page's own address says the order in its own words.
    url.truncate(url.find('&').unwrap_or(url.len()));
    let url = format!("/api/search?{url}&order={order}&view={camera}");
    spawn_local(async move {
        let reply = browser::ask("GET", &url, None).await;
        if client.step.get() != step {
            return;
        }
        match domain::json::read::<Found>(&reply.text()) {
            Ok(found) => show(client, search, found.hits, Looked::Everywhere),
            Err(_) => {
                // Status 0: there was no answer at all.
                let looked = match reply.status() {
                    0 => Looked::Here,
                    _ => Looked::Failed,
                };
                let hits = client
                    .live
                    .state
                    .with_untracked(|state| here(&state.view, state, &search.text));
                show(client, search, hits, looked);
            }
        }
    });
}

/// What an answer is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    Everywhere,
    /// Without a network: of what this device has.
    Here,
    /// The server could not look: of what this device has.
    Failed,
}

fn show(client: &Client, search: Search, hits: Vec<Hit>, looked: Looked) {
    let detail = Detail::Search {
        search,
        hits,
        is_failed: looked == Looked::Failed,
    };
    client.found.replace(detail.clone());
    client.change(|state| {
        state.page.detail = detail;
        state.loading = false;
        state.found_here = looked != Looked::Everywhere;
    });
}

fn is_open(client: &Client) -> bool {
    client
        .live
        .state
        .with_untracked(|state| state.page.panel == Panel::Search)
}

/// What this device has whose title, name or text has the words in it, nearest first.
fn here(view: &CellView, state: &State, text: &str) -> Vec<Hit> {
    let text = text.to_lowercase();
    let centre = state.page.camera.centre;
    let mut hits = Vec::new();
    let mut add = |of, title: &String, more: &str, place| {
        if title.to_lowercase().contains(&text) || more.to_lowercase().contains(&text) {
            hits.push(Hit {
                of,
                title: title.clone(),
                excerpt: String::new(),
                place: Some(place),
                distance_m: Some(centre.distance_m(place) as u32),
            });
        }
    };
    for row in view.nodes.values() {
        let of = Subject::Node {
            node: row.id,
            kind: row.kind,
        };
        add(of, &row.title, &row.text, row.place);
    }
    for row in view.spools.values() {
        add(Subject::Role { role: row.role }, &row.name, "", row.place);
    }
    let mut nearest = Vec::new();
    for hit in hits {
        app::search::insert_nearest(&mut nearest, hit);
    }
    nearest.truncate(usize::from(domain::search::HITS_MAX));
    nearest
}

/// What was found, as the map is told it: a line for each thing with a place.
pub(crate) fn glowing(state: &State) -> String {
    let mut lines = String::new();
    let Detail::Search { hits, .. } = &state.page.detail else {
        return lines;
    };
    for hit in hits {
        let Some(place) = hit.place else { continue };
        let (id, kind) = match &hit.of {
            Subject::Node { node, kind } | Subject::Message { node, kind, .. } => {
                (node.0, kind.code())
            }
            Subject::Role { role } => (role.0, "spool"),
        };
        for word in [
            &id.to_string(),
            kind,
            &place.lat.to_string(),
            &place.lon.to_string(),
        ] {
            lines.push_str(word);
            lines.push(' ');
        }
        lines.push_str(&hit.title);
        lines.push('\n');
    }
    lines
}
