//! Knots and threads: what is tied, how long it holds, and what dissolves.

pub mod alike;
mod covers;
mod decide;
mod evolve;
mod join;
mod particulars;
mod picture;
mod prose;
mod structure;
mod target;
mod twist;
mod version;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::Due;
use crate::id::{NodeId, PictureId, RoleId, ThreadId};
use crate::place::Cell;
use crate::time::{FADE_MS, Millis};

pub(crate) use covers::cover;
pub use covers::{COVERED_PICTURES_MAX, Covering, Covers, Part};
pub(crate) use decide::{
    Change, Knot, decide_change, decide_dissolve, decide_fade, decide_join, decide_knot, holding,
};
pub use decide::{text, title};
pub(crate) use evolve::{change, draw, holds_until, knot, withdraw};
pub use join::JoinLevel;
pub use particulars::{EVENT_DAYS_MAX, GUESTS_MAX, NIGHTS_MAX, Particulars, ParticularsChange};
pub use picture::{ALT_MAX, PICTURE_KEPT_DAYS, PICTURES_MAX, Picture, Uploaded};
pub(crate) use picture::{decide_add_picture, decide_remove_picture, show_picture};
pub use prose::is_marked;
pub use structure::Structure;
pub(crate) use structure::{decide_found, moved, structure};
pub use target::{NotATarget, Target};
pub(crate) use twist::{decide_cover, decide_twist, decide_untwist};
pub use version::NodeVersion;

/// Characters of a knot's title.
pub const TITLE_MAX: u32 = 120;
/// Characters of a knot's text.
pub const TEXT_MAX: u32 = 4000;
/// How far ahead an event may start, in milliseconds.
pub const START_AHEAD_MS: i64 = 2 * 366 * crate::time::DAY_MS;

/// What a knot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    Idea,
    Event,
    Place,
    Tool,
    Bed,
    /// The permanent ones; never knotted by hand.
    Structure,
}

impl NodeKind {
    /// What a person can knot.
    pub const BY_HAND: [Self; 5] = [Self::Idea, Self::Event, Self::Place, Self::Tool, Self::Bed];

    /// Its word in JSON, tables and style sheets.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Event => "event",
            Self::Place => "place",
            Self::Tool => "tool",
            Self::Bed => "bed",
            Self::Structure => "structure",
        }
    }

    /// The kind with that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Idea,
            Self::Event,
            Self::Place,
            Self::Tool,
            Self::Bed,
            Self::Structure,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }
}

/// What kind of act drew a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ThreadKind {
    Create,
    Change,
    Talk,
    Join,
    /// To a role, which somebody vouches for.
    Vouch,
}

impl ThreadKind {
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::Change,
        Self::Talk,
        Self::Join,
        Self::Vouch,
    ];

    /// Its word in JSON, tables and style sheets.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Talk => "talk",
            Self::Join => "join",
            Self::Vouch => "vouch",
        }
    }

    /// The kind with that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The state of a knot's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeState {
    pub version: u32,
    pub kind: NodeKind,
    pub owner: RoleId,
    pub cell: Cell,
    /// Of an event, and of what was one. States of before this was kept have none, see [`NodeState::is_over`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Millis>,
    /// Of an event that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
    /// The end of the last hold that has an end.
    pub holds_until: Millis,
    /// The yarns that hold it, with their owners.
    pub yarns: BTreeMap<ThreadId, RoleId>,
    /// As many as a knot can show, in the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureId>,
    /// What those of them cover of which it was said, by their threads; the others cover what they do unsaid ([`Covers::unsaid`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Covering>,
    pub dissolved_at: Option<Millis>,
}

impl NodeState {
    /// When it came undone as seen at `now`, whether or not the timer has said so yet.
    #[must_use]
    pub fn undone_at(&self, now: Millis) -> Option<Millis> {
        self.dissolved_at.or_else(|| {
            (self.kind != NodeKind::Structure && self.yarns.is_empty() && self.holds_until <= now)
                .then_some(self.holds_until)
        })
    }

    /// Whether it is an event that is over: past its end, or where it says none its start. Where neither is known, seven days before
    /// it comes undone it has been in any case: an event holds at least that long after its date.
    #[must_use]
    pub fn is_over(&self, now: Millis) -> bool {
        let date = self.ends_at.or(self.starts_at);
        self.kind == NodeKind::Event && date.unwrap_or(self.holds_until + -FADE_MS) <= now
    }

    pub(crate) fn deadline(&self, node: NodeId) -> Option<(Millis, Due)> {
        (self.kind != NodeKind::Structure && self.yarns.is_empty() && self.dissolved_at.is_none())
            .then_some((self.holds_until, Due::DissolveNode { node }))
    }
}

/// The state of a thread's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadState {
    /// Counts only events whose stream is the thread's own.
    pub version: u32,
    pub kind: ThreadKind,
    pub owner: RoleId,
    #[serde(rename = "node")]
    pub target: Target,
    /// How often it was drawn.
    pub acts: u32,
    /// Of a join thread, and only of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<JoinLevel>,
    /// None: it is yarn.
    pub expires_at: Option<Millis>,
    pub faded_at: Option<Millis>,
}

impl ThreadState {
    /// When it faded as seen at `now`, whether or not the timer has said so yet.
    #[must_use]
    pub fn faded_at(&self, now: Millis) -> Option<Millis> {
        self.faded_at
            .or_else(|| self.expires_at.filter(|&end| end <= now))
    }

    pub(crate) fn deadline(&self, thread: ThreadId) -> Option<(Millis, Due)> {
        if self.faded_at.is_some() {
            return None;
        }
        self.expires_at.map(|end| {
            (
                end,
                Due::FadeThread {
                    thread,
                    target: self.target,
                },
            )
        })
    }
}

/// How much of a thread is left at `now`, from 0 to 1000: it fades linearly over its seven days.
#[must_use]
pub fn strength_permille(expires_at: Option<Millis>, now: Millis) -> u16 {
    expires_at.map_or(1000, |end| {
        ((end - now).clamp(0, FADE_MS) * 1000 / FADE_MS) as u16
    })
}
