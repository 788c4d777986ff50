//! What was typed into the form to weave and not sent: it is there again for whoever comes back to it.

use domain::command::Act;
use domain::id::NodeId;
use domain::link::Panel;

use super::{element, forms, now};
use crate::live::{Form, Live, Typed};

/// What the form to weave holds, if it is open, something is typed, and it was not sent.
#[must_use]
pub fn typed(live: Live) -> Option<Typed> {
    let state = now(live);
    if state.page.panel != Panel::Weave || state.sent == Some(Form::Weave) {
        return None;
    }
    let form = element("panel")?
        .query_selector("[data-form=weave]")
        .ok()??;
    // Where it will be and as what is said when it is sent.
    let act = forms::knot(
        live,
        &form,
        NodeId(live.ports.new_id()),
        state.page.camera.centre,
    );
    let Act::KnotNode { title, text, .. } = &act else {
        return None;
    };
    (!title.is_empty() || !text.is_empty()).then_some(Typed {
        act,
        chosen: state.chosen,
    })
}
