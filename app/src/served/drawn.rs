//! How a panel that the server draws comes into its page.

use domain::page::{Detail, Page};

use crate::live::State;
use crate::look::Look;
use crate::markup::{Element, Markup};

/// Puts what is drawn below a title into the page.
pub(super) fn draw(
    page: &mut Page,
    title: String,
    content: impl FnOnce(&Look<'_>) -> Vec<Element>,
) {
    page.detail = Detail::Served {
        title,
        html: String::new(),
        node: None,
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
