//! How much one role or one address may ask for in a time; in this process, per instance.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use domain::id::RoleId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::{Failure, Outcome};

/// Limits by what is asked for.
#[derive(Debug)]
pub struct Limits {
    commands_by_role: Shares,
    commands_by_address: Shares,
    letters_asked_by_address: Shares,
    codes_by_address: Shares,
    letters_by_address: NonZeroU32,
    searches_by_address: Shares,
    pictures_by_role: Shares,
    marks_by_address: Shares,
    areas_by_address: Shares,
    feeds_by_address: Shares,
}

/// Commands of one role at once, and again each minute: an outbox that waited offline comes in one go.
const COMMANDS_BY_ROLE: u32 = 120;
/// Commands from one address (a household, a café) at once, and again each minute.
const COMMANDS_BY_ADDRESS: u32 = 600;
/// Letters asked for from one address at once, and again each hour.
const LETTERS_ASKED_BY_ADDRESS: u32 = 30;
/// Codes and links tried from one address at once, and again each hour: who floods the letters keeps nobody out.
const CODES_BY_ADDRESS: u32 = 30;
/// Letters that one address may cause within an hour, whichever instance it asks.
const LETTERS_BY_ADDRESS: u32 = 20;
/// Searches from one address at once, and again each minute: who types asks a few times for each word.
const SEARCHES_BY_ADDRESS: u32 = 300;
/// Pictures that one role uploads at once, and again each hour: each takes a core for a moment.
const PICTURES_BY_ROLE: u32 = 60;

/// Marks of what was read, and questions for them, from one address at once, and again each minute: as many as acts, since each message
/// that somebody looks at is one.
const MARKS_BY_ADDRESS: u32 = 600;

/// Forms about what one keeps for oneself, from one address at once, and again each minute.
const AREAS_BY_ADDRESS: u32 = 60;
/// Feeds read from one address at once, and again each minute: a reader in a house of many reads for all of them.
const FEEDS_BY_ADDRESS: u32 = 240;

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
            commands_by_role: Shares::new(Quota::per_minute(times(COMMANDS_BY_ROLE))),
            commands_by_address: Shares::new(Quota::per_minute(times(COMMANDS_BY_ADDRESS))),
            letters_asked_by_address: Shares::new(Quota::per_hour(times(LETTERS_ASKED_BY_ADDRESS))),
            codes_by_address: Shares::new(Quota::per_hour(times(CODES_BY_ADDRESS))),
            letters_by_address: times(LETTERS_BY_ADDRESS),
            searches_by_address: Shares::new(Quota::per_minute(times(SEARCHES_BY_ADDRESS))),
            pictures_by_role: Shares::new(Quota::per_hour(times(PICTURES_BY_ROLE))),
            marks_by_address: Shares::new(Quota::per_minute(times(MARKS_BY_ADDRESS))),
            areas_by_address: Shares::new(Quota::per_minute(times(AREAS_BY_ADDRESS))),
            feeds_by_address: Shares::new(Quota::per_minute(times(FEEDS_BY_ADDRESS))),
        }
    }

    pub(super) fn command(&self, role: RoleId, address: IpAddr) -> Outcome<()> {
        self.commands_by_role.take(role)?;
        self.commands_by_address.take(household(address))
    }

    pub(super) fn ask_for_letter(&self, address: IpAddr) -> Outcome<()> {
        self.letters_asked_by_address.take(household(address))
    }

    pub(super) fn try_code(&self, address: IpAddr) -> Outcome<()> {
        self.codes_by_address.take(household(address))
    }

    pub(super) fn mark(&self, address: IpAddr) -> Outcome<()> {
        self.marks_by_address.take(household(address))
    }

    pub(super) fn search(&self, address: IpAddr) -> Outcome<()> {
        self.searches_by_address.take(household(address))
    }

    pub(super) fn picture(&self, role: RoleId) -> Outcome<()> {
        self.pictures_by_role.take(role)
    }

    pub(super) fn area(&self, address: IpAddr) -> Outcome<()> {
        self.areas_by_address.take(household(address))
    }

    pub(super) fn feed(&self, address: IpAddr) -> Outcome<()> {
        self.feeds_by_address.take(household(address))
    }

    /// Letters within an hour; the database counts them.
    pub(super) fn letters_by_address(&self) -> NonZeroU32 {
        self.letters_by_address
    }
}

/// What one subscriber has: an IPv4 address, or the 2^64 addresses of an IPv6 network.
pub(super) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// A share for each of 65,536 buckets, which keys fall into by a hash that nobody outside can compute: however many
/// keys come, no more is remembered. Two that meet in one bucket share its share.
#[derive(Debug)]
struct Shares {
    limiter: DefaultKeyedRateLimiter<u16>,
    buckets: RandomState,
}

impl Shares {
    fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::keyed(quota),
            buckets: RandomState::new(),
        }
    }

    fn take(&self, key: impl Hash) -> Outcome<()> {
        let bucket = (self.buckets.hash_one(key) & u64::from(u16::MAX)) as u16;
        self.limiter.check_key(&bucket).map_err(|wait| {
            let wait = wait.wait_time_from(DefaultClock::default().now());
            Failure::too_many((wait + Duration::from_millis(999)).as_secs() as u32)
        })
    }
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

    #[test]
    fn who_floods_letters_keeps_nobody_from_entering_codes() {
        let limits = Limits::new(NonZeroU32::MIN);
        let address = IpAddr::from([192, 0, 2, 1]);
        while limits.ask_for_letter(address).is_ok() {}
        limits.try_code(address).expect("a share of its own");
    }

    #[test]
    fn a_household_is_one_network() {
        let one = |text: &str| household(text.parse().expect("an address"));
        assert_eq!(one("2001:db8:1:2:3::4"), one("2001:db8:1:2:ffff::1"));
        assert_ne!(one("2001:db8:1:2::1"), one("2001:db8:1:3::1"));
        assert_eq!(one("::ffff:192.0.2.1"), one("192.0.2.1"));
        assert_ne!(one("192.0.2.1"), one("192.0.2.2"));
    }
}
