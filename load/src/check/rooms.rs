//! What sockets showed, what the server says, and what the log makes of a room: all three the same.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, Resolution};
use uuid::Uuid;

use super::Finding;
use crate::history::{Answer, History, State};
use crate::room::Row;
use crate::town;

/// From this resolution on rooms show things; coarser ones count them.
const FEATURES_FROM: u8 = 7;

pub(super) fn check(history: &History) -> Vec<Finding> {
    let mut findings = went_back(history);
    findings.extend(behind(history));
    findings.extend(history.misheard.iter().map(|it| Finding::Misheard {
        socket: it.socket,
        what: it.what.clone(),
    }));
    let states: BTreeMap<&str, &State> = history
        .states
        .iter()
        .map(|state| (state.cell.as_str(), state))
        .collect();
    for seen in &history.seen {
        let (socket, cell) = (seen.socket, seen.cell.clone());
        match states.get(seen.cell.as_str()) {
            None => findings.push(Finding::Uncompared { socket, cell }),
            Some(state) => {
                if let Some(what) = seen.room.difference(&state.room) {
                    findings.push(Finding::Stale { socket, cell, what });
                }
            }
        }
    }
    // Of a town that had a life before the run the log of the run is not all.
    if history.from == 0 {
        let woven = Woven::of(history);
        findings.extend(history.states.iter().filter_map(|state| {
            let what = woven.differs(state)?;
            Some(Finding::NotOfTheLog {
                cell: state.cell.clone(),
                what,
            })
        }));
    }
    findings
}

fn went_back(history: &History) -> Vec<Finding> {
    let mut reached: BTreeMap<(u32, u32), i64> = BTreeMap::new();
    let mut findings = Vec::new();
    for heard in &history.heard {
        let key = (heard.socket, heard.connection);
        let before = reached.insert(key, heard.number);
        if let Some(from) = before.filter(|before| heard.number < *before) {
            findings.push(Finding::WentBack {
                socket: heard.socket,
                from,
                to: heard.number,
            });
        }
    }
    findings
}

/// In the end every socket has come to the last act that anyone was told is done.
fn behind(history: &History) -> Vec<Finding> {
    let numbers = history.tries.iter().filter_map(|one| match one.answer {
        Answer::Accepted { number } => Some(number),
        _ => None,
    });
    let needed = numbers.max().unwrap_or(history.from);
    let mut ends: BTreeMap<u32, i64> = BTreeMap::new();
    for seen in &history.seen {
        ends.insert(seen.socket, seen.number);
    }
    let behind = ends.into_iter().filter(|(_, number)| *number < needed);
    behind
        .map(|(socket, number)| Finding::Behind {
            socket,
            number,
            needed,
        })
        .collect()
}

/// A knot as the log alone has it.
struct Knot {
    cell: CellIndex,
    title: String,
    version: u32,
    threads: BTreeSet<Uuid>,
}

/// The knots and threads that the log makes, folded in the simplest way.
struct Woven(BTreeMap<Uuid, Knot>);

impl Woven {
    fn of(history: &History) -> Self {
        let mut knots: BTreeMap<Uuid, Knot> = BTreeMap::new();
        for event in &history.log {
            let (Some(tie), Some(cell)) = (&event.tie, event.cell.as_deref().and_then(town::cell))
            else {
                continue;
            };
            match event.kind.as_str() {
                "KnotenGeknuepft" => {
                    let title = event.title.clone().unwrap_or_default();
                    let knot = Knot {
                        cell,
                        title,
                        version: event.stream_version,
                        threads: BTreeSet::from([tie.thread]),
                    };
                    knots.insert(tie.to, knot);
                }
                "KnotenAufgeloest" => {
                    knots.remove(&tie.to);
                }
                "FadenVerfallen" => {
                    if let Some(knot) = knots.get_mut(&tie.to) {
                        knot.threads.remove(&tie.thread);
                    }
                }
                "KnotenGeaendert" => {
                    if let Some(knot) = knots.get_mut(&tie.to) {
                        knot.cell = cell;
                        knot.version = event.stream_version;
                        knot.threads.insert(tie.thread);
                        knot.title = event.title.clone().unwrap_or(knot.title.clone());
                    }
                }
                _ => {
                    if let Some(knot) = knots.get_mut(&tie.to) {
                        knot.threads.insert(tie.thread);
                    }
                }
            }
        }
        Self(knots)
    }

    /// What a room shows otherwise, in words.
    fn differs(&self, state: &State) -> Option<String> {
        let Some(cell) = town::cell(&state.cell) else {
            return Some("it is no cell".to_owned());
        };
        let here = self
            .0
            .iter()
            .filter(|(_, knot)| knot.cell.parent(cell.resolution()) == Some(cell));
        if u8::from(cell.resolution()) < FEATURES_FROM {
            counts(here.map(|(_, knot)| knot), cell.resolution(), state)
        } else {
            features(here, state)
        }
    }
}

fn features<'a>(here: impl Iterator<Item = (&'a Uuid, &'a Knot)>, state: &State) -> Option<String> {
    let mut expected = 0;
    for (id, knot) in here {
        expected += 1;
        let Some(row) = state.room.nodes.get(id.to_string().as_str()) else {
            return Some(format!("knot {id} is missing"));
        };
        let row = row.value();
        if row["title"] != knot.title.as_str() || row["version"] != knot.version {
            return Some(format!(
                "knot {id} is {row}, not {:?} at version {}",
                knot.title, knot.version
            ));
        }
        let missing =
            |thread: &&Uuid| !state.room.threads.contains_key(thread.to_string().as_str());
        if let Some(thread) = knot.threads.iter().find(missing) {
            return Some(format!("thread {thread} to knot {id} is missing"));
        }
    }
    let shown = state.room.nodes.len();
    (shown != expected).then(|| format!("{shown} knots are shown, the log has {expected}"))
}

/// Knots of all kinds in the cells two resolutions finer.
fn counts<'a>(
    here: impl Iterator<Item = &'a Knot>,
    resolution: Resolution,
    state: &State,
) -> Option<String> {
    let finer = Resolution::try_from(u8::from(resolution) + 2).ok()?;
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for knot in here {
        let cell = knot.cell.parent(finer)?;
        *expected.entry(cell.to_string()).or_default() += 1;
    }
    let counted = |row: &Row| -> u64 {
        let row = row.value();
        let kinds = row["kinds"].as_array().map_or(&[][..], Vec::as_slice);
        kinds.iter().filter_map(|kind| kind[1].as_u64()).sum()
    };
    let shown: BTreeMap<String, u64> = state
        .room
        .counts
        .iter()
        .map(|(cell, row)| (cell.to_string(), counted(row)))
        .collect();
    (shown != expected).then(|| format!("it counts {shown:?}, the log has {expected:?}"))
}
