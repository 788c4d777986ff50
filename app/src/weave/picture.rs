//! Pictures as panels show them: small ones of one size, each the way to itself at full size.

use domain::view::NodeRow;
use domain::weave::Picture;

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::words::{Words, fill};

/// The side of a small picture, whatever its own shape: so nothing moves when it comes.
const SIDE: &str = "160";

/// Those of a knot; none where it has none.
#[must_use]
pub(super) fn pictures(look: &Look<'_>, node: &NodeRow) -> Option<Element> {
    let mut items = Vec::new();
    for picture in &node.pictures {
        items.push(item(look.words, items.len() + 1, picture));
    }
    (!items.is_empty()).then(|| list(items))
}

/// Pictures beside each other.
#[must_use]
pub(crate) fn list(items: Vec<Element>) -> Element {
    of("ul", "pictures").set("role", "list").all(items)
}

/// One of them, the `n`th.
#[must_use]
pub(crate) fn item(w: &'static Words, n: usize, picture: &Picture) -> Element {
    let mut path = String::from("/bilder/");
    path.push_str(&picture.id.to_string());
    let mut small = path.clone();
    small.push_str("/klein");
    let image = el("img")
        .attr("src", small.into())
        .attr("alt", name(w, n, picture))
        .set("width", SIDE)
        .set("height", SIDE)
        .set("loading", "lazy")
        .set("decoding", "async");
    el("li").key(picture.id.0.as_u128()).child(
        el("a")
            .attr("href", path.into())
            .set("data-document", "")
            .child(image),
    )
}

/// What it shows, else which one it is.
#[must_use]
pub(crate) fn name(w: &'static Words, n: usize, picture: &Picture) -> Text {
    if picture.alt.is_empty() {
        fill(w.node_picture, "n", &n.to_string()).into()
    } else {
        picture.alt.clone().into()
    }
}
