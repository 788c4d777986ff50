//! The figures of docs/performance.md: each step measures one thing on the shipped binary and adds lines to a table.

mod asking;
mod commands;
mod filling;
mod memory;
mod opens;
mod page;
mod reads;
mod rebuild;
mod search;
mod start;

use std::path::Path;
use std::time::Duration;

use crate::house::{House, HouseError};
use crate::process;
use crate::run::RunError;

pub use page::{About, PageError, table, write};

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Figure {
    pub what: String,
    pub reached: String,
    /// Nothing where nothing is wanted.
    pub wanted: &'static str,
}

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub warming: Duration,
    pub lasting: Duration,
    /// Sockets at once, the fewer and the more.
    pub sockets: (u32, u32),
    pub per_second: u32,
    pub writers: usize,
    /// Knots and messages that are searched.
    pub documents: u32,
    /// Knots that are opened, with twice as many threads.
    pub knots: u32,
    /// Messages of one conversation.
    pub messages: u32,
}

/// What can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Step {
    Start,
    Memory,
    Commands,
    Reads,
    Rebuild,
    Search,
    /// Opening a knot among many, and a long conversation.
    Opens,
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    #[error(transparent)]
    House(#[from] HouseError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("{0} of {1} sockets were answered")]
    Sockets(usize, u32),
    #[error("a room was not answered: {0}")]
    Read(String),
    #[error("the rebuild failed: {0}")]
    Rebuild(String),
}

impl Extent {
    /// Long enough to be believed.
    pub const LONG: Self = Self {
        warming: Duration::from_secs(5),
        lasting: Duration::from_secs(20),
        sockets: (200, 2_000),
        per_second: 2_000,
        writers: 64,
        documents: 100_000,
        knots: 50_000,
        messages: 10_000,
    };
    /// Long enough to see that it works.
    pub const SHORT: Self = Self {
        warming: Duration::from_millis(300),
        lasting: Duration::from_secs(1),
        sockets: (10, 100),
        per_second: 50,
        writers: 8,
        documents: 400,
        knots: 200,
        messages: 120,
    };
}

/// Measures these steps (none named: all), one after the other, and tells what it is at by `say`.
///
/// # Errors
/// [`MeasureError`] says in words what did not work.
pub async fn measure(
    binary: &Path,
    (extent, only): (Extent, &[Step]),
    seed: u64,
    say: &dyn Fn(&str),
) -> Result<Vec<Figure>, MeasureError> {
    let mut figures = Vec::new();
    let is_wanted = |step| only.is_empty() || only.contains(&step);
    if is_wanted(Step::Start) {
        say("starts");
        start::measure(binary, &mut figures).await?;
    }
    // The next figures are each of a server that has not just held thousands of sockets.
    if is_wanted(Step::Memory) {
        say("memory of sockets");
        let mut house = House::start(binary).await?;
        memory::measure(&mut house, extent, seed, &mut figures).await?;
        house.stop().await?;
    }
    if is_wanted(Step::Search) {
        say("search");
        let mut house = House::start(binary).await?;
        search::measure(&house, extent, seed, &mut figures).await?;
        house.stop().await?;
    }
    if is_wanted(Step::Opens) {
        say("knots and a long conversation");
        let mut house = House::start(binary).await?;
        opens::measure(&house, extent, seed, &mut figures).await?;
        house.stop().await?;
    }
    if ![Step::Commands, Step::Reads, Step::Rebuild]
        .into_iter()
        .any(is_wanted)
    {
        return Ok(figures);
    }
    let mut house = House::start(binary).await?;
    // The weave that is read and made anew comes of the commands.
    say("commands: writers one after the other");
    commands::closed(&house, extent, seed, &mut figures).await?;
    if is_wanted(Step::Commands) {
        say("commands: at a fixed rate");
        commands::open(&house, extent, seed, &mut figures).await?;
    }
    if is_wanted(Step::Reads) {
        say("reads of rooms");
        reads::measure(&house, extent, seed, &mut figures).await?;
    }
    if is_wanted(Step::Rebuild) {
        say("rebuild");
        rebuild::measure(binary, &house, &mut figures).await?;
    }
    house.stop().await?;
    Ok(figures)
}

fn figure(what: impl Into<String>, reached: impl Into<String>, wanted: &'static str) -> Figure {
    Figure {
        what: what.into(),
        reached: reached.into(),
        wanted,
    }
}

/// Processor time so far of server, services and this generator, in seconds.
fn processor_s(house: &House) -> [f64; 3] {
    let (server, services) = house.numbers();
    [
        server.cpu_s,
        services.cpu_s,
        process::numbers(std::process::id()).cpu_s,
    ]
}

/// Mebibytes of kibibytes, as one says them.
fn mebibytes(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}
