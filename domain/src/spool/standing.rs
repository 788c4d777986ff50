//! Where a role stands in its community: guest or weaver, who vouched for it, and what else it may.

use serde::{Deserialize, Serialize};

use super::{Placed, RoleState};
use crate::id::RoleId;
use crate::personal::Personal;
use crate::place::Place;
use crate::time::Millis;

/// Vouches that a community asks for unless it says otherwise.
pub const VOUCHES_NEEDED: u32 = 2;
/// And at most.
pub const VOUCHES_NEEDED_MAX: u32 = 20;

/// What a role can be given. The compiler completes the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// To belong: to change the knots of others, and to vouch.
    Weaver,
    /// To give and take rights, and to say how many vouches are needed.
    Admin,
}

/// Why somebody became a weaver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Confirmed {
    /// These vouched, in this order.
    Vouches {
        of: Vec<RoleId>,
    },
    Grant {
        reason: Personal,
    },
    /// The community asks for no vouches.
    AtOnce,
}

impl Confirmed {
    /// Whether it took no vouches.
    #[must_use]
    pub const fn is_granted(&self) -> bool {
        !matches!(self, Self::Vouches { .. })
    }
}

/// The state of the community's own stream: what it has decided for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityState {
    pub version: u32,
    /// Vouches of weavers that make a guest one.
    pub vouches_needed: u32,
    /// Empty: it has none of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<Place>,
    /// How far it reaches around its centre, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_m: Option<u32>,
}

impl Default for CommunityState {
    fn default() -> Self {
        Self {
            version: 0,
            vouches_needed: VOUCHES_NEEDED,
            name: String::new(),
            centre: None,
            radius_m: None,
        }
    }
}

/// Where a role stands, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// None: it is a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weaver_since: Option<Millis>,
    /// It is a weaver by an admin's word or at once, and not by vouches.
    #[serde(default, skip_serializing_if = "crate::wire::is_false")]
    pub is_granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_since: Option<Millis>,
    /// Who vouches for it, in the order in which they did; they stay when it is confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouched_by: Vec<Met>,
    /// Vouches that the community asks for.
    pub vouches_needed: u32,
}

/// Another role by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Met {
    pub role: RoleId,
    pub name: String,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            weaver_since: None,
            is_granted: false,
            admin_since: None,
            vouched_by: Vec::new(),
            vouches_needed: VOUCHES_NEEDED,
        }
    }
}

impl Standing {
    /// Whether it is that of a guest whom nobody vouches for, where nothing else is decided.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// How many more vouches it takes; one at least, since it is a vouch that confirms.
    #[must_use]
    pub fn missing(&self) -> u32 {
        let got = self.vouched_by.len() as u32;
        self.vouches_needed.saturating_sub(got).max(1)
    }

    /// Whether that role vouches for it.
    #[must_use]
    pub fn is_vouched_by(&self, role: RoleId) -> bool {
        self.vouched_by.iter().any(|met| met.role == role)
    }

    /// The facts that decisions need, of a role that is shown so and is here since then.
    pub(crate) fn facts(&self, placed: Placed, registered_at: Millis) -> RoleState {
        RoleState {
            weaver_since: self.weaver_since,
            is_granted: self.is_granted,
            admin_since: self.admin_since,
            vouched_by: self.vouched_by.iter().map(|met| met.role).collect(),
            ..RoleState::new(placed, registered_at)
        }
    }
}
