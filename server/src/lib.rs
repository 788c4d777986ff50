//! The server of Weltgewebe: the binary's verbs, the services it runs for itself, and all that speaks to the outside.

pub mod basemap;
pub mod cli;
pub mod community;
pub mod demo;
pub mod doctor;
pub mod embedded;
pub mod grant;
pub mod http;
pub mod import;
pub mod listen;
pub mod log;
pub mod markdown;
pub mod migrate;
pub mod product;
mod progress;
pub mod rebuild;
pub mod rooms;
pub mod sender;
pub mod serve;
pub mod signals;
pub mod terminal;
pub mod tls;
