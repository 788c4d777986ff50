//! The base map's file: both formats, everything that can be wrong with it, and what happens when it changes while it is
//! served. Needs no database.

mod changes;
mod files;
mod reads;
mod refusals;
mod written;
