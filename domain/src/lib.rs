//! The rules of the Weltgewebe, pure: no clock, no randomness, no I/O.
//!
//! The same code decides on the server, predicts in the browser and replays the timeline.
//! What a person asks for is a [`command::Command`]; [`decide::decide`] answers with the bodies of
//! [`event::Event`]s or a [`refusal::Refusal`]; [`state::States::evolve`] applies events.

pub mod area;
pub mod command;
pub mod cover;
pub mod cursor;
pub mod decide;
pub mod event;
pub mod id;
pub mod json;
pub mod lens;
pub mod link;
pub mod page;
pub mod personal;
pub mod place;
pub mod problem;
pub mod refusal;
pub mod search;
pub mod spool;
pub mod state;
pub mod talk;
pub mod tidy;
pub mod time;
pub mod view;
pub mod weave;
pub mod wire;
