//! `weltgewebe-load`: a load on a product of its own (or on one that runs), the checker over its history, and the
//! figures of docs/performance.md.

mod tell;

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use load::check::check;
use load::history::History;
use load::house::{House, built};
use load::measure::{self, About, Extent, Step};
use load::model::Model;
use load::random;
use load::run::{Outcome, Plan, Storm, Target, run};
use load::writer::Mix;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tell::{found, line, service_again};

/// Longer than a server keeps a room that nobody looks at.
const REST: Duration = Duration::from_secs(90);

/// Everything it understands.
#[derive(Debug, Parser)]
#[command(name = "weltgewebe-load", about, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Let writers act and sockets listen, then compare everything
    Load(LoadOptions),
    /// The same while server, PostgreSQL and Redis are killed, frozen or emptied at random moments
    Storm(StormOptions),
    /// Round after round of a minute, until the time is over; each is compared
    Soak(SoakOptions),
    /// Look again at the history of a run
    Check {
        /// What --history wrote
        file: PathBuf,
    },
    /// Measure what docs/performance.md tells
    Measure(MeasureOptions),
}

#[derive(Debug, Args)]
struct Common {
    /// The server's binary [default: WELTGEWEBE_BINARY, else the one beside this program]
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Writers that act one after the other; at a fixed rate the most acts under way
    #[arg(long, default_value_t = 64)]
    writers: usize,
    /// Acts a second at fixed moments, whatever the server does; without it each writer waits for its answer
    #[arg(long)]
    rate: Option<u32>,
    /// Weave only, as `measure` does: mostly new knots, nothing strange
    #[arg(long)]
    weaving: bool,
    #[arg(long, default_value_t = 0)]
    sockets: u32,
    /// Half a side of the square where it happens, in units of 1e-7 degrees
    #[arg(long, default_value_t = 300_000)]
    half: i32,
    /// Tells a run again as far as its choices go
    #[arg(long)]
    seed: Option<u64>,
    /// Where all that happened is written, as NDJSON
    #[arg(long)]
    history: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct LoadOptions {
    #[command(flatten)]
    common: Common,
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// A server that runs already, on this machine, with a WELTGEWEBE_LIMIT_FACTOR
    #[arg(long, requires = "mailbox")]
    address: Option<SocketAddr>,
    /// The mailbox's path that it printed
    #[arg(long)]
    mailbox: Option<String>,
}

#[derive(Debug, Args)]
struct StormOptions {
    #[command(flatten)]
    common: Common,
    #[arg(long, default_value_t = 30)]
    faults: usize,
    /// Seconds between them, about
    #[arg(long, default_value_t = 3)]
    every: u64,
}

#[derive(Debug, Args)]
struct SoakOptions {
    #[command(flatten)]
    common: Common,
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

#[derive(Debug, Args)]
struct MeasureOptions {
    #[arg(long)]
    binary: Option<PathBuf>,
    /// See that it works, without believing the figures
    #[arg(long)]
    short: bool,
    /// Only these figures, with what they need; the page stays as it is
    #[arg(long, value_delimiter = ',', conflicts_with = "page")]
    only: Vec<Step>,
    /// The page whose table is written anew
    #[arg(long, requires = "date", requires = "commit")]
    page: Option<PathBuf>,
    #[arg(long)]
    date: Option<String>,
    #[arg(long)]
    commit: Option<String>,
}

type Done = Result<ExitCode, Box<dyn Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Load(options) => load(options).await,
        Verb::Storm(options) => storm(options).await,
        Verb::Soak(options) => soak(options).await,
        Verb::Check { file } => look(&file),
        Verb::Measure(options) => measured(options).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

impl Common {
    fn binary(&self) -> PathBuf {
        self.binary.clone().unwrap_or_else(built)
    }

    fn plan(&self, lasting: Duration) -> Result<Plan, random::SeedError> {
        Ok(Plan {
            seed: self.seed.map_or_else(random::seed, Ok)?,
            model: self
                .rate
                .map_or(Model::Closed { acts_min: 0 }, |per_second| Model::Open {
                    per_second,
                }),
            writers: self.writers,
            mix: if self.weaving {
                Mix::Weaving
            } else {
                Mix::Everything
            },
            lasting,
            sockets: self.sockets,
            stays: Some(Duration::from_secs(5)),
            half: self.half,
            storm: None,
        })
    }

