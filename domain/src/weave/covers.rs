//! What a yarn covers. It holds the whole knot, and keeps to its owner what they pick of it: only that is closed to others.

use serde::{Deserialize, Serialize};

use super::NodeState;
use crate::id::{PictureId, RoleId, ThreadId};
use crate::refusal::Refusal;

/// Single pictures that one yarn covers at most: as many as a knot has.
pub const COVERED_PICTURES_MAX: u32 = 6;

/// A part of a knot that yarn can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Title, text, kind, dates and place: all that the form to change it has.
    Text,
    /// Saying something in its conversation.
    Talk,
    /// That picture; one to be added goes by the id that it will have.
    Picture(PictureId),
}

/// What one yarn covers of its knot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Covers {
    pub text: bool,
    pub talk: bool,
    /// None: all there are and will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Vec<PictureId>>,
}

impl Covers {
    pub const ALL: Self = Self {
        text: true,
        talk: true,
        pictures: None,
    };
    /// Where whoever twists says nothing else, now and in all events of before it could be said: yarn always closed what is written
    /// to others, and never what is talked about.
    pub const USUAL: Self = Self {
        text: true,
        talk: false,
        pictures: None,
    };
    pub const NOTHING: Self = Self {
        text: false,
        talk: false,
        pictures: Some(Vec::new()),
    };

    /// Whether that part is covered.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Text => self.text,
            Part::Talk => self.talk,
            Part::Picture(id) => match &self.pictures {
                None => true,
                Some(some) => some.contains(&id),
            },
        }
    }

    /// What yarn of `owner` covers where nothing is said of it: what was imported stays open, since nobody who could open it sits
    /// behind a source.
    #[must_use]
    pub const fn unsaid(owner: RoleId) -> Self {
        if owner.is_source() {
            Self::NOTHING
        } else {
            Self::USUAL
        }
    }

    /// # Errors
    /// When it names more pictures than a knot has.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let got = self.pictures.as_ref().map_or(0, Vec::len) as u32;
        if got > COVERED_PICTURES_MAX {
            return Err(Refusal::CoversTooMany {
                max: COVERED_PICTURES_MAX,
                got,
            });
        }
        Ok(())
    }
}

/// What a yarn covers of which that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Covering {
    pub thread: ThreadId,
    pub covers: Covers,
}

/// Notes what the yarn `thread` covers from now on; none: it is yarn no more, or nothing was said. By the thread's id, so that the same
/// yarns make the same list in whatever order they were twisted.
pub(crate) fn cover(list: &mut Vec<Covering>, thread: ThreadId, covers: Option<&Covers>) {
    list.retain(|known| known.thread != thread);
    if let Some(covers) = covers {
        let place = list.partition_point(|known| known.thread < thread);
        let covers = covers.clone();
        list.insert(place, Covering { thread, covers });
    }
}

impl NodeState {
    /// What that yarn covers; none where it is no yarn of this knot.
    #[must_use]
    pub fn covers_of(&self, thread: ThreadId) -> Option<Covers> {
        let owner = self.yarns.get(&thread)?;
        let said = self.covers.iter().find(|known| known.thread == thread);
        Some(said.map_or_else(|| Covers::unsaid(*owner), |known| known.covers.clone()))
    }

    /// Whose yarn covers that part: nobody else may change it.
    pub fn keepers(&self, part: Part) -> impl Iterator<Item = RoleId> {
        self.yarns.iter().filter_map(move |(thread, owner)| {
            let said = self.covers.iter().find(|known| known.thread == *thread);
            let is_covered = match said {
                Some(known) => known.covers.has(part),
                None => Covers::unsaid(*owner).has(part),
            };
            is_covered.then_some(*owner)
        })
    }

    /// Whether yarn covers that part, and none of it is of `by`.
    #[must_use]
    pub fn is_closed_to(&self, by: RoleId, part: Part) -> bool {
        let mut is_covered = false;
        for keeper in self.keepers(part) {
            if keeper == by {
                return false;
            }
            is_covered = true;
        }
        is_covered
    }
}
