//! What a knot says is Markdown, which the server alone reads.

/// Whether anything in a text may be marked up, so that it is worth asking the server for how it looks then. What is not shows the same
/// as it stands there, line by line.
#[must_use]
pub fn is_marked(text: &str) -> bool {
    text.contains("://")
        || text.contains(['*', '_', '`', '#', '>', '<', '[', '~', '\\', '&'])
        || text.lines().any(|line| {
            let line = line.as_bytes();
            let first = line.first().copied().unwrap_or_default();
            matches!(first, b' ' | b'-' | b'+' | b'=') || first.is_ascii_digit()
        })
}
