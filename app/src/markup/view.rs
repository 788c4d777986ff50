//! Markup as one of Leptos' views.

use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use leptos::web_sys;

use super::{Markup, MarkupState, dom, html};

no_attrs!(Markup);

impl Render for Markup {
    type State = MarkupState;

    fn build(self) -> MarkupState {
        dom::build(self)
    }

    fn rebuild(self, state: &mut MarkupState) {
        dom::rebuild(self, state);
    }
}

impl RenderHtml for Markup {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        html::write(&self, buf);
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> MarkupState {
        if position.get() == Position::FirstChild {
            cursor.child();
        } else {
            cursor.sibling();
        }
        position.set(Position::NextChild);
        let state = dom::hydrate(self, cursor.current());
        cursor.set(state.node().clone());
        state
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl Mountable for MarkupState {
    fn unmount(&mut self) {
        dom::remove(self.node());
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        dom::insert(parent, self.node(), marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.node().parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(self.node()));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.element().into_iter().collect()
    }
}
