//! Cutting shapes at the sides of a box.
//!
//! An area is cut along its border: the stretches of the border within the box are joined along the box's own sides, so that
//! what comes out are true polygons, without seams of no width.

use super::drawing::{Point, Ring};
use super::ring::{is_in, polygons, sides};

/// A rectangle with upright sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) west: f64,
    pub(super) north: f64,
    pub(super) east: f64,
    pub(super) south: f64,
}

impl Frame {
    /// Its corners, from east to south like an outer ring.
    pub(super) fn corners(&self) -> [Point; 4] {
        let Self {
            west,
            north,
            east,
            south,
        } = *self;
        [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| Point { x, y })
    }

    pub(super) fn holds(&self, point: Point) -> bool {
        point.x >= self.west
            && point.x <= self.east
            && point.y >= self.north
            && point.y <= self.south
    }

    /// Whether a stretch lies beyond one of its sides.
    fn is_passed(&self, a: Point, b: Point) -> bool {
        (a.x < self.west && b.x < self.west)
            || (a.x > self.east && b.x > self.east)
            || (a.y < self.north && b.y < self.north)
            || (a.y > self.south && b.y > self.south)
    }

    /// The least one around all the points.
    fn around(points: &[Point]) -> Self {
        let mut around = Self {
            west: f64::INFINITY,
            north: f64::INFINITY,
            east: f64::NEG_INFINITY,
            south: f64::NEG_INFINITY,
        };
        for point in points {
            around.west = around.west.min(point.x);
            around.north = around.north.min(point.y);
            around.east = around.east.max(point.x);
            around.south = around.south.max(point.y);
        }
        around
    }

    /// Whether two have no point in common.
    fn is_apart(&self, other: &Self) -> bool {
        self.east < other.west
            || other.east < self.west
            || self.south < other.north
            || other.south < self.north
    }

    fn holds_all(&self, other: &Self) -> bool {
        let corners = other.corners();
        self.holds(corners[0]) && self.holds(corners[2])
    }

    /// The part of a stretch within: from which share of it to which.
    fn part(&self, a: Point, b: Point) -> Option<(f64, f64)> {
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        for (start, step, least, most) in [
            (a.x, b.x - a.x, self.west, self.east),
            (a.y, b.y - a.y, self.north, self.south),
        ] {
            if step == 0.0 {
                if start < least || start > most {
                    return None;
                }
                continue;
            }
            let (one, other) = ((least - start) / step, (most - start) / step);
            from = from.max(one.min(other));
            to = to.min(one.max(other));
        }
        (from <= to).then_some((from, to))
    }

    /// How far along its sides a point on them lies: 0 at the first corner, 4 when around.
    fn along(&self, point: Point) -> f64 {
        let across = (point.x - self.west) / (self.east - self.west);
        let down = (point.y - self.north) / (self.south - self.north);
        let ways = [
            (down.abs(), across),
            ((1.0 - across).abs(), 1.0 + down),
            ((1.0 - down).abs(), 3.0 - across),
            (across.abs(), 4.0 - down),
        ];
        ways.into_iter()
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .map_or(0.0, |(_, along)| along)
    }
}

/// The stretches of a line within the frame.
pub(super) fn line(points: &[Point], frame: &Frame) -> Vec<Vec<Point>> {
    let around = Frame::around(points);
    if frame.is_apart(&around) {
        return Vec::new();
    }
    if frame.holds_all(&around) {
        return vec![points.to_vec()];
    }
    let mut stretches = Vec::new();
    let mut stretch = Vec::new();
    for pair in points.windows(2) {
        follow(&mut stretch, &mut stretches, (pair[0], pair[1]), frame);
    }
    stretches.push(stretch);
    stretches.retain(|stretch| stretch.len() > 1);
    stretches
}

