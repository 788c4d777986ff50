//! Whole runs against the real binary with its own PostgreSQL and Redis, short here and long in `make faults`.

use std::time::Duration;

use load::check::check;
use load::history::Answer;
use load::house::{House, built};
use load::model::Model;
use load::random;
use load::run::{Outcome, Plan, Storm, Target, run};
use load::writer::Mix;

fn is_long() -> bool {
    std::env::var_os("WELTGEWEBE_LONG").is_some()
}

/// Runs it on a house of its own; nothing may be wrong with it.
async fn whole(plan: Plan) -> Outcome {
    let mut house = House::start(&built())
        .await
        .expect("the binary, built with the workspace, starts");
    let outcome = match run(&plan, Target::of(&mut house)).await {
        Ok(outcome) => outcome,
        Err(error) => panic!("seed {}: {error}; it said:\n{}", plan.seed, house.words()),
    };
    let findings = check(&outcome.history);
    if !findings.is_empty() {
        let path = std::env::temp_dir().join(format!("weltgewebe-history-{}.ndjson", plan.seed));
        outcome.history.write(&path).expect("the history is kept");
        panic!(
            "seed {}, history in {}: {findings:#?}",
            plan.seed,
            path.display()
        );
    }
    house.stop().await.expect("it stops in order");
    outcome
}

fn plan(model: Model, seconds: u64) -> Plan {
    Plan {
        seed: random::seed().expect("randomness"),
        model,
        writers: 8,
        mix: Mix::Everything,
        lasting: Duration::from_secs(if is_long() { 60 } else { seconds }),
        sockets: 14,
        stays: Some(Duration::from_millis(700)),
        half: 60_000,
        storm: None,
    }
}

/// It wrote enough to be worth comparing, refused what cannot be, and left nothing open.
fn assert_busy(outcome: &Outcome) {
    let figures = &outcome.figures;
    assert!(figures.accepted > 20, "{figures:?}");
    let left = || {
        let open = outcome
            .history
            .tries
            .iter()
            .rev()
            .filter(|one| matches!(one.answer, Answer::Open { .. }));
        let last = open.take(20);
        last.map(|one| (one.sent_us, one.answered_us, &one.answer))
            .collect::<Vec<_>>()
    };
    let injected = &outcome.history.injected;
    assert_eq!(
        figures.open,
        0,
        "undecided in the end, after {injected:#?}: {:#?}",
        left()
    );
    assert!(outcome.history.log.len() as u64 >= figures.accepted / 2);
    assert!(
        outcome
            .history
            .seen
            .iter()
            .any(|seen| !seen.room.is_empty())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_writers_were_told_is_what_log_and_sockets_show() {
    // Of so many some are refused for sure, and some sent twice.
    let outcome = whole(plan(Model::Closed { acts_min: 100 }, 1)).await;
    assert_busy(&outcome);
    assert!(outcome.figures.refused > 0, "{:?}", outcome.figures);
    // Every act that exists was tried.
    for kind in [
        "RolleRegistriert",
        "RolleUmbenannt",
        "RollePlatziert",
        "KnotenGeknuepft",
        "KnotenGeaendert",
        "KnotenBeigetreten",
        "NachrichtGesendet",
        "NachrichtGeaendert",
        "NachrichtZurueckgezogen",
        "FadenVerzwirnt",
        "FadenEntzwirnt",
        "GarnDeckungGeaendert",
    ] {
        let is_there = outcome.history.log.iter().any(|event| event.kind == kind);
        assert!(is_there, "no {kind} among {}", outcome.history.log.len());
    }
    assert!(outcome.history.tries.len() > outcome.history.log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_at_a_fixed_rate_are_all_decided() {
    let outcome = whole(plan(Model::Open { per_second: 40 }, 3)).await;
    assert_busy(&outcome);
    let figures = &outcome.figures;
    let all = figures.accepted + figures.refused;
    assert_eq!(all, if is_long() { 2400 } else { 120 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_1_2_3_4_8_9_10_under_load_lose_nothing_and_double_nothing() {
    let (faults, every) = if is_long() { (45, 3) } else { (9, 1) };
    let lasting = Duration::from_secs(faults as u64 * (every + 2));
    let outcome = whole(Plan {
        storm: Some(Storm {
            faults,
            every: Duration::from_secs(every),
        }),
        lasting,
        ..plan(Model::Open { per_second: 20 }, 0)
    })
    .await;
    assert_busy(&outcome);
    assert_eq!(outcome.history.injected.len(), faults);
    let open = outcome
        .history
        .tries
        .iter()
        .filter(|one| matches!(one.answer, Answer::Open { .. }));
    assert!(open.count() > 0, "the faults were felt");
    assert!(outcome.lost > 0, "sockets were lost and came back");
}
