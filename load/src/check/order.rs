//! Real-time order: what was sent after something had been acknowledged stands behind it in the log. The order of a
//! role's own acts, one after the other, is part of it.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Finding;
use crate::history::{Answer, History};

struct Sent {
    command: Uuid,
    /// Of its first sending.
    sent_us: u64,
    /// Of its first acknowledgement.
    answered_us: u64,
    id: i64,
}

pub(super) fn check(history: &History) -> Vec<Finding> {
    let mut by_sent = acknowledged(history);
    let mut by_answered: Vec<usize> = (0..by_sent.len()).collect();
    by_sent.sort_by_key(|one| one.sent_us);
    by_answered.sort_by_key(|index| by_sent[*index].answered_us);
    let mut findings = Vec::new();
    let mut answered = by_answered.into_iter().peekable();
    // The one farthest on in the log, of those acknowledged before the one that is looked at was sent.
    let mut farthest: Option<&Sent> = None;
    for later in &by_sent {
        while let Some(index) = answered.next_if(|i| by_sent[*i].answered_us < later.sent_us) {
            let one = &by_sent[index];
            if farthest.is_none_or(|far| far.id < one.id) {
                farthest = Some(one);
            }
        }
        if let Some(earlier) = farthest.filter(|earlier| earlier.id > later.id) {
            findings.push(Finding::Reordered {
                earlier: earlier.command,
                earlier_id: earlier.id,
                later: later.command,
                later_id: later.id,
            });
        }
    }
    findings
}

/// Every acknowledged command once. Its place in the log is as its receipt says, which is compared elsewhere.
fn acknowledged(history: &History) -> Vec<Sent> {
    let mut first_sent = std::collections::BTreeMap::new();
    for one in &history.tries {
        let sent = first_sent.entry(one.command).or_insert(one.sent_us);
        *sent = one.sent_us.min(*sent);
    }
    let mut tries: Vec<_> = history.tries.iter().collect();
    tries.sort_by_key(|one| one.answered_us);
    let mut known = BTreeSet::new();
    tries
        .into_iter()
        .filter_map(|one| match one.answer {
            Answer::Accepted { number } if known.insert(one.command) => Some(Sent {
                command: one.command,
                sent_us: first_sent[&one.command],
                answered_us: one.answered_us,
                id: number,
            }),
            _ => None,
        })
        .collect()
}
