//! What one can do with a message that was said: answer it, and with one's own say it otherwise or take it back.

use domain::talk::MessageRow;

use crate::look::Look;
use crate::markup::{Element, of};
use crate::parts;
use crate::press::Press;

/// Characters of a message that tell its buttons from those of others.
const NAMED_MAX: usize = 40;

/// The buttons of a message that has arrived; of one that was taken back nothing can be made. Where the conversation is over one's own
/// can still be taken back.
pub(super) fn deeds(look: &Look<'_>, row: &MessageRow, may_talk: bool) -> Option<Element> {
    let w = look.words;
    let me = look.state.me.as_ref()?;
    let is_own = me.role == row.role;
    if row.is_withdrawn || row.last == 0 || !may_talk && !is_own {
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
    let answer = may_talk.then(|| button(Press::Answer(row.id), w.talk_reply));
    let reword = (may_talk && is_own).then(|| button(Press::Reword(row.id), w.talk_change));
    let take_back = is_own.then(|| button(Press::TakeBack(row.id), w.talk_withdraw).key(1));
    Some(deeds.maybe(answer).maybe(reword).maybe(take_back))
}
