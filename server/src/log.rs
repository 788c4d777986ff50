//! What is said while running: log lines for people or machines, and the steps of starting up.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The variable that says what to log, in the words of `tracing_subscriber`'s filter.
const FILTER: &str = "WELTGEWEBE_LOG";

/// How log lines are written. All go to standard error; standard output carries only answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Form {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Starts the log of this process. Call it once, first.
pub fn init(form: Form) {
    JSON.store(form == Form::Json, Ordering::Relaxed);
    let asked = std::env::var(FILTER).ok().filter(|asked| !asked.is_empty());
    let asked = asked.map(|asked| EnvFilter::try_new(&asked).map_err(|error| (asked, error)));
    let (filter, wrong) = match asked {
        Some(Ok(filter)) => (Some(filter), None),
        Some(Err(wrong)) => (None, Some(wrong)),
        None => (None, None),
    };
    let filter = filter.unwrap_or_else(|| EnvFilter::new("info,sqlx=warn"));
    let base = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Screen)
        // Its complaint about a closed terminal would itself panic on the closed terminal.
        .log_internal_errors(false);
    // A second call, as tests in one process make it, keeps the first log.
    let _ = match form {
        Form::Json => base.json().flatten_event(true).try_init(),
        Form::Text => base
            .with_target(false)
            .with_ansi(io::stderr().is_terminal())
            .try_init(),
    };
    if let Some((asked, error)) = wrong {
        tracing::warn!("{FILTER} is {asked}, which does not count: {error}");
    }
}

/// Says why the process ends: the error and what caused it, each once.
pub fn fatal(error: &dyn Error) {
    fatal_words(&with_causes(error));
}

/// An error and what caused it, each once.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text} ({more})");
        }
        cause = deeper.source();
    }
    text
}

/// Says why the process ends, in words that are whole.
pub fn fatal_words(text: &str) {
    if JSON.load(Ordering::Relaxed) {
        tracing::error!("{text}");
    } else {
        write_line(&format!("weltgewebe: {text}"));
    }
}

/// Says one thing outside any step.
pub fn say(text: &str) {
    if JSON.load(Ordering::Relaxed) {
        tracing::info!("{text}");
    } else {
        write_line(text);
    }
}

/// Whether [`draw`] shows anything: on a terminal, where people read.
#[must_use]
pub fn is_drawn() -> bool {
    !JSON.load(Ordering::Relaxed) && io::stderr().is_terminal()
}

/// Shows how far something has come, over what was drawn before.
pub fn draw(text: &str) {
    if is_drawn() {
        let again = if LINE_IS_OPEN.swap(true, Ordering::Relaxed) {
            "\r\x1b[2K"
        } else {
            ""
        };
        write_bytes(format!("{again}{text}").as_bytes());
    }
}

/// Takes away what was drawn last.
pub fn end_drawing() {
    if is_drawn() && LINE_IS_OPEN.swap(false, Ordering::Relaxed) {
        write_bytes(b"\r\x1b[2K");
    }
}

/// Tells what is being done and, when known, about how long it takes; [`Step::done`] tells that it is.
pub fn step(text: impl Into<String>, about: Option<Duration>) -> Step {
    let mut text = text.into();
    if let Some(about) = about {
        text = format!("{text} (about {} s)", about.as_secs().max(1));
    }
    if JSON.load(Ordering::Relaxed) {
        tracing::info!("{text} …");
    } else if io::stderr().is_terminal() {
        write_bytes(format!("{text} … ").as_bytes());
        LINE_IS_OPEN.store(true, Ordering::Relaxed);
    } else {
        write_line(&format!("{text} …"));
    }
    Step {
        text,
        since: Instant::now(),
    }
}

/// Something that has begun.
#[derive(Debug)]
#[must_use]
pub struct Step {
    text: String,
    since: Instant,
}

impl Step {
    /// Says that it is done and how long it took.
    pub fn done(self) {
        let took_ms = self.since.elapsed().as_millis();
        if JSON.load(Ordering::Relaxed) {
            tracing::info!(took_ms = took_ms as u64, "{}: done", self.text);
            return;
        }
        let took = format!("done ({}.{} s)", took_ms / 1000, took_ms % 1000 / 100);
        if LINE_IS_OPEN.swap(false, Ordering::Relaxed) {
            write_bytes(format!("{took}\n").as_bytes());
        } else {
            write_line(&format!("{} … {took}", self.text));
        }
    }
}

static JSON: AtomicBool = AtomicBool::new(false);

/// Whether a step's line waits on the terminal for its "done"; whoever writes in between ends it first.
static LINE_IS_OPEN: AtomicBool = AtomicBool::new(false);

/// Standard error, shared between log lines and steps.
#[derive(Debug, Clone, Copy)]
struct Screen;

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if LINE_IS_OPEN.swap(false, Ordering::Relaxed) {
            write_bytes(b"\n");
        }
        io::stderr().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for Screen {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

fn write_line(text: &str) {
    // Whoever closed the terminal has stopped reading; that must not end the server.
    let _ = Screen.write_all(format!("{text}\n").as_bytes());
}

fn write_bytes(bytes: &[u8]) {
    let _ = io::stderr().write_all(bytes);
}
