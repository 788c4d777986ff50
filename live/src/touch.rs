//! Which rooms an event changes.

use std::collections::BTreeSet;

use domain::event::{Body, Event};
use domain::id::{NodeId, RoleId};
use domain::place::Cell;
use domain::state::StreamId;
use domain::wire::RoomId;

use crate::shown::Shown;

/// One thing that an event changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Something in this stored cell.
    At(Cell),
    /// The number of knots in this stored cell.
    Count(Cell),
    /// Something was said at this knot, said otherwise or taken back.
    Said(NodeId),
    /// A role acted: its spool turns, and the threads that end at it changed. `spool` is its published cell.
    Acted { role: RoleId, spool: Option<Cell> },
    /// A role was renamed, moved, hidden or shown: all rooms that show it or one of its threads or knots change,
    /// and those of its new cell.
    Changed { role: RoleId, spool: Option<Cell> },
}

impl Touch {
    /// The rooms that it concerns, where `shown` knows which of them show what of a role.
    pub(crate) fn rooms(self, shown: &Shown) -> Vec<RoomId> {
        match self {
            Self::At(cell) => features(cell).collect(),
            Self::Count(cell) => {
                let counting = cell.rooms().filter(|room| room.is_count_room());
                counting.map(RoomId::Cell).collect()
            }
            Self::Said(node) => vec![RoomId::Talk(node)],
            Self::Acted { role, spool } => {
                let there = spool.into_iter().flat_map(features);
                shown.with_spool(role).chain(there).collect()
            }
            Self::Changed { role, spool } => {
                let there = spool.into_iter().flat_map(features);
                shown.with(role).chain(there).collect()
            }
        }
    }
}

/// The rooms that show what is in a stored cell.
fn features(stored: Cell) -> impl Iterator<Item = RoomId> {
    let showing = stored.rooms().filter(|room| !room.is_count_room());
    showing.map(RoomId::Cell)
}

/// The knot that `event` moved: the threads to it end elsewhere now, also as seen from their other ends.
#[must_use]
pub fn moved(event: &Event) -> Option<NodeId> {
    match (event.stream, &event.payload) {
        (StreamId::Node(node), Body::KnotenGeaendert { place: Some(_), .. }) => Some(node),
        _ => None,
    }
}

/// The roles that act in `event`, that it changes or that its thread leads to; [`touches`] asks for their published cells.
#[must_use]
pub fn roles_of(event: &Event) -> BTreeSet<RoleId> {
    let stream = match event.stream {
        StreamId::Role(role) => Some(role),
        StreamId::Node(_) | StreamId::Thread(_) | StreamId::Message(_) | StreamId::Community => {
            None
        }
    };
    let from = event.tie.map(|tie| tie.from);
    let to = event.tie.and_then(|tie| tie.to.role());
    [stream, from, to, event.actor.role()]
        .into_iter()
        .flatten()
        .collect()
}

/// What `event` changes; `spool` knows the published cell of each of [`roles_of`], as of a moment at or after the
/// event: spools are shown where they are now, so that one which moved on meanwhile is never seen where it passed.
/// `tied` knows the roles that ever drew a thread to a [`moved`] knot, as of such a moment too; `spool` is asked for
/// them as well. The compiler completes the list.
#[must_use]
pub fn touches(
    event: &Event,
    spool: impl Fn(RoleId) -> Option<Cell>,
    tied: impl Fn(NodeId) -> BTreeSet<RoleId>,
) -> Vec<Touch> {
    let mut roles = roles_of(event);
    roles.extend(moved(event).into_iter().flat_map(tied));
    let acted = roles.iter().map(|&role| Touch::Acted {
        role,
        spool: spool(role),
    });
    match event.payload {
        Body::RolleRegistriert { .. }
        | Body::RolleUmbenannt { .. }
        | Body::RollePlatziert { .. } => roles
            .iter()
            .map(|&role| Touch::Changed {
                role,
                spool: spool(role),
            })
            .collect(),
        // A thread to a role lies in the rooms of both spools.
        Body::RolleBeschrieben { .. }
        | Body::RolleBebildert { .. }
        | Body::BuergschaftGegeben
        | Body::BuergschaftZurueckgezogen
        | Body::WeberBestaetigt { .. }
        | Body::RechtVergeben { .. }
        | Body::RechtEntzogen { .. }
        | Body::BuergschaftenFestgelegt { .. }
        | Body::GemeinschaftBeschrieben { .. } => acted.collect(),
        Body::KnotenGeknuepft { .. }
        | Body::StrukturGegruendet { .. }
        | Body::KnotenAufgeloest { .. } => (event.cell.map(Touch::At))
            .into_iter()
            .chain(event.cell.map(Touch::Count))
            .chain(acted)
            .collect(),
        // One that moved is here now and was there; one that is something else now is counted as that.
        Body::KnotenGeaendert { left, kind, .. } if left.is_some() || kind.is_some() => {
            (event.cell.into_iter().chain(left))
                .flat_map(|cell| [Touch::At(cell), Touch::Count(cell)])
                .chain(acted)
                .collect()
        }
        Body::NachrichtGesendet { .. } => {
            (event.tie.and_then(|tie| tie.to.node()).map(Touch::Said))
                .into_iter()
                .chain(event.cell.map(Touch::At))
                .chain(acted)
                .collect()
        }
        // No thread is drawn: of the map's rooms only those change that show who acted.
        Body::NachrichtGeaendert { node, .. } | Body::NachrichtZurueckgezogen { node } => {
            [Touch::Said(node)].into_iter().chain(acted).collect()
        }
        Body::KnotenGeaendert { .. }
        | Body::BildHinzugefuegt { .. }
        | Body::BildEntfernt { .. }
        | Body::KnotenBeigetreten { .. }
        | Body::FadenVerzwirnt { .. }
        | Body::FadenEntzwirnt
        | Body::GarnDeckungGeaendert { .. }
        | Body::FadenVerfallen { .. } => {
            event.cell.map(Touch::At).into_iter().chain(acted).collect()
        }
    }
}
