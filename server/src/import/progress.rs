//! How far an import has come: a bar on a terminal, else a line for every tenth.

use std::time::{Duration, Instant};

use super::tally::Tally;
use crate::log;

const REDRAW_EVERY: Duration = Duration::from_millis(100);
const BAR_CELLS: u64 = 24;

/// What is shown of an import.
#[derive(Debug)]
pub(super) struct Progress {
    /// Bytes of the file; none for a pipe.
    total: Option<u64>,
    drawn_at: Option<Instant>,
    tenth: u64,
}

impl Progress {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self {
            total: total.filter(|total| *total > 0),
            drawn_at: None,
            tenth: 0,
        }
    }

    pub(super) fn show(&mut self, bytes_read: u64, tally: &Tally) {
        if log::is_drawn() {
            if self.drawn_at.is_none_or(|at| at.elapsed() >= REDRAW_EVERY) {
                self.drawn_at = Some(Instant::now());
                log::draw(&self.line(bytes_read, tally));
            }
        } else if let Some(total) = self.total {
            let tenth = bytes_read.saturating_mul(10) / total;
            if tenth > self.tenth {
                self.tenth = tenth;
                log::say(&self.line(bytes_read, tally));
            }
        }
    }

    fn line(&self, bytes_read: u64, tally: &Tally) -> String {
        let counts = format!(
            "{} knotted, {} changed, {} unchanged, {} refused",
            tally.knotted,
            tally.changed,
            tally.unchanged,
            tally.refused_count()
        );
        let Some(total) = self.total else {
            return format!("{} KiB read: {counts}", bytes_read / 1024);
        };
        let read = bytes_read.min(total);
        let full = (read * BAR_CELLS / total) as usize;
        let bar = format!(
            "{}{}",
            "#".repeat(full),
            "·".repeat(BAR_CELLS as usize - full)
        );
        format!("[{bar}] {:>3} %  {counts}", read * 100 / total)
    }
}
