//! Between the domain's milliseconds and the database's timestamps.

use chrono::{DateTime, Utc};
use domain::time::Millis;

/// As the database has it; what it could not hold becomes its nearest bound.
pub(crate) fn stamp(at: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.0).unwrap_or(if at.0 < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// As the domain has it.
pub(crate) fn millis(at: DateTime<Utc>) -> Millis {
    Millis(at.timestamp_millis())
}
