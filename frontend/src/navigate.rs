//! Panels and addresses: links are followed within the page, and back and forward work.

use app::live::{Heard, Sheet, State};
use domain::id::{NodeId, ThreadId};
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::page::{Detail, End, Page};
use domain::search::Search;
use domain::talk::link;
use domain::weave::Target;
use domain::wire::retry_delay_ms;
use leptos::prelude::{WithUntracked, request_animation_frame};
use leptos::task::spawn_local;

use crate::browser::{self, Timer};
use crate::client::{Client, client};
use crate::socket;

/// Opens a panel: a new step of the history.
pub(crate) fn to(panel: Panel) {
    go(panel, true);
}

/// Opens what a form has made. That one is done with: back leads to where it was opened from.
pub(crate) fn on_from_form(panel: Panel) {
    let Some(client) = client() else { return };
    let open_now = client.live.state.with_untracked(|state| state.page.panel);
    go(panel, !matches!(open_now, Panel::Weave | Panel::Change(_)));
}

fn go(panel: Panel, step: bool) {
    let Some(client) = client() else { return };
    if panel == Panel::Search {
        if client.live.state.with_untracked(|state| state.page.panel) == panel {
            // What is asked stays.
            client.change(|state| state.sheet = Sheet::Half);
            return;
        }
        client.search.take();
    }
    client.before.set(None);
    browser::address(&address(client, panel), step);
    open(client, panel);
}

/// Shows what is seen through a lens: a new step of the history, so that back shows again what was hidden.
pub(crate) fn look_through(lens: Lens) {
    let Some(client) = client() else { return };
    client.change(|state| state.page.lens = lens);
    let panel = client.live.state.with_untracked(|state| state.page.panel);
    browser::address(&address(client, panel), true);
    lens_changed(client);
}

fn lens_changed(client: &'static Client) {
    client.draw();
    // Where no rooms are held the server says what is near.
    let (is_listed, panel) = client.live.state.with_untracked(|state| {
        (
            state.heard == Heard::NotYet || state.heard == Heard::Nothing,
            state.page.panel,
        )
    });
    if is_listed && panel == Panel::Home {
        reload();
    }
}

/// The address of a panel, with what is searched, where the map looks and through which lens.
pub(crate) fn address(client: &Client, panel: Panel) -> String {
    let mut own = String::new();
    if panel == Panel::Search {
        own = client.search.borrow().query();
        if !own.is_empty() {
            own.push('&');
        }
    } else if let Some(before) = client.before.get() {
        own = link::query(before);
        own.push('&');
    }
    client.live.state.with_untracked(|state| {
        let page = &state.page;
        format!(
            "{}?{own}{}{}",
            panel.path(),
            page.camera,
            page.lens.and_query()
        )
    })
}

/// The person went back or forward: the address is right already.
pub(crate) fn went(path: &str, query: &str) {
    let Some(client) = client() else { return };
    let query = query.trim_start_matches('?');
    client.before.set(link::before(query));
    client.search.replace(Search::from_query(query));
    let lens = Lens::from_query(query);
    let is_other = client
        .live
        .state
        .with_untracked(|state| state.page.lens != lens);
    client.change(|state| state.page.lens = lens);
    open(client, Panel::from_path(path));
    if is_other {
        lens_changed(client);
    }
    if let Some(camera) = Camera::from_query(query)
        && client
            .live
            .state
            .with_untracked(|state| state.page.camera != camera)
    {
        crate::map::look_through(client, camera);
    }
}

/// Writes where the map looks into the address, without a step.
pub(crate) fn show_camera(client: &Client) {
    let panel = client.live.state.with_untracked(|state| state.page.panel);
    if panel == Panel::Unknown {
        // It has no address of its own: what was asked for stays there to be seen and mended.
        return;
    }
    browser::address(&address(client, panel), false);
}

fn open(client: &'static Client, panel: Panel) {
    client.step.set(client.step.get() + 1);
    let known = match panel {
        Panel::Node(_) if client.before.get().is_some() => None,
        Panel::Node(node) | Panel::Change(node) => known_node(client, node),
        Panel::Thread(thread) => known_thread(client, thread),
        Panel::Weave | Panel::Me | Panel::SignIn => Some(Detail::None),
        Panel::Search => Some(crate::search::kept(client)),
        Panel::Home => client.rooms.borrow().is_held().then_some(Detail::None),
        Panel::Role(_)
        | Panel::History(..)
        | Panel::Pictures(_)
        | Panel::Portrait
        | Panel::Yarn(_)
        | Panel::News(_)
        | Panel::Areas
        | Panel::Area(_)
        | Panel::Unknown => None,
    };
    let fetch = known.is_none();
    // What is marked up in a text is the server's to write out; what it wrote before holds as long as the text is that one.
    let is_rough = match (&known, panel) {
        (Some(Detail::Node { node, prose, .. }), Panel::Node(_)) => {
            prose.is_empty() && domain::weave::is_marked(&node.text)
        }
        _ => false,
    };
    let moved = client
        .live
        .state
        .with_untracked(|state| state.page.panel != panel);
    if moved {
        browser::keep_typed();
    }
    client.change(|state| {
        state.page.panel = panel;
        state.page.detail = known.unwrap_or(Detail::None);
        state.loading = fetch && panel != Panel::Home;
        state.found_here = false;
        state.refused = None;
        state.notice = None;
        if moved {
            state.sent = None;
            state.flawed = None;
            state.profile_before = state
                .me
                .as_ref()
                .map(|me| me.profile.clone())
                .unwrap_or_default();
            state.sheet = Sheet::Half;
            state.draft = None;
            if panel != Panel::Weave {
                state.chosen = None;
            }
            state.title.clear();
        }
    });
    client.refresh();
    if moved {
        type_again(client);
    }
    if panel == Panel::Search {
        crate::search::open_again(client);
    } else if fetch || is_rough {
        ask(client);
    }
}

