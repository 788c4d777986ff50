//! Markup as nodes of the document. A DOM call that fails leaves the page as it is: each of them can only
//! fail where something outside (an extension, a translator) has taken nodes away.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{self, Node};

use super::{Element, Markup, Text};

/// What somebody fills in of what is served (`js/browser.js` marks it), or is just about to.
const IN_USE: &str = "form [data-touched], form :focus";

/// What has been drawn, to be compared with what shall be.
#[derive(Debug)]
pub struct MarkupState {
    node: Node,
    drawn: Drawn,
}

#[derive(Debug)]
enum Drawn {
    Text(Text),
    Element {
        tag: &'static str,
        key: u128,
        attributes: Vec<(&'static str, Text)>,
        children: Vec<MarkupState>,
        served: Option<String>,
    },
}

impl MarkupState {
    pub(super) const fn node(&self) -> &Node {
        &self.node
    }

    pub(super) fn element(&self) -> Option<web_sys::Element> {
        self.node.dyn_ref::<web_sys::Element>().cloned()
    }

    /// Whether `markup` can be drawn by changing this.
    fn fits(&self, markup: &Markup) -> bool {
        match (&self.drawn, markup) {
            (Drawn::Text(_), Markup::Text(_)) => true,
            (
                Drawn::Element {
                    tag, key, served, ..
                },
                Markup::Element(element),
            ) => {
                *tag == element.tag
                    && *key == element.key
                    && served.is_some() == element.served.is_some()
            }
            (Drawn::Text(_) | Drawn::Element { .. }, _) => false,
        }
    }
}

pub(super) fn insert(parent: &Node, child: &Node, before: Option<&Node>) {
    _ = parent.insert_before(child, before);
}

pub(super) fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        _ = parent.remove_child(node);
    }
}

/// New nodes, not yet anywhere in the document.
pub(super) fn build(markup: Markup) -> MarkupState {
    let document = leptos::prelude::document();
    match markup {
        Markup::Text(text) => MarkupState {
            node: document.create_text_node(&text).into(),
            drawn: Drawn::Text(text),
        },
        Markup::Element(element) => {
            let Element {
                tag,
                key,
                attributes,
                children,
                served,
            } = *element;
            let created = document.create_element(tag).unwrap_or_else(|_| {
                // Every tag is a constant of ours.
                unreachable!()
            });
            for (name, value) in &attributes {
                _ = created.set_attribute(name, value);
            }
            if let Some(html) = &served {
                created.set_inner_html(html);
            }
            let node: Node = created.into();
            let children = children
                .into_iter()
                .map(|child| {
                    let state = build(child);
                    insert(&node, &state.node, None);
                    state
                })
                .collect();
            MarkupState {
                node,
                drawn: Drawn::Element {
                    tag,
                    key,
                    attributes,
                    children,
                    served,
                },
            }
        }
    }
}

/// Takes over the node that the server rendered for `markup`. What is not there as expected is drawn anew,
/// so that an extension which changed the page does not stop it.
pub(super) fn hydrate(markup: Markup, node: Node) -> MarkupState {
    match markup {
        Markup::Text(text) if node.node_type() == Node::TEXT_NODE => MarkupState {
            node,
            drawn: Drawn::Text(text),
        },
        Markup::Element(element)
            if node.node_type() == Node::ELEMENT_NODE
                && node.node_name().eq_ignore_ascii_case(element.tag) =>
        {
            let Element {
                tag,
                key,
                attributes,
                children,
                served,
            } = *element;
            // What the server has drawn whole stays as it is.
            let mut next = node.first_child().filter(|_| served.is_none());
            let children = children
                .into_iter()
                .map(|child| match next.take() {
                    Some(found) => {
                        let state = hydrate(child, found);
                        next = state.node.next_sibling();
                        state
                    }
                    None => {
                        let state = build(child);
                        insert(&node, &state.node, None);
                        state
                    }
                })
                .collect();
            while let Some(surplus) = next {
                next = surplus.next_sibling();
                remove(&surplus);
            }
            MarkupState {
                node,
                drawn: Drawn::Element {
                    tag,
                    key,
                    attributes,
                    children,
                    served,
                },
            }
        }
        Markup::Text(_) | Markup::Element(_) => {
            let state = build(markup);
            if let Some(parent) = node.parent_node() {
                _ = parent.replace_child(&state.node, &node);
            }
            state
        }
    }
}

