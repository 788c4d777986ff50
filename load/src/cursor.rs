//! Positions of the log, as docs/protocol.md lets a client compare them: text whose last part is a number.

/// The number of a position; none where the text is none.
#[must_use]
pub fn number(cursor: &str) -> Option<i64> {
    let (_, number) = cursor.rsplit_once('.')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn the_number_is_the_last_part() {
        assert_eq!(
            number("0199aaaa0000700080000000000000e0.1795630530000.41"),
            Some(41)
        );
        assert_eq!(number(""), None);
        assert_eq!(number("a.b.c"), None);
    }
}
