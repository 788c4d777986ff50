//! A load on a running Weltgewebe, and a second client of it: written from docs/protocol.md and `/api/openapi.json`, it
//! shares no code with the product. It keeps a history of all that it asked and was told, and [`check::check`] says from
//! that alone what is wrong.

pub mod act;
pub mod check;
pub mod cursor;
pub mod history;
pub mod http;
pub mod random;
pub mod room;
pub mod stopwatch;
pub mod town;
