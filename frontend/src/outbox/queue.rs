//! What is sent next, and what an answer does to it: the outbox's rules without any I/O.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::{Act, Command};
use domain::cursor::Cursor;
use domain::id::RoleId;
use domain::problem::{Fate, Problem, ProblemKind};
use domain::wire::{Receipt, retry_delay_ms};

use super::entry::{Entry, EntryState, Stored};

/// Everything in the outbox, in the order in which it was done.
pub type Entries = BTreeMap<u32, Stored>;

/// What came back for one sent command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Receipt(Receipt),
    Problem(Problem),
    /// No answer of ours: no network, a proxy's page, anything unreadable.
    Nothing,
}

/// What the sender does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// The entry has this new state; go on with the next one.
    Mark(EntryState),
    /// Another role is signed in: its acts wait, those of others go on.
    PassOver(RoleId),
    /// Nothing was decided: the same command again after so many milliseconds.
    Wait(u32),
}

impl Answer {
    /// Reads an HTTP answer to `command`. The body decides, never the status: a proxy's pages are nothing.
    #[must_use]
    pub fn read(command: &Command, body: &str) -> Self {
        if let Ok(receipt) = domain::json::read::<Receipt>(body) {
            return if receipt.command == command.id {
                Self::Receipt(receipt)
            } else {
                Self::Nothing
            };
        }
        domain::json::read(body).map_or(Self::Nothing, Self::Problem)
    }
}

/// The act to send next: the oldest that waits, of a role that is not passed over.
#[must_use]
pub fn next<'a>(entries: &'a Entries, passed_over: &BTreeSet<RoleId>) -> Option<(u32, &'a Entry)> {
    entries.iter().find_map(|(seq, stored)| {
        let entry = stored.act()?;
        (entry.state == EntryState::Waiting && !passed_over.contains(&entry.role))
            .then_some((*seq, entry))
    })
}

/// What an answer means. `attempt` counts the fruitless ones before it, `random` spreads the retries.
#[must_use]
pub fn settle(entry: &Entry, answer: Answer, attempt: u32, random: u16) -> Then {
    let problem = match answer {
        Answer::Receipt(receipt) => {
            return Then::Mark(EntryState::Receipt {
                cursor: receipt.cursor,
            });
        }
        Answer::Nothing => return Then::Wait(retry_delay_ms(attempt, random)),
        Answer::Problem(problem) => problem,
    };
    match problem.kind.fate() {
        Fate::Refused => Then::Mark(EntryState::Refused { problem }),
        Fate::SetAside => Then::Mark(EntryState::Aside { problem }),
        Fate::Stays if problem.kind == ProblemKind::ForeignRole => Then::PassOver(entry.role),
        // Sending it again changes nothing until someone signs in, which sends at once.
        Fate::Stays if problem.kind == ProblemKind::SignedOut => Then::Wait(WAIT_MAX_MS),
        Fate::Stays => {
            let asked = problem.retry_after_s.unwrap_or(0).saturating_mul(1000);
            Then::Wait(retry_delay_ms(attempt, random).max(asked.min(WAIT_MAX_MS)))
        }
    }
}

/// No server can ask for more patience than this, in milliseconds.
const WAIT_MAX_MS: u32 = 300_000;

/// What the live channel's position says about accepted acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The confirmed state shows them by itself: they leave the outbox.
    pub shown: Vec<u32>,
    /// The log they were accepted in was replaced by a restored one, which may not have them: they are sent
    /// again, under the same id.
    pub again: Vec<u32>,
}

/// Which accepted acts the live channel, now at `reached`, has caught up with. A registration stays until
/// one's own role is `known`: it comes in a message of its own.
#[must_use]
pub fn arrived(entries: &Entries, reached: &Cursor, known: bool) -> Arrived {
    let mut arrived = Arrived::default();
    for (seq, stored) in entries {
        let Some(entry) = stored.act() else { continue };
        let EntryState::Receipt { cursor } = &entry.state else {
            continue;
        };
        let registers = matches!(entry.command.act, Act::RegisterRole { .. });
        if reached.epoch != cursor.epoch {
            arrived.again.push(*seq);
        } else if reached.reaches(cursor) && (known || !registers) {
            arrived.shown.push(*seq);
        }
    }
    arrived
}

