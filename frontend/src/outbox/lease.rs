//! The right to send where there are no Web Locks: a lease that one tab writes down and renews.

/// How long a lease holds, in milliseconds of this device's clock: a tab that dies holds up the others no longer.
pub const LEASE_MS: i64 = 6000;
/// How often its tab renews it, in milliseconds.
pub const RENEWED_EVERY_MS: i64 = 2000;
/// How often a tab that has something to send asks for it while another one has it, in milliseconds.
pub const ASKED_EVERY_MS: u32 = 500;

/// How a lease of `tab` is written down.
#[must_use]
pub fn written(tab: u32, until: i64) -> String {
    let mut text = tab.to_string();
    text.push(' ');
    text.push_str(&until.to_string());
    text
}

/// Whether `tab` may have the right at `now`, given the lease that is written down. One that ends later than
/// any taken now was taken by a clock that has been set back since, and is void.
#[must_use]
pub fn is_free(lease: Option<&str>, tab: u32, now: i64) -> bool {
    let Some((holder, until)) = lease.and_then(|text| text.split_once(' ')) else {
        return true;
    };
    let Ok(until) = until.parse::<i64>() else {
        return true;
    };
    holder.parse() == Ok(tab) || until <= now || until > now + LEASE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000_000;

    #[test]
    fn a_lease_keeps_others_out_until_it_ends() {
        let lease = written(7, NOW + LEASE_MS);
        assert!(is_free(None, 8, NOW));
        assert!(is_free(Some(&lease), 7, NOW));
        assert!(!is_free(Some(&lease), 8, NOW));
        assert!(!is_free(Some(&lease), 8, NOW + LEASE_MS - 1));
        assert!(is_free(Some(&lease), 8, NOW + LEASE_MS));
        assert!(is_free(Some(&written(7, 0)), 8, NOW), "it was given back");
    }

    #[test]
    fn a_lease_of_a_clock_that_was_set_back_is_void() {
        let lease = written(7, NOW + LEASE_MS);
        assert!(is_free(Some(&lease), 8, NOW - 1));
        assert!(is_free(Some(&lease), 8, NOW - 3_600_000));
    }

    #[test]
    fn what_is_no_lease_holds_nobody_up() {
        for text in ["", "7", "7 soon", "x y"] {
            assert!(is_free(Some(text), 8, NOW), "{text}");
        }
    }
}