/// Adds a side's part within the frame to the stretch that is being followed; one that leaves ends there.
fn follow(
    stretch: &mut Vec<Point>,
    stretches: &mut Vec<Vec<Point>>,
    (a, b): (Point, Point),
    frame: &Frame,
) {
    // Most stretches lie quite outside or quite inside.
    if frame.is_passed(a, b) {
        return;
    }
    if frame.holds(a) && frame.holds(b) && !stretch.is_empty() {
        stretch.push(b);
        return;
    }
    let Some((from, to)) = frame.part(a, b) else {
        return;
    };
    let at = |share: f64| Point {
        x: a.x + share * (b.x - a.x),
        y: a.y + share * (b.y - a.y),
    };
    if from > 0.0 || stretch.is_empty() {
        stretch.push(if from > 0.0 { at(from) } else { a });
    }
    stretch.push(if to < 1.0 { at(to) } else { b });
    if to < 1.0 {
        stretches.push(std::mem::take(stretch));
    }
}

/// What of an area, given by directed rings, lies within the frame: polygons, each with its holes.
pub(super) fn area(rings: &[Ring], frame: &Frame) -> Vec<Vec<Ring>> {
    let (mut whole, mut stretches) = (Vec::new(), Vec::new());
    for (at, ring) in rings.iter().enumerate() {
        let around = Frame::around(ring);
        if frame.is_apart(&around) {
            if at == 0 {
                return Vec::new();
            }
        } else if frame.holds_all(&around) {
            whole.push(ring.clone());
        } else {
            stretches.extend(within(ring, frame));
        }
    }
    if stretches.is_empty() {
        // No border crosses the frame: it lies in the area as a whole, or outside.
        let corners = frame.corners();
        let near = rings
            .iter()
            .filter(|ring| Frame::around(ring).holds(corners[0]));
        if is_in(corners[0], near) {
            whole.push(corners.to_vec());
        }
    } else {
        whole.extend(joined(&stretches, frame));
    }
    polygons(whole)
}

/// The stretches of a ring, which leaves the frame somewhere or never reaches it.
fn within(ring: &[Point], frame: &Frame) -> Vec<Vec<Point>> {
    // From a corner outside on, so that no stretch is met in its middle.
    let Some(outside) = ring.iter().position(|point| !frame.holds(*point)) else {
        return Vec::new();
    };
    let (mut stretch, mut stretches) = (Vec::new(), Vec::new());
    for side in sides(ring).cycle().skip(outside).take(ring.len()) {
        follow(&mut stretch, &mut stretches, side, frame);
    }
    // What only touches a corner has no length.
    stretches.retain(|stretch| stretch.iter().any(|point| *point != stretch[0]));
    stretches
}

/// Rings from stretches: where one leaves the frame, its side is followed to where the next comes in.
fn joined(stretches: &[Vec<Point>], frame: &Frame) -> Vec<Ring> {
    let starts: Vec<f64> = stretches.iter().map(|one| frame.along(one[0])).collect();
    let mut is_used = vec![false; stretches.len()];
    let mut rings = Vec::new();
    while let Some(first) = is_used.iter().position(|used| !used) {
        let (mut ring, mut at) = (Vec::new(), first);
        loop {
            is_used[at] = true;
            let stretch = &stretches[at];
            ring.extend(stretch.iter().copied());
            let left = frame.along(stretch[stretch.len() - 1]);
            let ahead = |start: f64| (start - left).rem_euclid(4.0);
            // Its own beginning counts as well, and closes the ring.
            let next = (0..stretches.len())
                .filter(|one| *one == first || !is_used[*one])
                .min_by(|one, other| ahead(starts[*one]).total_cmp(&ahead(starts[*other])))
                .unwrap_or(first);
            ring.extend(passed(left, ahead(starts[next]), frame));
            if next == first {
                break;
            }
            at = next;
        }
        rings.push(ring);
    }
    rings
}

