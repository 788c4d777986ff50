//! What a page says of itself to those who show a link to it: messengers, search engines.

use domain::link::Panel;
use domain::page::{Detail, Lang};
use domain::view::NodeRow;

use crate::look::Look;
use crate::markup::{Element, Text, el};
use crate::parts;
use crate::weave::particulars::told_now;
use crate::words::{fill, plain_words};

/// Letters of a description at most.
const DESCRIPTION_MAX: usize = 200;
/// The size of the pictures that the server draws, in pixels.
const PICTURE: (&str, &str) = ("1200", "630");

/// What a document's head says outwards.
#[derive(Clone, Debug)]
pub(crate) struct Outward {
    pub(crate) description: Text,
    pub(crate) tags: Vec<Element>,
}

/// The description and tags of a page that is reached under `base`, whose open knot says `text`. What has come undone says no more than that it is here.
pub(crate) fn outward(look: &Look<'_>, base: &str, text: &str) -> Outward {
    let w = look.words;
    let page = &look.state.page;
    let plain = plain_words(page.lang);
    // Nobody who is passed a link to it takes it for a real one.
    let site: Text = if page.is_demo {
        [look.site(), w.demo].join(" · ").into()
    } else {
        look.site().to_owned().into()
    };
    let (mut title, mut description): (Text, Text) = (site.clone(), w.description.into());
    let mut picture = String::from("/bild.png");
    let mut is_to_be_found = matches!(page.panel, Panel::Home);
    match (&page.panel, &page.detail) {
        (Panel::Node(_), Detail::Node { node, .. }) if holds(look, node) => {
            is_to_be_found = true;
            title = excerpt(&node.title).into();
            picture = Panel::Node(node.id).path() + "/bild.png";
            let said = said(look, node);
            description = excerpt(&[&*said, text].join(" ")).into();
            if text.is_empty() {
                let kind = parts::kind_word(w, node.kind);
                let about = fill(plain.outward_node, "kind", kind);
                let about = fill(&about, "name", &node.owner_name);
                description = excerpt(&[&*said, &*about].join(" ")).into();
            }
        }
        (Panel::Role(_), Detail::Role { role, .. }) => {
            is_to_be_found = true;
            title = excerpt(&role.name).into();
            description = excerpt(&fill(plain.outward_role, "name", &role.name)).into();
        }
        _ => {}
    }
    let (locale, other) = match page.lang {
        Lang::De => ("de_DE", "en_GB"),
        Lang::En => ("en_GB", "de_DE"),
    };
    let address = [base, &page.panel.path()].concat();
    let picture = [base, &picture].concat();
    let mut tags: Vec<Element> = [
        ("og:type", "website".into()),
        ("og:site_name", site),
        ("og:title", title),
        ("og:description", description.clone()),
        ("og:url", address.clone().into()),
        ("og:locale", locale.into()),
        ("og:locale:alternate", other.into()),
        ("og:image", picture.into()),
        ("og:image:type", "image/png".into()),
        ("og:image:width", PICTURE.0.into()),
        ("og:image:height", PICTURE.1.into()),
        ("og:image:alt", plain.outward_picture.into()),
    ]
    .into_iter()
    .map(|(name, content): (_, Text)| el("meta").set("property", name).attr("content", content))
    .collect();
    let named = |name, content| el("meta").set("name", name).set("content", content);
    tags.push(named("twitter:card", "summary_large_image"));
    if is_to_be_found {
        let link = el("link").set("rel", "canonical");
        tags.push(link.attr("href", address.into()));
    } else {
        tags.push(named("robots", "noindex"));
    }
    Outward { description, tags }
}

/// When it is, or what else it says of its own kind, as a sentence before the rest.
fn said(look: &Look<'_>, node: &NodeRow) -> String {
    let start = node.start().map(|start| look.date(start));
    let said = told_now(look, node).map(Text::into_owned);
    let parts: Vec<String> = start.into_iter().chain(said).collect();
    if parts.is_empty() {
        return String::new();
    }
    parts.join(" ") + "."
}

fn holds(look: &Look<'_>, node: &NodeRow) -> bool {
    node.facts().undone_at(look.state.now).is_none()
}

/// The beginning of a text in one line, without what steers; cut between words where there is a place to.
fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let mut letters = 0;
    for c in text.chars() {
        let steers = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if steers {
            continue;
        }
        let c = if c.is_control() || c.is_whitespace() {
            ' '
        } else {
            c
        };
        if c == ' ' && (line.is_empty() || line.ends_with(' ')) {
            continue;
        }
        if letters == DESCRIPTION_MAX {
            let cut = line.rfind(' ').filter(|at| *at > line.len() / 2);
            line.truncate(cut.unwrap_or_else(|| before_last(&line)));
            line.push('…');
            return line;
        }
        line.push(c);
        letters += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

fn before_last(line: &str) -> usize {
    line.char_indices().next_back().map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_one_line_of_bounded_length() {
        assert_eq!(
            excerpt(" Kommt\r\nalle,\u{0} \u{202e}heute! "),
            "Kommt alle, heute!"
        );
        assert_eq!(excerpt("\n\t "), "");
        for text in [
            "Wort für Wort ".repeat(60),
            "Ä".repeat(300),
            "🍎".repeat(300),
        ] {
            let cut = excerpt(&text);
            let letters = cut.chars().count();
            assert!(
                (100..=DESCRIPTION_MAX).contains(&letters),
                "{letters}: {cut}"
            );
            assert!(cut.ends_with('…') && !cut.ends_with(" …"), "{cut}");
        }
        let exact = "W".repeat(DESCRIPTION_MAX);
        assert_eq!(excerpt(&exact), exact);
    }
}
