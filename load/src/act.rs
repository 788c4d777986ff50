//! What is asked for, in the words of `/api/openapi.json`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of the thread that making a knot draws.
pub const CREATE: &str = "create";

/// What the last vouch that is needed makes of a guest, in the same command.
pub const CONFIRMED: &str = "WeberBestaetigt";

/// The namespace of derived ids (docs/protocol.md, "Rooms").
const DERIVED: Uuid = Uuid::from_u128(0x6b1f_8a52_30c7_4f0e_9d64_5a7e_c01b_22f3);

/// A point in units of 1e-7 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub lat: i32,
    pub lon: i32,
}

/// Where a role wants to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "show", rename_all = "kebab-case")]
pub enum Placement {
    Hidden,
    Exact { place: Place },
}

impl Placement {
    /// The point that everyone sees.
    #[must_use]
    pub const fn shown(self) -> Option<Place> {
        match self {
            Self::Hidden => None,
            Self::Exact { place } => Some(place),
        }
    }
}

/// How somebody joins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    #[default]
    Interest,
    Promise,
    Responsibility,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Interest, Self::Promise, Self::Responsibility];
}

/// What a yarn covers of its knot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    pub text: bool,
    pub talk: bool,
    /// None: all there are and will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Vec<Uuid>>,
}

/// The acts that a load consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    RegisterRole {
        name: String,
        placement: Placement,
    },
    RenameRole {
        name: String,
    },
    PlaceRole {
        placement: Placement,
    },
    DescribeRole {
        about: String,
        skills: Vec<String>,
    },
    KnotNode {
        node: Uuid,
        kind: String,
        title: String,
        text: String,
        place: Place,
        starts_at: Option<u64>,
    },
    ChangeNode {
        node: Uuid,
        based_on: u32,
        title: String,
    },
    JoinNode {
        node: Uuid,
        #[serde(default)]
        level: Level,
    },
    SendMessage {
        message: Uuid,
        node: Uuid,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Uuid>,
    },
    ChangeMessage {
        message: Uuid,
        node: Uuid,
        text: String,
    },
    WithdrawMessage {
        message: Uuid,
        node: Uuid,
    },
    TwistThread {
        thread: Uuid,
        node: Uuid,
    },
    UntwistThread {
        thread: Uuid,
        node: Uuid,
    },
    CoverYarn {
        thread: Uuid,
        node: Uuid,
        covers: Covers,
    },
    VouchFor {
        role: Uuid,
    },
    WithdrawVouch {
        role: Uuid,
    },
}

/// An act under its id: what is sent again until it is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    pub id: Uuid,
    pub v: u16,
    pub by: Uuid,
    pub issued_at: u64,
    pub act: Act,
}

impl Act {
    /// A knot of the kind "idea".
    #[must_use]
    pub fn knot(node: Uuid, title: String, place: Place) -> Self {
        Self::KnotNode {
            node,
            kind: "idea".to_owned(),
            title,
            text: "Aus dem Lastversuch.".to_owned(),
            place,
            starts_at: None,
        }
    }

    /// The type of the event that it makes; what a vouch confirms is another one, see [`CONFIRMED`].
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::RegisterRole { .. } => "RolleRegistriert",
            Self::RenameRole { .. } => "RolleUmbenannt",
            Self::PlaceRole { .. } => "RollePlatziert",
            Self::DescribeRole { .. } => "RolleBeschrieben",
            Self::KnotNode { .. } => "KnotenGeknuepft",
            Self::ChangeNode { .. } => "KnotenGeaendert",
            Self::JoinNode { .. } => "KnotenBeigetreten",
            Self::SendMessage { .. } => "NachrichtGesendet",
            Self::ChangeMessage { .. } => "NachrichtGeaendert",
            Self::WithdrawMessage { .. } => "NachrichtZurueckgezogen",
            Self::TwistThread { .. } => "FadenVerzwirnt",
            Self::UntwistThread { .. } => "FadenEntzwirnt",
            Self::CoverYarn { .. } => "GarnDeckungGeaendert",
            Self::VouchFor { .. } => "BuergschaftGegeben",
            Self::WithdrawVouch { .. } => "BuergschaftZurueckgezogen",
        }
    }

    /// The kind of the thread that it draws or changes, and to which knot or role. Twisted, untwisted and covered is what holds one's own
    /// knots.
    #[must_use]
    pub const fn ties(&self) -> Option<(&'static str, Uuid)> {
        match self {
            Self::KnotNode { node, .. }
            | Self::TwistThread { node, .. }
            | Self::UntwistThread { node, .. }
            | Self::CoverYarn { node, .. } => Some((CREATE, *node)),
            Self::ChangeNode { node, .. } => Some(("change", *node)),
            Self::JoinNode { node, .. } => Some(("join", *node)),
            Self::SendMessage { node, .. } => Some(("talk", *node)),
            Self::VouchFor { role } | Self::WithdrawVouch { role } => Some(("vouch", *role)),
            Self::RegisterRole { .. }
            | Self::RenameRole { .. }
            | Self::PlaceRole { .. }
            | Self::DescribeRole { .. }
            | Self::ChangeMessage { .. }
            | Self::WithdrawMessage { .. } => None,
        }
    }
}

/// The id of the one thread of a kind that `role` can have to `node`, as docs/protocol.md derives it.
#[must_use]
pub fn thread(role: Uuid, kind: &str, node: Uuid) -> Uuid {
    let parts: [&[u8]; 4] = [b"thread", role.as_bytes(), kind.as_bytes(), node.as_bytes()];
    let mut name = Vec::new();
    for part in parts {
        name.extend_from_slice(&(part.len() as u32).to_be_bytes());
        name.extend_from_slice(part);
    }
    let mut bytes = *Uuid::new_v5(&DERIVED, &name).as_bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    Uuid::from_bytes(bytes)
}
