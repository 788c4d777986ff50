//! What is sent next, and what an answer does to it: the outbox's rules without any I/O.

use domain::command::{Act, Command};
use domain::cursor::Cursor;
use domain::problem::{Fate, Problem, ProblemKind};
use domain::refusal::Refusal;
use domain::wire::{Receipt, retry_delay_ms};

use super::author::Author;
use super::entry::{Entry, EntryState, Stored};

/// Everything in the outbox by its place in the order, which ascends.
pub type Entries = Vec<(u32, Stored)>;

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
    /// Someone else is signed in than the page believes, or nobody: who it is has to be asked for.
    AskWho,
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

/// The act to send next: the oldest of the author's that waits. Those of others hold up nothing.
#[must_use]
pub fn next(entries: &Entries, author: Author) -> Option<(u32, &Entry)> {
    entries.iter().find_map(|(seq, stored)| {
        let entry = stored.act()?;
        (entry.state == EntryState::Waiting && author.wrote(entry)).then_some((*seq, entry))
    })
}

/// Puts in what has just been kept, or puts what has changed in its place.
pub fn put(entries: &mut Entries, seq: u32, stored: Stored) {
    match entries.binary_search_by_key(&seq, |(seq, _)| *seq) {
        Ok(at) => entries[at].1 = stored,
        Err(at) => entries.insert(at, (seq, stored)),
    }
}

/// Those that wait and were made on the change under `seq`, which comes back with `state` because somebody else has written the version
/// that they believe to have seen. Sent, they would be taken for changes of that, which nobody has looked at: they come back with it.
#[must_use]
pub fn made_on(entries: &Entries, seq: u32, state: &EntryState) -> Vec<u32> {
    let changes = |entry: &Entry| match entry.command.act {
        Act::ChangeNode { node, based_on, .. } => Some((entry.role, node, based_on)),
        _ => None,
    };
    let is_overtaken = matches!(
        state,
        EntryState::Refused { problem } if matches!(problem.refusal, Some(Refusal::NodeChanged { .. }))
    );
    let mut own = None;
    let mut found = Vec::new();
    for (of, stored) in entries {
        let Some(entry) = stored.act() else { continue };
        if *of == seq {
            own = changes(entry).filter(|_| is_overtaken);
        } else if let (Some((role, node, before)), Some((by, at, based_on))) = (own, changes(entry))
            && (role, node) == (by, at)
            && based_on > before
            && entry.state == EntryState::Waiting
        {
            found.push(*of);
        }
    }
    found
}

/// What an answer means. `attempt` counts the fruitless ones before it, `random` spreads the retries.
#[must_use]
pub fn settle(answer: Answer, attempt: u32, random: u16) -> Then {
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
        // Sending it again changes nothing until someone else signs in, which sends at once.
        Fate::Stays
            if matches!(
                problem.kind,
                ProblemKind::ForeignRole | ProblemKind::SignedOut
            ) =>
        {
            Then::AskWho
        }
        Fate::Stays => {
            let asked = problem.retry_after_s.unwrap_or(0).saturating_mul(1000);
            Then::Wait(retry_delay_ms(attempt, random).max(asked.min(WAIT_MAX_MS)))
        }
    }
}

/// No server can ask for more patience than this, in milliseconds.
pub const WAIT_MAX_MS: u32 = 300_000;

/// What the live channel's position says about accepted acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The confirmed state shows them by itself: they leave the outbox.
    pub shown: Vec<u32>,
    /// The log they were accepted in was replaced by a restored one, which may not have them: they are sent
    /// again, under the same id.
    pub again: Vec<u32>,
    /// There are others that it has yet to reach.
    pub later: bool,
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
        } else {
            arrived.later = true;
        }
    }
    arrived
}

/// What is on disk, with what this tab knows and the disk does not say yet. The disk is the truth of what
/// there is: what was taken out in another tab is gone here too.
#[must_use]
pub fn merged(disk: Vec<(u32, String)>, known: Entries) -> Entries {
    let mut entries = Entries::new();
    for (seq, text) in disk {
        entries.push((seq, Stored::read(text)));
    }
    for (seq, ours) in known {
        let Some(act) = ours.act() else { continue };
        match entries.binary_search_by_key(&seq, |(seq, _)| *seq) {
            // This tab has had the answer; the disk is about to.
            Ok(at) if act.state != EntryState::Waiting => {
                let (_, kept) = &mut entries[at];
                if kept
                    .act()
                    .is_some_and(|act| act.state == EntryState::Waiting)
                {
                    *kept = ours;
                }
            }
            // Another tab has seen its effect already, this one has not: it is shown until then.
            Err(at) if matches!(act.state, EntryState::Receipt { .. }) => {
                entries.insert(at, (seq, ours));
            }
            Ok(_) | Err(_) => {}
        }
    }
    entries
}

