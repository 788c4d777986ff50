//! Personal free text: sealed with its owner's key wherever it is stored outside read models.

use serde::{Deserialize, Serialize};

use crate::id::RoleId;

/// Text that belongs to a person. `store` seals it with `of`'s key before insert and opens it after
/// reading; when that key is destroyed it can never be read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Personal {
    pub of: RoleId,
    pub text: Text,
}

/// Either readable or sealed; on the bus and in the log it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Text {
    Open(String),
    /// Base64 of nonce and ciphertext.
    Sealed(String),
    /// The owner's key is gone.
    Erased,
    /// Its author has taken it back, or says something else since. Stored nowhere: so it is told to others.
    Withdrawn,
}

impl Personal {
    /// Readable text of `of`.
    #[must_use]
    pub fn open(of: RoleId, text: impl Into<String>) -> Self {
        Self {
            of,
            text: Text::Open(text.into()),
        }
    }

    /// The text where it can be read.
    #[must_use]
    pub fn readable(&self) -> Option<&str> {
        match &self.text {
            Text::Open(text) => Some(text),
            Text::Sealed(_) | Text::Erased | Text::Withdrawn => None,
        }
    }
}
