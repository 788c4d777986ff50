//! What places and waters are called.

use std::ops::RangeInclusive;

use store::basemap::write::Thing;

use super::drawing::point;
use super::metres::Metres;

type Name = (RangeInclusive<u8>, &'static str, &'static str, (f64, f64));

/// Zooms, class, name, where.
const PLACES: [Name; 9] = [
    (7..=12, "island", "Spulenoog", (350.0, 330.0)),
    (13..=22, "village", "Spulendorf", (190.0, -165.0)),
    (13..=22, "locality", "Ostland", (2120.0, 190.0)),
    (13..=22, "locality", "Westspitze", (-2060.0, 300.0)),
    (13..=22, "locality", "Ostplate", (2960.0, 420.0)),
    (13..=22, "locality", "Weiße Düne", (-800.0, 690.0)),
    (13..=22, "locality", "Heller", (1560.0, -480.0)),
    (13..=22, "locality", "Nordstrand", (760.0, 1005.0)),
    (13..=22, "locality", "Robbenplate", (-3450.0, -150.0)),
];

pub(super) fn places() -> Vec<Thing> {
    PLACES
        .into_iter()
        .map(|(zooms, class, name, (x, y))| {
            point(
                zooms,
                Metres::new(x, y),
                &[("class", class), ("name", name)],
            )
        })
        .collect()
}

/// Zooms, class, name, name in English, where.
type Water = (
    RangeInclusive<u8>,
    &'static str,
    &'static str,
    &'static str,
    (f64, f64),
);

const WATERS: [Water; 7] = [
    (5..=11, "sea", "Nordsee", "North Sea", (1500.0, 9000.0)),
    (12..=22, "sea", "Nordsee", "North Sea", (-520.0, 1330.0)),
    (13..=22, "sea", "Nordsee", "North Sea", (2500.0, 1420.0)),
    (
        9..=12,
        "bay",
        "Wattenmeer",
        "Wadden Sea",
        (-1700.0, -3150.0),
    ),
    (
        13..=22,
        "bay",
        "Wattenmeer",
        "Wadden Sea",
        (-900.0, -1050.0),
    ),
    (
        13..=22,
        "bay",
        "Wattenmeer",
        "Wadden Sea",
        (2600.0, -1350.0),
    ),
    (14..=22, "harbor", "Hafen", "Harbour", (20.0, -760.0)),
];

pub(super) fn waters() -> Vec<Thing> {
    WATERS
        .into_iter()
        .map(|(zooms, class, name, english, (x, y))| {
            let tells = [("class", class), ("name", name), ("name:en", english)];
            point(zooms, Metres::new(x, y), &tells)
        })
        .collect()
}
