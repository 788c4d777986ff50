//! What came of a run, in words.

use std::process::ExitCode;

use load::check::Finding;
use load::history::{Answer, History};
use load::run::Outcome;

/// A run in one line.
pub(crate) fn line(
    Outcome {
        figures,
        history,
        lost,
    }: &Outcome,
) -> String {
    format!(
        "{} accepted ({:.0}/s), {} refused, {} undecided; p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms; {} sendings, {} events, {} \
         rooms of sockets compared, {lost} connections lost",
        figures.accepted,
        figures.per_second(),
        figures.refused,
        figures.open,
        figures.latency_ms(50.0),
        figures.latency_ms(95.0),
        figures.latency_ms(99.0),
        history.tries.len(),
        history.log.len(),
        history.seen.len(),
    )
}

/// Says what the checker found; fails where it found something.
pub(crate) fn found(findings: &[Finding], seed: u64) -> ExitCode {
    if findings.is_empty() {
        println!("the checker finds nothing wrong (seed {seed})");
        return ExitCode::SUCCESS;
    }
    for finding in findings.iter().take(50) {
        println!("{finding}");
    }
    println!("{} findings (seed {seed})", findings.len());
    ExitCode::FAILURE
}

/// For each fault, how long until an act that was sent after it was acknowledged, in milliseconds.
pub(crate) fn service_again(history: &History) -> Vec<(String, u64)> {
    let wait = |at_us| {
        let accepted = history
            .tries
            .iter()
            .filter(|one| one.sent_us > at_us && matches!(one.answer, Answer::Accepted { .. }));
        accepted.map(|one| one.answered_us - at_us).min()
    };
    let all = history.injected.iter();
    all.map(|it| (it.what.clone(), wait(it.at_us).unwrap_or_default() / 1000))
        .collect()
}
