//! How somebody joins a knot.

use serde::{Deserialize, Serialize};

/// What a join thread carries. The newest one counts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum JoinLevel {
    /// It is of interest; all that was joined before levels were told is so.
    #[default]
    Interest,
    /// One will be there.
    Promise,
    /// One looks after it.
    Responsibility,
}

impl JoinLevel {
    /// From the loosest to the firmest.
    pub const ALL: [Self; 3] = [Self::Interest, Self::Promise, Self::Responsibility];

    /// Its word in JSON, tables and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interest => "interest",
            Self::Promise => "promise",
            Self::Responsibility => "responsibility",
        }
    }

    /// The level with that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Whether it need not be said.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    pub(crate) const fn is_interest(&self) -> bool {
        matches!(self, Self::Interest)
    }
}
