//! Knots and threads, as they are seen and made.

mod areas;
mod form;
mod list;
mod node;
mod thread;

pub use form::form;
pub(crate) use form::place;
pub use list::list;
pub(crate) use list::{insert_sorted, skeleton};
pub use node::node;
pub(crate) use thread::thread;
