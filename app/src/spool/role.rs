//! A role's public page.

use domain::id::RoleId;
use domain::link::Panel;
use domain::page::{Detail, RoleDetail, RoleThread};
use domain::spool::{Placed, Profile};
use domain::weave::{Picture, Target};

use super::{profile, standing};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::{absent, picture, thread};
use crate::words::fill;

/// The panel of a role.
#[must_use]
pub fn role(look: &Look<'_>, id: RoleId) -> Vec<Element> {
    let w = look.words;
    match &look.state.page.detail {
        Detail::Role { role, threads } if role.role == id => {
            let predicted = look.state.role.as_ref().filter(|role| role.role == id);
            shown(look, predicted.unwrap_or(role), threads)
        }
        _ => absent(look, w.role_missing_title, w.role_missing),
    }
}

fn shown(look: &Look<'_>, role: &RoleDetail, threads: &[RoleThread]) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let own = state.me.as_ref().filter(|me| me.role == role.role);
    let name = own.map_or(&role.name, |me| &me.name);
    let placed = own.map_or(role.placed, |me| me.placed);
    let mut facts = of("dl", "facts").child(
        of("div", "fact")
            .child(
                el("dt")
                    .child(parts::icon("clock"))
                    .child(el("span").say(w.role_since)),
            )
            .child(el("dd").child(look.time(role.registered_at))),
    );
    let mut where_ = el("dd").text(placed_words(look, placed));
    if let (Some(place), true) = (role.place, state.awake && !state.mapless) {
        where_ = where_
            .say(" ")
            .child(parts::button("text", Press::Show(place)).say(w.node_show));
    }
    facts = facts.child(
        of("div", "fact")
            .child(
                el("dt")
                    .child(parts::icon("place"))
                    .child(el("span").say(w.node_place)),
            )
            .child(where_),
    );
    let stands = own.map_or(&role.standing, |me| &me.standing);
    facts = facts.all(standing::facts(look, stands, &role.vouches_for));
    let rows: Vec<Element> = threads
        .iter()
        .map(|row| {
            thread(
                look,
                &row.thread,
                match row.thread.target {
                    Target::Node(node) => Panel::Node(node),
                    Target::Role(role) => Panel::Role(role),
                },
                row.title.clone().into(),
            )
        })
        .collect();
    let you = own.map(|_| {
        of("p", "byline")
            .say(w.role_you)
            .say(" ")
            .child(parts::link(Panel::Me).say(w.bar_me))
    });
    let said = own.map_or(&role.profile, |me| &me.profile);
    let mut content = vec![parts::top(
        look,
        of("div", "heading")
            .child(
                of("span", "kind")
                    .child(parts::icon("spool"))
                    .child(el("span").say(w.role_kind)),
            )
            .child(parts::title(name.clone().into())),
    )];
    content.extend(you);
    content.extend(portrait(look, name, said));
    content.extend(profile::shown(look, said));
    content.push(facts);
    content.extend(standing::deeds(look, role));
    content.extend(standing::rights(look, role.role));
    content.push(
        of("section", "block")
            .child(el("h2").say(w.role_threads))
            .child(if rows.is_empty() {
                parts::hint(w.role_threads_none.into())
            } else {
                of("ul", "threads").set("role", "list").all(rows)
            })
            .maybe(state.awake.then(|| parts::still(look, w.still_role))),
    );
    content
}

/// The picture that a role shows of itself.
fn portrait(look: &Look<'_>, name: &str, said: &Profile) -> Option<Element> {
    let picture = Picture {
        id: said.picture?,
        alt: name.to_owned(),
    };
    Some(picture::list(vec![picture::item(look.words, 1, &picture)]))
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
