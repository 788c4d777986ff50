//! How many messages one has not read: at a conversation, at the ways to it, and in all.

use domain::id::NodeId;
use domain::link::Panel;
use domain::talk::{UNREAD_TOLD_MAX, unread_at, unread_in_all};
use domain::weave::{NodeKind, Structure};

use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::words::counted;

/// So many as a number that has room beside a word; none: no element.
fn badge(look: &Look<'_>, count: u32) -> Option<Element> {
    let w = look.words;
    let text = if count > UNREAD_TOLD_MAX {
        "99+".into()
    } else {
        count.to_string().into()
    };
    (count > 0).then(|| {
        let told = counted(w.unread_one, w.unread_many, count as usize);
        of("span", "count")
            .set("data-tone", "new")
            .attr("title", told)
            .text(text)
    })
}

/// Of the conversation of that knot.
pub(super) fn at(look: &Look<'_>, node: NodeId) -> Option<Element> {
    badge(look, unread_at(&look.state.page.unread, node)?.count)
}

/// Of all in which one takes part.
pub(crate) fn in_all(look: &Look<'_>) -> Option<Element> {
    badge(look, unread_in_all(&look.state.page.unread))
}

/// The way to where all talk.
pub(crate) fn parlour(look: &Look<'_>) -> Element {
    let node = NodeId::of_structure(Structure::Parlour);
    way(look, node, Structure::Parlour.title()).set("data-kind", NodeKind::Structure.code())
}

fn way(look: &Look<'_>, node: NodeId, title: &str) -> Element {
    parts::link(Panel::Node(node))
        .set("class", "way")
        .child(parts::icon("said"))
        .child(of("span", "way-title").text(title.to_owned().into()))
        .maybe(at(look, node))
}

/// The ways to the parlour, and to what else one has not read.
pub(crate) fn conversations(look: &Look<'_>) -> Element {
    let mut ways = vec![el("li").child(parlour(look))];
    for one in &look.state.page.unread {
        if Structure::of(one.node).is_none() {
            let way = way(look, one.node, &one.title);
            ways.push(el("li").key(one.node.0.as_u128()).child(way));
        }
    }
    of("section", "block")
        .child(el("h2").say(look.words.me_talks))
        .child(of("ul", "list").set("role", "list").all(ways))
}