/// The acts whose effect is predicted, in order: the author's own.
pub fn pending(entries: &Entries, author: Author) -> impl Iterator<Item = &Entry> {
    entries
        .iter()
        .filter_map(|(_, stored)| stored.act())
        .filter(move |entry| entry.is_pending() && author.wrote(entry))
}

#[cfg(test)]
mod tests {
    use super::super::examples::{account, author, cursor, join, problem, register};
    use super::*;

    const ADA: u128 = 1;

    fn entries(commands: impl IntoIterator<Item = Command>) -> Entries {
        (1..)
            .zip(commands)
            .map(|(seq, command)| {
                (
                    seq,
                    Stored::Act(Box::new(Entry::new(command, account(ADA)))),
                )
            })
            .collect()
    }

    fn mark(entries: &mut Entries, seq: u32, state: EntryState) {
        let found = entries.iter_mut().find(|(found, _)| *found == seq);
        let entry = found.and_then(|(_, stored)| stored.act_mut());
        entry.expect("an act").state = state;
    }

    fn next_of(entries: &Entries, author: Author) -> Option<u32> {
        next(entries, author).map(|(seq, _)| seq)
    }

    fn on_disk(entries: &Entries, seqs: &[u32]) -> Vec<(u32, String)> {
        let text = |stored: &Stored| serde_json::to_string(stored.act().expect("an act"));
        entries
            .iter()
            .filter(|(seq, _)| seqs.contains(seq))
            .map(|(seq, stored)| (*seq, text(stored).expect("JSON")))
            .collect()
    }

    fn seqs(entries: &Entries) -> Vec<u32> {
        entries.iter().map(|(seq, _)| *seq).collect()
    }

    #[test]
    fn order_is_kept_and_what_is_refused_or_unreadable_blocks_nothing() {
        let ada = author(ADA, Some(1));
        let mut all = entries([join(1, 1), join(1, 2), join(1, 3)]);
        assert_eq!(next_of(&all, ada), Some(1));
        mark(
            &mut all,
            1,
            EntryState::Refused {
                problem: Refusal::NodeUnknown.into(),
            },
        );
        put(&mut all, 2, Stored::Unreadable("?".to_owned()));
        assert_eq!(next_of(&all, ada), Some(3));
        mark(&mut all, 3, EntryState::Receipt { cursor: cursor(7) });
        assert_eq!(next_of(&all, ada), None);
        assert_eq!(pending(&all, ada).count(), 1);
    }

    #[test]
    fn a_change_on_one_that_came_back_comes_back_too_instead_of_covering_what_nobody_saw() {
        let change = |id, node: u128, based_on| Command {
            act: Act::ChangeNode {
                particulars: domain::weave::ParticularsChange::default(),
                node: domain::id::NodeId(uuid::Uuid::from_u128(node)),
                based_on,
                kind: None,
                title: None,
                text: Some("Meins".to_owned()),
                place: None,
                starts_at: None,
            },
            ..join(1, id)
        };
        // Written without a network: three of one knot and one of another.
        let mut all = entries([
            change(1, 5, 1),
            change(2, 5, 2),
            change(3, 6, 2),
            change(4, 5, 3),
        ]);
        let refused = |refusal: Refusal| EntryState::Refused {
            problem: refusal.into(),
        };
        let overtaken = refused(Refusal::NodeChanged { version: 2 });
        assert_eq!(made_on(&all, 1, &overtaken), [2, 4]);
        assert_eq!(made_on(&all, 3, &overtaken), [0_u32; 0]);
        // Another rule has nothing to do with what follows, and what has arrived stays.
        let other = refused(Refusal::TitleLength { max: 1, got: 2 });
        assert_eq!(made_on(&all, 1, &other), [0_u32; 0]);
        mark(&mut all, 2, EntryState::Receipt { cursor: cursor(7) });
        assert_eq!(made_on(&all, 1, &overtaken), [4]);
        // One that is made later is made on what is seen then.
        mark(&mut all, 1, overtaken);
        assert_eq!(next_of(&all, author(ADA, Some(1))), Some(3));
    }

