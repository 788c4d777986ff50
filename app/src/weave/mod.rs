//! Knots and threads, as they are seen and made.

mod alike;
mod areas;
mod change;
mod form;
mod holds;
mod lenses;
mod list;
mod node;
pub(crate) mod particulars;
pub(crate) mod picture;
mod place;
mod thread;
mod thread_panel;
mod versions;

pub use change::change;
pub use form::form;
pub(crate) use holds::keepers;
pub(crate) use lenses::lensed;
pub use list::list;
pub(crate) use list::{absent, empty, insert_sorted, rows, skeleton};
pub(crate) use node::deed;
pub use node::node;
pub(crate) use place::place;
pub(crate) use thread::thread;
pub use thread_panel::thread_panel;
pub(crate) use thread_panel::title as title_of_thread;
pub(crate) use thread_panel::{covered, some_of};

/// Where what the open knot says stands in the document, as the server has written it.
pub(crate) const PROSE: &str = "prose";
