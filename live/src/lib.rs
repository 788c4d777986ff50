//! The rooms of the live channel as a state machine without I/O: what happened, who wishes which rooms and
//! what was read go in; frames for clients come out. Time is an argument, PostgreSQL and sockets are the
//! caller's.
//!
//! What holds, and why it does:
//! - **A cursor never lies.** [`Hub::cursor`] is a position that every listened room has reached: the smallest
//!   of what was followed and of what each touched room is known to be valid up to.
//! - **A room is read again, never folded**: a touched room is read whole at some checkpoint and compared with
//!   what was sent. A row may thus be newer than the cursor beside it, never older; rows are idempotent.
//! - **A room is encoded once** per change; all its listeners share the bytes.
//! - **Nothing happened: nothing is sent and nothing is computed.**
//!
//! Beside the hub, [`Kept`] knows which states of rooms, read for whoever asked, still hold: they are told again without
//! reading.

mod client;
mod few;
mod frame;
mod history;
mod hub;
mod kept;
mod limits;
mod roles;
mod room;
mod shown;
mod touch;

pub use client::ClientId;
pub use hub::{Figures, Hub, Outgoing};
pub use kept::{Kept, Read};
pub use limits::Limits;
pub use touch::{Touch, moved, roles_of, touches};
