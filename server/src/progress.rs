//! How far something long has come: a bar on a terminal, else a line for every tenth.

use std::time::{Duration, Instant};

use crate::log;

const REDRAW_EVERY: Duration = Duration::from_millis(100);
const BAR_CELLS: u64 = 24;

/// What is shown of it.
#[derive(Debug)]
pub(crate) struct Progress {
    /// How much there is to do; none where nobody knows.
    total: Option<u64>,
    drawn_at: Option<Instant>,
    tenth: u64,
}

impl Progress {
    pub(crate) fn new(total: Option<u64>) -> Self {
        Self {
            total: total.filter(|total| *total > 0),
            drawn_at: None,
            tenth: 0,
        }
    }

    /// Shows that this much is done, with `words` beside it.
    pub(crate) fn show(&mut self, done: u64, words: impl FnOnce() -> String) {
        if log::is_drawn() {
            if self.drawn_at.is_none_or(|at| at.elapsed() >= REDRAW_EVERY) {
                self.drawn_at = Some(Instant::now());
                log::draw(&self.line(done, &words()));
            }
        } else if let Some(total) = self.total {
            let tenth = done.saturating_mul(10) / total;
            if tenth > self.tenth {
                self.tenth = tenth;
                log::say(&self.line(done, &words()));
            }
        }
    }

    fn line(&self, done: u64, words: &str) -> String {
        let Some(total) = self.total else {
            return words.to_owned();
        };
        let done = done.min(total);
        let full = (done * BAR_CELLS / total) as usize;
        let bar = format!(
            "{}{}",
            "#".repeat(full),
            "·".repeat(BAR_CELLS as usize - full)
        );
        format!("[{bar}] {:>3} %  {words}", done * 100 / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_grows_to_its_end_and_no_further() {
        let progress = Progress::new(Some(200));
        let cells = |line: &str| line.matches('#').count();
        for (done, full, percent) in [
            (0, 0, "0 %"),
            (100, 12, "50 %"),
            (200, 24, "100 %"),
            (900, 24, "100 %"),
        ] {
            let line = progress.line(done, "3 new");
            assert_eq!(cells(&line), full, "{line}");
            assert!(
                line.contains(percent) && line.ends_with("  3 new"),
                "{line}"
            );
        }
    }

    #[test]
    fn without_an_end_there_is_no_bar() {
        for total in [None, Some(0)] {
            assert_eq!(Progress::new(total).line(7, "7 KiB read"), "7 KiB read");
        }
    }
}
