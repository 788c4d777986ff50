//! The weave as a still picture, drawn by the server from the rows that a page shows.
//!
//! - [`scene`]: what is drawn where, for any way to draw it; [`projection`], [`rings`], [`strands`] and [`names`] find the places;
//! - [`svg`]: as the picture that lies under the map until the map is there;
//! - [`card`]: as a PNG for those who show a link to a knot, in [`letters`] of our own;
//! - [`code`]: an address as a QR code.
//!
//! Beside that, [`photo`] makes what people upload fit to be shown.
//!
//! It draws as `public/js` does, from the same numbers, so that nothing moves when the map takes over.

pub mod card;
pub mod code;
mod knots;
pub mod letters;
mod names;
mod paint;
mod palette;
pub mod photo;
mod projection;
mod rings;
pub mod scene;
mod strands;
pub mod svg;
mod zoom;

pub use letters::{Letters, LettersError};
pub use projection::{Point, Projection};
pub use scene::{Scene, Woven};
