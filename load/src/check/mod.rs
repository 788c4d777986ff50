//! The checker: from a run's history alone it says what is wrong. Pure; `tests/checker/` plants a fault of each kind
//! and wants it found.

mod commands;
mod log;
mod order;
mod rooms;
mod talks;

use uuid::Uuid;

use crate::history::History;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    #[error("event {id} follows {before}: an id is missing, twice there, or out of order")]
    LogGap { before: i64, id: i64 },
    #[error("event {id} is of an earlier time than the one before it")]
    TimeBack { id: i64 },
    #[error("event {id} is version {version} of {stream}, after version {before}")]
    StreamBroken {
        id: i64,
        stream: String,
        version: u32,
        before: u32,
    },
    #[error("event {id} of role {role} has a command that the role never sent: {command}")]
    Unasked { id: i64, role: Uuid, command: Uuid },
    #[error("command {command} was acknowledged with number {number} and is not in the log")]
    Lost { command: Uuid, number: i64 },
    #[error("command {command} has more than one effect: events {ids:?}")]
    Doubled { command: Uuid, ids: Vec<i64> },
    #[error("command {command} was refused ({rule}) and is in the log as event {id}")]
    RefusedButWritten {
        command: Uuid,
        rule: String,
        id: i64,
    },
    #[error("command {command} was answered in two ways: {first}, then {then}")]
    Contradicted {
        command: Uuid,
        first: String,
        then: String,
    },
    #[error("the receipt of command {command} says number {said}, its event has {is}")]
    WrongReceipt { command: Uuid, said: i64, is: i64 },
    #[error("command {command} is in the log in part: {what}")]
    HalfWritten { command: Uuid, what: String },
    #[error(
        "command {later} was sent after {earlier} had been acknowledged and stands before it in the log ({later_id} < \
         {earlier_id})"
    )]
    Reordered {
        earlier: Uuid,
        earlier_id: i64,
        later: Uuid,
        later_id: i64,
    },
    #[error("the cursor of socket {socket} went back from {from} to {to} on one connection")]
    WentBack { socket: u32, from: i64, to: i64 },
    #[error("socket {socket} ends at {number}, before the last acknowledged act at {needed}")]
    Behind {
        socket: u32,
        number: i64,
        needed: i64,
    },
    #[error("socket {socket} shows room {cell} otherwise than the server: {what}")]
    Stale {
        socket: u32,
        cell: String,
        what: String,
    },
    #[error("socket {socket} heard what is not of the protocol: {what}")]
    Misheard { socket: u32, what: String },
    #[error("nobody asked the server for room {cell}, which socket {socket} shows")]
    Uncompared { socket: u32, cell: String },
    #[error("event {id} changes or takes back message {message}, which its role did not say")]
    NotTheirs { id: i64, message: Uuid },
    #[error(
        "event {id} changes, takes back or answers message {message}, which does not stand there (any more)"
    )]
    NotStanding { id: i64, message: Uuid },
    #[error(
        "event {id} still tells what message {message} said before it was changed or taken back"
    )]
    StillTold { id: i64, message: Uuid },
    #[error("the conversation of knot {node} is not what the log makes of it: {what}")]
    Missaid { node: Uuid, what: String },
    #[error("room {cell} is not what the log makes of it: {what}")]
    NotOfTheLog { cell: String, what: String },
}

/// Everything that is wrong with a run; nothing where all held.
#[must_use]
pub fn check(history: &History) -> Vec<Finding> {
    let mut findings = log::check(history);
    findings.extend(commands::check(history));
    findings.extend(order::check(history));
    findings.extend(rooms::check(history));
    findings.extend(talks::check(history));
    findings
}
