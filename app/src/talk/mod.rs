//! Conversations: what is said at a knot, and saying something.

mod deeds;
mod form;
mod list;
mod mention;
mod unread;

use domain::command::Act;
use domain::id::{CommandId, MessageId, NodeId};
use domain::link::Panel;
use domain::page::{Detail, Page, TalkPage};
use domain::talk::{MessageRow, link, unread_at};
use domain::view::NodeRow;

use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::words::counted;

#[cfg(feature = "hydrate")]
pub(crate) use form::FIELD;
pub(crate) use unread::{conversations, parlour};

/// Where it is said that nothing was said before.
pub(crate) const BEGINNING: &str = "talk-beginning";

/// Messages of one conversation that a page holds at most; those before them are a page of their own.
pub const HELD_MAX: usize = 500;

/// Where the open knot's conversation stands. Its messages are in the view of [`crate::live::State`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// Whether its newest messages are at hand.
    pub known: bool,
    /// Older ones are being asked for.
    pub asking: bool,
    /// They could not be had.
    pub failed: bool,
    /// Messages with a smaller number were asked for: they are there to be read and are not news.
    pub older_below: u32,
    /// Where one had read to when it was opened, if there was more: what was said since is told from the rest.
    pub read: Option<u32>,
    /// A refused message that is written again.
    pub draft: Option<Draft>,
    /// The message of one's own that the form says otherwise; what it held before comes back afterwards.
    pub changing: Option<MessageId>,
    /// The message that the form answers.
    pub reply_to: Option<MessageId>,
    /// The message of one's own of which it was asked whether it is to be taken back.
    pub withdrawing: Option<MessageId>,
}

/// What the form begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The refused act that the new one replaces.
    pub replaces: CommandId,
    pub text: String,
    /// The message that it says otherwise; none: it is a new one.
    pub changing: Option<MessageId>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
}

/// The conversation of a knot.
#[must_use]
pub(crate) fn talk(look: &Look<'_>, node: &NodeRow, is_gone: bool) -> Element {
    let w = look.words;
    let section = of("section", "block talk").set("id", link::ANCHOR);
    if let Some(page) = history(look, node.id) {
        return section
            .child(el("h2").say(w.talk_older))
            .child(newest(look, node.id))
            .child(list::rows(look, page.messages.iter(), None))
            .child(match oldest(page.messages.last()) {
                Some(oldest) => older_link(look, oldest),
                None => beginning(look),
            });
    }
    // Whether anything may be said here is the domain's to say.
    let may = look.state.judge(Act::SendMessage {
        message: MessageId(uuid::Uuid::nil()),
        node: node.id,
        text: "…".to_owned(),
        reply_to: None,
    });
    let said = list::said(look, node.id);
    let count = said.iter().map(|row| row.nth).max().unwrap_or(0);
    let head = of("div", "talk-head").child(el("h2").say(w.talk_title));
    let head = if count == 0 {
        head
    } else {
        let tally = counted(w.talk_one, w.talk_many, count as usize);
        head.child(of("p", "tally").text(tally).all(unread::at(look, node.id)))
    };
    section
        .child(head)
        .child(form::form(look, node, is_gone, may.as_ref().err()))
        .maybe(parts::without_script(look).filter(|_| look.state.me.is_some() && !is_gone))
        .all(list::list(look, node.id, &said, is_gone, may.is_ok()))
}

/// The page of older messages that the address asked for.
fn history<'a>(look: &Look<'a>, id: NodeId) -> Option<&'a TalkPage> {
    match &look.state.page.detail {
        Detail::Node {
            node,
            talk: Some(page),
            ..
        } if node.id == id => page.before.map(|_| page),
        _ => None,
    }
}

/// Where on the page a message stands.
#[must_use]
pub fn anchor(id: MessageId) -> String {
    let mut anchor = String::from("nachricht-");
    anchor.push_str(&id.to_string());
    anchor
}

/// The message with that id, where the page has it.
fn at_hand<'a>(look: &Look<'a>, id: MessageId) -> Option<&'a MessageRow> {
    let older = match &look.state.page.detail {
        Detail::Node {
            talk: Some(page), ..
        } if page.before.is_some() => &page.messages[..],
        _ => &[],
    };
    let mut rows = look.state.view.messages.iter().chain(older);
    rows.find(|row| row.id == id)
}

/// The message before which there are others.
fn oldest(row: Option<&MessageRow>) -> Option<&MessageRow> {
    row.filter(|row| row.nth > 1)
}

/// An address of its own: the browser fetches it, with script or without.
fn older_link(look: &Look<'_>, oldest: &MessageRow) -> Element {
    el("a")
        .set("class", "button")
        .flag("data-document", true)
        .set("rel", "prev")
        .attr("href", link::older(oldest.node, oldest.id).into())
        .say(look.words.talk_older)
}

fn newest(look: &Look<'_>, id: NodeId) -> Element {
    el("a")
        .set("class", "button")
        .flag("data-document", true)
        .attr("href", link::newest(id).into())
        .say(look.words.talk_newest)
}

/// It takes the focus from the button that has nothing more to bring.
fn beginning(look: &Look<'_>) -> Element {
    parts::hint(look.words.talk_beginning.into())
        .set("id", BEGINNING)
        .set("tabindex", "-1")
}

/// Where that conversation is read to, if there is something that is not.
#[must_use]
pub fn read_to(page: &Page) -> Option<u32> {
    let node = open_talk(page.panel, &page.detail)?;
    unread_at(&page.unread, node).map(|unread| unread.read)
}

/// The message before which all those were said that the panel shows; none: it shows the newest.
#[must_use]
pub fn asked_before(detail: &Detail) -> Option<MessageId> {
    match detail {
        Detail::Node {
            talk: Some(page), ..
        } => page.before,
        _ => None,
    }
}

/// The knot whose newest messages the open panel shows; a page of older ones stays as it is.
#[must_use]
pub fn open_talk(panel: Panel, detail: &Detail) -> Option<NodeId> {
    match (panel, detail) {
        (Panel::Node(id), Detail::Node { node, .. })
            if node.id == id && asked_before(detail).is_some() =>
        {
            None
        }
        (Panel::Node(id), _) => Some(id),
        _ => None,
    }
}
