//! What a view is made of: one type for every element, which Leptos renders, hydrates and rebuilds.
//!
//! Leptos' own element types cost the client a few kilobytes each, and where they are erased a rebuild takes
//! every attribute off and puts it on again. Views here are whole functions of one state, so they need the
//! opposite: one small type, a rebuild that touches only what differs, and keys that keep a list's rows (and
//! the focus in them) when their order changes.

mod dom;
mod html;
mod view;

use std::borrow::Cow;

pub use dom::MarkupState;

/// A text that is often a constant.
pub type Text = Cow<'static, str>;

/// A piece of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup {
    Element(Box<Element>),
    Text(Text),
}

/// An element with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    tag: &'static str,
    /// Elements of one parent with different keys are never made into each other.
    key: u128,
    attributes: Vec<(&'static str, Text)>,
    children: Vec<Markup>,
    /// What is in it in place of children, see [`Element::served`].
    served: Option<String>,
}

/// An element of that tag.
#[must_use]
pub fn el(tag: &'static str) -> Element {
    Element {
        tag,
        key: 0,
        attributes: Vec::new(),
        children: Vec::new(),
        served: None,
    }
}

/// An element of that tag and class.
#[must_use]
pub fn of(tag: &'static str, class: &'static str) -> Element {
    el(tag).attr("class", Cow::Borrowed(class))
}

impl Element {
    /// Adds an attribute; each name once.
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: Text) -> Self {
        self.attributes.push((name, value));
        self
    }

    /// Adds an attribute with a constant value.
    #[must_use]
    pub fn set(self, name: &'static str, value: &'static str) -> Self {
        self.attr(name, Cow::Borrowed(value))
    }

    /// Adds an attribute that stands without a value, if `on`.
    #[must_use]
    pub fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.set(name, "") } else { self }
    }

    /// Tells it from its siblings, see [`Element`].
    #[must_use]
    pub const fn key(mut self, key: u128) -> Self {
        self.key = key;
        self
    }

    /// Adds an element.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(Markup::Element(Box::new(child)));
        self
    }

    /// Adds an element where there is one.
    #[must_use]
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds elements.
    #[must_use]
    pub fn all(mut self, children: Vec<Self>) -> Self {
        for child in children {
            self = self.child(child);
        }
        self
    }

    /// Adds text. Neighbours become one text, as they do when HTML is read.
    #[must_use]
    pub fn text(mut self, text: Text) -> Self {
        if text.is_empty() {
            return self;
        }
        if let Some(Markup::Text(before)) = self.children.last_mut() {
            before.to_mut().push_str(&text);
        } else {
            self.children.push(Markup::Text(text));
        }
        self
    }

    /// It with `change` made to the value of each attribute, here and in all that is in it.
    #[must_use]
    pub fn with_attributes(mut self, change: &dyn Fn(&'static str, Text) -> Text) -> Self {
        for (name, value) in &mut self.attributes {
            *value = change(name, std::mem::take(value));
        }
        self.children = self
            .children
            .into_iter()
            .map(|child| match child {
                Markup::Element(child) => Markup::Element(Box::new(child.with_attributes(change))),
                text @ Markup::Text(_) => text,
            })
            .collect();
        self
    }

    /// Fills it with HTML that our own server has made, by [`Markup::html`] or of Markdown, both of which escape what is text in it;
    /// nothing else may come here. What is in it is its own from then on: it is left alone until other HTML comes,
    /// and as long as somebody fills in a form in it.
    #[must_use]
    pub fn served(mut self, html: String) -> Self {
        self.served = Some(html);
        self
    }

    /// Adds a constant text.
    #[must_use]
    pub fn say(self, text: &'static str) -> Self {
        self.text(Cow::Borrowed(text))
    }
}

impl Markup {
    /// It as HTML, with everything that is text escaped.
    #[must_use]
    pub fn html(&self) -> String {
        let mut written = String::new();
        html::write(self, &mut written);
        written
    }
}

impl From<Element> for Markup {
    fn from(element: Element) -> Self {
        Self::Element(Box::new(element))
    }
}
