//! Answers to who reads a room, kept for the next one who asks: `live::Kept`, told what is followed here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderValue;
use domain::cursor::Cursor;
use domain::place::Cell;
use domain::view::CellView;
use live::{Kept, Read, Touch};
use tokio::sync::watch;

/// Bytes of all answers that are kept; beyond them rooms are let go that were not asked for lately.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a room shows, as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The view as JSON.
    pub(crate) view: Bytes,
    /// The same for the same view, whatever the position.
    pub(crate) tag: HeaderValue,
}

/// The answers that still hold; one for all who ask and the one who follows.
#[derive(Clone, Debug)]
pub(super) struct Answers(Arc<Mutex<Kept<Answer>>>);

impl Answers {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Kept::new(BYTES_MAX))))
    }

    /// From now on all that happens after `start` is told.
    pub(super) fn following(&self, start: Cursor) -> Following {
        self.kept().begin(start);
        Following(self.clone())
    }

    /// Forgets all of them, whenever the read models were made anew.
    pub(super) async fn forget_when(self, mut rebuilt: watch::Receiver<()>) {
        while rebuilt.changed().await.is_ok() {
            self.kept().forget_all();
        }
    }

    pub(super) fn get(&self, cell: Cell, min: Option<Cursor>) -> Option<(Cursor, Answer)> {
        self.kept().get(cell, min)
    }

    pub(super) fn keep(&self, cell: Cell, at: Cursor, view: &CellView, answer: Answer) {
        let bytes = answer.view.len() + answer.tag.len();
        let read = Read::new(at, view, answer, bytes);
        self.kept().keep(cell, read);
    }

    fn kept(&self) -> MutexGuard<'_, Kept<Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by who follows. Once it is gone, however that came, nothing is kept.
#[derive(Debug)]
pub(super) struct Following(Answers);

impl Following {
    /// The next event, and what it changes.
    pub(super) fn follow(&self, cursor: Cursor, touches: &[Touch]) {
        self.0.kept().follow(cursor, touches);
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.kept().end();
    }
}
