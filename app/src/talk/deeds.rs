//! What one can do with a message that was said: answer it, and with one's own say it otherwise or take it back.

use domain::talk::MessageRow;

use crate::look::Look;
use crate::markup::{Element, of};
use crate::parts;
use crate::press::Press;

/// Characters of a message that tell its buttons from those of others.
const NAMED_MAX: usize = 40;

/// The buttons of a message that has arrived, for who may talk here; of one that was taken back nothing can be made.
pub(super) fn deeds(look: &Look<'_>, row: &MessageRow) -> Option<Element> {
    let w = look.words;
    let me = look.state.me.as_ref()?;
    if row.is_withdrawn || row.last == 0 {
        return None;
    }
    let button = |press, word: &'static str| {
        let mut name = String::from(word);
        name.push_str(": ");
        name.extend(row.text.chars().take(NAMED_MAX));
        parts::button("text", press)
            .attr("aria-label", name.into())
            .say(word)
    };
    let deeds = of("div", "message-deeds");
    if look.state.talk.withdrawing == Some(row.id) {
        return Some(
            deeds
                .child(button(Press::Keep, w.talk_keep))
                // The same button as before, so that it keeps the focus.
                .child(button(Press::TakeBack(row.id), w.talk_withdraw_really).key(1)),
        );
    }
    let deeds = deeds.child(button(Press::Answer(row.id), w.talk_reply));
    Some(if me.role == row.role {
        deeds
            .child(button(Press::Reword(row.id), w.talk_change))
            .child(button(Press::TakeBack(row.id), w.talk_withdraw).key(1))
    } else {
        deeds
    })
}
