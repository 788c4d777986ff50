//! Rows as columns, which is how statements take many at once.

/// One column of what is written.
pub(crate) fn column<'r, Row, T>(rows: &[&'r Row], value: impl Fn(&'r Row) -> T) -> Vec<T> {
    rows.iter().map(|row| value(row)).collect()
}
