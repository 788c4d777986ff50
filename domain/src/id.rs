//! Names of things. Every id can be named from outside; most are made by the client as UUIDv7.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::weave::{Structure, Target, ThreadKind};

/// The text is not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 36 characters, hexadecimal with hyphens, are expected")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = "uuid"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )*};
}

ids! {
    /// One command; sending it again under the same id has no second effect.
    CommandId
    /// A knot.
    NodeId
    /// A message of a conversation.
    MessageId
    /// A thread: derived, see [`ThreadId::derive`].
    ThreadId
    /// A spool: an account's one acting identity.
    RoleId
    /// A picture that was uploaded: derived, see [`PictureId::derive`].
    PictureId
    /// The private side of a role: e-mail and sessions belong to it.
    AccountId
    /// A part of the map that an account follows.
    AreaId
    /// One life of the log; a new one begins at initialisation and at every restore.
    Epoch
}

/// Namespace of derived ids, made once at random.
const DERIVED: Uuid = Uuid::from_u128(0x6b1f_8a52_30c7_4f0e_9d64_5a7e_c01b_22f3);

/// A UUIDv8 derived from `parts`: the same parts give the same id everywhere.
fn derive(parts: &[&[u8]]) -> Uuid {
    let mut name = Vec::new();
    for part in parts {
        name.extend_from_slice(&(part.len() as u32).to_be_bytes());
        name.extend_from_slice(part);
    }
    let mut bytes = *Uuid::new_v5(&DERIVED, &name).as_bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    Uuid::from_bytes(bytes)
}

impl ThreadId {
    /// The one thread that `role` can have of `kind` to a target: doing the same again re-arms it.
    #[must_use]
    pub fn derive(role: RoleId, kind: ThreadKind, target: impl Into<Target>) -> Self {
        let (role, kind) = (role.0.as_bytes(), kind.code().as_bytes());
        Self(match target.into() {
            Target::Node(node) => derive(&[b"thread", role, kind, node.0.as_bytes()]),
            Target::Role(to) => derive(&[b"thread", role, kind, b"role", to.0.as_bytes()]),
        })
    }
}

impl PictureId {
    /// A picture by what it shows: `hash` is that of the picture as it is kept, uploaded by `role` for a knot, else for itself.
    #[must_use]
    pub fn derive(role: RoleId, node: Option<NodeId>, hash: &[u8]) -> Self {
        let node = node.map(|node| *node.0.as_bytes());
        let node = node.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        Self(derive(&[b"picture", role.0.as_bytes(), node, hash]))
    }
}

impl RoleId {
    /// The hidden role of a source of imports: what it brought belongs to it.
    #[must_use]
    pub fn of_source(source: &str) -> Self {
        Self(derive(&[b"source", source.as_bytes()]))
    }

    /// Whether it is that of a source: derived, where a person's is made by their client.
    #[must_use]
    pub const fn is_source(self) -> bool {
        self.0.get_version_num() == 8
    }
}

impl NodeId {
    /// The knot of the thing that a source of imports calls `id`: it is found again at every later import.
    #[must_use]
    pub fn of_source(role: RoleId, id: &str) -> Self {
        Self(derive(&[b"imported", role.0.as_bytes(), id.as_bytes()]))
    }
}

impl NodeId {
    /// The one knot of a structure: two instances that start at once make the same one, and links know it before anybody asks.
    #[must_use]
    pub fn of_structure(structure: Structure) -> Self {
        Self(derive(&[b"structure", structure.code().as_bytes()]))
    }
}

impl CommandId {
    /// The command by which the system founds a structure: a second instance submits the same one.
    #[must_use]
    pub fn of_structure(structure: Structure) -> Self {
        Self(derive(&[b"found", structure.code().as_bytes()]))
    }

    /// The command of an import for one act of `role`, by what the act says: told twice, it is the same one.
    #[must_use]
    pub fn of_import(role: RoleId, act: &[u8]) -> Self {
        Self(derive(&[b"import", role.0.as_bytes(), act]))
    }

    /// The command of the timer for `stream` due at `due_ms`: a second instance submits the same one.
    #[must_use]
    pub fn of_deadline(stream: &str, due_ms: i64) -> Self {
        Self(derive(&[
            b"deadline",
            stream.as_bytes(),
            &due_ms.to_be_bytes(),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_one_per_role_kind_and_target() {
        let role = RoleId(Uuid::from_u128(1));
        let node = NodeId(Uuid::from_u128(2));
        let thread = ThreadId::derive(role, ThreadKind::Join, node);
        assert_eq!(thread, ThreadId::derive(role, ThreadKind::Join, node));
        assert_ne!(thread, ThreadId::derive(role, ThreadKind::Create, node));
        assert_eq!(thread.0.get_version_num(), 8);
        // A role is another target than a knot, should they ever share an id.
        let to = RoleId(node.0);
        assert_ne!(thread, ThreadId::derive(role, ThreadKind::Join, to));
    }

    #[test]
    fn a_structure_is_the_same_knot_everywhere() {
        // Links, logs and other clients know it.
        let parlour = NodeId::of_structure(Structure::Parlour).to_string();
        assert_eq!(parlour, "33b2e9b6-e1e7-8467-94dd-ac459b1a122c");
    }

    #[test]
    fn a_source_and_its_id_name_one_role_and_one_knot() {
        let (krems, stein) = (RoleId::of_source("krems"), RoleId::of_source("stein"));
        assert_eq!(krems, RoleId::of_source("krems"));
        assert!(krems.is_source() && !RoleId(Uuid::from_u128(1)).is_source());
        let node = NodeId::of_source(krems, "n1");
        assert_eq!(node, NodeId::of_source(krems, "n1"));
        assert!(node != NodeId::of_source(stein, "n1") && node != NodeId::of_source(krems, "n2"));
        assert_eq!(node.0.get_version_num(), 8);
    }
}