/// What is on disk and what this tab knows, made one: a tab writes first and reads in between.
#[must_use]
pub fn merged(disk: Vec<(u32, String)>, mut known: Entries) -> Entries {
    let newest = disk.last().map_or(0, |(seq, _)| *seq);
    let mut entries = known.split_off(&newest.saturating_add(1));
    for (seq, text) in disk {
        let read = Stored::read(text);
        let waits = |stored: &Stored| {
            stored
                .act()
                .is_none_or(|act| act.state == EntryState::Waiting)
        };
        let stored = match known.remove(&seq) {
            // This tab has had the answer; the disk is about to.
            Some(ours) if waits(&read) && !waits(&ours) => ours,
            _ => read,
        };
        entries.insert(seq, stored);
    }
    // Another tab has seen its effect already, this one has not.
    known.retain(|_, stored| {
        let state = stored.act().map(|act| &act.state);
        matches!(state, Some(EntryState::Receipt { .. }))
    });
    entries.append(&mut known);
    entries
}

/// The acts whose effect is predicted, in order.
pub fn pending(entries: &Entries) -> impl Iterator<Item = &Entry> {
    entries
        .values()
        .filter_map(Stored::act)
        .filter(|entry| entry.is_pending())
}

#[cfg(test)]
mod tests {
    use super::super::examples::{cursor, join, problem};
    use super::*;
    use domain::refusal::Refusal;

    fn entries(commands: impl IntoIterator<Item = Command>) -> Entries {
        (1..)
            .zip(commands)
            .map(|(seq, command)| (seq, Stored::Act(Box::new(Entry::new(command)))))
            .collect()
    }

    fn mark(entries: &mut Entries, seq: u32, state: EntryState) {
        if let Some(Stored::Act(entry)) = entries.get_mut(&seq) {
            entry.state = state;
        }
    }

    #[test]
    fn order_is_kept_and_what_is_refused_or_unreadable_blocks_nothing() {
        let mut all = entries([join(1, 1), join(1, 2), join(1, 3)]);
        assert_eq!(next(&all, &BTreeSet::new()).map(|(seq, _)| seq), Some(1));
        mark(
            &mut all,
            1,
            EntryState::Refused {
                problem: Refusal::NodeUnknown.into(),
            },
        );
        all.insert(2, Stored::Unreadable("?".to_owned()));
        assert_eq!(next(&all, &BTreeSet::new()).map(|(seq, _)| seq), Some(3));
        mark(&mut all, 3, EntryState::Receipt { cursor: cursor(7) });
        assert_eq!(next(&all, &BTreeSet::new()), None);
        assert_eq!(pending(&all).count(), 1);
    }

    #[test]
    fn another_roles_acts_wait_without_holding_up_ones_own() {
        let all = entries([join(1, 1), join(2, 2)]);
        let (_, first) = next(&all, &BTreeSet::new()).expect("one");
        let Then::PassOver(role) = settle(
            first,
            Answer::Problem(problem(ProblemKind::ForeignRole)),
            0,
            0,
        ) else {
            panic!("a foreign role is passed over");
        };
        assert_eq!(
            next(&all, &BTreeSet::from([role])).map(|(seq, _)| seq),
            Some(2)
        );
    }

