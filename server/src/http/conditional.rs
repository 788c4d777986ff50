//! Answers that are not sent again to who has them: entity tags and `If-None-Match` (RFC 9110, 8.8.3 and 13.1.2).

use std::fmt::Write as _;

use axum::http::{HeaderMap, header};

/// Names an answer by a hash of what it shows; `"…"`, strong.
pub(super) fn tag(hash: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in hash.iter().take(12) {
        _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the asker says that they hold the answer with this tag; weak comparison, as for every GET. A tag of ours has
/// no comma in it.
pub(super) fn holds(headers: &HeaderMap, tag: &str) -> bool {
    let tag = tag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|held| held.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_is_held_is_found_in_every_way_of_saying_so() {
        for (said, wanted) in [
            (&["\"abc\""][..], true),
            (&["W/\"abc\""], true),
            (&["\"x\", \"abc\""], true),
            (&["\"x\"", "\"abc\""], true),
            (&["*"], true),
            (&["abc"], false),
            (&["\"ab\""], false),
            (&["\"abc-plain\""], false),
            (&[""], false),
            (&[], false),
        ] {
            let headers: HeaderMap = said
                .iter()
                .map(|said| (header::IF_NONE_MATCH, HeaderValue::from_static(said)))
                .collect();
            for tag in ["\"abc\"", "W/\"abc\""] {
                assert_eq!(holds(&headers, tag), wanted, "{said:?} {tag}");
            }
        }
    }

    #[test]
    fn a_tag_is_short_and_quoted() {
        assert_eq!(tag(&[0xab; 32]), format!("\"{}\"", "ab".repeat(12)));
    }
}
