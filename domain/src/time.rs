//! Time as milliseconds since 1970 in UTC; civil dates by a function of our own, for weight.

use core::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Millis(pub i64);

/// One day in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a thread lasts after its last act, in milliseconds.
pub const FADE_MS: i64 = 7 * DAY_MS;
/// The latest moment accepted from outside: the end of the year 9999.
pub const LATEST: Millis = Millis(253_402_300_799_999);

impl Add<i64> for Millis {
    type Output = Self;

    fn add(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl Sub for Millis {
    type Output = i64;

    fn sub(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i32,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
}

impl Millis {
    /// The date and time in UTC (proleptic Gregorian; Hinnant's `civil_from_days`).
    #[must_use]
    pub fn civil(self) -> Civil {
        let days = self.0.div_euclid(DAY_MS);
        let minutes = self.0.rem_euclid(DAY_MS) / 60_000;
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Civil {
            year: (year_of_era + era * 400 + i64::from(month <= 2)) as i32,
            month: month as u8,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (minutes / 60) as u8,
            minute: (minutes % 60) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_are_right_at_the_edges() {
        let at = |ms| {
            let Civil {
                year,
                month,
                day,
                hour,
                minute,
            } = Millis(ms).civil();
            format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}")
        };
        assert_eq!(at(0), "1970-01-01T00:00");
        assert_eq!(at(-60_000), "1969-12-31T23:59");
        assert_eq!(at(951_782_400_000), "2000-02-29T00:00");
        assert_eq!(at(1_795_630_530_000), "2026-11-25T18:15");
        assert_eq!(at(LATEST.0), "9999-12-31T23:59");
    }
}
