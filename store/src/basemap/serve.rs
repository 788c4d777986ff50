//! The base map while the product runs: the file may be replaced, cut or taken away at any moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::about::About;
use super::archive::{self, Archive};
use super::coord::TileCoord;
use super::error::BasemapError;
use super::fit::Fit;
use super::gzip;
use super::identity::Identity;

/// The base map that is served; cheap to clone.
#[derive(Clone, Debug)]
pub struct Basemap(Arc<Inner>);

/// A tile as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Names the state of the file; the same for all its tiles.
    pub tag: String,
    /// None where the file has no such tile, or the asker holds it already.
    pub bytes: Option<Vec<u8>>,
    /// The asker holds this state of it.
    pub is_held: bool,
}

/// The file cannot be used just now; whoever runs the server reads why in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base map is not available just now")]
pub struct Away;

/// Reads at once; who comes later waits.
pub const READERS: usize = 8;
/// How long a reader waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// How long a file that was found unfit is left in peace.
const REST: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    readers: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    archive: Option<Arc<Archive>>,
    /// The last fruitless look.
    fruitless: Option<Instant>,
    /// The last complaint, so that each is logged once.
    complaint: Option<String>,
}

impl Basemap {
    /// Opens the file.
    ///
    /// # Errors
    /// [`BasemapError`] says in words why it cannot be the base map.
    pub fn open(path: &Path) -> Result<Self, BasemapError> {
        let archive = Archive::open(path)?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            readers: Semaphore::new(READERS),
            state: Mutex::new(State {
                archive: Some(Arc::new(archive)),
                fruitless: None,
                complaint: None,
            }),
        })))
    }

    /// What it holds and lacks, with the tag of its state.
    ///
    /// # Errors
    /// [`Away`] while the file cannot be used.
    pub async fn about(&self) -> Result<(About, Fit, String), Away> {
        self.reading(|inner| {
            let archive = inner.archive()?;
            let fit = Fit::of(&archive.about, archive.is_indexed);
            Ok((archive.about.clone(), fit, archive.tag.clone()))
        })
        .await
    }

    /// A tile, unless the asker holds the file's state by the tag that `is_held` is asked about.
    ///
    /// # Errors
    /// [`Away`] while the file cannot be used.
    pub async fn tile(
        &self,
        coord: TileCoord,
        is_held: impl FnOnce(&str) -> bool + Send + 'static,
    ) -> Result<Tile, Away> {
        self.reading(move |inner| {
            let archive = inner.archive()?;
            let tag = archive.tag.clone();
            let is_held = is_held(&tag);
            let bytes = match is_held {
                true => None,
                false => inner.read(&archive, coord)?,
            };
            Ok(Tile {
                tag,
                bytes,
                is_held,
            })
        })
        .await
    }

    /// Runs a read beside the runtime, a bounded number at once.
    async fn reading<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Inner) -> Result<T, Away> + Send + 'static,
    ) -> Result<T, Away> {
        let turn = tokio::time::timeout(TURN, self.0.readers.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            tracing::warn!("the base map has too many readers: a tile was not served");
            return Err(Away);
        };
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || read(&inner))
            .await
            .unwrap_or(Err(Away))
    }
}

impl Tile {
    /// Whether its bytes are packed with gzip.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.bytes.as_deref().is_some_and(gzip::is_packed)
    }

    /// The same for an asker who takes no packed ones.
    ///
    /// # Errors
    /// [`Away`] where it cannot be unpacked.
    pub fn unpacked(mut self) -> Result<Self, Away> {
        if let Some(bytes) = &self.bytes {
            self.bytes = Some(archive::plain(bytes).map_err(|_| Away)?);
        }
        Ok(self)
    }
}

impl Inner {
    /// The file as it is now: opened again where another one lies at the path, or the same was changed.
    fn archive(&self) -> Result<Arc<Archive>, Away> {
        let mut state = self.state();
        let there = self.identity();
        if let Some(archive) = &state.archive
            && Some(archive.identity) == there
        {
            return Ok(Arc::clone(archive));
        }
        if state.fruitless.is_some_and(|at| at.elapsed() < REST) {
            return Err(Away);
        }
        match Archive::open(&self.path) {
            Ok(archive) => {
                let archive = Arc::new(archive);
                tracing::info!(
                    path = %self.path.display(),
                    "the base map {} was replaced: the new one is served",
                    self.path.display()
                );
                *state = State {
                    archive: Some(Arc::clone(&archive)),
                    fruitless: None,
                    complaint: None,
                };
                Ok(archive)
            }
            Err(error) => {
                state.archive = None;
                state.fruitless = Some(Instant::now());
                state.complain(&error.to_string());
                Err(Away)
            }
        }
    }

    /// What was read counts only if the file is still the same: half of a cut one looks like a tile.
    fn read(&self, archive: &Archive, coord: TileCoord) -> Result<Option<Vec<u8>>, Away> {
        let tile = archive.tile(coord);
        if self.identity() != Some(archive.identity) {
            return Err(Away);
        }
        tile.map_err(|reason| {
            let error = BasemapError::damaged(&self.path, &reason);
            self.state().complain(&error.to_string());
            Away
        })
    }

    fn identity(&self) -> Option<Identity> {
        fs::metadata(&self.path)
            .ok()
            .map(|found| Identity::of(&found))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn complain(&mut self, complaint: &str) {
        if self.complaint.as_deref() != Some(complaint) {
            tracing::error!("{complaint} Until then the map is plain linen.");
            self.complaint = Some(complaint.to_owned());
        }
    }
}
