//! A load on a running Weltgewebe, and a second client of it: written from docs/protocol.md and `/api/openapi.json`, it
//! shares no code with the product. It keeps a history of all that it asked and was told, and [`check::check`] says from
//! that alone what is wrong.

pub mod act;
pub mod bus;
pub mod check;
pub mod cursor;
pub mod gather;
pub mod history;
pub mod holding;
pub mod house;
pub mod http;
pub mod listener;
pub mod measure;
pub mod model;
pub mod process;
pub mod random;
pub mod room;
pub mod run;
pub mod sign_in;
pub mod stopwatch;
pub mod storm;
pub mod town;
pub mod words;
pub mod writer;
