//! Distances and ages, as people say them.

use super::*;

#[test]
fn distances_are_said_as_people_say_them() {
    for (metres, de, en) in [
        (9, "0 m", "0 m"),
        (987, "980 m", "980 m"),
        (1000, "1 km", "1 km"),
        (1250, "1,2 km", "1.2 km"),
        (14_900, "14 km", "14 km"),
        (999_999, "999 km", "999 km"),
        (1_000_000, "1.000 km", "1,000 km"),
        (16_284_123, "16.284 km", "16,284 km"),
    ] {
        for (lang, said) in [(Lang::De, de), (Lang::En, en)] {
            let state = awake(page(Panel::Home, lang, Viewer::Guest));
            let distance = Look::new(&state, None).distance(metres);
            assert_eq!(distance.replace('\u{a0}', " "), said);
        }
    }
}

#[test]
fn a_thread_drawn_now_has_seven_days() {
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    let (hour, day) = (3_600_000, domain::time::DAY_MS);
    for (left, words) in [
        (7 * day, "noch 7 Tage"),
        (7 * day - 61_000, "noch 7 Tage"),
        (6 * day + 13 * hour, "noch 7 Tage"),
        (6 * day + 11 * hour, "noch 6 Tage"),
        (day + hour, "noch 1 Tag"),
        (day - 60_000, "noch 1 Tag"),
        (23 * hour, "noch 23 Stunden"),
        (hour, "noch 1 Stunde"),
        (hour - 1, "verblasst gleich"),
        (0, "verblasst"),
    ] {
        state.now = NOW;
        let look = Look::new(&state, None);
        assert_eq!(look.left(Some(NOW + left)), words, "{left}");
    }
}
