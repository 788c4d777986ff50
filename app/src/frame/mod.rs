//! What stands around every panel: header, banners, sheet and action bar.

mod banner;
mod bar;
mod header;
mod served;

use domain::link::Panel;
use domain::page::Detail;

use crate::live::Sheet;
use crate::look::Look;
use crate::markup::{Element, Markup, of};
use crate::parts;
use crate::press::Press;
use crate::{search, spool, weave};

pub(crate) use self::banner::banners;
pub(crate) use self::bar::bar;
pub(crate) use self::header::header;
#[cfg(feature = "hydrate")]
pub(crate) use self::served::SERVED;

/// Everything inside `#app`: a pure function of the state.
#[must_use]
pub fn page(look: &Look<'_>) -> Markup {
    let state = look.state;
    of("div", "frame")
        .set("data-sheet", sheet_code(state.sheet))
        .flag("data-awake", state.awake)
        .flag(
            "data-elsewhere",
            state.mapless && state.page.camera != state.begun,
        )
        .child(header(look))
        .maybe(weave::lensed(look))
        .child(sheet(look))
        // Beside the sheet: it stays where it is while that moves.
        .child(bar(look))
        .into()
}

/// The title of the document.
#[must_use]
pub fn title(look: &Look<'_>) -> String {
    let w = look.words;
    let state = look.state;
    let of_thread;
    let own = match (state.page.panel, &state.page.detail) {
        (Panel::Home, _) => return look.site().to_owned(),
        (Panel::Node(id), detail) => match (state.node(id), detail) {
            (Some(node), _) => &node.title,
            (None, Detail::Missing) => w.node_missing_title,
            // Nobody has said yet what it is.
            (None, _) => return look.site().to_owned(),
        },
        (Panel::Role(id), Detail::Role { role, .. }) if role.role == id => &role.name,
        (Panel::Role(_), _) => w.role_kind,
        (Panel::Thread(id), _) => match state.thread(id) {
            Some((thread, _)) => {
                of_thread = weave::title_of_thread(look, thread);
                &*of_thread
            }
            None => w.thread_kind,
        },
        (Panel::Change(_), _) => w.change_title,
        (_, Detail::Served { title, .. }) => title,
        (Panel::History(..) | Panel::Pictures(_), Detail::Missing) => w.node_missing_title,
        (Panel::Yarn(_), Detail::Missing) => w.thread_missing_title,
        (
            Panel::History(..)
            | Panel::Pictures(_)
            | Panel::Portrait
            | Panel::Yarn(_)
            | Panel::News(_)
            | Panel::Areas
            | Panel::Area(_),
            _,
        ) => {
            return look.site().to_owned();
        }
        (Panel::Search, _) => w.search_title,
        (Panel::Weave, _) => w.weave_title,
        (Panel::Me, _) => w.me_title,
        (Panel::SignIn, _) => w.sign_in_title,
        (Panel::Unknown, _) => w.unknown_title,
    };
    let mut title = own.to_owned();
    title.push_str(" · ");
    title.push_str(look.site());
    title
}

fn sheet(look: &Look<'_>) -> Element {
    let state = look.state;
    of("div", "sheet").child(handle(look)).child(
        of("main", "panel")
            .set("id", "panel")
            .set("aria-label", look.words.panel_label)
            .set("aria-busy", if state.loading { "true" } else { "false" })
            .set("tabindex", "-1")
            .all(banners(look))
            .child(panel(look)),
    )
}

fn handle(look: &Look<'_>) -> Element {
    let w = look.words;
    let (label, next) = match look.state.sheet {
        Sheet::Low => (w.sheet_low, Sheet::Half),
        Sheet::Half => (w.sheet_half, Sheet::Full),
        Sheet::Full => (w.sheet_full, Sheet::Low),
    };
    let open = look.state.sheet != Sheet::Low;
    parts::button("handle", Press::Sheet(next))
        .set("aria-label", label)
        .set("aria-controls", "panel")
        .set("aria-expanded", if open { "true" } else { "false" })
        .flag("data-only-script", true)
}

pub(crate) const fn sheet_code(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::Low => "low",
        Sheet::Half => "half",
        Sheet::Full => "full",
    }
}

/// The open panel. Each has a key, so that what was typed in one never shows up in another.
pub(crate) fn panel(look: &Look<'_>) -> Element {
    let w = look.words;
    let (key, content) = match look.state.page.panel {
        Panel::Home => (1, weave::list(look)),
        Panel::Node(id) => (id.0.as_u128(), weave::node(look, id)),
        Panel::Role(id) => (id.0.as_u128(), spool::role(look, id)),
        Panel::Thread(id) => (id.0.as_u128(), weave::thread_panel(look, id)),
        Panel::Change(id) => (form_key(look, id.0.as_u128() + 1), weave::change(look, id)),
        // Its pages are panels of their own.
        Panel::History(id, before) => (
            id.0.as_u128() ^ u128::from(before.unwrap_or(u32::MAX)),
            served::served(look, (w.node_missing_title, w.node_missing)),
        ),
        Panel::Pictures(id) => (
            !id.0.as_u128(),
            served::served(look, (w.node_missing_title, w.node_missing)),
        ),
        Panel::Portrait => (8, served::served(look, (w.unknown_title, w.unknown_text))),
        Panel::Yarn(id) => (
            id.0.as_u128() + 1,
            served::served(look, (w.thread_missing_title, w.role_missing)),
        ),
        panel @ (Panel::News(_) | Panel::Areas | Panel::Area(_)) => {
            let key = match panel {
                Panel::News(page) => 1000 + u128::from(page),
                Panel::Area(id) => id.0.as_u128(),
                _ => 7,
            };
            (key, served::served(look, (w.unknown_title, w.unknown_text)))
        }
        Panel::Weave => (form_key(look, 2), weave::form(look)),
        Panel::Me => (form_key(look, 3), spool::me(look)),
        Panel::SignIn => (4, spool::sign_in(look)),
        Panel::Search => (6, search::search(look)),
        Panel::Unknown => (
            5,
            vec![
                parts::top(look, parts::title(w.unknown_title.into())),
                parts::hint(w.unknown_text.into()),
                parts::link(Panel::Home)
                    .set("class", "button")
                    .say(w.unknown_link),
            ],
        ),
    };
    of("div", "content").key(key).all(content)
}

/// A refused act that is edited again begins the form anew.
fn form_key(look: &Look<'_>, else_: u128) -> u128 {
    let replaces = look.state.draft.as_ref().and_then(|draft| draft.replaces);
    replaces.map_or(else_, |command| command.0.as_u128())
}
