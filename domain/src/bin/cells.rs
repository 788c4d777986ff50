//! Prints a digest over the cells of 100,000 points, their rooms and covers; the same natively and in WASM.

use domain::cover::{Bounds, cover};
use domain::place::Place;

/// The digest as every platform must find it.
pub const KNOWN: u64 = 7_892_488_814_986_782_365;

/// FNV-1a over the cells of a fixed pseudo-random walk over the Earth.
#[must_use]
pub fn digest() -> u64 {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: i64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below.cast_unsigned()).cast_signed() as i32
    };
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bits: i64| {
        for byte in bits.to_le_bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for n in 0..100_000 {
        let place = Place {
            lat: next(1_800_000_001) - 900_000_000,
            lon: (next(1_800_000_001) - 900_000_000) * 2,
        };
        let cell = place.cell();
        add(cell.to_i64());
        cell.rooms().for_each(|room| add(room.to_i64()));
        if n % 1000 == 0 && place.lat.abs() < 800_000_000 && place.lon.abs() < 1_799_000_000 {
            let bounds = Bounds {
                south_west: Place {
                    lat: place.lat - 20_000,
                    lon: place.lon - 15_000,
                },
                north_east: Place {
                    lat: place.lat + 20_000,
                    lon: place.lon + 15_000,
                },
            };
            if let Some(cover) = cover(bounds, None) {
                cover.keep.iter().for_each(|room| add(room.to_i64()));
            }
        }
    }
    digest
}

fn main() {
    println!("{}", digest());
    assert_eq!(digest(), KNOWN, "the cells differ on this platform");
}
