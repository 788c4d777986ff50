//! Spools: roles, their names, what they say of themselves, where they want to be shown, and where they stand.

mod community;
mod grant;
mod portrait;
mod profile;
mod rights;
mod standing;
mod vouch;

use serde::{Deserialize, Serialize};

use crate::event::{Body, Draft};
use crate::id::RoleId;
use crate::personal::Personal;
use crate::place::{Place, Radius};
use crate::refusal::Refusal;
use crate::state::StreamId;
use crate::tidy::{count, tidy_line};
use crate::time::Millis;

pub(crate) use community::decide_describe_community;
pub use community::{COMMUNITY_NAME_MAX, RADIUS_M_MAX, RADIUS_M_MIN, community_name};
pub use grant::{REASON_MAX, reason};
pub(crate) use grant::{decide_grant, decide_revoke, decide_vouches};
pub(crate) use portrait::decide_portray;
pub use profile::{ABOUT_MAX, TAG_MAX, TAGS_MAX};
pub(crate) use profile::{Description, decide_describe};
pub use profile::{Profile, about, apart, tags};
pub(crate) use rights::{Deed, may};
pub use standing::{
    CommunityState, Confirmed, Met, Right, Standing, VOUCHES_NEEDED, VOUCHES_NEEDED_MAX,
};
pub(crate) use vouch::{decide_vouch, decide_withdraw_vouch};

/// Characters of a role's name.
pub const NAME_MAX: u32 = 60;

/// Where an owner puts their spool; the point is private unless it is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "show"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    Hidden,
    Exact {
        place: Place,
    },
    Radius {
        place: Place,
        radius: Radius,
    },
    /// Where it is kept already, which nobody is told; within a radius, or exactly.
    Kept {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        radius: Option<Radius>,
    },
}

crate::json::tagged!(Placement, "show");

impl Placement {
    /// What events say of it: never the point.
    #[must_use]
    pub const fn placed(self) -> Placed {
        match self {
            Self::Hidden => Placed::Hidden,
            Self::Exact { .. } => Placed::Exact,
            Self::Radius { radius, .. }
            | Self::Kept {
                radius: Some(radius),
            } => Placed::Radius { radius },
            Self::Kept { radius: None } => Placed::Exact,
        }
    }

    /// The same at a point, where it names none itself.
    #[must_use]
    pub const fn at(self, place: Place) -> Self {
        match self {
            Self::Kept {
                radius: Some(radius),
            } => Self::Radius { place, radius },
            Self::Kept { radius: None } => Self::Exact { place },
            Self::Hidden | Self::Exact { .. } | Self::Radius { .. } => self,
        }
    }

    /// The true point, where it names one.
    #[must_use]
    pub const fn place(self) -> Option<Place> {
        match self {
            Self::Hidden | Self::Kept { .. } => None,
            Self::Exact { place } | Self::Radius { place, .. } => Some(place),
        }
    }
}

/// How a role is shown, as events and facts have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "show"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Placed {
    Hidden,
    Exact,
    Radius { radius: Radius },
}

crate::json::tagged!(Placed, "show");

/// The state of a role's stream. It holds no personal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleState {
    pub version: u32,
    pub placed: Placed,
    pub registered_at: Millis,
    /// None: it is a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weaver_since: Option<Millis>,
    /// It is a weaver by an admin's word or at once, and not by vouches: those may still be taken back.
    #[serde(default, skip_serializing_if = "crate::wire::is_false")]
    pub is_granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_since: Option<Millis>,
    /// The weavers who vouch for it, in the order in which they did; they stay when it is confirmed. As many as a community can
    /// ask for at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouched_by: Vec<RoleId>,
}

impl RoleState {
    /// A role that has just been registered: a guest.
    #[must_use]
    pub const fn new(placed: Placed, registered_at: Millis) -> Self {
        Self {
            version: 1,
            placed,
            registered_at,
            weaver_since: None,
            is_granted: false,
            admin_since: None,
            vouched_by: Vec::new(),
        }
    }

    /// Whether it has that right.
    #[must_use]
    pub const fn has(&self, right: Right) -> bool {
        match right {
            Right::Weaver => self.weaver_since.is_some(),
            Right::Admin => self.admin_since.is_some(),
        }
    }
}

/// A name as it is kept: trimmed, inner white space single.
///
/// # Errors
/// When it has control characters, nothing is left of it, or it is too long.
pub fn name(text: &str) -> Result<String, Refusal> {
    let name = tidy_line(text)?;
    let got = count(&name);
    if got == 0 || got > NAME_MAX {
        return Err(Refusal::NameLength { max: NAME_MAX, got });
    }
    Ok(name)
}

pub(crate) fn decide_register(
    by: RoleId,
    role: Option<&RoleState>,
    text: &str,
    placement: Placement,
    vouches_needed: u32,
) -> Result<Vec<Draft>, Refusal> {
    if role.is_some() {
        return Err(Refusal::RoleTaken);
    }
    let name = Personal::open(by, name(text)?);
    check_place(placement, Placed::Hidden)?;
    let placed = placement.placed();
    let mut drafts = vec![draft(by, Body::RolleRegistriert { name, placed })];
    if vouches_needed == 0 {
        let why = Confirmed::AtOnce;
        drafts.push(draft(by, Body::WeberBestaetigt { why }));
    }
    Ok(drafts)
}

pub(crate) fn decide_rename(by: RoleId, text: &str) -> Result<Vec<Draft>, Refusal> {
    let name = Personal::open(by, name(text)?);
    Ok(vec![draft(by, Body::RolleUmbenannt { name })])
}

pub(crate) fn decide_place(
    by: RoleId,
    role: Option<&RoleState>,
    placement: Placement,
) -> Result<Vec<Draft>, Refusal> {
    let before = role.ok_or(Refusal::RoleUnknown)?.placed;
    check_place(placement, before)?;
    Ok(vec![draft(
        by,
        Body::RollePlatziert {
            placed: placement.placed(),
        },
    )])
}

fn draft(role: RoleId, body: Body) -> Draft {
    Draft {
        stream: StreamId::Role(role),
        cell: None,
        tie: None,
        body,
    }
}

/// Of who has been hidden no place is kept.
fn check_place(placement: Placement, before: Placed) -> Result<(), Refusal> {
    match placement {
        Placement::Exact { place } | Placement::Radius { place, .. } if !place.is_valid() => {
            Err(Refusal::PlaceInvalid)
        }
        Placement::Kept { .. } if before == Placed::Hidden => Err(Refusal::NoPlaceKept),
        _ => Ok(()),
    }
}
