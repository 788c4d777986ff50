//! Looking for words: the field, and what was found, as one list whatever it is.

use domain::link::Panel;
use domain::page::Detail;
use domain::search::{HITS_MAX, Hit, Order, Search, Subject, TEXT_MAX};

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::weave::{insert_sorted, skeleton};
use crate::words::{counted, fill};

/// The field, also in the address of a form that is sent without script.
pub(crate) const FIELD: &str = "q";

/// The panel to search.
#[must_use]
pub fn search(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let nothing = Search::default();
    let (search, hits, is_failed) = match &look.state.page.detail {
        Detail::Search {
            search,
            hits,
            is_failed,
        } => (search, hits.as_slice(), *is_failed),
        _ => (&nothing, &[][..], false),
    };
    // What was found before stays until there is an answer.
    let is_asked = look.state.loading && hits.is_empty();
    let told: Text = match hits.len() {
        _ if is_asked => Text::Borrowed(""),
        0 if is_failed => Text::Borrowed(""),
        0 if search.text.is_empty() => w.search_hint.into(),
        0 => w.search_none_title.into(),
        many if many == usize::from(HITS_MAX) => fill(w.search_most, "n", &many.to_string()).into(),
        many => counted(w.search_one, w.search_many, many),
    };
    let mut content = vec![
        parts::top(look, parts::title(w.search_title.into())),
        form(look, search),
    ];
    if is_failed && !look.state.loading {
        content.push(parts::alert(w.search_failed.into()));
    }
    if look.state.found_here {
        content.push(parts::hint(w.search_device.into()));
    }
    content.push(parts::hint(told).set("role", "status"));
    if look.state.awake && search.text.is_empty() {
        content.push(of("p", "hint keys").say(w.search_key));
    }
    if !hits.is_empty() {
        content.push(orders(look, search));
        let rows = hits.iter().map(|hit| row(look, hit)).collect();
        content.push(of("ol", "list").set("role", "list").all(rows));
    } else if is_asked {
        content.push(skeleton(look));
    } else if !search.text.is_empty() && !is_failed {
        content.push(
            of("div", "empty")
                .child(parts::icon("search"))
                .child(el("p").say(w.search_none_text))
                .child(
                    parts::link(Panel::Weave)
                        .set("class", "button")
                        .say(w.bar_weave),
                ),
        );
    }
    content
}

/// Inserts a hit before the first that is farther away.
pub fn insert_nearest(hits: &mut Vec<Hit>, hit: Hit) {
    insert_sorted(hits, hit, |hit| (hit.distance_m, hit.of.key()));
}

fn form(look: &Look<'_>, search: &Search) -> Element {
    let w = look.words;
    let hidden = |name: Text| el("input").set("type", "hidden").attr("name", name);
    // Without script the address is made of the form: where one looks stands in it as the name of a field.
    let view = hidden(look.state.page.camera.to_string().into());
    let order = (search.order == Order::Distance).then(|| {
        let (name, word) = Order::ADDRESS;
        hidden(name.into()).set("value", word)
    });
    let field = el("input")
        .set("type", "search")
        .set("id", FIELD)
        .set("name", FIELD)
        .attr("value", search.text.clone().into())
        .attr("maxlength", TEXT_MAX.to_string().into())
        .set("placeholder", w.search_label)
        .set("aria-label", w.search_label)
        .set("autocomplete", "off")
        .set("enterkeyhint", "search");
    of("form", "search")
        .set("role", "search")
        .set("data-form", "search")
        .attr("action", Panel::Search.path().into())
        .child(field)
        .child(view)
        .maybe(order)
        .child(
            of("button", "button")
                .set("type", "submit")
                .set("aria-label", w.search_submit)
                .child(parts::icon("search")),
        )
}

/// The two orders, as links, so that each has its address.
fn orders(look: &Look<'_>, search: &Search) -> Element {
    let w = look.words;
    let chip = |order, word| {
        let asked = Search {
            text: search.text.clone(),
            order,
        };
        let mut address = Panel::Search.path();
        address.push('?');
        address.push_str(&asked.query());
        address.push('&');
        address.push_str(&look.state.page.camera.to_string());
        let link = of("a", "chip")
            .attr("href", address.into())
            .attr("data-press", Press::Order(order).code().into())
            .say(word);
        if search.order == order {
            link.set("aria-current", "true")
        } else {
            link
        }
    };
    of("nav", "lenses")
        .set("aria-label", w.search_order)
        .child(chip(Order::Relevance, w.search_relevance))
        .child(chip(Order::Distance, w.search_distance))
}

fn row(look: &Look<'_>, hit: &Hit) -> Element {
    let w = look.words;
    let (kind, icon, fact): (_, _, Text) = match &hit.of {
        Subject::Node { kind, .. } => (kind.code(), kind.code(), parts::kind_word(w, *kind).into()),
        Subject::Role { .. } => ("", "spool", w.role_kind.into()),
        Subject::Message { kind, by, .. } => {
            (kind.code(), "said", fill(w.search_said, "name", by).into())
        }
    };
    let excerpt = (!hit.excerpt.is_empty())
        .then(|| of("span", "row-excerpt").text(hit.excerpt.clone().into()));
    let distance = hit
        .distance_m
        .map(|metres| of("span", "distance").text(look.distance(metres).into()));
    el("li").key(hit.of.key()).child(
        of("a", "row")
            .attr("href", hit.of.address().into())
            .set("data-kind", kind)
            .child(of("span", "seal").child(parts::icon(icon)))
            .child(
                of("span", "row-text")
                    .child(of("span", "row-title").text(hit.title.clone().into()))
                    .child(of("span", "row-facts").child(el("span").text(fact)))
                    .maybe(excerpt),
            )
            .child(of("span", "row-end").maybe(distance)),
    )
}
