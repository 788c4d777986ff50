//! The action bar within a thumb's reach.

use domain::link::Panel;

use crate::live::Sheet;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;
use crate::talk::in_all;
use crate::words::counted;

pub(crate) fn bar(look: &Look<'_>) -> Element {
    let w = look.words;
    let panel = look.state.page.panel;
    let waiting = look.open_count();
    let back = look.state.back().count();
    let count = if back > 0 {
        let told = counted(w.bar_back_one, w.bar_back_many, back);
        Some(
            of("span", "count")
                .set("data-tone", "loud")
                .say("!")
                .attr("title", told),
        )
    } else {
        let told = |count: usize, one, many| {
            (count > 0).then(|| {
                of("span", "count")
                    .text(count.to_string().into())
                    .attr("title", counted(one, many, count))
            })
        };
        // What may need an answer of one's own comes first, then what was said to one, then what else is new.
        told(waiting, w.bar_waiting_one, w.bar_waiting_many)
            .or_else(|| in_all(look))
            .or_else(|| {
                let news = usize::from(look.state.page.news);
                told(news, w.bar_news_one, w.bar_news_many)
            })
    };
    let me = item(Panel::Me, panel, "me", w.bar_me).maybe(count);
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
