//! A way: a smooth line through given points, measured along.

use super::metres::Metres;

/// A smooth line.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    points: Vec<Metres>,
    /// How far along each point lies, in metres.
    along: Vec<f64>,
    /// From west to east, and from south to north.
    across: (f64, f64),
    upright: (f64, f64),
}

/// Metres between the points of a smooth line.
const STEP: f64 = 8.0;

impl Curve {
    /// Through all the points, rounded between them (centripetal Catmull-Rom).
    pub(super) fn through(points: &[Metres]) -> Self {
        Self::coarse(points, STEP)
    }

    /// The same with so many metres between its points.
    pub(super) fn coarse(points: &[Metres], step: f64) -> Self {
        Self::along(&smooth(points, step))
    }

    /// From point to point.
    fn along(points: &[Metres]) -> Self {
        let mut reached = 0.0;
        let mut along = Vec::with_capacity(points.len());
        let mut before: Option<Metres> = None;
        for point in points {
            reached += before.map_or(0.0, |before| before.distance(*point));
            along.push(reached);
            before = Some(*point);
        }
        Self {
            points: points.to_vec(),
            along,
            across: reach(points.iter().map(|point| point.x)),
            upright: reach(points.iter().map(|point| point.y)),
        }
    }

    pub(super) fn points(&self) -> &[Metres] {
        &self.points
    }

    pub(super) fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or_default()
    }

    /// The point so many metres along, and the direction there.
    pub(super) fn at(&self, metres: f64) -> (Metres, Metres) {
        let next = self.along.partition_point(|along| *along < metres);
        let next = next.clamp(1, self.points.len() - 1);
        let (a, b) = (self.points[next - 1], self.points[next]);
        let stretch = self.along[next] - self.along[next - 1];
        let share = if stretch > 0.0 {
            (metres - self.along[next - 1]) / stretch
        } else {
            0.0
        };
        (a.between(b, share), a.towards(b))
    }

    /// False only where a point is farther away than that.
    pub(super) fn may_reach(&self, point: Metres, metres: f64) -> bool {
        let is_within =
            |at: f64, (least, most): (f64, f64)| (least - metres..=most + metres).contains(&at);
        is_within(point.x, self.across) && is_within(point.y, self.upright)
    }

    /// How near a point comes, and which way the line runs there.
    pub(super) fn nearest(&self, point: Metres) -> (f64, Metres) {
        self.points
            .windows(2)
            .map(|pair| (distance(point, pair[0], pair[1]), pair[0].towards(pair[1])))
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .unwrap_or((f64::INFINITY, Metres::new(1.0, 0.0)))
    }
}

/// The least and the most.
fn reach(of: impl Iterator<Item = f64>) -> (f64, f64) {
    of.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| {
        (least.min(at), most.max(at))
    })
}

/// From a point to a stretch.
pub(super) fn distance(point: Metres, a: Metres, b: Metres) -> f64 {
    let (east, north) = (b.x - a.x, b.y - a.y);
    let square = east * east + north * north;
    let share = if square == 0.0 {
        0.0
    } else {
        ((point.x - a.x) * east + (point.y - a.y) * north) / square
    };
    point.distance(a.between(b, share.clamp(0.0, 1.0)))
}

fn smooth(points: &[Metres], step: f64) -> Vec<Metres> {
    let Some((&first, &last)) = points.first().zip(points.last()) else {
        return Vec::new();
    };
    let mut line = vec![first];
    for at in 0..points.len() - 1 {
        let (a, b) = (points[at], points[at + 1]);
        // Beyond its ends a line goes straight on.
        let before = if at == 0 {
            b.between(a, 2.0)
        } else {
            points[at - 1]
        };
        let after = points.get(at + 2).copied().unwrap_or(a.between(b, 2.0));
        let steps = (a.distance(b) / step).ceil().max(1.0) as usize;
        for number in 1..steps {
            line.push(rounded([before, a, b, after], number as f64 / steps as f64));
        }
        line.push(b);
    }
    debug_assert_eq!(line.last(), Some(&last));
    line
}

/// A point between the two in the middle (Barry and Goldman's way).
pub(super) fn rounded([p0, p1, p2, p3]: [Metres; 4], share: f64) -> Metres {
    let knot = |before: f64, a: Metres, b: Metres| before + a.distance(b).sqrt().max(1e-6);
    let t0 = 0.0;
    let t1 = knot(t0, p0, p1);
    let t2 = knot(t1, p1, p2);
    let t3 = knot(t2, p2, p3);
    let t = t1 + share * (t2 - t1);
    let mix = |a: Metres, b: Metres, from: f64, to: f64| a.between(b, (t - from) / (to - from));
    let (a1, a2, a3) = (
        mix(p0, p1, t0, t1),
        mix(p1, p2, t1, t2),
        mix(p2, p3, t2, t3),
    );
    let (b1, b2) = (mix(a1, a2, t0, t2), mix(a2, a3, t1, t3));
    mix(b1, b2, t1, t2)
}
