//! What the community is called and where it is. Its area is a circle: what lies around a centre is how a neighbourhood speaks of
//! itself, it moves with that centre, and nobody has to draw a border along somebody's garden.

use super::CommunityState;
use crate::event::{Body, Draft};
use crate::id::NodeId;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::state::{Facts, StreamId};
use crate::tidy::{count, tidy_line};
use crate::weave::{Structure, moved};

/// Characters of a community's name.
pub const COMMUNITY_NAME_MAX: u32 = 60;
/// How far a community reaches around its centre at least, in metres: a house and its neighbours.
pub const RADIUS_M_MIN: u32 = 50;
/// And at most: a valley.
pub const RADIUS_M_MAX: u32 = 50_000;

impl CommunityState {
    /// Takes over what is said of it.
    pub fn describe(&mut self, name: Option<&str>, centre: Option<Place>, radius_m: Option<u32>) {
        if let Some(name) = name {
            name.clone_into(&mut self.name);
        }
        self.centre = centre.or(self.centre);
        self.radius_m = radius_m.or(self.radius_m);
    }
}

/// A name as it is kept: one line, trimmed; nothing: it has none of its own.
///
/// # Errors
/// When it has control characters or is too long.
pub fn community_name(asked: &str) -> Result<String, Refusal> {
    let name = tidy_line(asked)?;
    match count(&name) {
        got if got > COMMUNITY_NAME_MAX => Err(Refusal::NameLength {
            max: COMMUNITY_NAME_MAX,
            got,
        }),
        _ => Ok(name),
    }
}

/// What stands at the centre moves with it, in the same breath.
pub(crate) fn decide_describe_community(
    facts: &dyn Facts,
    name: Option<&str>,
    centre: Option<Place>,
    radius_m: Option<u32>,
) -> Result<Vec<Draft>, Refusal> {
    let known = facts.community();
    let name = name.map(community_name).transpose()?;
    if centre.is_some_and(|place| !place.is_valid()) {
        return Err(Refusal::PlaceInvalid);
    }
    if let Some(got) = radius_m {
        let (min, max) = (RADIUS_M_MIN, RADIUS_M_MAX);
        if !(min..=max).contains(&got) {
            return Err(Refusal::RadiusOutOfRange { min, max, got });
        }
        if centre.or(known.centre).is_none() {
            return Err(Refusal::CentreMissing);
        }
    }
    // Only what differs is said.
    let name = name.filter(|name| *name != known.name);
    let centre = centre.filter(|centre| Some(*centre) != known.centre);
    let radius_m = radius_m.filter(|radius| Some(*radius) != known.radius_m);
    if name.is_none() && centre.is_none() && radius_m.is_none() {
        return Err(Refusal::NothingChanged);
    }
    let mut drafts = vec![Draft {
        stream: StreamId::Community,
        cell: None,
        tie: None,
        body: Body::GemeinschaftBeschrieben {
            name,
            centre,
            radius_m,
        },
    }];
    if let Some(centre) = centre {
        drafts.extend(Structure::ALL.into_iter().filter_map(|structure| {
            let node = facts.node(NodeId::of_structure(structure))?;
            Some(moved(&node, structure, centre))
        }));
    }
    Ok(drafts)
}
