//! The one source of randomness.

use domain::place::Offset;
use uuid::{Builder, Uuid};

use crate::StoreError;

/// `N` bytes that nobody can guess.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A random id.
pub(crate) fn id() -> Result<Uuid, StoreError> {
    Ok(Builder::from_random_bytes(bytes()?).into_uuid())
}

/// A number below `below`, every one as likely as the others.
pub(crate) fn below(below: u64) -> Result<u64, StoreError> {
    // What is beyond the largest multiple would favour the small ones.
    let fair = u64::MAX - u64::MAX % below;
    loop {
        let number = u64::from_be_bytes(bytes()?);
        if number < fair {
            return Ok(number % below);
        }
    }
}

/// A displacement, every point of the unit disk as likely as the others.
pub(crate) fn offset() -> Result<Offset, StoreError> {
    loop {
        let offset = Offset {
            east_ppm: below(2_000_001)? as i32 - 1_000_000,
            north_ppm: below(2_000_001)? as i32 - 1_000_000,
        };
        if offset.is_inside() {
            return Ok(offset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_below_their_bound_and_reach_all_of_it() {
        let mut seen = [false; 7];
        for _ in 0..1000 {
            seen[below(7).expect("randomness") as usize] = true;
        }
        assert_eq!(seen, [true; 7]);
    }

    #[test]
    fn offsets_lie_inside_the_disk_and_differ() {
        let offsets: Vec<_> = (0..100).map(|_| offset().expect("randomness")).collect();
        assert!(offsets.iter().all(|offset| offset.is_inside()));
        assert!(offsets.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
