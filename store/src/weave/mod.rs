//! The weave as rooms and pages read it: one projection with one checkpoint for knots, threads and spools.

mod changes;
mod fold;
mod load;
pub mod preview;
pub mod project;
pub mod read;
pub mod rebuild;
mod rooms;
mod rows;
pub mod versions;
mod write;

pub(crate) use rows::{kind, level, point};
