//! The field to search: what is typed is looked for while it is typed.

use domain::link::Panel;
use domain::page::Detail;
use domain::search::{Order, Search};
use leptos::prelude::{WithUntracked, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{element, focus, forms};
use crate::live::{Live, State};
use crate::search::FIELD;

/// What somebody types.
pub(super) fn typed(live: Live, form: &Element) {
    let order = live.state.with_untracked(order_of);
    live.ports.search(asked(form, order));
}

/// A keyboard on the screen goes when its key to search is pressed, so that one sees what was found.
pub(super) fn send(live: Live, form: &Element) {
    typed(live, form);
    if let Some(field) = field() {
        _ = field.unchecked_into::<HtmlElement>().blur();
    }
}

/// Empties the field.
pub(super) fn clear(live: Live, form: &Element) {
    if let Some(field) = field() {
        field.set_value("");
    }
    typed(live, form);
}

pub(super) fn order(live: Live, order: Order) {
    if let Some(field) = field() {
        live.ports.search(Search::new(&field.value(), order));
    }
}

/// A panel has opened: its title takes the focus, and the field to search where nothing is asked yet.
pub(super) fn focus_on(panel: Panel) {
    let is_empty = panel == Panel::Search && field().is_some_and(|field| field.value().is_empty());
    focus(if is_empty { FIELD } else { "title" });
}

/// Brings a part of the panel into sight that a link has named, once that is drawn and has taken the focus.
pub(super) fn show(anchor: &str) {
    let anchor = anchor.to_owned();
    if anchor.is_empty() {
        return;
    }
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(part) = element(&anchor) {
                part.scroll_into_view();
            }
        });
    });
}

fn asked(form: &Element, order: Order) -> Search {
    Search::new(&forms::value(form, "[name=q]"), order)
}

fn order_of(state: &State) -> Order {
    match &state.page.detail {
        Detail::Search { search, .. } => search.order,
        _ => Order::default(),
    }
}

fn field() -> Option<HtmlInputElement> {
    element(FIELD).map(JsCast::unchecked_into)
}
