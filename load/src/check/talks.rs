//! Messages: changed and taken back by who said them alone, as long as they stand; and what the server says of conversations is what
//! the log makes of them.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Finding;
use crate::history::{History, Logged, Message, Quoted, Talk};

/// Characters of a message that its answer shows (docs/protocol.md, "Conversations").
const QUOTED_MAX: usize = 120;

pub(super) fn check(history: &History) -> Vec<Finding> {
    let mut findings = still_told(history);
    // Of a town that had a life before the run the log of the run is not all.
    let is_whole = history.from == 0;
    let mut talks: BTreeMap<Uuid, Vec<Message>> = BTreeMap::new();
    let mut places: BTreeMap<Uuid, (Uuid, usize)> = BTreeMap::new();
    for event in &history.log {
        let Some(id) = message(event) else { continue };
        if let ("NachrichtGesendet", Some(tie)) = (event.kind.as_str(), &event.tie) {
            let talk = talks.entry(tie.to).or_default();
            let answered = event.reply_to.map(|answered| {
                let known = places.get(&answered);
                let stands = known.map(|(node, nth)| {
                    *node == tie.to && talk.get(*nth).is_some_and(|row| !row.is_withdrawn)
                });
                if !stands.unwrap_or(!is_whole) {
                    let (id, message) = (event.id, answered);
                    findings.push(Finding::NotStanding { id, message });
                }
                Quoted {
                    id: answered,
                    role: Uuid::nil(),
                    text: String::new(),
                    is_withdrawn: false,
                }
            });
            places.insert(id, (tie.to, talk.len()));
            talk.push(Message {
                id,
                nth: talk.len() as u32 + 1,
                role: event.role.unwrap_or_default(),
                text: event.title.clone().unwrap_or_default(),
                changed_at: None,
                is_withdrawn: false,
                reply_to: answered,
            });
            continue;
        }
        let row = places
            .get(&id)
            .filter(|(node, _)| Some(*node) == event.node)
            .and_then(|(node, nth)| talks.get_mut(node)?.get_mut(*nth));
        let Some(row) = row else {
            if is_whole {
                let (id, message) = (event.id, id);
                findings.push(Finding::NotStanding { id, message });
            }
            continue;
        };
        let message = id;
        if event.role != Some(row.role) {
            findings.push(Finding::NotTheirs {
                id: event.id,
                message,
            });
        }
        if row.is_withdrawn {
            findings.push(Finding::NotStanding {
                id: event.id,
                message,
            });
        }
        row.text = event.title.clone().unwrap_or_default();
        row.is_withdrawn = event.kind == "NachrichtZurueckgezogen";
        row.changed_at = (!row.is_withdrawn).then_some(event.at);
    }
    if is_whole {
        for told in &history.talks {
            let made = talks.get(&told.node).map_or(&[][..], Vec::as_slice);
            findings.extend(differs(made, told));
        }
    }
    findings
}

/// What the log tells of a message though something newer stands behind it: only its last words are told.
fn still_told(history: &History) -> Vec<Finding> {
    let mut newer = BTreeSet::new();
    let told = history.log.iter().rev().filter_map(|event| {
        let message = message(event)?;
        let is_last = newer.insert(message);
        (!is_last && event.title.is_some()).then_some(Finding::StillTold {
            id: event.id,
            message,
        })
    });
    told.collect()
}

/// The message whose stream an event is of.
fn message(event: &Logged) -> Option<Uuid> {
    event.stream.strip_prefix("message/")?.parse().ok()
}

/// How a conversation is told otherwise; what is answered there is as it is in the end.
fn differs(made: &[Message], told: &Talk) -> Option<Finding> {
    let missaid = |what| {
        let node = told.node;
        Some(Finding::Missaid { node, what })
    };
    if made.len() != told.messages.len() {
        let (made, told) = (made.len(), told.messages.len());
        return missaid(format!("it has {told} messages, the log {made}"));
    }
    for (made_row, told_row) in made.iter().zip(&told.messages) {
        let mut expected = made_row.clone();
        if let Some(quoted) = &mut expected.reply_to
            && let Some(now) = made.iter().find(|row| row.id == quoted.id)
        {
            quoted.role = now.role;
            quoted.text = now.text.chars().take(QUOTED_MAX).collect();
            quoted.is_withdrawn = now.is_withdrawn;
        }
        if expected != *told_row {
            return missaid(format!("{told_row:?}, not {expected:?}"));
        }
    }
    None
}
