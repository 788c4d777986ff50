//! The living page of the design: every token, and every component in each of its states, made of what the pages are
//! made of. For the server alone.

pub mod colour;
mod drawn;
mod marks;
mod panels;
mod scene;
mod shown;
mod specimens;
pub mod tokens;

use domain::page::Lang;

use crate::markup::{Element, el, of};
use crate::parts;
use crate::shell::{self, Assets};
use crate::words::plain_words;

/// The page.
#[must_use]
pub fn guide(lang: Lang, assets: &Assets) -> String {
    let w = plain_words(lang);
    let mut sections = vec![
        shown::colours(w),
        shown::ground(w),
        shown::contrast(w),
        shown::type_scale(w),
        shown::spaces(w),
    ];
    sections.extend(drawn::all(lang, assets));
    sections.extend(specimens::all(lang));
    let contents = el("ul").all(
        sections
            .iter()
            .map(|section| {
                let mut to = String::from("#");
                to.push_str(section.id);
                el("li").child(el("a").attr("href", to.into()).say(section.title))
            })
            .collect(),
    );
    let mut content = vec![
        parts::title(w.guide_title.into()),
        el("p").say(w.guide_lead),
        of("nav", "guide-contents")
            .set("aria-label", w.guide_title)
            .child(contents),
    ];
    content.extend(sections.into_iter().map(Section::element));
    let sheet = el("link")
        .set("rel", "stylesheet")
        .attr("href", assets.guide_css.clone().into());
    // A module waits for the whole page by itself.
    let script = el("script")
        .set("type", "module")
        .attr("src", assets.guide_js.clone().into());
    shell::document(
        lang,
        w.guide_title,
        assets,
        &[sheet, script],
        "panel guide",
        content,
    )
}

/// One part of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    content: Vec<Element>,
}

impl Section {
    fn element(self) -> Element {
        of("section", "block")
            .set("id", self.id)
            .child(el("h2").say(self.title))
            .all(self.content)
    }
}

/// Things side by side, each with its name below it.
fn specimens(named: Vec<(&'static str, Element)>) -> Element {
    of("ul", "specimens").set("role", "list").all(
        named
            .into_iter()
            .map(|(name, element)| {
                of("li", "specimen")
                    .child(element)
                    .child(parts::hint(name.into()))
            })
            .collect(),
    )
}
