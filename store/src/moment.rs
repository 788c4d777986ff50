//! Between the domain's milliseconds and the database's timestamps.

use chrono::{DateTime, Local, Offset, TimeZone, Utc};
use domain::time::Millis;

/// As the database has it; what it could not hold becomes its nearest bound.
pub(crate) fn stamp(at: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.0).unwrap_or(if at.0 < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// How far ahead of UTC the clocks of this machine's time zone are at that moment, in minutes. It is only shown, and decides nothing.
#[must_use]
pub fn offset_min(at: Millis) -> i32 {
    let offset = Local.offset_from_utc_datetime(&stamp(at).naive_utc());
    offset.fix().local_minus_utc() / 60
}

/// As the domain has it.
pub(crate) fn millis(at: DateTime<Utc>) -> Millis {
    Millis(at.timestamp_millis())
}