    #[test]
    fn another_accounts_acts_wait_without_holding_up_ones_own() {
        let mut all = entries([register(1), join(1, 2)]);
        let own = Entry::new(join(2, 3), account(2));
        put(&mut all, 3, Stored::Act(Box::new(own)));
        for ben in [author(2, Some(2)), author(2, None)] {
            assert_eq!(next_of(&all, ben), Some(3));
            assert_eq!(pending(&all, ben).count(), 1);
        }
        assert_eq!(next_of(&all, author(ADA, None)), Some(1));
        assert_eq!(next_of(&all, author(3, None)), None);
    }

    #[test]
    fn the_type_of_a_problem_decides_and_nothing_else() {
        let settled = |kind| settle(Answer::Problem(problem(kind)), 0, 0);
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
        assert_eq!(settled(ProblemKind::SignedOut), Then::AskWho);
        assert_eq!(settled(ProblemKind::ForeignRole), Then::AskWho);
        assert_eq!(settle(Answer::Nothing, 2, 0), Then::Wait(2000));
    }

    #[test]
    fn a_second_role_is_refused_with_its_act_and_what_follows_goes_on() {
        let mut all = entries([register(1), join(2, 5)]);
        let taken = Problem::from(Refusal::RoleTaken);
        let Then::Mark(state) = settle(Answer::Problem(taken), 0, 0) else {
            panic!("it is final");
        };
        mark(&mut all, 1, state);
        assert_eq!(next_of(&all, author(ADA, Some(2))), Some(2));
        let kept = all[0].1.act().map(|entry| &entry.command);
        assert_eq!(kept, Some(&register(1)));
    }

    #[test]
    fn a_server_may_ask_for_patience_within_bounds() {
        let asked = |seconds| {
            let problem = Problem {
                retry_after_s: Some(seconds),
                ..problem(ProblemKind::TooMany)
            };
            settle(Answer::Problem(problem), 0, 0)
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
        let later = Arrived {
            later: true,
            ..Arrived::default()
        };
        assert_eq!(arrived(&all, &cursor(4), true), later);
        assert_eq!(arrived(&all, &cursor(5), false).shown, vec![1]);
        let restored = Cursor {
            epoch: domain::id::Epoch(uuid::Uuid::from_u128(8)),
            ..cursor(9)
        };
        assert_eq!(arrived(&all, &restored, true).again, vec![1]);
    }

    #[test]
    fn an_act_withdrawn_in_another_tab_is_gone_here_too_the_newest_as_well() {
        let known = entries([join(1, 1), join(1, 2), join(1, 3)]);
        for left in [&[1, 2][..], &[1, 3], &[2, 3], &[]] {
            assert_eq!(seqs(&merged(on_disk(&known, left), known.clone())), left);
        }
    }

    #[test]
    fn what_another_tab_has_kept_is_there() {
        let all = entries([join(1, 1), join(1, 2)]);
        let merged = merged(on_disk(&all, &[1, 2]), entries([join(1, 1)]));
        assert_eq!(merged, all);
    }

    #[test]
    fn an_answer_that_the_disk_does_not_say_yet_is_not_lost() {
        let mut known = entries([join(1, 1), join(1, 2), join(1, 3)]);
        let disk = on_disk(&known, &[1, 2, 3]);
        mark(&mut known, 1, EntryState::Receipt { cursor: cursor(5) });
        let refused = || EntryState::Refused {
            problem: Refusal::NodeUnknown.into(),
        };
        mark(&mut known, 2, refused());
        assert_eq!(merged(disk, known.clone()), known);
        // The disk has an answer, this tab knows of none yet.
        let disk = on_disk(&known, &[1, 2, 3]);
        assert_eq!(
            merged(disk, entries([join(1, 1), join(1, 2), join(1, 3)])),
            known
        );
    }

    #[test]
    fn an_accepted_act_is_shown_until_this_tab_has_seen_its_effect() {
        let mut known = entries([join(1, 1), join(1, 2), join(1, 3)]);
        mark(&mut known, 1, EntryState::Receipt { cursor: cursor(5) });
        mark(&mut known, 2, EntryState::Receipt { cursor: cursor(6) });
        // Another tab was faster: 1 is gone from the disk. What was refused and discarded there is gone.
        let refused = EntryState::Refused {
            problem: Refusal::NodeUnknown.into(),
        };
        let disk = on_disk(&known, &[2]);
        mark(&mut known, 3, refused);
        let merged = merged(disk, known);
        assert_eq!(seqs(&merged), [1, 2]);
        assert_eq!(next_of(&merged, author(ADA, Some(1))), None);
    }
}
