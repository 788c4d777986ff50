//! The picture that a role shows of itself.

use super::draft;
use crate::event::{Body, Draft};
use crate::id::{PictureId, RoleId};
use crate::refusal::Refusal;
use crate::state::Facts;

/// `picture` is one that the role has uploaded for itself; none takes down what is there.
pub(crate) fn decide_portray(
    facts: &dyn Facts,
    by: RoleId,
    picture: Option<PictureId>,
) -> Result<Vec<Draft>, Refusal> {
    if let Some(picture) = picture
        && facts
            .picture(picture)
            .is_none_or(|known| known.owner != by || known.node.is_some())
    {
        return Err(Refusal::PictureUnknown);
    }
    Ok(vec![draft(by, Body::RolleBebildert { picture })])
}
