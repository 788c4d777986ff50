//! A house somebody lives in.

use super::metres::Metres;
use super::outline::Outline;

/// A house with its address.
#[derive(Clone, Debug)]
pub struct House {
    pub street: &'static str,
    pub number: u32,
    /// The middle of its ground plan.
    pub at: Metres,
    pub(super) outline: Outline,
    /// Metres to the ridge.
    pub(super) height: u32,
}

impl House {
    /// Street and number.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{} {}", self.street, self.number)
    }
}
