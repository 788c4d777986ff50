//! Pictures of a knot: what they are, and who may show and remove them.

use serde::{Deserialize, Serialize};

use super::{NodeState, Part, ThreadKind, holding};
use crate::event::{Body, Draft, Tie};
use crate::id::{NodeId, PictureId, RoleId};
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::spool::{Deed, may};
use crate::state::{Facts, StreamId};
use crate::tidy::{count, tidy_line};
use crate::time::Millis;

/// Pictures that a knot shows at most.
pub const PICTURES_MAX: usize = 6;
/// Days for which a picture that nothing shows any more is kept: so long its removal can be undone.
pub const PICTURE_KEPT_DAYS: i64 = 14;
/// Characters of what is said about a picture to those who do not see it.
pub const ALT_MAX: u32 = 200;

/// A picture as a knot shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Picture {
    pub id: PictureId,
    /// What it shows; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

impl Picture {
    /// As an event brings it; an erased text shows as nothing.
    #[must_use]
    pub fn told(id: PictureId, alt: Option<&Personal>) -> Self {
        let alt = alt.and_then(Personal::readable).unwrap_or_default();
        Self {
            id,
            alt: alt.to_owned(),
        }
    }
}

/// What is known of a picture that was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Whose it is, and with whose key it is sealed.
    pub owner: RoleId,
    /// The knot that it was uploaded for.
    pub node: Option<NodeId>,
}

/// Whether `by` may show that picture at the knot, or remove it from there: the one place that says so.
fn may_show(
    facts: &dyn Facts,
    by: RoleId,
    node: &NodeState,
    picture: PictureId,
) -> Result<(), Refusal> {
    may(facts, by, Deed::Change(node, Part::Picture(picture)))
}

/// A picture that one has uploaded oneself, or that somebody has for this knot: so one that was removed can come back by whoever
/// may change the knot.
pub(crate) fn decide_add_picture(
    facts: &dyn Facts,
    by: RoleId,
    (id, picture): (NodeId, PictureId),
    alt: Option<&str>,
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    may(facts, by, Deed::Act)?;
    let node = facts.node(id);
    let node = holding(node.as_ref(), now)?;
    may_show(facts, by, node, picture)?;
    if node.pictures.contains(&picture) {
        return Err(Refusal::PictureShown);
    }
    if node.pictures.len() >= PICTURES_MAX {
        return Err(Refusal::TooManyPictures {
            max: PICTURES_MAX as u32,
        });
    }
    let known = facts.picture(picture).ok_or(Refusal::PictureUnknown)?;
    if known.owner != by && known.node != Some(id) {
        return Err(Refusal::PictureUnknown);
    }
    let alt = alt.map(self::alt).transpose()?;
    let alt = alt.filter(|alt| !alt.is_empty());
    let alt = alt.map(|alt| Personal::open(by, alt));
    Ok(drawn(by, id, node, Body::BildHinzugefuegt { picture, alt }))
}

pub(crate) fn decide_remove_picture(
    facts: &dyn Facts,
    by: RoleId,
    (id, picture): (NodeId, PictureId),
    now: Millis,
) -> Result<Vec<Draft>, Refusal> {
    may(facts, by, Deed::Act)?;
    let node = facts.node(id);
    let node = holding(node.as_ref(), now)?;
    may_show(facts, by, node, picture)?;
    if !node.pictures.contains(&picture) {
        return Err(Refusal::PictureGone);
    }
    Ok(drawn(by, id, node, Body::BildEntfernt { picture }))
}

/// What is said about a picture as it is kept: one line, trimmed.
///
/// # Errors
/// When it has control characters or is too long.
fn alt(asked: &str) -> Result<String, Refusal> {
    let alt = tidy_line(asked)?;
    match count(&alt) {
        got if got > ALT_MAX => Err(Refusal::TextLength { max: ALT_MAX, got }),
        _ => Ok(alt),
    }
}

/// Pictures are a change of the knot like others.
fn drawn(by: RoleId, id: NodeId, node: &NodeState, body: Body) -> Vec<Draft> {
    vec![Draft {
        stream: StreamId::Node(id),
        cell: Some(node.cell),
        tie: Some(Tie::new(by, ThreadKind::Change, id)),
        body,
    }]
}

/// A knot that shows one more picture, or one less; the change draws a thread beside that.
pub(crate) fn show_picture(node: &mut NodeState, picture: PictureId, is_shown: bool) {
    node.version = node.version.saturating_add(1);
    node.pictures.retain(|known| *known != picture);
    if is_shown {
        node.pictures.push(picture);
    }
}
