//! What sockets showed, what the server says, and what the log makes of a room: all three the same.

use std::collections::BTreeMap;

use h3o::{CellIndex, Resolution};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Finding;
use crate::act::{Act, Covers, Level, Place};
use crate::history::{Answer, History, Logged, State};
use crate::room::Row;
use crate::town;

/// From this resolution on rooms show things; coarser ones count them.
const FEATURES_FROM: u8 = 7;
/// What the only structure there is by now is called (docs/protocol.md, "The community").
const PARLOUR: &str = "Nähstübchen";

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
    threads: BTreeMap<Uuid, Thread>,
}

/// A thread to it.
struct Thread {
    role: Uuid,
    is_yarn: bool,
    /// How it was joined, if it was.
    level: Option<Level>,
    /// What it covers, where it was said.
    covers: Option<Covers>,
}

/// Where a role's spool is shown; nothing, where it is hidden.
type Spools = BTreeMap<Uuid, Option<Place>>;

/// What the log makes, folded in the simplest way.
struct Woven {
    knots: BTreeMap<Uuid, Knot>,
    spools: Spools,
}

impl Woven {
    fn of(history: &History) -> Self {
        let mut knots: BTreeMap<Uuid, Knot> = BTreeMap::new();
        let mut spools = Spools::new();
        // The log has no spool's place: only who placed it said that.
        // A command's id may have been used for something else too.
        let acts: BTreeMap<(Uuid, &str), &Act> = history
            .tries
            .iter()
            .map(|one| ((one.command, one.act.event_type()), &one.act))
            .collect();
        for event in &history.log {
            if let (
                Some(role),
                Some(Act::RegisterRole { placement, .. } | Act::PlaceRole { placement }),
            ) = (event.role, acts.get(&(event.command, event.kind.as_str())))
            {
                spools.insert(role, placement.shown());
            }
            let cell = event.cell.as_deref().and_then(town::cell);
            if let (None, Some(cell)) = (&event.tie, cell) {
                by_itself(&mut knots, event, cell);
            }
            let (Some(tie), Some(cell)) = (&event.tie, cell) else {
                continue;
            };
            match event.kind.as_str() {
                "KnotenGeknuepft" => {
                    let title = event.title.clone().unwrap_or_default();
                    let mut knot = Knot {
                        cell,
                        title,
                        version: event.stream_version,
                        threads: BTreeMap::new(),
                    };
                    knot.draw(tie.thread, event.role);
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
                        knot.draw(tie.thread, event.role);
                        knot.title = event.title.clone().unwrap_or(knot.title.clone());
                    }
                }
                "FadenVerzwirnt" | "FadenEntzwirnt" | "GarnDeckungGeaendert" => {
                    let thread = knots
                        .get_mut(&tie.to)
                        .and_then(|knot| knot.threads.get_mut(&tie.thread));
                    if let Some(thread) = thread {
                        thread.is_yarn = event.kind != "FadenEntzwirnt";
                        thread.covers.clone_from(&event.covers);
                    }
                }
                _ => {
                    if let Some(knot) = knots.get_mut(&tie.to) {
                        knot.draw(tie.thread, event.role).level = joined(event);
                    }
                }
            }
        }
        Self { knots, spools }
    }

    /// What a room shows otherwise, in words.
    fn differs(&self, state: &State) -> Option<String> {
        let Some(cell) = town::cell(&state.cell) else {
            return Some("it is no cell".to_owned());
        };
        let here = self
            .knots
            .iter()
            .filter(|(_, knot)| knot.cell.parent(cell.resolution()) == Some(cell));
        if u8::from(cell.resolution()) < FEATURES_FROM {
            counts(here.map(|(_, knot)| knot), cell.resolution(), state)
        } else {
            knots(here, &self.spools, state).or_else(|| spools(&self.spools, cell, state))
        }
    }
}

