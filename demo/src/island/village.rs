//! What the ground in and around the village is used for.

use store::basemap::write::Thing;

use super::drawing::{area, areas};
use super::metres::{Metres, metres};
use super::outline::{self, Outline};
use super::rectangle::Rectangle;

const SEED: u64 = 31;

const VILLAGE: [(f64, f64); 42] = [
    (-455.0, -30.0),
    (-460.0, 70.0),
    (-350.0, 85.0),
    (-358.0, 285.0),
    (-260.0, 335.0),
    (-120.0, 352.0),
    (-35.0, 335.0),
    (-30.0, 500.0),
    (70.0, 505.0),
    (80.0, 425.0),
    (165.0, 385.0),
    (250.0, 280.0),
    (245.0, 190.0),
    (300.0, 175.0),
    (330.0, 100.0),
    (355.0, 130.0),
    (405.0, 320.0),
    (475.0, 350.0),
    (510.0, 310.0),
    (460.0, 60.0),
    (600.0, 70.0),
    (720.0, 50.0),
    (900.0, -5.0),
    (905.0, -105.0),
    (700.0, -125.0),
    (520.0, -140.0),
    (380.0, -105.0),
    (220.0, -105.0),
    (110.0, -95.0),
    (55.0, -150.0),
    (45.0, -330.0),
    (20.0, -430.0),
    (15.0, -575.0),
    (-90.0, -580.0),
    (-85.0, -430.0),
    (-75.0, -345.0),
    (-205.0, -315.0),
    (-245.0, -250.0),
    (-250.0, -60.0),
    (-330.0, -40.0),
    (-390.0, -35.0),
    (-420.0, -32.0),
];

/// Where people live.
fn village() -> Outline {
    outline::around(&corners(), 0.035, SEED)
}

/// What it was drawn from.
pub(super) fn corners() -> Outline {
    metres(&VILLAGE)
}

pub(super) fn cemetery() -> Rectangle {
    Rectangle::new((-122.0, 78.0), 3.0, (74.0, 62.0))
}

pub(super) fn garden() -> Rectangle {
    Rectangle::new((264.0, 140.0), 8.0, (56.0, 46.0))
}

pub(super) fn pitch() -> Rectangle {
    Rectangle::new((900.0, 62.0), 4.0, (98.0, 62.0))
}

fn school_yard() -> Rectangle {
    Rectangle::new((640.0, 22.0), -8.0, (96.0, 66.0))
}

fn minigolf() -> Rectangle {
    Rectangle::new((150.0, 424.0), -32.0, (48.0, 34.0))
}

fn playground() -> Rectangle {
    Rectangle::new((306.0, 88.0), 0.0, (44.0, 20.0))
}

fn yard() -> Rectangle {
    Rectangle::new((-134.0, -566.0), -5.0, (84.0, 44.0))
}

/// The park around the bandstand.
pub(super) fn spa_park() -> Outline {
    outline::patch(Metres::new(112.0, 292.0), (52.0, 44.0), -30.0, 77)
}

pub(super) fn church_square() -> Outline {
    metres(&[
        (-26.0, -19.0),
        (19.0, -22.0),
        (27.0, -10.0),
        (24.0, 15.0),
        (8.0, 24.0),
        (-22.0, 20.0),
    ])
}

pub(super) fn bandstand_square() -> Outline {
    (0..24)
        .map(|at| {
            Metres::new(120.0, 300.0).moved(Metres::at_angle(f64::from(at) * 15.0), 19.0, 0.0)
        })
        .collect()
}

pub(super) fn harbour_square() -> Outline {
    metres(&[
        (-110.0, -659.0),
        (64.0, -659.0),
        (60.0, -622.0),
        (-20.0, -612.0),
        (-104.0, -622.0),
    ])
}

/// The gardens between the rows of houses.
const GARDENS: [&[(f64, f64)]; 3] = [
    &[
        (-258.0, 84.0),
        (-266.0, 215.0),
        (-228.0, 258.0),
        (-120.0, 266.0),
        (-44.0, 242.0),
        (-34.0, 130.0),
        (-46.0, 104.0),
        (-76.0, 122.0),
        (-170.0, 122.0),
        (-176.0, 62.0),
        (-222.0, 64.0),
    ],
    &[
        (46.0, 84.0),
        (42.0, 222.0),
        (148.0, 228.0),
        (156.0, 140.0),
        (140.0, 66.0),
        (90.0, 62.0),
    ],
    &[
        (-160.0, -36.0),
        (-157.0, -232.0),
        (-112.0, -264.0),
        (-58.0, -262.0),
        (-48.0, -66.0),
        (-110.0, -44.0),
    ],
];

pub(super) fn gardens() -> Vec<Outline> {
    GARDENS
        .iter()
        .zip(1_u64..)
        .map(|(points, seed)| outline::around(&metres(points), 0.05, SEED * seed))
        .collect()
}

/// Where no house may stand.
pub(super) fn kept_free() -> Vec<Rectangle> {
    vec![
        cemetery(),
        garden(),
        pitch(),
        school_yard(),
        minigolf(),
        playground(),
        yard(),
        Rectangle::new((0.0, 0.0), 0.0, (58.0, 50.0)),
        Rectangle::new((112.0, 292.0), -30.0, (96.0, 80.0)),
        Rectangle::new((-20.0, -640.0), 0.0, (220.0, 60.0)),
    ]
}

pub(super) fn uses() -> Vec<Thing> {
    let rest = [spa_park(), garden().corners(), cemetery().corners()];
    let village = [vec![village()], rest.to_vec(), gardens()].concat();
    let place =
        |from: u8, of: &Rectangle, class: &str| area(from, &of.corners(), &[("class", class)]);
    vec![
        areas(9, &village, &[("class", "residential")]),
        place(13, &school_yard(), "school"),
        place(13, &cemetery(), "cemetery"),
        place(13, &pitch(), "pitch"),
        place(13, &minigolf(), "playground"),
        place(14, &playground(), "playground"),
        place(13, &yard(), "industrial"),
        area(13, &harbour_square(), &[("class", "industrial")]),
    ]
}