/// Changes what was drawn into `markup`.
pub(super) fn rebuild(markup: Markup, state: &mut MarkupState) {
    if !state.fits(&markup) {
        let fresh = build(markup);
        if let Some(parent) = state.node.parent_node() {
            _ = parent.replace_child(&fresh.node, &state.node);
        }
        *state = fresh;
        return;
    }
    match (&mut state.drawn, markup) {
        (Drawn::Text(old), Markup::Text(text)) => {
            if *old != text {
                state.node.set_node_value(Some(&text));
                *old = text;
            }
        }
        (
            Drawn::Element {
                attributes,
                children,
                served,
                ..
            },
            Markup::Element(element),
        ) => {
            if *attributes != element.attributes {
                if let Some(target) = state.node.dyn_ref::<web_sys::Element>() {
                    change_attributes(target, attributes, &element.attributes);
                }
                *attributes = element.attributes;
            }
            if *served != element.served {
                if let (Some(target), Some(html)) =
                    (state.node.dyn_ref::<web_sys::Element>(), element.served)
                {
                    serve(target, served, html);
                }
            } else if served.is_none() {
                change_children(&state.node, children, element.children);
            }
        }
        (Drawn::Text(_) | Drawn::Element { .. }, _) => {}
    }
}

/// Draws other HTML, unless somebody fills in a form of it: that is left to them until they are through with it.
fn serve(target: &web_sys::Element, drawn: &mut Option<String>, html: String) {
    if matches!(target.query_selector(IN_USE), Ok(Some(_))) {
        return;
    }
    // What the document brought is known as browsers write it, which is not how our server does. A template fetches nothing.
    let read = leptos::prelude::document().create_element("template");
    let is_same = read.is_ok_and(|read| {
        read.set_inner_html(&html);
        *drawn == Some(read.inner_html())
    });
    if !is_same {
        target.set_inner_html(&html);
    }
    *drawn = Some(html);
}

fn change_attributes(
    target: &web_sys::Element,
    old: &[(&'static str, Text)],
    new: &[(&'static str, Text)],
) {
    for (name, _) in old {
        if !new.iter().any(|(kept, _)| kept == name) {
            _ = target.remove_attribute(name);
        }
    }
    for attribute in new {
        if !old.contains(attribute) {
            _ = target.set_attribute(attribute.0, &attribute.1);
        }
    }
}

fn change_children(parent: &Node, drawn: &mut Vec<MarkupState>, children: Vec<Markup>) {
    let mut old: Vec<Option<MarkupState>> = std::mem::take(drawn).into_iter().map(Some).collect();
    // Which of the old each new one is made of: the first that is left and fits.
    let taken: Vec<Option<MarkupState>> = children
        .iter()
        .map(|child| {
            old.iter_mut()
                .find(|state| state.as_ref().is_some_and(|state| state.fits(child)))
                .and_then(Option::take)
        })
        .collect();
    for left in old.into_iter().flatten() {
        remove(&left.node);
    }
    let mut place = parent.first_child();
    for (child, taken) in children.into_iter().zip(taken) {
        let state = match taken {
            Some(mut state) => {
                rebuild(child, &mut state);
                state
            }
            None => build(child),
        };
        if place.as_ref() == Some(&state.node) {
            place = state.node.next_sibling();
        } else {
            insert(parent, &state.node, place.as_ref());
        }
        drawn.push(state);
    }
}
