//! What a role says of itself: on its page, and in the form of its owner.

use domain::command::Act;
use domain::spool::Profile;
use domain::view::Me;

use super::me::{done, draft, form, other_error};
use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::why;

/// What it says, for everyone to read.
#[must_use]
pub(super) fn shown(look: &Look<'_>, profile: &Profile) -> Vec<Element> {
    let w = look.words;
    let mut shown = Vec::new();
    if !profile.about.is_empty() {
        shown.push(of("p", "prose").text(profile.about.clone().into()));
    }
    let lists: Vec<Element> = [
        (w.role_goods, &profile.goods),
        (w.role_skills, &profile.skills),
        (w.role_languages, &profile.languages),
    ]
    .into_iter()
    .filter(|(_, tags)| !tags.is_empty())
    .map(|(label, tags)| {
        let tags = tags.iter().map(|tag| el("li").text(tag.clone().into()));
        of("div", "offer")
            .child(el("dt").say(label))
            .child(el("dd").child(of("ul", "tags").set("role", "list").all(tags.collect())))
    })
    .collect();
    if !lists.is_empty() {
        shown.push(of("dl", "offers").all(lists));
    }
    shown
}

/// The form of its owner.
#[must_use]
pub(super) fn edited(look: &Look<'_>, me: &Me) -> Element {
    let w = look.words;
    let mut now = me.profile.clone();
    if let Some(Act::DescribeRole {
        about,
        goods,
        skills,
        languages,
    }) = draft(look)
    {
        for (own, new) in [
            (&mut now.goods, goods),
            (&mut now.skills, skills),
            (&mut now.languages, languages),
        ] {
            if let Some(new) = new {
                own.clone_from(new);
            }
        }
        if let Some(about) = about {
            now.about.clone_from(about);
        }
    }
    let error = |id: &str| match &look.state.refused {
        Some((Form::Describe, Denied::Rule(refusal))) if look.state.flawed == Some(id) => {
            Some(why::refusal(look, refusal))
        }
        _ => None,
    };
    let list = |id, label, hint, tags: &[String]| {
        let input = el("input")
            .set("type", "text")
            .set("autocomplete", "off")
            .attr("value", tags.join(", ").into());
        parts::field(id, label, hint, input, error(id))
    };
    let about = el("textarea").set("rows", "3").text(Text::Owned(now.about));
    of("section", "block")
        .child(el("h2").say(w.me_profile_title))
        .child(
            form("describe")
                .attr("data-base", me.version.to_string().into())
                .child(parts::field(
                    "about",
                    w.me_about,
                    w.me_about_hint,
                    about,
                    error("about"),
                ))
                .child(list("goods", w.me_goods, w.me_goods_hint, &now.goods))
                .child(list("skills", w.me_skills, w.me_skills_hint, &now.skills))
                .child(list(
                    "languages",
                    w.me_languages,
                    w.me_languages_hint,
                    &now.languages,
                ))
                .maybe(other_error(look, Form::Describe).filter(|_| look.state.flawed.is_none()))
                .child(
                    of("button", "button")
                        .set("type", "submit")
                        .say(w.change_submit)
                        .flag("disabled", !look.state.awake),
                )
                .maybe(done(look, Form::Describe)),
        )
}
