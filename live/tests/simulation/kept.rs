//! Kept states of rooms in the same world: while events are projected and followed in any steps, and reads arrive late and
//! in any order, whatever is answered is what the room was at some position at or after the cursor beside it; and where all
//! that happened is followed, what it is.

use std::sync::Arc;

use domain::view::CellView;
use domain::wire::RoomId;
use live::{Kept, Read, Touch};

use crate::random::Random;
use crate::world::{ROOMS, World, cursor};

const SEEDS: u64 = 400;
const STEPS: usize = 250;
/// So small that rooms are let go.
const BYTES_MAX: usize = 7000;
/// What a test's answer is said to take.
const ANSWER_BYTES: usize = 100;
/// Rooms that somebody asks for.
const ASKED: usize = 16;

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Events touch nothing of this sort.
    AtForgotten,
    CountForgotten,
    ActedForgotten,
    ChangedForgotten,
    /// A read is said to be as new as what is read just now.
    ReadDatedAhead,
    /// The one who follows leaves one of a hundred events out.
    EventLost,
}

const PLANTED: [Fault; 6] = [
    Fault::AtForgotten,
    Fault::CountForgotten,
    Fault::ActedForgotten,
    Fault::ChangedForgotten,
    Fault::ReadDatedAhead,
    Fault::EventLost,
];

#[derive(Debug, Default)]
struct Reached {
    kept: u64,
    raised: u64,
    read: u64,
    too_old_for_min: u64,
    ends: u64,
}

struct Run {
    random: Random,
    fault: Fault,
    /// Published points are told as of the event, not as of now.
    exact: bool,
    /// Of the rooms that are asked for.
    first: usize,
    world: World,
    kept: Kept<Arc<CellView>>,
    checkpoint: i64,
    followed: Option<i64>,
    /// Rooms that were read and not kept yet, each with the position of the read.
    reads: Vec<(RoomId, i64)>,
}

impl Run {
    fn step(&mut self, reached: &mut Reached) -> Result<(), String> {
        match self.random.below(100) {
            0..=14 => self.world.happen(&mut self.random),
            15..=29 => {
                let behind = (self.world.head() - self.checkpoint) as usize;
                self.checkpoint += self.random.below(behind + 1) as i64;
            }
            30..=44 => {
                let count = self.random.below(4);
                self.follow(count);
            }
            45..=59 if !self.reads.is_empty() => self.read_arrives(),
            60 if self.followed.is_some() && self.random.percent(30) => {
                reached.ends += 1;
                self.kept.end();
                self.followed = None;
            }
            61..=75 if self.followed.is_none() => {
                self.followed = Some(self.checkpoint);
                self.kept.begin(cursor(self.checkpoint));
            }
            _ => return self.ask(reached),
        }
        if self.kept.bytes() > BYTES_MAX {
            return Err(format!("{} bytes are kept", self.kept.bytes()));
        }
        Ok(())
    }

    /// Some of what is projected is followed, `count` events at most.
    fn follow(&mut self, count: usize) {
        let Some(from) = self.followed else { return };
        let to = (from + count as i64).min(self.checkpoint);
        for id in from + 1..=to {
            if self.fault == Fault::EventLost && self.random.percent(1) {
                self.kept.follow(cursor(id), &[]);
                continue;
            }
            let told_at = if self.exact { id } else { self.checkpoint };
            let touches = live::touches(
                &self.world.log[id as usize - 1],
                |role| self.world.spool(role, told_at),
                |node| self.world.tied(node, told_at),
            );
            let touches: Vec<Touch> = touches
                .into_iter()
                .filter(|touch| {
                    !matches!(
                        (self.fault, touch),
                        (Fault::AtForgotten, Touch::At(_))
                            | (Fault::CountForgotten, Touch::Count(_))
                            | (Fault::ActedForgotten, Touch::Acted { .. })
                            | (Fault::ChangedForgotten, Touch::Changed { .. })
                    )
                })
                .collect();
            self.kept.follow(cursor(id), &touches);
        }
        self.followed = Some(to);
    }

    fn ask(&mut self, reached: &mut Reached) -> Result<(), String> {
        let room = ROOMS[(self.first + self.random.below(ASKED)) % ROOMS.len()];
        let Some(cell) = room.cell() else {
            return Ok(());
        };
        let min = self
            .random
            .percent(50)
            .then(|| self.random.below(self.checkpoint as usize + 1) as i64);
        let Some((at, view)) = self.kept.get(cell, min.map(cursor)) else {
            reached.read += 1;
            reached.too_old_for_min += u64::from(self.kept.get(cell, None).is_some());
            self.reads.push((room, self.checkpoint));
            return Ok(());
        };
        reached.kept += 1;
        if min.is_some_and(|min| at.id < min) || at.id > self.checkpoint {
            return Err(format!("{min:?} was wanted of {cell}, and {} came", at.id));
        }
        reached.raised += u64::from(Some(at.id) == self.followed);
        // A spool that moved on meanwhile was never seen where it had passed: then the room is what it was once.
        let from = if self.exact { at.id } else { 0 };
        match self.world.when(room, &view, from) {
            Some(when) if when <= self.checkpoint => Ok(()),
            _ => Err(format!("{cell} never was like that at or after {}", at.id)),
        }
    }

    fn settle(&mut self) -> Result<(), String> {
        self.checkpoint = self.world.head();
        self.follow(STEPS);
        for room in ROOMS.iter() {
            let kept = room.cell().and_then(|cell| self.kept.get(cell, None));
            if kept.is_some_and(|(_, view)| view != *self.world.view(*room, self.checkpoint)) {
                return Err(format!("all is followed, and {room:?} is not what it is"));
            }
        }
        Ok(())
    }

    fn read_arrives(&mut self) {
        let (room, at) = self.reads.swap_remove(self.random.below(self.reads.len()));
        let Some(cell) = room.cell() else { return };
        let view = Arc::clone(self.world.view(room, at));
        let said = if self.fault == Fault::ReadDatedAhead {
            self.checkpoint
        } else {
            at
        };
        let read = Read::new(cursor(said), &view, Arc::clone(&view), ANSWER_BYTES);
        self.kept.keep(cell, read);
    }
}

fn run(seed: u64, fault: Fault, reached: &mut Reached) -> Result<(), String> {
    let mut run = Run {
        random: Random::new(seed),
        fault,
        exact: seed.is_multiple_of(2),
        first: seed as usize,
        world: World::new(),
        kept: Kept::new(BYTES_MAX),
        checkpoint: 0,
        followed: None,
        reads: Vec::new(),
    };
    (0..STEPS).try_for_each(|_| run.step(reached))?;
    run.settle()
}

#[test]
fn what_is_kept_is_what_a_read_could_have_brought() {
    let mut reached = Reached::default();
    for seed in 0..SEEDS {
        if let Err(wrong) = run(seed, Fault::None, &mut reached) {
            panic!("seed {seed}: {wrong}");
        }
    }
    // The schedules do what they are meant to do.
    assert!(
        reached.kept > SEEDS * 5 && reached.raised > SEEDS && reached.read > SEEDS * 10,
        "{reached:?}"
    );
    assert!(
        reached.too_old_for_min > SEEDS / 10 && reached.ends > SEEDS / 10,
        "{reached:?}"
    );
}

/// The checker is worth something: each planted fault is found.
#[test]
fn planted_faults_of_keeping_are_found() {
    for fault in PLANTED {
        let found = (0..SEEDS).find(|&seed| run(seed, fault, &mut Reached::default()).is_err());
        assert!(found.is_some(), "{fault:?} was not found");
    }
}
