//! How a panel that the server draws comes into its page, and what its forms share.

use domain::page::{Detail, Page};
use domain::view::NodeRow;

use crate::live::State;
use crate::look::Look;
use crate::markup::{Element, Markup, of};
use crate::words::PlainWords;

/// Puts what is drawn below a title into the page; `about` is the knot that it is about.
pub(super) fn draw(
    page: &mut Page,
    title: String,
    about: Option<&NodeRow>,
    content: impl FnOnce(&Look<'_>) -> Vec<Element>,
) {
    page.detail = Detail::Served {
        title,
        html: String::new(),
        node: about.cloned().map(Box::new),
    };
    let state = State::new(page.clone());
    let drawn: String = content(&Look::new(&state, None))
        .into_iter()
        .map(|element| Markup::from(element).html())
        .collect();
    if let Detail::Served { html, .. } = &mut page.detail {
        *html = drawn;
    }
}

/// Stands beside the button of each plain form, and is seen while the line is cut: then the client sends none.
pub(super) fn cut_off(w: &'static PlainWords) -> Element {
    of("p", "hint cut-off").set("role", "status").say(w.cut_off)
}

/// What became of a form is read first.
pub(super) fn first(told: Element) -> Element {
    told.set("tabindex", "-1").flag("autofocus", true)
}