/// What the system does with the community's permanent knots, without a thread.
fn by_itself(knots: &mut BTreeMap<Uuid, Knot>, event: &Logged, cell: CellIndex) {
    let node = event.stream.strip_prefix("node/");
    let Some(node) = node.and_then(|id| Uuid::try_parse(id).ok()) else {
        return;
    };
    let (version, known) = (event.stream_version, knots.remove(&node));
    let title = match (event.kind.as_str(), &known) {
        ("StrukturGegruendet", _) => Some(PARLOUR.to_owned()),
        (_, Some(known)) => Some(known.title.clone()),
        (_, None) => None,
    };
    if let Some(title) = title {
        let threads = known.map(|known| known.threads).unwrap_or_default();
        let knot = Knot {
            cell,
            title,
            version,
            threads,
        };
        knots.insert(node, knot);
    }
}

impl Knot {
    /// Draws a thread of `role`, or re-arms it: yarn stays yarn.
    fn draw(&mut self, thread: Uuid, role: Option<Uuid>) -> &mut Thread {
        self.threads.entry(thread).or_insert(Thread {
            role: role.unwrap_or_default(),
            is_yarn: false,
            level: None,
            covers: None,
        })
    }

    /// How its row or one of its threads' is otherwise, in words.
    fn differs(&self, row: &Value, spools: &Spools, state: &State) -> Option<String> {
        if row["title"] != self.title.as_str() || row["version"] != self.version {
            return Some(format!("not {:?} at version {}", self.title, self.version));
        }
        let yarns = self.threads.iter().filter(|(_, thread)| thread.is_yarn);
        let yarns: BTreeMap<String, String> = yarns
            .map(|(id, thread)| (id.to_string(), thread.role.to_string()))
            .collect();
        if row["yarns"] != json!(yarns) {
            return Some(format!("held by the yarns {yarns:?}"));
        }
        let said = self.threads.iter().filter_map(|(thread, of)| {
            let covers = of.covers.as_ref()?;
            Some(json!({"thread": thread, "covers": covers}))
        });
        let said: Vec<Value> = said.collect();
        if row.get("covers").unwrap_or(&json!([])) != &json!(said) {
            return Some(format!("covered as in {said:?}"));
        }
        self.threads.iter().find_map(|(id, thread)| {
            let Some(row) = state.room.threads.get(id.to_string().as_str()) else {
                return Some(format!("thread {id} to it is missing"));
            };
            let row = row.value();
            let from = spools.get(&thread.role).copied().flatten();
            let is_so = row["role"] == thread.role.to_string()
                && row["expires_at"].is_null() == thread.is_yarn
                && row.get("level").unwrap_or(&Value::Null) == &json!(thread.level)
                && row["from"] == json!(from);
            let words = || {
                let is = if thread.is_yarn { "yarn" } else { "no yarn" };
                format!(
                    "thread {id} to it is {row}, not {is} of {} from {from:?}, joined as {:?}",
                    thread.role, thread.level
                )
            };
            (!is_so).then(words)
        })
    }
}

/// How somebody joins in it, if they do; what says nothing of it means the loosest.
fn joined(event: &Logged) -> Option<Level> {
    let level = event.level.unwrap_or_default();
    (event.kind == "KnotenBeigetreten").then_some(level)
}

/// How spools in `cell` are shown otherwise.
fn spools(spools: &Spools, cell: CellIndex, state: &State) -> Option<String> {
    let here = spools.iter().filter_map(|(role, place)| {
        let place = (*place)?;
        let inside = town::stored_cell(place)?.parent(cell.resolution()) == Some(cell);
        inside.then(|| (role.to_string(), json!(place)))
    });
    let expected: BTreeMap<String, Value> = here.collect();
    let rows = state.room.spools.iter();
    let shown: BTreeMap<String, Value> = rows
        .map(|(role, row)| (role.to_string(), row.value()["place"].take()))
        .collect();
    (shown != expected).then(|| format!("spools are {shown:?}, by the log {expected:?}"))
}

fn knots<'a>(
    here: impl Iterator<Item = (&'a Uuid, &'a Knot)>,
    spools: &Spools,
    state: &State,
) -> Option<String> {
    let mut expected = 0;
    for (id, knot) in here {
        expected += 1;
        let Some(row) = state.room.nodes.get(id.to_string().as_str()) else {
            return Some(format!("knot {id} is missing"));
        };
        let row = row.value();
        if let Some(what) = knot.differs(&row, spools, state) {
            return Some(format!("knot {id} is {row}: {what}"));
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
