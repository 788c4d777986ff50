//! How many messages one has not read: at a conversation and at the ways to it.

use domain::id::NodeId;
use domain::link::Panel;
use domain::talk::unread_at;
use domain::weave::{NodeKind, Structure};

use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;

/// Of the conversation of that knot, as a number beside a word.
pub(super) fn at(look: &Look<'_>, node: NodeId) -> Vec<Element> {
    let w = look.words;
    let unread = unread_at(&look.state.page.unread, node);
    let count = unread.map_or(0, |unread| unread.count as usize);
    parts::count("new", count, w.unread_one, w.unread_many)
}

/// The way to where all talk.
pub(crate) fn parlour(look: &Look<'_>) -> Element {
    let node = NodeId::of_structure(Structure::Parlour);
    way(look, node, look.words.parlour_way).set("data-kind", NodeKind::Structure.code())
}

fn way(look: &Look<'_>, node: NodeId, title: &str) -> Element {
    parts::link(Panel::Node(node))
        .set("class", "way")
        .child(parts::icon("said"))
        .child(of("span", "way-title").text(title.to_owned().into()))
        .all(at(look, node))
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
