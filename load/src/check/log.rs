//! The log by itself: ids without a gap, time that never goes back, versions of streams in order.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Finding;
use crate::history::History;

pub(super) fn check(history: &History) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut before, mut at) = (history.from, i64::MIN);
    let mut versions: BTreeMap<&str, u32> = BTreeMap::new();
    for event in &history.log {
        if event.id != before + 1 {
            findings.push(Finding::LogGap {
                before,
                id: event.id,
            });
        }
        if event.at < at {
            findings.push(Finding::TimeBack { id: event.id });
        }
        // A stream that is older than the run begins anywhere.
        let known = versions.insert(&event.stream, event.stream_version);
        if let Some(known) = known.filter(|known| event.stream_version != known + 1) {
            findings.push(Finding::StreamBroken {
                id: event.id,
                stream: event.stream.clone(),
                version: event.stream_version,
                before: known,
            });
        }
        (before, at) = (event.id, event.at);
    }
    findings.extend(unasked(history));
    findings
}

/// What stands there in the name of a role of this run, which never asked for it.
fn unasked(history: &History) -> impl Iterator<Item = Finding> {
    let roles: BTreeSet<Uuid> = history.tries.iter().map(|one| one.role).collect();
    let sent: BTreeSet<(Uuid, Uuid)> = history
        .tries
        .iter()
        .map(|one| (one.role, one.command))
        .collect();
    history.log.iter().filter_map(move |event| {
        let role = event.role.filter(|role| roles.contains(role))?;
        (!sent.contains(&(role, event.command))).then_some(Finding::Unasked {
            id: event.id,
            role,
            command: event.command,
        })
    })
}
