//! Knots and threads, as they are seen and made.

mod alike;
mod areas;
mod change;
mod form;
mod lenses;
mod list;
mod node;
mod place;
mod thread;
mod tied;
mod versions;

pub use change::change;
pub(crate) use change::may as may_change;
pub use form::form;
pub(crate) use lenses::lensed;
pub use list::list;
pub(crate) use list::{absent, empty, insert_sorted, rows, skeleton};
pub use node::node;
pub(crate) use place::place;
pub(crate) use thread::thread;
pub use tied::tied;
pub(crate) use tied::title as title_of_thread;
