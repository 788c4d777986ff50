//! Askers: each asks one thing after the other on a connection of its own, for a while.

use std::sync::Arc;
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use super::{MeasureError, processor_s};
use crate::house::House;
use crate::http::Line;
use crate::model;
use crate::random::Random;
use crate::stopwatch::Stopwatch;

/// Who asks, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    pub askers: u64,
    pub lasting: Duration,
    pub seed: u64,
    /// An answer of more bytes has something in it.
    pub empty_bytes: usize,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Asked {
    pub latency_us: Histogram<u64>,
    /// Of all bodies together.
    pub bytes: usize,
    /// Answers with something in them.
    pub full: u64,
    /// Processor time of one answer in microseconds: server, its services, this generator.
    pub cpu_us: [f64; 3],
}

impl Asked {
    /// How long so many of a hundred took at most, in milliseconds.
    pub(super) fn ms(&self, percent: f64) -> f64 {
        model::milliseconds(&self.latency_us, percent)
    }
}

/// Asks for what `path` says, again and again.
///
/// # Errors
/// When something is answered with another status than 200, or not at all.
pub(super) async fn ask(
    house: &House,
    asking: Asking,
    path: impl Fn(&mut Random) -> Arc<str> + Clone + Send + 'static,
) -> Result<Asked, MeasureError> {
    let Asking {
        askers,
        lasting,
        seed,
        empty_bytes,
    } = asking;
    let (watch, address) = (Stopwatch::start(), house.address);
    let cpu = processor_s(house);
    let end = watch.now_us() + lasting.as_micros() as u64;
    let mut at_it = JoinSet::new();
    for number in 0..askers {
        let path = path.clone();
        at_it.spawn(async move {
            let mut random = Random::part(seed, 5_000_000 + number);
            let mut line = Line::to(address);
            let (mut latency_us, mut bytes, mut full) = (model::latencies(), 0, 0);
            while watch.now_us() < end {
                let path = path(&mut random);
                let began = watch.now_us();
                match line.get(&path).await {
                    Ok(answer) if answer.status == 200 => {
                        bytes += answer.body.len();
                        full += u64::from(answer.body.len() > empty_bytes);
                    }
                    Ok(answer) => return Err(format!("{path}: status {}", answer.status)),
                    Err(error) => return Err(error.to_string()),
                }
                latency_us.saturating_record((watch.now_us() - began).max(1));
            }
            Ok((latency_us, bytes, full))
        });
    }
    let (mut latency_us, mut bytes, mut full) = (model::latencies(), 0, 0);
    for asked in at_it.join_all().await {
        let (one, more, with) = asked.map_err(MeasureError::Read)?;
        latency_us += one;
        bytes += more;
        full += with;
    }
    let spent = processor_s(house);
    let count = latency_us.len().max(1) as f64;
    Ok(Asked {
        latency_us,
        bytes,
        full,
        cpu_us: std::array::from_fn(|part| (spent[part] - cpu[part]) * 1e6 / count),
    })
}
