//! The action bar within a thumb's reach.

use domain::link::Panel;

use crate::live::Sheet;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;
use crate::words::counted;

pub(super) fn bar(look: &Look<'_>) -> Element {
    let w = look.words;
    let panel = look.state.page.panel;
    let waiting = look.open_count();
    let me = item(Panel::Me, panel, "me", w.bar_me).maybe((waiting > 0).then(|| {
        of("span", "count").text(waiting.to_string().into()).attr(
            "title",
            counted(w.bar_waiting_one, w.bar_waiting_many, waiting),
        )
    }));
    of("nav", "bar")
        .set("aria-label", w.nav_label)
        .child(view_switch(look))
        .child(item(Panel::Weave, panel, "plus", w.bar_weave_short).set("class", "item primary"))
        .child(me)
}

/// From the list to the map and back. A link to the list where nothing can be switched.
fn view_switch(look: &Look<'_>) -> Element {
    let w = look.words;
    let state = look.state;
    if state.awake && matches!(state.page.panel, Panel::Home) {
        let (press, icon, word) = if state.sheet == Sheet::Low {
            (Press::Sheet(Sheet::Half), "list", w.bar_list)
        } else {
            (Press::Sheet(Sheet::Low), "map", w.bar_map)
        };
        return parts::button("item", press)
            .child(parts::icon(icon))
            .child(el("span").say(word));
    }
    item(Panel::Home, state.page.panel, "list", w.bar_list)
}

fn item(target: Panel, open: Panel, icon: &'static str, word: &'static str) -> Element {
    let item = parts::link(target).set("data-item", icon);
    let item = if target == open {
        item.set("aria-current", "page")
    } else {
        item
    };
    let item = if matches!(target, Panel::Weave) {
        item
    } else {
        item.set("class", "item")
    };
    item.child(parts::icon(icon)).child(el("span").say(word))
}
