//! A role's public page.

use domain::id::RoleId;
use domain::link::Panel;
use domain::page::{Detail, RoleDetail, RoleThread};
use domain::spool::Placed;

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::{skeleton, thread};
use crate::words::fill;

/// The panel of a role.
#[must_use]
pub fn role(look: &Look<'_>, id: RoleId) -> Vec<Element> {
    let w = look.words;
    match &look.state.page.detail {
        Detail::Role { role, threads } if role.role == id => shown(look, role, threads),
        _ if look.state.loading => {
            vec![
                parts::top(look, parts::title(w.loading.into())),
                skeleton(look),
            ]
        }
        _ => vec![
            parts::top(look, parts::title(w.role_missing_title.into())),
            parts::hint(w.role_missing.into()),
        ],
    }
}

fn shown(look: &Look<'_>, role: &RoleDetail, threads: &[RoleThread]) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let own = state.me.as_ref().filter(|me| me.role == role.role);
    let name = own.map_or(&role.name, |me| &me.name);
    let placed = own.map_or(role.placed, |me| me.placed);
    let mut facts = of("dl", "facts").add(
        of("div", "fact")
            .add(
                el("dt")
                    .add(parts::icon("clock"))
                    .add(el("span").say(w.role_since)),
            )
            .add(el("dd").add(look.time(role.registered_at))),
    );
    let mut where_ = el("dd").text(placed_words(look, placed));
    if let (Some(place), true) = (role.place, state.awake && !state.mapless) {
        where_ = where_
            .say(" ")
            .add(parts::button("text", Press::Show(place)).say(w.node_show));
    }
    facts = facts.add(
        of("div", "fact")
            .add(
                el("dt")
                    .add(parts::icon("place"))
                    .add(el("span").say(w.node_place)),
            )
            .add(where_),
    );
    let rows: Vec<Element> = threads
        .iter()
        .map(|row| {
            thread(
                look,
                &row.thread,
                Panel::Node(row.thread.node),
                row.node_title.clone().into(),
            )
        })
        .collect();
    vec![
        parts::top(
            look,
            of("div", "heading")
                .add(
                    of("span", "kind")
                        .add(parts::icon("spool"))
                        .add(el("span").say(w.role_kind)),
                )
                .add(parts::title(name.clone().into())),
        ),
        el("div").maybe(own.map(|_| {
            of("p", "byline")
                .say(w.role_you)
                .say(" ")
                .add(parts::link(Panel::Me).say(w.bar_me))
        })),
        facts,
        of("section", "block")
            .add(el("h2").say(w.role_threads))
            .add(if rows.is_empty() {
                parts::hint(w.role_threads_none.into())
            } else {
                of("ul", "threads").set("role", "list").all(rows)
            }),
    ]
}

/// Whether and how exactly a role is on the map, told to everyone.
fn placed_words(look: &Look<'_>, placed: Placed) -> Text {
    let w = look.words;
    match placed {
        Placed::Hidden => Text::Borrowed(w.role_hidden),
        Placed::Exact => Text::Borrowed(w.role_exact),
        Placed::Radius { radius } => fill(w.role_radius, "radius", &look.radius(radius)).into(),
    }
}
