//! A panel that the server has drawn. The page knows its title, and listens to its links and to the acts that its buttons carry;
//! what is in it is the server's.

use domain::page::Detail;

use crate::live::{Denied, Form};
use crate::look::Look;
use crate::markup::{Element, of};
use crate::parts;
use crate::weave::absent;
use crate::why;

/// Where what is served stands in the document.
pub(crate) const SERVED: &str = "served";

/// The panel; where there is nothing of that address, what is said then.
pub(super) fn served(look: &Look<'_>, missing: (&'static str, &'static str)) -> Vec<Element> {
    let state = look.state;
    let Detail::Served { title, html, .. } = &state.page.detail else {
        return absent(look, missing.0, missing.1);
    };
    let mut panel = vec![
        parts::top(look, parts::title(title.clone().into())),
        // Whoever else is signed in finds nothing of before, not even a form that somebody was at.
        of("div", "served")
            .key(
                state
                    .page
                    .viewer
                    .account()
                    .map_or(0, |account| account.0.as_u128()),
            )
            .set("id", SERVED)
            .served(html.clone()),
    ];
    if let Some((Form::Act, Denied::Rule(refusal))) = &state.refused {
        panel.push(parts::alert(why::refusal(look, refusal)));
    }
    panel
}
