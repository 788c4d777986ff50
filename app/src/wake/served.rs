//! Panels that the server has drawn, in the browser: what it could not know of it is put right.

use domain::page::Detail;
use leptos::prelude::{Effect, With, WithUntracked, request_animation_frame};

use super::element;
use crate::frame::SERVED;
use crate::live::{Live, State};
use crate::look::Look;
use crate::weave::PROSE;

/// Moments in one panel at most.
const TIMES_MAX: usize = 200;

/// The document carries it once: in its place, and not in the data beside that.
pub(super) fn read(state: &mut State) {
    let (html, id) = match &mut state.page.detail {
        Detail::Served { html, .. } => (html, SERVED),
        Detail::Node { prose, .. } => (prose, PROSE),
        _ => return,
    };
    if let Some(shown) = element(id) {
        *html = shown.inner_html();
    }
}

/// Tells the moments in what is served in local time, as everywhere else.
pub(super) fn follow(live: Live) {
    Effect::new(move |_| {
        let is_open = live
            .state
            .with(|state| state.awake && matches!(state.page.detail, Detail::Served { .. }));
        if is_open {
            // It is drawn by an effect of its own.
            request_animation_frame(move || tell_local_times(live));
        }
    });
}

fn tell_local_times(live: Live) {
    let Some(served) = element(SERVED) else {
        return;
    };
    for _ in 0..TIMES_MAX {
        let Ok(Some(time)) = served.query_selector("time:not([data-local])") else {
            return;
        };
        _ = time.set_attribute("data-local", "");
        let at = time.get_attribute("datetime");
        if let Some(at) = at.and_then(|at| live.ports.moment_of(&at, "")) {
            let words = live
                .state
                .with_untracked(|state| Look::new(state, Some(live.ports)).date(at));
            time.set_text_content(Some(&words));
        }
    }
}
