//! What a thread leads to.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{NodeId, RoleId};
use crate::state::StreamId;

/// The other end of a thread than its spool. It travels as text: a knot as its id alone, a role as `role/…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Node(NodeId),
    /// Of vouches.
    Role(RoleId),
}

/// It travels as text.
#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Target {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Target {}

/// The text names nothing that a thread leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither the id of a knot nor role/…")]
pub struct NotATarget;

impl Target {
    /// The knot, where it is one.
    #[must_use]
    pub const fn node(self) -> Option<NodeId> {
        match self {
            Self::Node(id) => Some(id),
            Self::Role(_) => None,
        }
    }

    /// The role, where it is one.
    #[must_use]
    pub const fn role(self) -> Option<RoleId> {
        match self {
            Self::Node(_) => None,
            Self::Role(id) => Some(id),
        }
    }

    /// Its stream in the log.
    #[must_use]
    pub const fn stream(self) -> StreamId {
        match self {
            Self::Node(id) => StreamId::Node(id),
            Self::Role(id) => StreamId::Role(id),
        }
    }
}

impl From<NodeId> for Target {
    fn from(id: NodeId) -> Self {
        Self::Node(id)
    }
}

impl From<RoleId> for Target {
    fn from(id: RoleId) -> Self {
        Self::Role(id)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(id) => id.fmt(f),
            Self::Role(_) => self.stream().fmt(f),
        }
    }
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let target = match text.strip_prefix("role/") {
            Some(id) => id.parse().map(Self::Role),
            None => text.parse().map(Self::Node),
        };
        target.map_err(|_| NotATarget)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Act, Due};
    use crate::event::Tie;
    use crate::view::ThreadRow;
    use crate::weave::ThreadState;

    /// What was written before threads led to roles is read as it is, and written the same again.
    #[test]
    fn what_leads_to_a_knot_looks_as_it_always_did() {
        fn again<T: Serialize + for<'de> Deserialize<'de>>(text: &str) -> T {
            let value: T = serde_json::from_str(text).expect("an old shape");
            assert_eq!(serde_json::to_string(&value).expect("JSON"), text);
            value
        }
        let node = "0199aaaa-0000-7000-8000-000000000011";
        let target = Target::Node(node.parse().expect("an id"));
        let tie: Tie = again(
            r#"{"thread":"0199aaaa-0000-8000-8000-000000000021","kind":"join","from":"0199aaaa-0000-7000-8000-000000000001","to":"0199aaaa-0000-7000-8000-000000000011"}"#,
        );
        assert_eq!(tie.to, target);
        let state: ThreadState = again(
            r#"{"version":1,"kind":"join","owner":"0199aaaa-0000-7000-8000-000000000001","node":"0199aaaa-0000-7000-8000-000000000011","acts":2,"expires_at":1796235332000,"faded_at":null}"#,
        );
        assert_eq!(state.target, target);
        let row: ThreadRow = again(
            r#"{"id":"0199aaaa-0000-8000-8000-000000000021","kind":"create","role":"0199aaaa-0000-7000-8000-000000000001","role_name":"Ada","node":"0199aaaa-0000-7000-8000-000000000011","from":null,"to":{"lat":484100000,"lon":156100000},"version":0,"acts":1,"drawn_at":1795630532000,"expires_at":1796235332000,"faded_at":null,"last":43}"#,
        );
        assert_eq!(row.target, target);
        let act: Act = again(
            r#"{"act":"twist-thread","thread":"0199aaaa-0000-8000-8000-000000000021","node":"0199aaaa-0000-7000-8000-000000000011"}"#,
        );
        assert!(matches!(act, Act::TwistThread { target: to, .. } if to == target));
        let due: Due = again(
            r#"{"due":"fade-thread","thread":"0199aaaa-0000-8000-8000-000000000021","node":"0199aaaa-0000-7000-8000-000000000011"}"#,
        );
        assert!(matches!(due, Due::FadeThread { target: to, .. } if to == target));
    }

    #[test]
    fn a_role_is_told_from_a_knot() {
        let text = "role/0199aaaa-0000-7000-8000-000000000001";
        let target: Target = text.parse().expect("a target");
        assert!(target.role().is_some() && target.node().is_none());
        assert_eq!(target.to_string(), text);
        assert_eq!(target.stream().to_string(), text);
        for other in ["", "role/", "node/0199aaaa-0000-7000-8000-000000000001"] {
            assert_eq!(other.parse::<Target>(), Err(NotATarget), "{other}");
        }
    }
}
