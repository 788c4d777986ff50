//! The community's permanent knots: made by the system, changed and dissolved by nobody, each of them once.

use serde::{Deserialize, Serialize};

use super::{NodeKind, NodeState, ParticularsChange};
use crate::event::{Body, Draft};
use crate::id::{NodeId, RoleId};
use crate::place::{Cell, Place};
use crate::state::StreamId;
use crate::time::Millis;

/// What a structure is. The compiler completes the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Structure {
    /// Where all talk with each other about whatever has no place.
    Parlour,
}

impl Structure {
    pub const ALL: [Self; 1] = [Self::Parlour];

    /// Its word in JSON and in what is derived from it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parlour => "parlour",
        }
    }

    /// What its knot is called: a name, and so the same in every language.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Parlour => "Nähstübchen",
        }
    }

    /// Which one that knot is, if it is one.
    #[must_use]
    pub fn of(node: NodeId) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|structure| NodeId::of_structure(*structure) == node)
    }
}

impl RoleId {
    /// Whose the structures are: nobody's, so that nobody may do with them what owners may.
    pub const COMMUNITY: Self = Self(uuid::Uuid::nil());
}

/// A structure as it is founded. It holds by itself.
pub(crate) const fn structure(cell: Cell, at: Millis) -> NodeState {
    NodeState {
        version: 1,
        kind: NodeKind::Structure,
        owner: RoleId::COMMUNITY,
        cell,
        starts_at: None,
        ends_at: None,
        pictures: Vec::new(),
        covers: Vec::new(),
        holds_until: at,
        yarns: std::collections::BTreeMap::new(),
        dissolved_at: None,
    }
}

pub(crate) fn decide_found(structure: Structure, place: Place) -> Vec<Draft> {
    if !place.is_valid() {
        return Vec::new();
    }
    vec![Draft {
        stream: StreamId::Node(NodeId::of_structure(structure)),
        cell: Some(place.cell()),
        tie: None,
        body: Body::StrukturGegruendet { structure, place },
    }]
}

/// A structure goes to that place.
pub(crate) fn moved(node: &NodeState, structure: Structure, to: Place) -> Draft {
    let (from, cell) = (node.cell, to.cell());
    Draft {
        stream: StreamId::Node(NodeId::of_structure(structure)),
        cell: Some(cell),
        tie: None,
        body: Body::KnotenGeaendert {
            kind: None,
            title: None,
            text: None,
            place: Some(to),
            starts_at: None,
            particulars: ParticularsChange::default(),
            left: (cell != from).then_some(from),
        },
    }
}
