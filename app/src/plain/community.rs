//! What the community is and asks for, and the forms by which an admin says so.

use domain::page::Lang;
use domain::refusal::Refusal;
use domain::spool::VOUCHES_NEEDED_MAX;

use super::{field, refused};
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::shell::{Assets, small};
use crate::words::{fill, plain_words};

/// What the page about the community tells.
#[derive(Clone, Copy, Debug)]
pub struct Community<'a> {
    pub name: &'a str,
    pub centre: Option<&'a str>,
    pub radius_m: Option<u32>,
    pub vouches_needed: u32,
    /// What stands in its forms; none: whoever looks may not change anything.
    pub forms: Option<Forms<'a>>,
}

/// What stands in the forms of that page.
#[derive(Clone, Copy, Debug)]
pub struct Forms<'a> {
    /// Name, centre and radius.
    pub typed: [&'a str; 3],
    /// The same as they stood when the form was first drawn: it changes only what differs.
    pub was: [&'a str; 3],
    /// How many vouches.
    pub needed: &'a str,
    /// Why what was sent was not done.
    pub refusal: Option<Refusal>,
}

/// Name, centre and area of the community, how many vouches it asks for, and the forms to change them.
#[must_use]
pub fn community(lang: Lang, community: &Community<'_>, assets: &Assets) -> String {
    let w = plain_words(lang);
    let fact = |word, told: Text| parts::fact(word, el("dd").text(told)).set("class", "fact");
    let or = |told: Option<String>, none: &'static str| told.map_or(none.into(), Text::Owned);
    let name = (!community.name.is_empty()).then(|| community.name.to_owned());
    let centre = community.centre.map(str::to_owned);
    let mut facts = of("dl", "facts")
        .child(fact(w.community_name, or(name, w.community_nameless)))
        .child(fact(w.community_centre, or(centre, w.community_nowhere)));
    if let Some(radius_m) = community.radius_m {
        let told = fill(w.community_radius_told, "n", &radius_m.to_string());
        facts = facts.child(fact(w.community_radius, told.into()));
    }
    let vouches = community.vouches_needed.to_string();
    let facts = facts.child(fact(w.community_vouches, vouches.into()));
    let mut content = vec![
        parts::title(w.community_title.into()),
        el("p").say(w.community_lead),
        facts,
    ];
    match &community.forms {
        None => content.push(parts::hint(w.community_admins.into())),
        Some(forms) => {
            content.push(itself(lang, forms));
            content.push(vouches_needed(lang, forms));
        }
    }
    content.push(of("a", "button").set("href", "/").say(w.about_back));
    small(lang, w.community_title, assets, content)
}

/// Why a field was refused, if it was one of those reasons.
fn wrong(lang: Lang, forms: &Forms<'_>, of_it: fn(&Refusal) -> bool) -> Option<Text> {
    let refusal = forms.refusal.as_ref().filter(|refusal| of_it(refusal))?;
    Some(match refusal {
        // There is no map here to choose on.
        Refusal::PlaceInvalid => plain_words(lang).community_flaw_centre.into(),
        // What was typed may be no number.
        Refusal::VouchesOutOfRange { max, .. } => {
            let flaw = plain_words(lang).community_flaw_vouches;
            fill(flaw, "max", &max.to_string()).into()
        }
        refusal => refused(lang, refusal),
    })
}

/// The form of what it is called and where it is.
fn itself(lang: Lang, forms: &Forms<'_>) -> Element {
    let w = plain_words(lang);
    let text = |key, label, hint, value: &str, of_it| {
        let input = el("input")
            .set("type", "text")
            .set("autocomplete", "off")
            .attr("value", value.to_owned().into());
        field(key, (label, hint), input, wrong(lang, forms, of_it))
    };
    let was = |key, value: &str| {
        el("input")
            .set("type", "hidden")
            .set("name", key)
            .attr("value", value.to_owned().into())
    };
    let [name, centre, radius] = forms.typed;
    let [was_name, was_centre, was_radius] = forms.was;
    of("section", "block")
        .child(el("h2").say(w.community_change))
        .child(
            of("form", "form")
                .set("method", "post")
                .set("action", "/gemeinschaft")
                .child(was("was_name", was_name))
                .child(was("was_centre", was_centre))
                .child(was("was_radius", was_radius))
                .child(text(
                    "name",
                    w.community_name,
                    w.community_name_hint,
                    name,
                    |why| matches!(why, Refusal::NameLength { .. } | Refusal::ControlCharacters),
                ))
                .child(text(
                    "centre",
                    w.community_centre,
                    w.community_centre_hint,
                    centre,
                    |why| matches!(why, Refusal::PlaceInvalid | Refusal::CentreMissing),
                ))
                .child(text(
                    "radius",
                    w.community_radius_field,
                    w.community_radius_hint,
                    radius,
                    |why| matches!(why, Refusal::RadiusOutOfRange { .. }),
                ))
                .child(parts::submit(w.community_submit)),
        )
}

/// The form of how many vouches it asks for.
fn vouches_needed(lang: Lang, forms: &Forms<'_>) -> Element {
    let w = plain_words(lang);
    let input = el("input")
        .set("type", "number")
        .set("inputmode", "numeric")
        .set("autocomplete", "off")
        .set("min", "0")
        .attr("max", VOUCHES_NEEDED_MAX.to_string().into())
        .flag("required", true)
        .attr("value", forms.needed.to_owned().into());
    let says = (w.community_vouches_field, w.community_vouches_hint);
    let wrong = wrong(lang, forms, |why| {
        matches!(why, Refusal::VouchesOutOfRange { .. })
    });
    of("section", "block")
        .child(el("h2").say(w.community_vouches_title))
        .child(
            of("form", "form")
                .set("method", "post")
                .set("action", "/gemeinschaft/buergschaften")
                .child(field("needed", says, input, wrong))
                .child(parts::submit(w.community_submit)),
        )
}
