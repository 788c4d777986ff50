//! JSON as the client reads and writes it: in few bytes of code. A type that is read straight from text carries a second reading from
//! an array, one from what serde has buffered where a tag names what it is, and sentences for all that can go wrong. Here text becomes
//! a [`Tree`], each type is read from that alone, and what cannot be read is just that.

#[cfg(any(test, target_family = "wasm"))]
mod tag;
mod tree;

use serde::de::DeserializeOwned;

#[cfg(target_family = "wasm")]
pub(crate) use tag::{Tagged, Tagging};
use tree::Tree;
pub use tree::Unreadable;

/// Gives an enum with `serde(remote = "Self")` its tag, where [`crate::json`] says why. Elsewhere `serde(tag = …)` does.
macro_rules! tagged {
    ($type:ty, $tag:literal) => {
        #[cfg(target_family = "wasm")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::deserialize($crate::json::Tagged($tag, deserializer))
            }
        }

        #[cfg(target_family = "wasm")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$type>::serialize(self, $crate::json::Tagging($tag, serializer))
            }
        }
    };
}

pub(crate) use tagged;

/// Reads what is written as JSON.
///
/// # Errors
/// When the text is no JSON, or not of that type.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let tree = serde_json::from_str::<Tree>(text).map_err(|_| Unreadable)?;
    T::deserialize(tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Problem, ProblemKind};
    use crate::wire::ServerMessage;

    #[test]
    fn what_is_read_is_what_serde_reads() {
        let problem = Problem::new(ProblemKind::TooMany, "later");
        let text = serde_json::to_string(&problem).expect("JSON");
        assert_eq!(read::<Problem>(&text).expect("a problem"), problem);
        let frame = r#"{"t":"rooms","n":1,"cursor":"00000000000000000000000000000007.12.3","rooms":[{"cell":"8a1e15b60b2ffff","patch":{"nodes_gone":["00000000-0000-0000-0000-000000000001"]}}]}"#;
        assert_eq!(
            read::<ServerMessage>(frame).expect("a message"),
            serde_json::from_str(frame).expect("a message")
        );
        assert!(read::<Problem>("[]").is_err() && read::<Problem>("{}").is_err());
    }
}
