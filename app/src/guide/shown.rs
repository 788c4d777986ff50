//! Tokens to look at. What has a token's colour or size is a picture whose attributes name the token: the policy of the
//! pages allows no style in an element.

use super::Section;
use super::tokens::{self, TEXT, Token};
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::words::PlainWords;

pub(super) fn colours(w: &'static PlainWords) -> Section {
    let tokens = tokens::roles();
    Section {
        id: "colours",
        title: w.guide_colours,
        content: vec![
            el("p").say(w.guide_colours_lead),
            swatches(tokens.into_iter().filter(|token| token.colours().is_some())),
        ],
    }
}

pub(super) fn ground(w: &'static PlainWords) -> Section {
    Section {
        id: "ground",
        title: w.guide_ground,
        content: vec![swatches(tokens::ground().into_iter())],
    }
}

fn swatches(tokens: impl Iterator<Item = Token>) -> Element {
    of("ul", "swatches")
        .set("role", "list")
        .all(tokens.map(swatch).collect())
}

fn swatch(token: Token) -> Element {
    let mut values = String::from(token.light);
    if let Some(dark) = token.dark {
        values.push_str(" · ");
        values.push_str(dark);
    }
    el("li")
        .child(
            picture("0 0 64 40").child(
                el("rect")
                    .set("width", "64")
                    .set("height", "40")
                    .set("rx", "6")
                    .attr("fill", var(token.name)),
            ),
        )
        .child(el("code").text(token.name.into()))
        .child(parts::hint(values.into()))
}

/// A picture that says nothing the text beside it does not say.
fn picture(view_box: &'static str) -> Element {
    el("svg")
        .set("viewBox", view_box)
        .set("aria-hidden", "true")
}

fn var(name: &str) -> Text {
    ["var(--", name, ")"].concat().into()
}

pub(super) fn contrast(w: &'static PlainWords) -> Section {
    let head = [w.guide_what, w.guide_least, w.guide_light, w.guide_dark]
        .map(|title| el("th").set("scope", "col").say(title));
    let table = of("table", "contrasts")
        .child(el("thead").child(el("tr").all(head.to_vec())))
        .child(el("tbody").all(weakest().into_iter().map(row).collect()));
    Section {
        id: "contrast",
        title: w.guide_contrast,
        content: vec![el("p").say(w.guide_contrast_lead), table],
    }
}

/// Where a colour has the least contrast: on what, and how much.
#[derive(Clone, Copy)]
struct Weakest {
    what: &'static str,
    least: f64,
    light: (&'static str, f64),
    dark: (&'static str, f64),
}

/// Of all that a colour stands on, what it is seen on worst, in the light and in the dark.
fn weakest() -> Vec<Weakest> {
    let tokens = [tokens::roles(), tokens::ground()].concat();
    let colours = |name: &str| {
        let token = tokens.iter().find(|token| token.name == name);
        token.and_then(|token| token.colours())
    };
    let mut found: Vec<Weakest> = Vec::new();
    for pair in tokens::pairs() {
        let (Some(what), Some(on)) = (colours(pair.what), colours(pair.on)) else {
            continue;
        };
        let (light, dark) = (what.0.contrast(on.0), what.1.contrast(on.1));
        let known = found
            .iter_mut()
            .find(|known| known.what == pair.what && known.least.total_cmp(&pair.least).is_eq());
        match known {
            Some(known) => {
                for (worst, ratio) in [(&mut known.light, light), (&mut known.dark, dark)] {
                    if ratio < worst.1 {
                        *worst = (pair.on, ratio);
                    }
                }
            }
            None => found.push(Weakest {
                what: pair.what,
                least: pair.least,
                light: (pair.on, light),
                dark: (pair.on, dark),
            }),
        }
    }
    found
}

fn row(weakest: Weakest) -> Element {
    let ratio = |(on, ratio): (&'static str, f64)| {
        el("td")
            .text(format!("{ratio:.1} ").into())
            .child(of("span", "hint").text(on.into()))
    };
    let least = if weakest.least < TEXT { "3" } else { "4.5" };
    el("tr")
        .child(
            el("th")
                .set("scope", "row")
                .child(sample(weakest.what, weakest.light.0)),
        )
        .child(el("td").say(least))
        .child(ratio(weakest.light))
        .child(ratio(weakest.dark))
}

/// A dot of one colour on the other, and its name.
fn sample(what: &'static str, on: &'static str) -> Element {
    el("span")
        .child(
            picture("0 0 28 20")
                .child(
                    el("rect")
                        .set("width", "28")
                        .set("height", "20")
                        .set("rx", "4")
                        .attr("fill", var(on)),
                )
                .child(
                    el("path")
                        .set("d", "M6 10h16")
                        .set("stroke-width", "3")
                        .set("stroke-linecap", "round")
                        .attr("stroke", var(what)),
                ),
        )
        .text(what.into())
}

pub(super) fn type_scale(w: &'static PlainWords) -> Section {
    let lines = tokens::scale()
        .into_iter()
        .filter(|token| token.name.starts_with("text-"))
        .map(|token| {
            el("li").child(named(token)).child(
                of("span", "typed")
                    .set("data-size", size(token.name))
                    .say(w.guide_specimen),
            )
        })
        .collect();
    Section {
        id: "type",
        title: w.guide_type,
        content: vec![of("ul", "types").set("role", "list").all(lines)],
    }
}

/// As guide.css knows it.
fn size(name: &'static str) -> &'static str {
    name.trim_start_matches("text-")
}

pub(super) fn spaces(w: &'static PlainWords) -> Section {
    let rows = tokens::scale()
        .into_iter()
        .filter(|token| !token.name.starts_with("text-") && token.name != "font")
        .map(|token| {
            let is_length = token.light.ends_with("rem");
            el("li").child(named(token)).maybe(is_length.then(|| {
                let bar = el("rect").set("fill", "var(--edge)");
                let bar = if token.name.starts_with("round-") {
                    bar.set("width", "5rem")
                        .set("height", "100%")
                        .attr("rx", var(token.name))
                } else {
                    bar.attr("width", var(token.name)).set("height", "0.75rem")
                };
                of("span", "measure").child(el("svg").set("aria-hidden", "true").child(bar))
            }))
        })
        .collect();
    Section {
        id: "space",
        title: w.guide_space,
        content: vec![of("ul", "types").set("role", "list").all(rows)],
    }
}

fn named(token: Token) -> Element {
    el("span")
        .child(el("code").text(token.name.into()))
        .child(of("span", "hint").text(token.light.into()))
}
