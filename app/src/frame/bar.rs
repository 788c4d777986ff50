//! The action bar within a thumb's reach.

use domain::link::Panel;
use domain::talk::unread_in_all;

use crate::live::Sheet;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;

pub(crate) fn bar(look: &Look<'_>) -> Element {
    let w = look.words;
    let panel = look.state.page.panel;
    let back = look.state.back().count();
    let (unread, news) = (
        unread_in_all(&look.state.page.unread) as usize,
        usize::from(look.state.page.news),
    );
    // What may need an answer of one's own comes first, then what is new to one, a mention above all, then what else was said.
    let counts = [
        (parts::LOUD, back, w.bar_back_one, w.bar_back_many),
        ("", look.open_count(), w.bar_waiting_one, w.bar_waiting_many),
        ("", news, w.bar_news_one, w.bar_news_many),
        ("new", unread, w.unread_one, w.unread_many),
    ];
    let first = counts.into_iter().find(|(_, n, ..)| *n > 0);
    let count = first.map_or(Vec::new(), |(tone, n, one, many)| {
        parts::count(tone, n, one, many)
    });
    let me = item(Panel::Me, panel, "me", w.bar_me).all(count);
    let weave = item(Panel::Weave, panel, "plus", w.bar_weave_short)
        .set("class", "item primary")
        .flag("data-only-script", true);
    of("nav", "bar")
        .set("aria-label", w.nav_label)
        .all(view_switch(look))
        .child(search(look))
        .child(weave)
        .child(me)
}

/// From the list to the map and back. A link to the list where nothing can be switched, or where the panel stands beside the map.
fn view_switch(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let list = item(Panel::Home, state.page.panel, "list", w.bar_list);
    if state.awake && matches!(state.page.panel, Panel::Home) {
        let (press, icon, word) = if state.sheet == Sheet::Low {
            (Press::Sheet(Sheet::Half), "list", w.bar_list)
        } else {
            (Press::Sheet(Sheet::Low), "map", w.bar_map)
        };
        let switch = parts::button("item", press)
            .child(parts::icon(icon))
            .child(el("span").say(word));
        return vec![switch, list.flag("data-beside", true)];
    }
    vec![list]
}

/// It keeps where one looks, also without script: distances are measured from there.
fn search(look: &Look<'_>) -> Element {
    let page = &look.state.page;
    let mut address = Panel::Search.path();
    address.push('?');
    address.push_str(&page.camera.to_string());
    let link = el("a").attr("href", address.into());
    drawn(
        link,
        Panel::Search,
        page.panel,
        "search",
        look.words.bar_search,
    )
}

fn item(target: Panel, open: Panel, icon: &'static str, word: &'static str) -> Element {
    drawn(parts::link(target), target, open, icon, word)
}

fn drawn(
    link: Element,
    target: Panel,
    open: Panel,
    icon: &'static str,
    word: &'static str,
) -> Element {
    let item = link.set("data-item", icon);
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
