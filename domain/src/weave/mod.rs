//! Knots and threads: what is tied, how long it holds, and what dissolves.

pub mod alike;
mod decide;
mod evolve;
mod target;
mod version;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::Due;
use crate::id::{NodeId, RoleId, ThreadId};
use crate::place::Cell;
use crate::time::{FADE_MS, Millis};

pub(crate) use decide::{
    Change, Knot, decide_change, decide_dissolve, decide_fade, decide_join, decide_knot,
    decide_twist, decide_untwist, holding,
};
pub use decide::{text, title};
pub(crate) use evolve::{change, draw, knot, withdraw};
pub use target::{NotATarget, Target};
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
    /// Of an event. States of before this was kept have none, see [`NodeState::has_begun`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Millis>,
    /// The end of the last hold that has an end.
    pub holds_until: Millis,
    /// The yarns that hold it, with their owners.
    pub yarns: BTreeMap<ThreadId, RoleId>,
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

    /// Whether it is an event whose start is over. Where the start is not known, seven days before its end it has been in any
    /// case: an event holds at least that long after its start.
    #[must_use]
    pub fn has_begun(&self, now: Millis) -> bool {
        let start = self.starts_at.unwrap_or(self.holds_until + -FADE_MS);
        self.kind == NodeKind::Event && start <= now
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
