//! Commands against the log: an acknowledged one is there once and whole, a refused one is not, an open one at most once.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::Finding;
use crate::act::{Act, CONFIRMED, Level};
use crate::history::{Answer, History, Logged, Try};

/// The rule by which an id is refused that was used for something else.
const REUSED: &str = "command-reused";

pub(super) fn check(history: &History) -> Vec<Finding> {
    let mut tries: BTreeMap<Uuid, Vec<&Try>> = BTreeMap::new();
    for one in &history.tries {
        tries.entry(one.command).or_default().push(one);
    }
    let mut events: BTreeMap<Uuid, Vec<&Logged>> = BTreeMap::new();
    for event in &history.log {
        events.entry(event.command).or_default().push(event);
    }
    let mut findings = Vec::new();
    let ends: BTreeMap<&str, u32> = (history.log.iter())
        .map(|event| (event.stream.as_str(), event.stream_version))
        .collect();
    for (command, tries) in &tries {
        let written = events.get(command).map_or(&[][..], Vec::as_slice);
        one(*command, tries, written, &ends, &mut findings);
    }
    findings
}

/// `ends` has the last version of every stream.
fn one(
    command: Uuid,
    tries: &[&Try],
    written: &[&Logged],
    ends: &BTreeMap<&str, u32>,
    findings: &mut Vec<Finding>,
) {
    // Whoever uses an id for something else is told so, and that says nothing of the first use.
    let decided = |one: &&&Try| match &one.answer {
        Answer::Accepted { .. } => true,
        Answer::Refused { rule } => rule != REUSED,
        Answer::Open { .. } => false,
    };
    let decisions: Vec<&&Try> = tries.iter().filter(decided).collect();
    if let [first, rest @ ..] = decisions.as_slice() {
        for then in rest {
            if first.act != then.act || first.answer != then.answer {
                findings.push(Finding::Contradicted {
                    command,
                    first: told(&first.answer),
                    then: told(&then.answer),
                });
            }
        }
        match &first.answer {
            Answer::Accepted { number } => {
                accepted(command, *number, first, written, ends, findings);
            }
            Answer::Refused { rule } => {
                findings.extend(written.iter().map(|event| Finding::RefusedButWritten {
                    command,
                    rule: rule.clone(),
                    id: event.id,
                }));
            }
            Answer::Open { .. } => {}
        }
    }
    let [first, .., last] = written else { return };
    // Of one command, and one thing follows from the other.
    let follows = last.kind == CONFIRMED
        && last.id == first.id + 1
        && matches!(tries[0].act, Act::VouchFor { .. });
    if written.len() > 2 || !follows {
        findings.push(Finding::Doubled {
            command,
            ids: written.iter().map(|event| event.id).collect(),
        });
    }
}

fn accepted(
    command: Uuid,
    number: i64,
    sent: &Try,
    written: &[&Logged],
    ends: &BTreeMap<&str, u32>,
    findings: &mut Vec<Finding>,
) {
    let Some(event) = written.first() else {
        findings.push(Finding::Lost { command, number });
        return;
    };
    // The receipt names the last thing that came of it.
    let last = written.get(1).filter(|it| it.kind == CONFIRMED);
    let last = last.unwrap_or(event);
    if last.id != number {
        findings.push(Finding::WrongReceipt {
            command,
            said: number,
            is: last.id,
        });
    }
    if let Some(what) = missing(&sent.act, sent.role, event, ends) {
        findings.push(Finding::HalfWritten { command, what });
    }
}

/// What an event lacks of the act that it stands for.
fn missing(act: &Act, role: Uuid, event: &Logged, ends: &BTreeMap<&str, u32>) -> Option<String> {
    if event.kind != act.event_type() {
        return Some(format!("it is a {}", event.kind));
    }
    if event.role != Some(role) {
        return Some("it is not the role's that acted".to_owned());
    }
    let tie = event.tie.as_ref().map(|tie| (tie.kind.as_str(), tie.to));
    if tie != act.ties() {
        return Some(format!("its thread is {tie:?}"));
    }
    if let (
        Act::TwistThread { thread, .. }
        | Act::UntwistThread { thread, .. }
        | Act::CoverYarn { thread, .. },
        Some(tie),
    ) = (act, &event.tie)
        && tie.thread != *thread
    {
        return Some(format!("its thread is {}", tie.thread));
    }
    let (title, is_placed) = match act {
        Act::RegisterRole { name, .. } | Act::RenameRole { name } => (Some(name), true),
        Act::PlaceRole { .. } => (None, true),
        Act::DescribeRole { about, .. } => (Some(about), true),
        Act::KnotNode { title, place, .. } => {
            let cell = crate::town::stored_cell(*place).map(|cell| cell.to_string());
            (Some(title), event.cell == cell)
        }
        Act::ChangeNode { title, .. } => (Some(title), event.cell.is_some()),
        // Of a message only the last words are told.
        Act::SendMessage { text, .. } | Act::ChangeMessage { text, .. } => {
            let is_last = ends.get(event.stream.as_str()) == Some(&event.stream_version);
            (is_last.then_some(text), event.cell.is_some())
        }
        Act::WithdrawMessage { .. }
        | Act::JoinNode { .. }
        | Act::TwistThread { .. }
        | Act::UntwistThread { .. }
        | Act::CoverYarn { .. } => (None, event.cell.is_some()),
        // A role's point is never told.
        Act::VouchFor { .. } | Act::WithdrawVouch { .. } => (None, event.cell.is_none()),
    };
    let skills = match act {
        Act::DescribeRole { skills, .. } => Some(skills.join("\n")),
        _ => None,
    };
    let (level, covers) = match act {
        Act::JoinNode { level, .. } => (
            Some(*level).filter(|level| *level != Level::default()),
            None,
        ),
        Act::CoverYarn { covers, .. } => (None, Some(covers)),
        _ => (None, None),
    };
    if event.level != level || event.covers.as_ref() != covers {
        return Some(format!(
            "{:?} and {:?} are in it",
            event.level, event.covers
        ));
    }
    if event.skills != skills {
        return Some(format!("its tags are {:?}", event.skills));
    }
    let (message, node, reply_to) = match act {
        Act::SendMessage {
            message, reply_to, ..
        } => (Some(message), None, *reply_to),
        Act::ChangeMessage { message, node, .. } | Act::WithdrawMessage { message, node } => {
            (Some(message), Some(*node), None)
        }
        _ => (None, None, None),
    };
    if message.is_some_and(|message| event.stream != format!("message/{message}")) {
        return Some(format!("it is of {}", event.stream));
    }
    if (event.node, event.reply_to) != (node, reply_to) {
        let of = (event.node, event.reply_to);
        return Some(format!("it is of the conversation and answer {of:?}"));
    }
    if event.title.as_ref() != title {
        return Some(format!("its text is {:?}", event.title));
    }
    (!is_placed).then(|| format!("its cell is {:?}", event.cell))
}

fn told(answer: &Answer) -> String {
    match answer {
        Answer::Accepted { number } => format!("accepted as {number}"),
        Answer::Refused { rule } => format!("refused by {rule}"),
        Answer::Open { why } => format!("left open: {why}"),
    }
}
