//! What a role may, and the forms by which an admin gives it a right or takes it.

use domain::id::RoleId;
use domain::link::Panel;
use domain::page::Lang;
use domain::refusal::Refusal;
use domain::spool::{REASON_MAX, Right, Standing};
use domain::time::Millis;

use super::{field, refused};
use crate::look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::shell::{Assets, small};
use crate::spool::rights_path;
use crate::words::{fill, plain_words, words};

/// What the page about a role's rights tells.
#[derive(Clone, Copy, Debug)]
pub struct Rights<'a> {
    pub role: RoleId,
    pub name: &'a str,
    pub standing: &'a Standing,
    /// Whether whoever looks gives and takes rights.
    pub is_admin: bool,
    /// What was asked for and not done, and why.
    pub wanted: Option<(Wanted<'a>, Refusal)>,
}

/// What an admin asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub right: Right,
    pub reason: &'a str,
}

/// What a role may and since when, each right with the form to give or take it.
#[must_use]
pub fn rights(lang: Lang, rights: &Rights<'_>, assets: &Assets) -> String {
    let w = plain_words(lang);
    let title = fill(w.rights_title, "name", rights.name);
    let mut content = vec![parts::title(title.clone().into())];
    if !rights.is_admin {
        content.push(parts::hint(w.community_admins.into()));
    }
    content.push(right(
        lang,
        rights,
        Right::Weaver,
        rights.standing.weaver_since,
    ));
    content.push(right(
        lang,
        rights,
        Right::Admin,
        rights.standing.admin_since,
    ));
    content.push(
        of("a", "button")
            .attr("href", Panel::Role(rights.role).path().into())
            .text(fill(w.rights_back, "name", rights.name).into()),
    );
    small(lang, &title, assets, content)
}

fn right(lang: Lang, rights: &Rights<'_>, right: Right, since: Option<Millis>) -> Element {
    let w = plain_words(lang);
    let (title, what) = match right {
        Right::Weaver => (w.rights_weaver, w.rights_weaver_hint),
        Right::Admin => (w.rights_admin, w.rights_admin_hint),
    };
    let held = match since {
        Some(at) => {
            let date = look::date(words(lang), at) + &look::zone(0);
            fill(w.rights_held, "at", &date).into()
        }
        None => w.rights_missing.into(),
    };
    of("section", "block")
        .child(el("h2").say(title))
        .child(parts::hint(what.into()))
        .child(el("p").text(held))
        .maybe(
            rights
                .is_admin
                .then(|| form(lang, rights, (right, title), since.is_some())),
        )
}

fn form(
    lang: Lang,
    rights: &Rights<'_>,
    (right, title): (Right, &'static str),
    is_held: bool,
) -> Element {
    let w = plain_words(lang);
    let wanted = (rights.wanted.as_ref()).filter(|(wanted, _)| wanted.right == right);
    let (code, id) = match right {
        Right::Weaver => ("weaver", "reason-weaver"),
        Right::Admin => ("admin", "reason-admin"),
    };
    let reason = wanted.map_or("", |(wanted, _)| wanted.reason);
    let wrong = wanted.map(|(_, refusal)| refused(lang, refusal));
    let input = el("input")
        .set("type", "text")
        .set("autocomplete", "off")
        .attr("maxlength", REASON_MAX.to_string().into())
        .flag("required", true)
        .attr("value", reason.to_owned().into());
    let (deed, word, button) = if is_held {
        ("take", w.rights_take, "button")
    } else {
        ("give", w.rights_give, "button primary")
    };
    let says = (w.rights_reason, w.rights_reason_hint);
    let hidden = |name, value| {
        el("input")
            .set("type", "hidden")
            .set("name", name)
            .set("value", value)
    };
    // Both forms have the same words.
    let named = [word, ": ", title].concat();
    of("form", "form")
        .set("aria-label", title)
        .set("method", "post")
        .attr("action", rights_path(rights.role).into())
        .child(hidden("right", code))
        .child(hidden("deed", deed))
        .child(field(id, says, input, wrong))
        .child(
            of("button", button)
                .set("type", "submit")
                .attr("aria-label", named.into())
                .say(word),
        )
}
