//! Outlines as nature makes them: rough ones by seeded midpoint displacement, whose corners water and wind have rounded.

use super::chance::Chance;
use super::curve::{self, Curve, distance};
use super::metres::Metres;

/// A closed outline.
pub(super) type Outline = Vec<Metres>;

/// A stretch between two given points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) from: Metres,
    /// How far its middle is displaced at most, as a share of its length; 0 is straight and keeps its corners.
    pub(super) rough: f64,
}

/// Metres from point to point where it is not divided further.
pub(super) const FINE: f64 = 22.0;
/// So many times that is the longest that is displaced as one.
const COARSE: f64 = 7.0;
/// How often corners are cut.
const ROUNDS: usize = 3;

/// A closed outline through the points, each stretch as rough as it says.
pub(super) fn rough(stretches: &[Stretch], fine: f64, seed: u64) -> Outline {
    let mut chance = Chance::new(seed);
    let count = stretches.len();
    let mut line: Vec<(Metres, bool)> = Vec::new();
    for (at, stretch) in stretches.iter().enumerate() {
        let before = stretches[(at + count - 1) % count];
        let [to, after] = [1, 2].map(|more| stretches[(at + more) % count].from);
        line.push((stretch.from, stretch.rough == 0.0 && before.rough == 0.0));
        if stretch.rough == 0.0 {
            continue;
        }
        // In the large it is a smooth curve; what is rough is small.
        let steps = (stretch.from.distance(to) / (COARSE * fine)).ceil() as usize;
        let bend = |step: usize| {
            let around = [before.from, stretch.from, to, after];
            curve::rounded(around, step as f64 / steps as f64)
        };
        let mut reached = stretch.from;
        for step in 1..=steps {
            let next = if step == steps { to } else { bend(step) };
            divide(reached, next, stretch.rough, fine, &mut chance, &mut line);
            if step < steps {
                line.push((next, false));
            }
            reached = next;
        }
    }
    for _ in 0..ROUNDS {
        line = rounded(&line);
    }
    line.into_iter().map(|(point, _)| point).collect()
}

/// A line through the points that strays on its way.
pub(super) fn wandering(points: &[Metres], rough: f64, seed: u64, fine: f64) -> Vec<Metres> {
    let mut chance = Chance::new(seed);
    let mut line = Vec::new();
    for pair in points.windows(2) {
        line.push((pair[0], false));
        divide(pair[0], pair[1], rough, fine, &mut chance, &mut line);
    }
    line.extend(points.last().map(|point| (*point, false)));
    let line: Vec<Metres> = line.into_iter().map(|(point, _)| point).collect();
    Curve::coarse(&line, fine / 3.0).points().to_vec()
}

/// Adds what lies between two points.
fn divide(
    from: Metres,
    to: Metres,
    rough: f64,
    fine: f64,
    chance: &mut Chance,
    line: &mut Vec<(Metres, bool)>,
) {
    let length = from.distance(to);
    if rough == 0.0 || length < fine {
        return;
    }
    let aside = chance.between(-rough, rough) * length;
    let share = chance.between(0.42, 0.58);
    let middle = from.between(to, share).moved(from.towards(to), 0.0, aside);
    divide(from, middle, rough, fine, chance, line);
    line.push((middle, false));
    divide(middle, to, rough, fine, chance, line);
}

/// Cuts each corner that is not kept (Chaikin's way).
fn rounded(line: &[(Metres, bool)]) -> Vec<(Metres, bool)> {
    let mut next = Vec::with_capacity(line.len() * 2);
    for (at, &(point, is_kept)) in line.iter().enumerate() {
        if is_kept {
            next.push((point, true));
            continue;
        }
        let (before, _) = line[(at + line.len() - 1) % line.len()];
        let (after, _) = line[(at + 1) % line.len()];
        next.push((point.between(before, 0.25), false));
        next.push((point.between(after, 0.25), false));
    }
    next
}

/// All around as rough.
pub(super) fn around(points: &[Metres], rough_all: f64, seed: u64) -> Outline {
    let stretches: Vec<Stretch> = points
        .iter()
        .map(|&from| Stretch {
            from,
            rough: rough_all,
        })
        .collect();
    rough(&stretches, FINE, seed)
}

/// A patch about an ellipse with these half axes, turned by degrees from east to north.
pub(super) fn patch(middle: Metres, (long, wide): (f64, f64), degrees: f64, seed: u64) -> Outline {
    let mut chance = Chance::new(seed);
    let direction = Metres::at_angle(degrees);
    let corners: Vec<Metres> = (0..9)
        .map(|at| {
            let round = Metres::at_angle(f64::from(at) * 40.0 + chance.between(-10.0, 10.0));
            let reach = chance.between(0.78, 1.14);
            middle.moved(direction, round.x * long * reach, round.y * wide * reach)
        })
        .collect();
    let stretches: Vec<Stretch> = corners
        .into_iter()
        .map(|from| Stretch { from, rough: 0.14 })
        .collect();
    rough(&stretches, (long.min(wide) / 3.0).clamp(4.0, 16.0), seed)
}

/// A patch to be: its middle, half its length and width in metres, and degrees from east to north.
pub(super) type Ellipse = ((f64, f64), (f64, f64), f64);

/// Patches, each of its own shape.
pub(super) fn patches(of: &[Ellipse], seed: u64) -> Vec<Outline> {
    of.iter()
        .enumerate()
        .map(|(at, ((x, y), axes, degrees))| {
            patch(Metres::new(*x, *y), *axes, *degrees, seed + at as u64)
        })
        .collect()
}

/// Whether a point lies in an outline.
pub(super) fn is_in(point: Metres, outline: &[Metres]) -> bool {
    let mut is_in = false;
    let Some(mut a) = outline.last().copied() else {
        return false;
    };
    for &b in outline {
        if (a.y > point.y) != (b.y > point.y)
            && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
        {
            is_in = !is_in;
        }
        a = b;
    }
    is_in
}

/// How near a point comes to an outline.
pub(super) fn nearest(point: Metres, outline: &[Metres]) -> f64 {
    let mut nearest = f64::INFINITY;
    let Some(mut a) = outline.last().copied() else {
        return nearest;
    };
    for &b in outline {
        nearest = nearest.min(distance(point, a, b));
        a = b;
    }
    nearest
}