    /// Tells what came of a run, and keeps its history where that is asked for.
    fn tell(&self, plan: &Plan, outcome: &Outcome) -> Done {
        println!("{}", line(outcome));
        if let Some(path) = &self.history {
            outcome.history.write(path)?;
        }
        Ok(found(&check(&outcome.history), plan.seed))
    }
}

async fn load(options: LoadOptions) -> Done {
    more_files();
    let plan = options.common.plan(Duration::from_secs(options.seconds))?;
    if let (Some(address), Some(mailbox)) = (options.address, options.mailbox) {
        if !address.ip().is_loopback() {
            return Err("a load is for a server on this machine: give a loopback address".into());
        }
        let target = Target {
            address,
            mailbox,
            house: None,
        };
        let outcome = run(&plan, target).await?;
        return options.common.tell(&plan, &outcome);
    }
    let mut house = House::start(&options.common.binary()).await?;
    let outcome = run(&plan, Target::of(&mut house)).await?;
    house.stop().await?;
    options.common.tell(&plan, &outcome)
}

async fn storm(options: StormOptions) -> Done {
    more_files();
    let every = Duration::from_secs(options.every);
    let plan = Plan {
        storm: Some(Storm {
            faults: options.faults,
            every,
        }),
        // Each fault takes its own time too.
        ..options.common.plan(every * options.faults as u32 * 2)?
    };
    let mut house = House::start(&options.common.binary()).await?;
    let outcome = match run(&plan, Target::of(&mut house)).await {
        Ok(outcome) => outcome,
        Err(error) => return Err(format!("{error}; the server said:\n{}", house.words()).into()),
    };
    house.stop().await?;
    for (what, waits_ms) in service_again(&outcome.history) {
        println!("{what}: an act was acknowledged again after {waits_ms} ms");
    }
    options.common.tell(&plan, &outcome)
}

async fn soak(options: SoakOptions) -> Done {
    more_files();
    let mut house = House::start(&options.common.binary()).await?;
    let first = options.common.plan(Duration::from_secs(60))?;
    let mut code = ExitCode::SUCCESS;
    for minute in 0..options.minutes {
        let plan = Plan {
            seed: first.seed ^ minute,
            ..first.clone()
        };
        let outcome = run(&plan, Target::of(&mut house)).await?;
        let (server, services) = house.numbers();
        println!(
            "minute {}: {}; memory of the server {} KiB, of its services {} KiB",
            minute + 1,
            line(&outcome),
            server.resident_kib,
            services.resident_kib
        );
        let findings = check(&outcome.history);
        if !findings.is_empty() {
            if let Some(path) = &options.common.history {
                outcome.history.write(path)?;
            }
            code = found(&findings, plan.seed);
            break;
        }
    }
    if code == ExitCode::SUCCESS {
        // What was held for those who listened is freed by then; how much of it the allocator gives back is its own affair
        // (docs/performance.md, "Long runs").
        tokio::time::sleep(REST).await;
        let (server, services) = house.numbers();
        println!(
            "at rest for {} s: memory of the server {} KiB, of its services {} KiB",
            REST.as_secs(),
            server.resident_kib,
            services.resident_kib
        );
    }
    house.stop().await?;
    Ok(code)
}

fn look(file: &Path) -> Done {
    Ok(found(&check(&History::read(file)?), 0))
}

async fn measured(options: MeasureOptions) -> Done {
    more_files();
    let binary = options.binary.clone().unwrap_or_else(built);
    let extent = if options.short {
        Extent::SHORT
    } else {
        Extent::LONG
    };
    let say = |what: &str| eprintln!("measuring: {what}");
    let figures = measure::measure(&binary, (extent, &options.only), random::seed()?, &say).await?;
    let about = About {
        date: options.date.unwrap_or_default(),
        commit: options.commit.unwrap_or_default(),
        command: format!(
            "tools/measure{}",
            if options.short { " --short" } else { "" }
        ),
    };
    let table = measure::table(&about, &figures);
    print!("{table}");
    if let Some(page) = options.page {
        measure::write(&page, &table)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Thousands of sockets need as many open files; the server inherits it.
fn more_files() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
