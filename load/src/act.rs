//! What is asked for, in the words of `/api/openapi.json`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    },
    SendMessage {
        message: Uuid,
        node: Uuid,
        text: String,
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

    /// The type of the one event that it makes.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::RegisterRole { .. } => "RolleRegistriert",
            Self::RenameRole { .. } => "RolleUmbenannt",
            Self::KnotNode { .. } => "KnotenGeknuepft",
            Self::ChangeNode { .. } => "KnotenGeaendert",
            Self::JoinNode { .. } => "KnotenBeigetreten",
            Self::SendMessage { .. } => "NachrichtGesendet",
        }
    }

    /// The kind of the thread that it draws, and to which knot.
    #[must_use]
    pub const fn draws(&self) -> Option<(&'static str, Uuid)> {
        match self {
            Self::KnotNode { node, .. } => Some(("create", *node)),
            Self::ChangeNode { node, .. } => Some(("change", *node)),
            Self::JoinNode { node } => Some(("join", *node)),
            Self::SendMessage { node, .. } => Some(("talk", *node)),
            Self::RegisterRole { .. } | Self::RenameRole { .. } => None,
        }
    }
}
