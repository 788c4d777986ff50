//! How a knot was after each of its changes, and the way back to it.

use super::{NodeKind, Particulars, Picture};
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
    pub particulars: Particulars,
    pub pictures: Vec<Picture>,
}

impl NodeVersion {
    /// The change that makes of `now` what it was in this version; none where nothing differs. Whether it may be is for
    /// [`crate::decide::decide`] to say.
    #[must_use]
    pub fn again(&self, now: &NodeRow) -> Option<Act> {
        let (title, text) = (self.title != now.title, self.text != now.text);
        let place = (self.place != now.place).then_some(self.place);
        let kind = (self.kind != now.kind).then_some(self.kind);
        let starts_at = self.starts_at.filter(|_| self.starts_at != now.start());
        // With its kind a knot leaves what only those of that kind say.
        let particulars = match kind {
            Some(_) => self.particulars.differences(&Particulars::default()),
            None => self.particulars.differences(&now.particulars),
        };
        let differs = title
            || text
            || place.is_some()
            || kind.is_some()
            || starts_at.is_some()
            || !particulars.is_empty();
        differs.then(|| Act::ChangeNode {
            node: now.id,
            based_on: now.version,
            kind,
            title: title.then(|| self.title.clone()),
            text: text.then(|| self.text.clone()),
            place,
            starts_at,
            particulars,
        })
    }
    /// The act that brings the pictures of `now` one nearer to what they were in this version; none where they are the same ones.
    #[must_use]
    pub fn picture_again(&self, now: &NodeRow) -> Option<Act> {
        let added = now
            .pictures
            .iter()
            .find(|shown| !is_in(&self.pictures, shown));
        let removed = self
            .pictures
            .iter()
            .find(|shown| !is_in(&now.pictures, shown));
        let remove = added.map(|shown| Act::RemovePicture {
            node: now.id,
            picture: shown.id,
        });
        remove.or(removed.map(|shown| shown.again(now)))
    }
}

fn is_in(pictures: &[Picture], picture: &Picture) -> bool {
    pictures.iter().any(|known| known.id == picture.id)
}

impl Picture {
    /// The act that shows it at the knot once more.
    #[must_use]
    pub fn again(&self, node: &NodeRow) -> Act {
        Act::AddPicture {
            node: node.id,
            picture: self.id,
            alt: Some(self.alt.clone()).filter(|alt| !alt.is_empty()),
        }
    }
}
