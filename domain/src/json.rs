//! JSON read in the one way that the client carries.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads an object. Types with a tag are buffered by serde before they are read; going through a flattened
/// field buffers all of it, so that the client holds the code for each type once instead of twice.
///
/// # Errors
/// When the text is no such object.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    #[derive(Deserialize)]
    struct Whole<T> {
        #[serde(flatten)]
        object: T,
    }
    serde_json::from_str::<Whole<T>>(text).map(|whole| whole.object)
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
