//! What happened. Types keep the masterplan's German names: the log is the community's public record.

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use crate::personal::{Personal, Text};
use crate::place::{Cell, Place};
use crate::spool::{Confirmed, Placed, Right};
use crate::state::{Facts, StreamId};
use crate::time::Millis;
use crate::weave::{
    Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, Structure, Target, ThreadKind,
};

/// The version of event payloads that this code writes.
pub const EVENT_VERSION: u16 = 1;

/// One event with its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Gapless, in commit order.
    pub id: i64,
    /// Never goes back from one event to the next.
    pub at: Millis,
    pub v: u16,
    pub stream: StreamId,
    /// Counts the events whose stream this is, from 1.
    pub stream_version: u32,
    pub actor: Actor,
    pub command_id: CommandId,
    /// The event that caused it.
    pub causation_id: Option<i64>,
    /// The first event of its story.
    pub correlation_id: i64,
    /// Where, at the stored resolution; of a role's point nothing is ever told.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub cell: Option<Cell>,
    pub tie: Option<Tie>,
    pub payload: Body,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Actor {
    Role {
        role: RoleId,
    },
    /// The system's own, and why.
    System {
        because: String,
    },
    /// An import on behalf of a role, and from which source.
    Import {
        role: RoleId,
        source: String,
    },
}

impl Actor {
    /// The role behind it; none for the system's own.
    #[must_use]
    pub const fn role(&self) -> Option<RoleId> {
        match self {
            Self::Role { role } | Self::Import { role, .. } => Some(*role),
            Self::System { .. } => None,
        }
    }
}

/// The thread that an act draws or changes. Thread and target evolve from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tie {
    pub thread: ThreadId,
    pub kind: ThreadKind,
    pub from: RoleId,
    pub to: Target,
}

impl Tie {
    /// The thread of `from` to `to`.
    #[must_use]
    pub fn new(from: RoleId, kind: ThreadKind, to: impl Into<Target>) -> Self {
        let to = to.into();
        Self {
            thread: ThreadId::derive(from, kind, to),
            kind,
            from,
            to,
        }
    }
}

/// What happened, by type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum Body {
    RolleRegistriert {
        name: Personal,
        placed: Placed,
    },
    RolleUmbenannt {
        name: Personal,
    },
    RollePlatziert {
        placed: Placed,
    },
    /// What is not named stayed as it was. A list is one text with a tag a line.
    RolleBeschrieben {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        goods: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skills: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        languages: Option<Personal>,
    },
    /// None: it has no picture any more.
    RolleBebildert {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<PictureId>,
    },
    KnotenGeknuepft {
        kind: NodeKind,
        title: Personal,
        text: Personal,
        place: Place,
        starts_at: Option<Millis>,
        #[serde(default, skip_serializing_if = "Particulars::is_empty")]
        particulars: Particulars,
    },
    /// What is not named stayed as it was.
    KnotenGeaendert {
        /// What it is now: a place or an idea that an event has made, or that event again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<NodeKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        starts_at: Option<Millis>,
        #[serde(default, skip_serializing_if = "ParticularsChange::is_empty")]
        particulars: ParticularsChange,
        /// The cell that the knot left, where it moved to another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        left: Option<Cell>,
    },
    BildHinzugefuegt {
        picture: PictureId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alt: Option<Personal>,
    },
    BildEntfernt {
        picture: PictureId,
    },
    KnotenBeigetreten {
        #[serde(default, skip_serializing_if = "JoinLevel::is_interest")]
        level: JoinLevel,
    },
    /// At the knot of the tie.
    NachrichtGesendet {
        text: Personal,
        /// The message of the same conversation that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    },
    /// It draws no thread: nothing new was said.
    NachrichtGeaendert {
        /// The knot at which it was said.
        node: NodeId,
        text: Personal,
    },
    NachrichtZurueckgezogen {
        /// The knot at which it was said.
        node: NodeId,
    },
    FadenVerzwirnt {
        /// What the yarn covers of its knot; none: what it does unsaid ([`Covers::unsaid`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        covers: Option<Covers>,
    },
    FadenEntzwirnt,
    /// What the yarn of the tie covers from now on.
    GarnDeckungGeaendert {
        covers: Covers,
    },
    FadenVerfallen {
        /// When its time was over: the event comes later where nothing ran. Events of before this was said have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Millis>,
    },
    KnotenAufgeloest {
        /// As of a thread that fades.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Millis>,
    },
    /// Whoever drew the tie vouches for the role that it leads to.
    BuergschaftGegeben,
    BuergschaftZurueckgezogen,
    WeberBestaetigt {
        why: Confirmed,
    },
    RechtVergeben {
        right: Right,
        reason: Personal,
    },
    RechtEntzogen {
        right: Right,
        reason: Personal,
    },
    BuergschaftenFestgelegt {
        needed: u32,
    },
    /// What is not named stayed as it was.
    GemeinschaftBeschrieben {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        centre: Option<Place>,
        /// How far it reaches around its centre, in metres.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        radius_m: Option<u32>,
    },
    /// The system has made one of the community's permanent knots.
    StrukturGegruendet {
        structure: Structure,
        place: Place,
    },
}

