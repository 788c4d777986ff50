//! A seeded simulation of the live channel: a world that goes on, a projection that lags, reads that arrive in any
//! order, clients that pan, stall and come back, hubs that restart. The checker looks at every message a client gets.
//!
//! Safety: what a client has of an answered room is what that room was at some position at or after its cursor, and that
//! position never goes back; cursors never go back; bounds hold. Liveness: when all is quiet, every client has
//! what a fresh read would give.

mod client;
mod kept;
mod random;
mod run;
mod world;

use run::{Fault, run};

const SEEDS: u64 = 1500;

#[test]
fn every_client_sees_what_was_there_and_in_the_end_what_is() {
    let mut figures = run::Reached::default();
    for seed in 0..SEEDS {
        match run(seed, Fault::None) {
            Ok(reached) => figures.add(&reached),
            Err(wrong) => panic!("seed {seed}: {wrong}"),
        }
    }
    // The schedules do what they are meant to do.
    assert!(
        figures.patches > SEEDS && figures.fulls > SEEDS,
        "{figures:?}"
    );
    assert!(figures.deltas_after_return > SEEDS / 12, "{figures:?}");
    assert!(
        figures.overflows > SEEDS / 10 && figures.restarts > SEEDS / 10,
        "{figures:?}"
    );
    assert!(
        figures.late_reads > SEEDS / 10 && figures.ignored_as_old > 0,
        "{figures:?}"
    );
}

/// The checker is worth something: each planted fault is found.
#[test]
fn planted_faults_are_found() {
    for fault in Fault::PLANTED {
        let found = (0..SEEDS).find(|&seed| run(seed, fault).is_err());
        assert!(found.is_some(), "{fault:?} was not found");
    }
}

#[test]
fn a_seed_replays_exactly() {
    for seed in [1, 77, 1234] {
        assert_eq!(run(seed, Fault::None), run(seed, Fault::None));
    }
}
