//! Looking for words in what the read models show: knots that hold, roles, and what was said at knots that hold.

mod excerpt;
mod find;
mod rows;

pub use find::find;
