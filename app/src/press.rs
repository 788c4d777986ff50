//! What a button does, written into the page as `data-press`, so that one listener serves them all.

use domain::id::{CommandId, MessageId, NodeId, RoleId, ThreadId};
use domain::lens::Lens;
use domain::place::Place;
use domain::search::Order;
use domain::weave::{JoinLevel, Target};
use uuid::Uuid;

use crate::live::Sheet;

/// A press of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    Join(NodeId, JoinLevel),
    Twist(ThreadId, Target),
    Untwist(ThreadId, Target),
    Vouch(RoleId),
    WithdrawVouch(RoleId),
    Withdraw(CommandId),
    Discard(CommandId),
    /// Puts a refused act back into its form.
    Edit(CommandId),
    /// Lets one's own version of a knot hold, made anew on the other one.
    Mine(CommandId),
    /// Means the middle of the map.
    Middle,
    /// Means the place again that was meant before one was chosen.
    Unchoose,
    Sheet(Sheet),
    Locate,
    Show(Place),
    /// Looks at a place from nearer.
    Nearer(Place),
    /// Back to the first step of signing in.
    OtherEmail,
    /// To the second step without a new mail.
    HaveCode,
    CloseNotice,
    /// Asks and sends now what waits for the server to answer.
    Again,
    /// To the messages before those at hand.
    Older,
    /// Puts one's own message into the form, to say it otherwise.
    Reword(MessageId),
    /// Takes one's own message back; the first press asks whether that is meant.
    TakeBack(MessageId),
    /// It is not meant.
    Keep,
    /// Lets the form answer a message.
    Answer(MessageId),
    /// Lets the form say something new again, with what it held before.
    JustSay,
    /// Looks through another lens.
    Through(Lens),
    /// What is found comes in another order.
    Order(Order),
}

impl Press {
    /// As the page carries it.
    #[must_use]
    pub fn code(self) -> String {
        let mut code;
        match self {
            Self::Join(node, level) => {
                code = one("join ", node.0);
                code.push(' ');
                code.push_str(level.code());
            }
            Self::Twist(thread, target) => code = two("twist ", thread, target),
            Self::Untwist(thread, target) => code = two("untwist ", thread, target),
            Self::Vouch(role) => code = one("vouch ", role.0),
            Self::WithdrawVouch(role) => code = one("withdraw-vouch ", role.0),
            Self::Withdraw(command) => code = one("withdraw ", command.0),
            Self::Discard(command) => code = one("discard ", command.0),
            Self::Edit(command) => code = one("edit ", command.0),
            Self::Mine(command) => code = one("mine ", command.0),
            Self::Middle => code = String::from("middle"),
            Self::Unchoose => code = String::from("unchoose"),
            Self::Sheet(Sheet::Low) => code = String::from("sheet low"),
            Self::Sheet(Sheet::Half) => code = String::from("sheet half"),
            Self::Sheet(Sheet::Full) => code = String::from("sheet full"),
            Self::Locate => code = String::from("locate"),
            Self::Show(place) => code = at("show ", place),
            Self::Nearer(place) => code = at("nearer ", place),
            Self::OtherEmail => code = String::from("other-email"),
            Self::HaveCode => code = String::from("have-code"),
            Self::CloseNotice => code = String::from("close-notice"),
            Self::Again => code = String::from("again"),
            Self::Older => code = String::from("older"),
            Self::Reword(message) => code = one("reword ", message.0),
            Self::TakeBack(message) => code = one("take-back ", message.0),
            Self::Keep => code = String::from("keep"),
            Self::Answer(message) => code = one("answer ", message.0),
            Self::JustSay => code = String::from("just-say"),
            Self::Through(lens) => {
                code = String::from("through ");
                code.push_str(&lens.to_string());
            }
            Self::Order(order) => {
                code = String::from("order ");
                code.push_str(order.code());
            }
        }
        code
    }

    /// What the page carries, read back; none where it is not ours.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let mut words = code.split(' ');
        let verb = words.next()?;
        let first = words.next();
        let second = words.next();
        let command = || first?.parse().ok();
        let message = || first?.parse().ok();
        let place = || {
            Some(Place {
                lat: first?.parse().ok()?,
                lon: second?.parse().ok()?,
            })
        };
        let tied = || Some((first?.parse().ok()?, second?.parse().ok()?));
        match verb {
            "join" => Some(Self::Join(
                first?.parse().ok()?,
                JoinLevel::from_code(second?)?,
            )),
            "twist" => tied().map(|(thread, target)| Self::Twist(thread, target)),
            "untwist" => tied().map(|(thread, target)| Self::Untwist(thread, target)),
            "vouch" => Some(Self::Vouch(first?.parse().ok()?)),
            "withdraw-vouch" => Some(Self::WithdrawVouch(first?.parse().ok()?)),
            "withdraw" => command().map(Self::Withdraw),
            "discard" => command().map(Self::Discard),
            "edit" => command().map(Self::Edit),
            "mine" => command().map(Self::Mine),
            "middle" => Some(Self::Middle),
            "unchoose" => Some(Self::Unchoose),
            "sheet" => match first? {
                "low" => Some(Self::Sheet(Sheet::Low)),
                "half" => Some(Self::Sheet(Sheet::Half)),
                "full" => Some(Self::Sheet(Sheet::Full)),
                _ => None,
            },
            "locate" => Some(Self::Locate),
            "show" => place().map(Self::Show),
            "nearer" => place().map(Self::Nearer),
            "other-email" => Some(Self::OtherEmail),
            "have-code" => Some(Self::HaveCode),
            "close-notice" => Some(Self::CloseNotice),
            "again" => Some(Self::Again),
            "older" => Some(Self::Older),
            "reword" => message().map(Self::Reword),
            "take-back" => message().map(Self::TakeBack),
            "keep" => Some(Self::Keep),
            "answer" => message().map(Self::Answer),
            "just-say" => Some(Self::JustSay),
            "through" => Some(Self::Through(first?.parse().ok()?)),
            "order" => Order::from_code(first?).map(Self::Order),
            _ => None,
        }
    }
}

fn at(verb: &str, place: Place) -> String {
    let mut code = String::from(verb);
    code.push_str(&place.lat.to_string());
    code.push(' ');
    code.push_str(&place.lon.to_string());
    code
}

fn one(verb: &str, id: Uuid) -> String {
    let mut code = String::from(verb);
    code.push_str(&id.to_string());
    code
}

fn two(verb: &str, thread: ThreadId, target: Target) -> String {
    let mut code = one(verb, thread.0);
    code.push(' ');
    code.push_str(&target.to_string());
    code
}
