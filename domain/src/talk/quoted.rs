//! A message that is answered, as its answer shows it.

use serde::{Deserialize, Serialize};

use super::MessageRow;
use crate::id::{MessageId, RoleId};

/// Characters of it that an answer shows: enough to know again what was said.
pub const QUOTED_MAX: u16 = 120;

/// What an answer shows of the message that it answers, as that one is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quoted {
    pub id: MessageId,
    pub role: RoleId,
    pub role_name: String,
    /// How it begins, 120 characters at most; empty where it was taken back or its author has been erased.
    pub text: String,
    #[serde(default, skip_serializing_if = "crate::wire::is_false")]
    pub is_withdrawn: bool,
}

impl From<&MessageRow> for Quoted {
    fn from(row: &MessageRow) -> Self {
        Self {
            id: row.id,
            role: row.role,
            role_name: row.role_name.clone(),
            text: row.text.chars().take(QUOTED_MAX.into()).collect(),
            is_withdrawn: row.is_withdrawn,
        }
    }
}
