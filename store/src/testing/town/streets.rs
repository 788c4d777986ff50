//! The streets of Garnau.

use super::thing::{Points, Thing, line};

/// Ways, and the names along them.
pub(super) fn streets() -> (Vec<Thing>, Vec<Thing>) {
    let streets: [(u8, &str, &str, Points); 12] = [
        (
            10,
            "primary",
            "Hauptstraße",
            vec![
                (-100, 4250),
                (2000, 4200),
                (4300, 4250),
                (6500, 4180),
                (8300, 4250),
            ],
        ),
        (
            11,
            "secondary",
            "Brückenstraße",
            vec![(4300, -100), (4280, 2000), (4300, 4250), (4300, 5150)],
        ),
        (
            11,
            "tertiary",
            "Bahnhofstraße",
            vec![(4290, 1700), (6000, 1650), (7000, 1400)],
        ),
        (
            12,
            "minor",
            "Lindengasse",
            vec![(2200, 3600), (4290, 3620), (5400, 3620)],
        ),
        (
            12,
            "minor",
            "Spindelweg",
            vec![(2200, 2900), (3300, 2950), (4285, 2900), (5400, 2880)],
        ),
        (
            12,
            "minor",
            "Schulstraße",
            vec![(3300, 2200), (3310, 2950), (3300, 3610), (3280, 4230)],
        ),
        (
            12,
            "minor",
            "Parkstraße",
            vec![(5400, 2200), (5400, 3620), (5420, 4215), (5400, 4900)],
        ),
        (
            12,
            "minor",
            "Am Garnufer",
            vec![(2300, 4880), (4300, 4850), (5400, 4900), (6800, 4880)],
        ),
        (
            13,
            "service",
            "",
            vec![(3700, 3615), (3720, 3900), (3700, 4235)],
        ),
        (
            13,
            "path",
            "Uferpfad",
            vec![
                (-100, 5080),
                (2000, 5180),
                (4200, 5060),
                (6500, 5180),
                (8300, 5080),
            ],
        ),
        (
            13,
            "track",
            "",
            vec![(4300, 6000), (4400, 6600), (4500, 7300), (4500, 8300)],
        ),
        (
            11,
            "rail",
            "",
            vec![(-100, 1200), (4000, 1300), (8300, 1000)],
        ),
    ];
    let (mut ways, mut names) = (Vec::new(), Vec::new());
    for (zoom, class, name, points) in streets {
        if !name.is_empty() {
            names.push(line(
                zoom.max(13),
                points.clone(),
                &[("class", class), ("name", name)],
            ));
        }
        ways.push(line(zoom, points, &[("class", class)]));
    }
    ways.push(line(
        11,
        vec![(4300, 5150), (4300, 6000)],
        &[("class", "secondary"), ("brunnel", "bridge")],
    ));
    (ways, names)
}