/// What was typed into the forms of the open panel and not sent is there again, once they are drawn. An act that came back and is
/// edited begins its form with what it says.
fn type_again(client: &'static Client) {
    request_animation_frame(move || {
        let is_free = |state: &State| {
            let draft = state.draft.as_ref();
            draft.is_none_or(|draft| draft.replaces.is_none())
        };
        if client.live.state.with_untracked(is_free) {
            browser::type_again();
        }
    });
}

/// The knot as the confirmed rooms and one's own acts show it; nothing needs fetching then.
fn known_node(client: &Client, id: NodeId) -> Option<Detail> {
    if !client.knows(id) {
        return None;
    }
    client.live.state.with_untracked(|state| {
        let node = state.view.nodes.get(&id)?.clone();
        let threads = state.view.threads.values();
        let threads = threads
            .filter(|thread| thread.target == Target::Node(id))
            .cloned()
            .collect();
        Some(Detail::Node {
            prose: client.prose.borrow().of(id, &node.text).to_owned(),
            node,
            threads,
            talk: None,
        })
    })
}

/// The thread as the confirmed rooms and one's own acts show it, with its knot.
fn known_thread(client: &Client, id: ThreadId) -> Option<Detail> {
    client.live.state.with_untracked(|state| {
        let thread = state.view.threads.get(&id)?;
        let node = state.view.nodes.get(&thread.target.node()?)?;
        client.knows(node.id).then(|| Detail::Thread {
            thread: thread.clone(),
            end: End::Node(Box::new(node.clone())),
        })
    })
}

/// Asks once more for what could not be had.
pub(crate) fn again(client: &Client) {
    if client.live.state.with_untracked(|state| state.away) || client.is_owed_a_page() {
        reload();
    }
}

/// Asks the server for the open panel's page.
pub(crate) fn reload() {
    if let Some(client) = client() {
        client.step.set(client.step.get() + 1);
        ask(client);
    }
}

fn ask(client: &'static Client) {
    let step = client.step.get();
    let (panel, camera, lens, lang) = client.live.state.with_untracked(|state| {
        let page = &state.page;
        (page.panel, page.camera, page.lens, page.lang)
    });
    // Another tab may speak another language since this one began.
    let lang = lang.code();
    let mut url = format!(
        "/api/page?path={}&view={camera}&lang={lang}{}",
        panel.path(),
        lens.and_query()
    );
    url.push_str(&browser::came_with());
    client.listed.set(camera);
    if panel == Panel::Search {
        url.push('&');
        url.push_str(&client.search.borrow().query());
    } else if let Some(before) = client.before.get() {
        url.push('&');
        url.push_str(&link::query(before));
    }
    spawn_local(async move {
        let reply = browser::ask("GET", &url, None).await;
        answered(client, step, domain::json::read(&reply.text()).ok());
    });
}

/// An answer has come, of the page where it could be had.
fn answered(client: &'static Client, step: u32, page: Option<Page>) {
    let is_open = client.step.get() == step;
    socket::asked(client, page.is_some());
    client.change(|state| {
        state.loading &= !is_open;
        state.away = page.is_none();
    });
    let now = || client.live.state.with_untracked(|state| state.page.clone());
    match page {
        Some(page) if is_open => {
            client.asked_in_vain.set(0);
            let Page { camera, lens, .. } = now();
            client.take_page(Page {
                camera,
                lens,
                ..page
            });
            // Its forms may only be there by now.
            type_again(client);
        }
        // Another panel is open by now; who looks is the same.
        Some(Page { viewer, .. }) => client.take_page(Page { viewer, ..now() }),
        None => {
            let fruitless = client.asked_in_vain.get();
            client.asked_in_vain.set(fruitless.saturating_add(1));
            let wait = retry_delay_ms(fruitless, browser::random());
            browser::wake_in(Timer::Page, i64::from(wait));
        }
    }
}
