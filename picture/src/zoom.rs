//! What depends on how near one looks: as the map has it, straight between stops.

/// Nothing single is drawn from farther out: the map counts there.
pub(crate) const SINGLES_FROM: f64 = 11.0;

/// How wide a thread is, in pixels.
pub(crate) fn width(zoom: f64) -> f64 {
    between(zoom, [(12.0, 0.6), (15.0, 1.2), (17.0, 2.2)])
}

/// How wide a yarn is, in pixels.
pub(crate) fn yarn_width(zoom: f64) -> f64 {
    between(zoom, [(12.0, 1.6), (15.0, 3.4), (17.0, 6.4)])
}

/// How large knots, spools and tufts are, of their full size.
pub(crate) fn size(zoom: f64) -> f64 {
    const STOPS: [(f64, f64); 4] = [(12.0, 0.35), (14.0, 0.5), (15.5, 0.75), (16.5, 1.0)];
    between(zoom, STOPS)
}

/// How much of a thread's strength is seen.
pub(crate) fn seen(zoom: f64) -> f64 {
    between(zoom, [(12.0, 0.3), (15.0, 0.55), (17.0, 1.0)])
}

/// How much of the way beside the middle of its bundle a strand lies.
pub(crate) fn aside(zoom: f64) -> f64 {
    between(zoom, [(12.0, 0.22), (15.0, 0.5), (17.0, 1.0)])
}

/// How large titles are, in pixels.
pub(crate) fn title_size(zoom: f64) -> f64 {
    between(zoom, [(14.0, 11.0), (16.0, 13.0)])
}

/// How far out of its place something is drawn that shares it, of the full distance.
pub(crate) fn apart(zoom: f64) -> f64 {
    ((zoom - 10.0) / 5.0).clamp(0.5, 1.0)
}

fn between<const N: usize>(zoom: f64, stops: [(f64, f64); N]) -> f64 {
    let mut before = stops[0];
    for (at, value) in stops {
        if zoom <= at {
            let span = at - before.0;
            if span <= 0.0 {
                return value;
            }
            return before.1 + (value - before.1) * (zoom - before.0) / span;
        }
        before = (at, value);
    }
    before.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_stops_it_is_straight_and_beyond_them_level() {
        for (zoom, wide) in [
            (3.0, 0.6),
            (12.0, 0.6),
            (13.5, 0.9),
            (15.0, 1.2),
            (16.0, 1.7),
            (22.0, 2.2),
        ] {
            assert!((width(zoom) - wide).abs() < 1e-9, "{zoom}");
        }
    }
}