    #[test]
    fn the_type_of_a_problem_decides_and_nothing_else() {
        let entry = Entry::new(join(1, 1));
        let settled = |kind| settle(&entry, Answer::Problem(problem(kind)), 0, 0);
        assert!(matches!(
            settled(ProblemKind::Refused),
            Then::Mark(EntryState::Refused { .. })
        ));
        for kind in [ProblemKind::Malformed, ProblemKind::TooLarge] {
            assert!(matches!(
                settled(kind),
                Then::Mark(EntryState::Aside { .. })
            ));
        }
        for kind in [
            ProblemKind::TooMany,
            ProblemKind::Unavailable,
            ProblemKind::Internal,
            ProblemKind::NotFound,
            ProblemKind::ForeignOrigin,
        ] {
            assert_eq!(settled(kind), Then::Wait(500), "{kind:?}");
        }
        assert_eq!(settled(ProblemKind::SignedOut), Then::Wait(WAIT_MAX_MS));
        assert_eq!(settle(&entry, Answer::Nothing, 2, 0), Then::Wait(2000));
    }

    #[test]
    fn a_server_may_ask_for_patience_within_bounds() {
        let entry = Entry::new(join(1, 1));
        let asked = |seconds| {
            let problem = Problem {
                retry_after_s: Some(seconds),
                ..problem(ProblemKind::TooMany)
            };
            settle(&entry, Answer::Problem(problem), 0, 0)
        };
        assert_eq!(asked(20), Then::Wait(20_000));
        assert_eq!(asked(u32::MAX), Then::Wait(WAIT_MAX_MS));
    }

    #[test]
    fn only_the_receipt_of_this_command_is_one() {
        let command = join(1, 1);
        let receipt = |id| {
            serde_json::to_string(&Receipt {
                command: id,
                cursor: cursor(3),
            })
            .expect("JSON")
        };
        assert!(matches!(
            Answer::read(&command, &receipt(command.id)),
            Answer::Receipt(_)
        ));
        assert_eq!(
            Answer::read(&command, &receipt(join(1, 9).id)),
            Answer::Nothing
        );
        for page in ["", "<html>502</html>", "{}", r#"{"type":"about:blank"}"#] {
            assert_eq!(Answer::read(&command, page), Answer::Nothing, "{page}");
        }
        let problem = serde_json::to_string(&problem(ProblemKind::TooMany)).expect("JSON");
        assert!(matches!(
            Answer::read(&command, &problem),
            Answer::Problem(_)
        ));
    }

    #[test]
    fn an_act_ends_when_the_channel_reaches_its_receipt() {
        let mut all = entries([join(1, 1), join(1, 2)]);
        mark(&mut all, 1, EntryState::Receipt { cursor: cursor(5) });
        assert_eq!(arrived(&all, &cursor(4), true), Arrived::default());
        assert_eq!(arrived(&all, &cursor(5), false).shown, vec![1]);
        let restored = Cursor {
            epoch: domain::id::Epoch(uuid::Uuid::from_u128(8)),
            ..cursor(9)
        };
        assert_eq!(arrived(&all, &restored, true).again, vec![1]);
    }

    #[test]
    fn disk_and_tab_are_merged_without_losing_an_act_or_an_answer() {
        let text = |entry: &Entry| serde_json::to_string(entry).expect("JSON");
        let mut known = entries([join(1, 1), join(1, 2), join(1, 3), join(1, 4)]);
        mark(&mut known, 1, EntryState::Receipt { cursor: cursor(5) });
        mark(&mut known, 2, EntryState::Receipt { cursor: cursor(6) });
        // On disk 1 is gone (shown elsewhere), 2 not yet marked, 3 withdrawn elsewhere, 4 not read yet.
        let disk = vec![(2, text(&Entry::new(join(1, 2))))];
        let merged = merged(disk, known.clone());
        assert_eq!(merged.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(merged.get(&2), known.get(&2));
        let disk = vec![
            (2, text(&Entry::new(join(1, 2)))),
            (4, text(&Entry::new(join(1, 4)))),
        ];
        let merged = super::merged(disk, known);
        assert_eq!(merged.keys().copied().collect::<Vec<_>>(), [1, 2, 4]);
    }
}
