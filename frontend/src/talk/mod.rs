//! The open knot's conversation: what of it is at hand, and asking for what was said before.

pub mod held;
#[cfg(target_arch = "wasm32")]
mod older;
#[cfg(target_arch = "wasm32")]
mod read;

#[cfg(target_arch = "wasm32")]
pub(crate) use older::ask;
#[cfg(target_arch = "wasm32")]
pub(crate) use read::{Read, ask_unread, look, seen};
