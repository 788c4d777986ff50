//! Random numbers from a seed (SplitMix64), so that a run can be told apart and told again, and ids made of them.

use uuid::{Builder, Uuid};

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    /// A stream of its own for the part `number` of a run.
    #[must_use]
    pub fn part(seed: u64, number: u64) -> Self {
        Self::new(Self::new(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93)).number())
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }

    /// A UUIDv7 of that moment.
    pub fn id(&mut self, now_ms: u64) -> Uuid {
        let bytes = (u128::from(self.number()) << 64 | u128::from(self.number())).to_be_bytes();
        let mut ten = [0; 10];
        ten.copy_from_slice(&bytes[..10]);
        Builder::from_unix_timestamp_millis(now_ms, &ten).into_uuid()
    }
}

/// The system has no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct SeedError(getrandom::Error);

/// A seed that no run before had.
///
/// # Errors
/// When the system has no randomness.
pub fn seed() -> Result<u64, SeedError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(SeedError)?;
    Ok(u64::from_be_bytes(bytes))
}
