//! The kept corpus of `fuzz/corpus`, replayed and changed a little, through every reader of outside bytes. What libFuzzer once
//! found stays there, so that it is tried for ever.

mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use store::testing::at_length;
use targets::TARGETS;

/// Changed inputs for each kept one.
const SHORT: usize = 150;
const LONG: usize = 20_000;
/// Larger ones are replayed, and changed less often.
const LARGE: usize = 4096;

/// Numbers from a seed: a run that failed is run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    /// One or a few changes: another byte, a cut, a piece twice, a piece of another one.
    fn change(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + self.below(16)).min(bytes.len());
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] = self.below(256) as u8,
                1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(at..end)),
                4 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                5 => {
                    let from = self.below(other.len());
                    let to = (from + self.below(32)).min(other.len());
                    bytes.splice(at..end, other[from..to].iter().copied());
                }
                _ => {
                    let odd = [
                        0, 1, 0x7f, 0x80, 0xff, b'"', b'\\', b'{', b'[', b'-', b'.', b'9',
                    ];
                    bytes.insert(at, odd[self.below(odd.len())]);
                }
            }
        }
    }
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let folder = folder.join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{}", folder.display()));
    let mut kept: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("it is readable").path();
            let bytes = fs::read(&path).expect("it is readable");
            (path, bytes)
        })
        .collect();
    kept.sort();
    kept
}

/// Runs the reader; where it panics, says on what.
fn read(what: &str, target: fn(&[u8]), bytes: &[u8]) {
    let ended = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    assert!(
        ended.is_ok(),
        "{what}: {:?}",
        String::from_utf8_lossy(bytes)
    );
}

fn try_all(of: &str) {
    let (name, target) = TARGETS
        .into_iter()
        .find(|(name, _)| *name == of)
        .expect("a target of that name");
    let kept = corpus(name);
    assert!(!kept.is_empty(), "{name} has no corpus");
    let mut dice = Dice(0x7765_6265);
    read(name, target, &[]);
    for (path, bytes) in &kept {
        read(&path.display().to_string(), target, bytes);
        let rounds = at_length(SHORT, LONG);
        let rounds = if bytes.len() > LARGE {
            rounds / 8
        } else {
            rounds
        };
        for round in 0..rounds {
            let (_, other) = &kept[dice.below(kept.len())];
            let mut changed = bytes.clone();
            dice.change(&mut changed, other);
            read(
                &format!("{}, round {round}", path.display()),
                target,
                &changed,
            );
        }
    }
}

macro_rules! tried {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            try_all(stringify!($name));
        })*

        #[test]
        fn every_target_is_tried() {
            let tried = [$(stringify!($name)),*];
            assert_eq!(tried, TARGETS.map(|(name, _)| name));
        }
    };
}

tried! {
    geojson feature pmtiles_directory pmtiles_header vector_tile basemap_file cursor client_frame command login_email camera
    cell lens
}
