//! The houses of Garnau.

use super::thing::{Thing, area, point};

/// Every so many has its number.
const HOUSE_NUMBERS: i32 = 2;

/// Rows of houses along four streets, every second with its number.
pub(super) fn houses() -> (Vec<Thing>, Vec<Thing>) {
    let (mut houses, mut numbers) = (Vec::new(), Vec::new());
    let rows = [
        (2350, 3440, 16),
        (2350, 3720, 16),
        (2350, 3060, 16),
        (3450, 4390, 10),
        (2500, 4680, 20),
        (4450, 3720, 5),
    ];
    for (x, y, count) in rows {
        for at in 0..count {
            let (west, north) = (x + at * 118, y + (at * 37) % 14);
            // Streets that cross go free.
            if [3300, 4300, 5400, 3710]
                .iter()
                .any(|street: &i32| (street - west - 45).abs() < 95)
            {
                continue;
            }
            let (deep, wide) = (62 + (at * 29) % 34, 80 + (at * 17) % 16);
            let corners = vec![
                (west, north),
                (west + wide, north),
                (west + wide, north + deep),
                (west, north + deep),
            ];
            houses.push(area(13, corners, &[("render_height", "8")]));
            if at % HOUSE_NUMBERS == 0 {
                let number = (at + 1).to_string();
                numbers.push(point(
                    14,
                    (west + wide / 2, north + deep / 2),
                    &[("housenumber", &number)],
                ));
            }
        }
    }
    (houses, numbers)
}
