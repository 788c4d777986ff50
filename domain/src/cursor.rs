//! A position in the log, as opaque text for everyone outside.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::Epoch;
use crate::time::Millis;

/// After which event one has read: epoch, the event's time and its id. Clients treat it as opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: Epoch,
    pub at: Millis,
    pub id: i64,
}

/// The text is no cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this community")]
pub struct NotACursor;

impl Cursor {
    /// Whether this position is at or behind `other` in the same epoch.
    #[must_use]
    pub fn reaches(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.id >= other.id
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.epoch.0.simple(), self.at.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(NotACursor);
        let epoch = next()?.parse().map_err(|_| NotACursor)?;
        let at = Millis(next()?.parse().map_err(|_| NotACursor)?);
        let id = next()?.parse().map_err(|_| NotACursor)?;
        if parts.next().is_some() || id < 0 {
            return Err(NotACursor);
        }
        Ok(Self { epoch, at, id })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor {
            epoch: Epoch(uuid::Uuid::from_u128(7)),
            at: Millis(12),
            id: 3,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in [
            "",
            "a.b.c",
            "1.2",
            "00000000000000000000000000000007.1.-2",
            "1.2.3.4",
        ] {
            assert_eq!(bad.parse::<Cursor>(), Err(NotACursor), "{bad}");
        }
    }
}
