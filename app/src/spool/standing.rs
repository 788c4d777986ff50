//! Where a role stands: on its page, with what a weaver can do about it, and to itself, with what it may.

use domain::command::Act;
use domain::id::RoleId;
use domain::link::Panel;
use domain::page::RoleDetail;
use domain::spool::{Met, Standing};
use domain::view::Me;

use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::deed;
use crate::why;
use crate::words::fill;

/// Guest or weaver, who vouched, and for whom.
#[must_use]
pub(super) fn facts(look: &Look<'_>, standing: &Standing, vouches_for: &[Met]) -> Vec<Element> {
    let w = look.words;
    let mut belongs = el("dd");
    belongs = match standing.weaver_since {
        Some(at) => belongs.say(w.role_weaver).say(" ").child(look.time(at)),
        None => belongs.text(counted(w.role_guest, standing)),
    };
    if standing.admin_since.is_some() {
        belongs = belongs.say(" ").say(w.role_admin);
    }
    let mut facts = vec![fact("knot", w.role_belongs, belongs)];
    for (word, met) in [
        (w.role_vouched_by, &*standing.vouched_by),
        (w.role_vouches_for, vouches_for),
    ] {
        if !met.is_empty() {
            facts.push(fact("me", word, named(met)));
        }
    }
    facts
}

fn fact(icon: &'static str, word: &'static str, value: Element) -> Element {
    of("div", "fact")
        .child(
            el("dt")
                .child(parts::icon(icon))
                .child(el("span").say(word)),
        )
        .child(value)
}

/// Names that lead to their pages.
fn named(met: &[Met]) -> Element {
    let mut names = el("dd");
    for (n, met) in met.iter().enumerate() {
        if n > 0 {
            names = names.say(", ");
        }
        names = names.child(parts::link(Panel::Role(met.role)).text(met.name.clone().into()));
    }
    names
}

/// What can be done about somebody else, and why not, is asked of the domain.
#[must_use]
pub(super) fn deeds(look: &Look<'_>, role: &RoleDetail) -> Option<Element> {
    let w = look.words;
    let state = look.state;
    let me = state.me.as_ref().filter(|me| me.role != role.role)?;
    if !state.awake {
        return None;
    }
    let id = role.role;
    let deed = if role.standing.is_vouched_by(me.role) {
        match state.judge(Act::WithdrawVouch { role: id }) {
            Ok(()) => deed(
                "button",
                Press::WithdrawVouch(id),
                w.role_withdraw.into(),
                w.role_withdraw_hint,
            ),
            // It is done: what there is to know stands above.
            Err(_) => return None,
        }
    } else {
        match state.judge(Act::VouchFor { role: id }) {
            Ok(()) => deed(
                "button primary",
                Press::Vouch(id),
                fill(w.role_vouch, "name", &role.name).into(),
                w.role_vouch_hint,
            ),
            // Nobody has to be vouched for any more.
            Err(_) if role.standing.weaver_since.is_some() => return None,
            Err(refusal) => parts::hint(why::refusal(look, &refusal)),
        }
    };
    let waits = look.open().any(|waiting| waiting.is_about_role(id));
    let refused = match &state.refused {
        Some((Form::Act, Denied::Rule(refusal))) => Some(parts::alert(why::refusal(look, refusal))),
        _ => None,
    };
    Some(
        of("section", "deeds")
            .maybe(waits.then(|| parts::badge("badge wide", w.node_deed_on_its_way)))
            .child(deed)
            .maybe(refused),
    )
}

/// Where a role's rights are told, and changed by an admin.
#[must_use]
pub fn rights_path(role: RoleId) -> String {
    Panel::Role(role).path() + "/rechte"
}

/// The way there, for an admin.
#[must_use]
pub(super) fn rights(look: &Look<'_>, role: RoleId) -> Option<Element> {
    let me = look.state.me.as_ref()?;
    me.standing.admin_since?;
    let way = el("a")
        .attr("href", rights_path(role).into())
        .set("data-document", "")
        .set("class", "button")
        .say(look.words.role_rights);
    Some(of("p", "buttons").child(way))
}

/// What one may oneself, and what is missing.
#[must_use]
pub(super) fn own(look: &Look<'_>, me: &Me) -> Element {
    let w = look.words;
    let standing = &me.standing;
    let may = if standing.weaver_since.is_some() {
        Text::Borrowed(w.me_rights_weaver)
    } else {
        counted(w.me_rights_guest, standing)
    };
    let admin = standing.admin_since.map(|_| {
        let way = parts::document("/gemeinschaft").say(w.me_community);
        el("p").say(w.me_rights_admin).say(" ").child(way)
    });
    let by = (!standing.vouched_by.is_empty()).then(|| {
        of("dl", "facts").child(fact("me", w.role_vouched_by, named(&standing.vouched_by)))
    });
    of("section", "block")
        .child(el("h2").say(w.me_rights))
        .child(el("p").text(may))
        .maybe(admin)
        .maybe(by)
}

fn counted(text: &str, standing: &Standing) -> Text {
    why::of_vouches(
        text,
        standing.vouched_by.len() as u32,
        standing.vouches_needed,
    )
}
