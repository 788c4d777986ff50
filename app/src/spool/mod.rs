//! Roles: one's own with what waits, other people's, and signing in.

mod me;
mod placement;
mod profile;
mod role;
mod sign_in;
mod standing;
mod waiting;

pub use me::me;
pub use role::role;
pub use sign_in::sign_in;
pub use standing::rights_path;
pub(crate) use waiting::{act_words, others, reason, way_to};
