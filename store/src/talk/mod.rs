//! Conversations as rooms and pages read them. They are part of the weave's projection and follow its checkpoint: a room, a
//! page and the names in them are of one position.

pub mod marks;
pub(crate) mod project;
pub mod read;
