//! The only crate with SQL: the door through which every write goes, the log and its tail, the weave
//! projection and its reads, accounts and sessions, deadlines.
//!
//! Everything hangs on a [`Store`], which is cheap to clone. Writes are owned by tasks of this crate, never
//! by the future of a request: whoever asks may go away at any moment.

pub mod basemap;
mod clock;
mod column;
pub mod deadlines;
pub mod demo;
pub mod door;
mod error;
#[cfg(feature = "fail-points")]
pub mod fail;
#[cfg(not(feature = "fail-points"))]
mod fail;
mod guard;
pub mod health;
pub mod import;
mod keys;
pub mod log;
pub mod marks;
mod moment;
pub mod partitions;
pub mod pictures;
mod random;
pub mod search;
mod session;
pub mod spool;
mod store;
pub mod sweep;
pub mod tail;
pub mod talk;
#[cfg(feature = "testing")]
pub mod testing;
pub mod weave;

pub use clock::{Clock, ClockJumped, JUMP_MS, SystemClock};
pub use error::StoreError;
pub use guard::Unfit;
pub use moment::offset_min;
pub use store::Store;