impl Body {
    /// The name in the log.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RolleRegistriert { .. } => "RolleRegistriert",
            Self::RolleUmbenannt { .. } => "RolleUmbenannt",
            Self::RollePlatziert { .. } => "RollePlatziert",
            Self::RolleBeschrieben { .. } => "RolleBeschrieben",
            Self::KnotenGeknuepft { .. } => "KnotenGeknuepft",
            Self::KnotenGeaendert { .. } => "KnotenGeaendert",
            Self::RolleBebildert { .. } => "RolleBebildert",
            Self::BildHinzugefuegt { .. } => "BildHinzugefuegt",
            Self::BildEntfernt { .. } => "BildEntfernt",
            Self::KnotenBeigetreten { .. } => "KnotenBeigetreten",
            Self::NachrichtGesendet { .. } => "NachrichtGesendet",
            Self::NachrichtGeaendert { .. } => "NachrichtGeaendert",
            Self::NachrichtZurueckgezogen { .. } => "NachrichtZurueckgezogen",
            Self::FadenVerzwirnt { .. } => "FadenVerzwirnt",
            Self::FadenEntzwirnt => "FadenEntzwirnt",
            Self::GarnDeckungGeaendert { .. } => "GarnDeckungGeaendert",
            Self::FadenVerfallen { .. } => "FadenVerfallen",
            Self::KnotenAufgeloest { .. } => "KnotenAufgeloest",
            Self::BuergschaftGegeben => "BuergschaftGegeben",
            Self::BuergschaftZurueckgezogen => "BuergschaftZurueckgezogen",
            Self::WeberBestaetigt { .. } => "WeberBestaetigt",
            Self::RechtVergeben { .. } => "RechtVergeben",
            Self::RechtEntzogen { .. } => "RechtEntzogen",
            Self::BuergschaftenFestgelegt { .. } => "BuergschaftenFestgelegt",
            Self::GemeinschaftBeschrieben { .. } => "GemeinschaftBeschrieben",
            Self::StrukturGegruendet { .. } => "StrukturGegruendet",
        }
    }

    /// The personal texts in it, to be sealed before they are stored and opened after reading.
    pub fn personal_mut(&mut self) -> impl Iterator<Item = &mut Personal> {
        let texts: [Option<&mut Personal>; 4] = match self {
            Self::RolleRegistriert { name, .. } | Self::RolleUmbenannt { name } => {
                [Some(name), None, None, None]
            }
            Self::RolleBeschrieben {
                about,
                goods,
                skills,
                languages,
            } => [
                about.as_mut(),
                goods.as_mut(),
                skills.as_mut(),
                languages.as_mut(),
            ],
            Self::KnotenGeknuepft { title, text, .. } => [Some(title), Some(text), None, None],
            Self::KnotenGeaendert { title, text, .. } => {
                [title.as_mut(), text.as_mut(), None, None]
            }
            Self::BildHinzugefuegt { alt, .. } => [alt.as_mut(), None, None, None],
            Self::NachrichtGesendet { text, .. } | Self::NachrichtGeaendert { text, .. } => {
                [Some(text), None, None, None]
            }
            Self::RechtVergeben { reason, .. }
            | Self::RechtEntzogen { reason, .. }
            | Self::WeberBestaetigt {
                why: Confirmed::Grant { reason },
            } => [Some(reason), None, None, None],
            Self::WeberBestaetigt {
                why: Confirmed::Vouches { .. } | Confirmed::AtOnce,
            }
            | Self::BuergschaftGegeben
            | Self::BuergschaftZurueckgezogen
            | Self::BuergschaftenFestgelegt { .. }
            | Self::GemeinschaftBeschrieben { .. }
            | Self::StrukturGegruendet { .. }
            | Self::RollePlatziert { .. }
            | Self::RolleBebildert { .. }
            | Self::BildEntfernt { .. }
            | Self::KnotenBeigetreten { .. }
            | Self::NachrichtZurueckgezogen { .. }
            | Self::FadenVerzwirnt { .. }
            | Self::FadenEntzwirnt
            | Self::GarnDeckungGeaendert { .. }
            | Self::FadenVerfallen { .. }
            | Self::KnotenAufgeloest { .. } => [None, None, None, None],
        };
        texts.into_iter().flatten()
    }
}

impl Event {
    /// Leaves of it what may leave the house as things stand in `now`: the one place where something is cut. Of a message that
    /// was taken back no words are told, and of one that was said otherwise only the last; where nothing is known of it, none.
    /// Nothing is unnamed, reported or folded yet, and no event carries a point that is not public, so all else is told.
    pub fn public(&mut self, now: &dyn Facts) {
        let StreamId::Message(id) = self.stream else {
            return;
        };
        let stands = now
            .message(id)
            .is_some_and(|said| !said.is_withdrawn && said.version == self.stream_version);
        if !stands {
            for words in self.payload.personal_mut() {
                words.text = Text::Withdrawn;
            }
        }
    }
}

/// What `decide` says shall happen; the door adds the envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub stream: StreamId,
    pub cell: Option<Cell>,
    pub tie: Option<Tie>,
    pub body: Body,
}
