//! How a knot was after each of its changes, and the way back to it.

use super::NodeKind;
use crate::command::Act;
use crate::id::RoleId;
use crate::place::Place;
use crate::time::Millis;
use crate::view::NodeRow;

/// A knot as one act of a role left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeVersion {
    pub version: u32,
    /// Whose act it was.
    pub role: RoleId,
    pub role_name: String,
    pub at: Millis,
    pub kind: NodeKind,
    pub title: String,
    pub text: String,
    pub place: Place,
    pub starts_at: Option<Millis>,
}

impl NodeVersion {
    /// The change that makes of `now` what it was in this version; none where nothing differs. Whether it may be is for
    /// [`crate::decide::decide`] to say.
    #[must_use]
    pub fn again(&self, now: &NodeRow) -> Option<Act> {
        let (title, text) = (self.title != now.title, self.text != now.text);
        let place = (self.place != now.place).then_some(self.place);
        let kind = (self.kind != now.kind).then_some(self.kind);
        let starts_at = self.starts_at.filter(|_| self.starts_at != now.starts_at);
        let differs = title || text || place.is_some() || kind.is_some() || starts_at.is_some();
        differs.then(|| Act::ChangeNode {
            node: now.id,
            based_on: now.version,
            kind,
            title: title.then(|| self.title.clone()),
            text: text.then(|| self.text.clone()),
            place,
            starts_at,
        })
    }
}
