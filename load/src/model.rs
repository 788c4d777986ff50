//! How acts come: each writer one after the other, or so many a second whatever the server does.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::history::Answer;
use crate::stopwatch::Stopwatch;
use crate::writer::Writer;

/// How acts come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Every writer sends its next act when the one before is decided; each of them so many at least, however long that
    /// takes.
    Closed { acts_min: u32 },
    /// Acts come at a fixed rate; one that finds no free writer waits, and its waiting counts.
    Open { per_second: u32 },
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Figures {
    pub accepted: u64,
    pub refused: u64,
    /// Never decided.
    pub open: u64,
    pub seconds: f64,
    /// From the intended sending to the decision, in microseconds.
    pub latency_us: Histogram<u64>,
}

/// How long after the end an act may still be sent again. An outbox would go on for ever; a machine that is busy
/// otherwise may take minutes.
const GRACE: Duration = Duration::from_secs(300);
/// Acts that wait for a writer; beyond it the pacer waits, whose lateness counts all the same.
const WAITING_MAX: usize = 65_536;
/// Microseconds that latencies are counted up to, and with how many digits.
const LATENCY_MAX_US: u64 = 120_000_000;
const DIGITS: u8 = 3;

/// Lets the writers act for `lasting`, and hands them back.
pub async fn run(
    model: Model,
    writers: Vec<Writer>,
    lasting: Duration,
    watch: Stopwatch,
) -> (Vec<Writer>, Figures) {
    let began = watch.now_us();
    let end = began + lasting.as_micros() as u64;
    let until = end + GRACE.as_micros() as u64;
    let mut tasks = JoinSet::new();
    match model {
        Model::Closed { acts_min } => {
            for mut writer in writers {
                tasks.spawn(async move {
                    let mut figures = Figures::none();
                    while watch.now_us() < end || figures.latency_us.len() < u64::from(acts_min) {
                        let intended = watch.now_us();
                        let answer = writer.act(intended, until).await;
                        figures.count(&answer, watch.now_us() - intended);
                    }
                    (writer, figures)
                });
            }
        }
        Model::Open { per_second } => {
            let due = pace(per_second, lasting, watch);
            for mut writer in writers {
                let due = Arc::clone(&due);
                tasks.spawn(async move {
                    let mut figures = Figures::none();
                    loop {
                        let next = due.lock().await.recv().await;
                        let Some(intended) = next else { break };
                        let answer = writer.act(intended, until).await;
                        figures.count(&answer, watch.now_us() - intended);
                    }
                    (writer, figures)
                });
            }
        }
    }
    let (mut writers, mut all) = (Vec::new(), Figures::none());
    while let Some(done) = tasks.join_next().await {
        // One that panicked has told so, and its history is gone with it.
        if let Ok((writer, figures)) = done {
            writers.push(writer);
            all.add(&figures);
        }
    }
    all.seconds = (watch.now_us() - began) as f64 / 1e6;
    (writers, all)
}

/// The moments at which acts are due, told when they come. A thread of its own keeps them to some ten microseconds; the
/// runtime's timer would add a millisecond to each.
fn pace(per_second: u32, lasting: Duration, watch: Stopwatch) -> Arc<Mutex<mpsc::Receiver<u64>>> {
    let (sender, due) = mpsc::channel(WAITING_MAX);
    let began = watch.now_us();
    let rate = u64::from(per_second.max(1));
    let total = lasting.as_micros() as u64 * rate / 1_000_000;
    thread::spawn(move || {
        for number in 0..total {
            let intended = began + number * 1_000_000 / rate;
            sleep_until(watch.at(intended));
            if sender.blocking_send(intended).is_err() {
                return;
            }
        }
    });
    Arc::new(Mutex::new(due))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pacer's own thread, which does nothing but wait for the next moment"
)]
fn sleep_until(moment: Instant) {
    thread::sleep(moment.saturating_duration_since(Instant::now()));
}

impl Figures {
    /// Of a load that has not begun.
    #[must_use]
    pub fn none() -> Self {
        Self {
            accepted: 0,
            refused: 0,
            open: 0,
            seconds: 0.0,
            latency_us: latencies(),
        }
    }

    fn count(&mut self, answer: &Answer, latency_us: u64) {
        match answer {
            Answer::Accepted { .. } => self.accepted += 1,
            Answer::Refused { .. } => self.refused += 1,
            Answer::Open { .. } => self.open += 1,
        }
        self.latency_us.saturating_record(latency_us.max(1));
    }

    fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.open += other.open;
        self.latency_us += &other.latency_us;
    }

    /// Accepted acts a second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        self.accepted as f64 / self.seconds.max(0.001)
    }

    /// The latency that so many of a hundred stay below, in milliseconds.
    #[must_use]
    pub fn latency_ms(&self, percent: f64) -> f64 {
        milliseconds(&self.latency_us, percent)
    }
}

/// An empty histogram of microseconds.
#[must_use]
pub fn latencies() -> Histogram<u64> {
    // These bounds are constants that the histogram takes.
    Histogram::new_with_max(LATENCY_MAX_US, DIGITS)
        .or_else(|_| Histogram::new(DIGITS))
        .unwrap_or_else(|_| unreachable!("three digits are allowed"))
}

/// The value that so many of a hundred stay below, in milliseconds.
#[must_use]
pub fn milliseconds(of: &Histogram<u64>, percent: f64) -> f64 {
    of.value_at_percentile(percent) as f64 / 1000.0
}
