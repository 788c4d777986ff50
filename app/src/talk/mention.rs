//! Those whom a message names, as links, by the names that are at hand.

use domain::id::RoleId;
use domain::link::Panel;
use domain::talk::MessageRow;
use domain::talk::mention::mention;

use crate::look::Look;
use crate::markup::{Element, of};
use crate::parts;

/// Those who may be mentioned, and what each of them is called.
pub(super) type Names<'a> = (Vec<RoleId>, Vec<&'a str>);

/// What was said; `names` are looked up with the first mention of a list. Of two with the same name it leads to the one who talks here.
pub(super) fn said<'a>(
    look: &Look<'a>,
    row: &MessageRow,
    names: &mut Option<Names<'a>>,
) -> Element {
    let text = &row.text;
    let mut said = of("p", "prose");
    let mut from = 0;
    if text.contains('@') {
        let (roles, names) = names.get_or_insert_with(|| at_hand(look));
        while let Some(mention) = mention(text, from, names) {
            let (before, name) = (
                &text[from..mention.start],
                &text[mention.start..mention.end],
            );
            said = said
                .text(before.to_owned().into())
                .child(parts::link(Panel::Role(roles[mention.name])).text(name.to_owned().into()));
            from = mention.end;
        }
    }
    said.text(text[from..].to_owned().into())
}

/// Who talks here before those who have drawn threads, and those before who is on the map.
fn at_hand<'a>(look: &Look<'a>) -> Names<'a> {
    let view = &look.state.view;
    let (mut roles, mut names) = (Vec::new(), Vec::new());
    let mut meet = |role: RoleId, name: &'a str| {
        roles.push(role);
        names.push(name);
    };
    for row in &view.messages {
        meet(row.role, &row.role_name);
    }
    for thread in view.threads.values() {
        meet(thread.role, &thread.role_name);
    }
    for spool in view.spools.values() {
        meet(spool.role, &spool.name);
    }
    (roles, names)
}
