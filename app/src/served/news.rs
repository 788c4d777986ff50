//! What is new for oneself: each piece says who, when, where, and leads there.

use domain::id::MessageId;
use domain::link::Panel;
use domain::page::{Page, Viewer};
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::JoinLevel;

use super::drawn;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::talk::anchor;
use crate::words::{PlainWords, fill, plain_words};

/// One page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The newest first.
    pub entries: Vec<Entry>,
    /// The page, from 0.
    pub page: u16,
    pub has_older: bool,
}

/// Why something is news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is new in the area of that name.
    Area(String),
    Mention,
    Answer,
    /// Somebody talked at one's own knot.
    Said,
    /// Somebody takes part in one's own knot, and how.
    Joined(JoinLevel),
}

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub why: Why,
    pub at: Millis,
    pub node: NodeRow,
    /// The name of whose doing it is.
    pub name: String,
    /// The message that was said, with its beginning.
    pub message: Option<(MessageId, String)>,
    /// It came since one last looked.
    pub is_new: bool,
}

/// Puts the panel into its page.
pub fn draw(page: &mut Page, news: &News) {
    let title = plain_words(page.lang).news_title.to_owned();
    drawn::draw(page, title, None, |look| content(look, news));
}

/// All below the panel's title.
#[must_use]
pub fn content(look: &Look<'_>, news: &News) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    if look.state.page.viewer == Viewer::Guest {
        return vec![
            parts::hint(w.news_guest.into()),
            parts::link(Panel::SignIn)
                .set("class", "button primary")
                .say(look.words.me_sign_in),
        ];
    }
    let mut content = vec![
        parts::hint(w.news_lead.into()),
        of("p", "buttons").child(
            parts::link(Panel::Areas)
                .set("class", "button small")
                .say(w.areas_title),
        ),
    ];
    if news.entries.is_empty() {
        content.push(
            of("div", "empty")
                .child(parts::icon("knot"))
                .child(el("p").say(w.news_none)),
        );
    } else {
        let rows = news.entries.iter().map(|entry| row(look, w, entry));
        content.push(of("ol", "list").set("role", "list").all(rows.collect()));
    }
    let mut ways = of("div", "buttons");
    if news.has_older {
        ways = ways.child(
            parts::link(Panel::News(news.page.saturating_add(1)))
                .set("class", "button")
                .set("rel", "next")
                .say(w.news_older),
        );
    }
    if news.page > 0 {
        ways = ways.child(
            parts::link(Panel::News(0))
                .set("class", "button")
                .say(w.news_newest),
        );
    }
    content.push(ways);
    content
}

fn row(look: &Look<'_>, w: &'static PlainWords, entry: &Entry) -> Element {
    let node = &entry.node;
    let why = match &entry.why {
        Why::Area(area) => fill(w.news_area, "area", area),
        Why::Mention => fill(w.news_mention, "name", &entry.name),
        Why::Answer => fill(w.news_answer, "name", &entry.name),
        Why::Said => fill(w.news_said, "name", &entry.name),
        Why::Joined(level) => {
            let told = match level {
                JoinLevel::Interest => w.news_interested,
                JoinLevel::Promise => w.news_joined,
                JoinLevel::Responsibility => w.news_cares,
            };
            fill(told, "name", &entry.name)
        }
    };
    let mut address = Panel::Node(node.id).path();
    let icon = match &entry.message {
        None => node.kind.code(),
        Some((message, _)) => {
            address.push('#');
            address.push_str(&anchor(*message));
            "said"
        }
    };
    let mut when: String = look.ago(entry.at).into();
    when.push_str(" · ");
    let said = entry.message.as_ref().filter(|(_, said)| !said.is_empty());
    let metres = look.state.page.camera.centre.distance_m(node.place).round() as u32;
    let distance = look.distance(metres);
    let away: Text = fill(w.news_away, "distance", &distance).into();
    el("li").flag("data-new", entry.is_new).child(
        of("a", "row")
            .attr("href", address.into())
            .set("data-kind", node.kind.code())
            .child(of("span", "seal").child(parts::icon(icon)))
            .child(
                of("span", "row-text")
                    .child(of("span", "row-title").text(node.title.clone().into()))
                    .child(of("span", "row-facts").child(el("span").text(why.into())))
                    .child(
                        of("span", "row-facts")
                            .child(el("span").text(when.into()).child(look.time(entry.at))),
                    )
                    .maybe(
                        said.map(|(_, said)| of("span", "row-excerpt").text(said.clone().into())),
                    ),
            )
            .child(
                of("span", "row-end")
                    .maybe(entry.is_new.then(|| parts::badge("badge", w.news_new)))
                    .child(
                        of("span", "distance")
                            .attr("title", away)
                            .text(distance.into()),
                    ),
            ),
    )
}
