//! How much one role or one address may ask for in a time; in this process, per instance.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::id::RoleId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::{Failure, Outcome};

/// Limits by what is asked for.
#[derive(Debug)]
pub struct Limits {
    commands_by_role: DefaultKeyedRateLimiter<RoleId>,
    commands_by_address: DefaultKeyedRateLimiter<IpAddr>,
    sign_in_by_address: DefaultKeyedRateLimiter<IpAddr>,
}

/// Commands of one role at once, and again each minute: an outbox that waited offline comes in one go.
const COMMANDS_BY_ROLE: u32 = 120;
/// Commands from one address (a household, a café) at once, and again each minute.
const COMMANDS_BY_ADDRESS: u32 = 600;
/// Letters asked for and codes tried from one address at once, and again each hour.
const SIGN_IN_BY_ADDRESS: u32 = 30;
/// Keys remembered; beyond it, those that have rested are forgotten.
const KEYS_MAX: usize = 10_000;

impl Limits {
    /// The usual limits, each times `factor` (for tests that come from one address).
    #[must_use]
    pub fn new(factor: NonZeroU32) -> Self {
        let times = |count: u32| {
            NonZeroU32::new(count)
                .unwrap_or(NonZeroU32::MIN)
                .saturating_mul(factor)
        };
        Self {
            commands_by_role: RateLimiter::keyed(Quota::per_minute(times(COMMANDS_BY_ROLE))),
            commands_by_address: RateLimiter::keyed(Quota::per_minute(times(COMMANDS_BY_ADDRESS))),
            sign_in_by_address: RateLimiter::keyed(Quota::per_hour(times(SIGN_IN_BY_ADDRESS))),
        }
    }

    pub(super) fn command(&self, role: RoleId, address: IpAddr) -> Outcome<()> {
        check(&self.commands_by_role, &role)?;
        check(&self.commands_by_address, &address)
    }

    pub(super) fn sign_in(&self, address: IpAddr) -> Outcome<()> {
        check(&self.sign_in_by_address, &address)
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Outcome<()> {
    if limiter.len() > KEYS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|wait| {
        let wait = wait.wait_time_from(DefaultClock::default().now());
        Failure::too_many((wait + Duration::from_millis(999)).as_secs() as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_asks_too_much_is_told_when_to_come_back() {
        let limits = Limits::new(NonZeroU32::MIN);
        let (role, address) = (RoleId(uuid::Uuid::nil()), IpAddr::from([127, 0, 0, 1]));
        for _ in 0..COMMANDS_BY_ROLE {
            limits.command(role, address).expect("within the limit");
        }
        let Failure(problem) = limits.command(role, address).expect_err("beyond the limit");
        assert_eq!(problem.status, 429);
        assert_eq!(problem.retry_after_s, Some(1));
        limits
            .command(RoleId(uuid::Uuid::max()), address)
            .expect("another role");
    }
}