/// The corners on the way along the sides.
fn passed(from: f64, way: f64, frame: &Frame) -> Vec<Point> {
    let corners = frame.corners();
    let first = from.floor() as usize + 1;
    (first..first + 4)
        .take_while(|corner| *corner as f64 - from < way)
        .map(|corner| corners[corner % 4])
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ring::{self, directed};
    use super::*;

    const FRAME: Frame = Frame {
        west: 0.0,
        north: 0.0,
        east: 10.0,
        south: 10.0,
    };

    fn points(of: &[(f64, f64)]) -> Vec<Point> {
        of.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    fn covered(polygons: &[Vec<Ring>]) -> f64 {
        polygons
            .iter()
            .flatten()
            .map(|ring| ring::area(ring))
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_line_is_cut_into_its_stretches() {
        let zigzag = points(&[
            (-5.0, 5.0),
            (5.0, 5.0),
            (5.0, -5.0),
            (8.0, -5.0),
            (8.0, 20.0),
        ]);
        let expected = [
            points(&[(0.0, 5.0), (5.0, 5.0), (5.0, 0.0)]),
            points(&[(8.0, 0.0), (8.0, 10.0)]),
        ];
        assert_eq!(line(&zigzag, &FRAME), expected);
        assert_eq!(line(&points(&[(-1.0, 3.0), (3.0, -1.1)]), &FRAME).len(), 1);
        assert!(line(&points(&[(-5.0, 1.0), (1.0, -6.0)]), &FRAME).is_empty());
    }

    #[test]
    fn two_teeth_of_a_comb_are_two_polygons() {
        let comb = points(&[
            (2.0, -5.0),
            (8.0, -5.0),
            (8.0, 4.0),
            (6.0, 4.0),
            (6.0, -2.0),
            (4.0, -2.0),
            (4.0, 4.0),
            (2.0, 4.0),
        ]);
        let cut = area(&directed(vec![comb]), &FRAME);
        assert_eq!(cut.len(), 2, "{cut:?}");
        assert!((covered(&cut) - 16.0).abs() < 1e-9);
    }

    #[test]
    fn a_hole_across_a_side_becomes_a_bay_and_one_within_stays() {
        let outer = points(&[(-20.0, -20.0), (30.0, -20.0), (30.0, 30.0), (-20.0, 30.0)]);
        let square =
            |x: f64, y: f64| points(&[(x, y), (x + 4.0, y), (x + 4.0, y + 4.0), (x, y + 4.0)]);
        let cut = area(
            &directed(vec![outer.clone(), square(-2.0, 3.0), square(5.0, 3.0)]),
            &FRAME,
        );
        assert_eq!(cut.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
        assert!((covered(&cut) - (100.0 - 8.0 - 16.0)).abs() < 1e-9);
        let around = points(&[(-1.0, -1.0), (11.0, -1.0), (11.0, 11.0), (-1.0, 11.0)]);
        assert!(area(&directed(vec![outer, around]), &FRAME).is_empty());
    }

    /// A star around the middle of the frame, which may be larger than it.
    fn star() -> impl Strategy<Value = Ring> {
        prop::collection::vec(0.5..30.0, 5..40).prop_map(|reaches| {
            let step = std::f64::consts::TAU / reaches.len() as f64;
            reaches
                .iter()
                .enumerate()
                .map(|(at, reach)| Point {
                    x: 5.3 + reach * (at as f64 * step).cos(),
                    y: 4.9 + reach * (at as f64 * step).sin(),
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_cut_into_quarters_is_whole_together(star in star()) {
            let rings = directed(vec![star]);
            let whole = area(&rings, &FRAME);
            let quarters = [(0.0, 0.0), (5.0, 0.0), (0.0, 5.0), (5.0, 5.0)].map(|(west, north)| {
                let quarter = Frame { west, north, east: west + 5.0, south: north + 5.0 };
                // From the whole or from what was cut already, it is the same.
                let twice: f64 = whole.iter().map(|polygon| covered(&area(polygon, &quarter))).sum();
                let once = covered(&area(&rings, &quarter));
                (once, twice)
            });
            let (once, twice) = quarters.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            prop_assert!((covered(&whole) - once).abs() < 1e-6);
            prop_assert!((once - twice).abs() < 1e-6);
            for ring in whole.iter().flatten() {
                prop_assert!(ring.iter().all(|p| (-1e-9..=10.0 + 1e-9).contains(&p.x) && (-1e-9..=10.0 + 1e-9).contains(&p.y)));
            }
        }
    }
}
