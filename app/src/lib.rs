//! The page: views as pure functions of one state, rendered on the server and woken in the browser.
//!
//! - [`live`]: the state, and where it comes from; [`ports`]: what acts on the world;
//! - [`frame`], [`weave`], [`talk`], [`search`], [`spool`]: the views, one file per use case;
//! - [`press`]: what buttons do, as data, so that one listener serves them all (`wake`, client only);
//! - [`served`]: panels that the server draws alone and the client only shows;
//! - [`shell`], [`plain`], [`letter`], [`guide`]: whole documents and mails, for the server; [`feed`]: the words of feeds.

pub mod feed;
pub mod frame;
pub mod guide;
pub mod letter;
pub mod live;
pub mod look;
pub mod markup;
mod outward;
pub mod parts;
pub mod plain;
pub mod ports;
pub mod press;
pub mod preview;
pub mod search;
pub mod served;
pub mod shell;
pub mod spool;
pub mod talk;
pub mod weave;
pub mod why;
pub mod words;

#[cfg(feature = "hydrate")]
mod wake;

#[cfg(feature = "hydrate")]
pub use wake::wake;
