//! The table in docs/performance.md: what stands between its two marks is written anew by each run.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use super::Figure;

const BEGIN: &str = "<!-- written by tools/measure: begin -->";
const END: &str = "<!-- written by tools/measure: end -->";

/// Of which run the figures are.
#[derive(Clone, Debug)]
pub struct About {
    pub date: String,
    pub commit: String,
    pub command: String,
}

/// Why the page stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("the page can't be read or written: {0}")]
    Io(#[from] io::Error),
    #[error("the page lacks the two marks between which the table stands: {BEGIN} and {END}")]
    NoMarks,
}

/// The table, with what makes it comparable.
#[must_use]
pub fn table(about: &About, figures: &[Figure]) -> String {
    let mut text = format!(
        "{}, commit {}, {}; `{}`:\n\n| what | reached | wanted |\n| --- | --- | --- |\n",
        about.date,
        about.commit,
        machine(),
        about.command
    );
    for Figure {
        what,
        reached,
        wanted,
    } in figures
    {
        let _ = writeln!(text, "| {what} | {reached} | {wanted} |");
    }
    text
}

/// Puts the table between the marks of the page.
///
/// # Errors
/// When the page is not there or has no marks.
pub fn write(page: &Path, table: &str) -> Result<(), PageError> {
    let text = fs::read_to_string(page)?;
    fs::write(page, replaced(&text, table).ok_or(PageError::NoMarks)?)?;
    Ok(())
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    let gib = kib.unwrap_or_default() / 1024.0 / 1024.0;
    format!("{cores} cores and {gib:.0} GiB for server, services and generator together")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let page = replaced(&page, "new\n").expect("it has the marks");
        assert_eq!(page, format!("before\n{BEGIN}\nnew\n{END}\nafter\n"));
        assert_eq!(replaced(&page, "new\n").as_deref(), Some(page.as_str()));
        assert_eq!(replaced("no marks", "new"), None);
    }
}
