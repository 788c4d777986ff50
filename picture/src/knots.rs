//! Each kind of knot is a knot of its own: one strand, over and under itself.

use core::f64::consts::TAU;

use domain::weave::NodeKind;

use crate::projection::Point;

/// How far its strand reaches from the middle, in pixels.
pub(crate) const REACH: f64 = 13.0;
/// The disk of linen that it lies on, in pixels.
pub(crate) const DISK: f64 = 17.0;
/// How thick the strand is, and with the seam of linen around it, in pixels.
pub(crate) const STRAND: f64 = 3.2;
pub(crate) const SEAM: f64 = 6.0;

/// A kind's strand as a closed run of `points`, around its middle.
pub(crate) fn strand(kind: NodeKind, points: usize) -> impl Iterator<Item = Point> {
    (0..points).map(move |i| {
        let (x, y) = at(kind, i as f64 / points as f64 * TAU);
        (x * REACH, y * REACH)
    })
}

fn at(kind: NodeKind, t: f64) -> Point {
    let (sin, cos) = (libm::sin, libm::cos);
    match kind {
        NodeKind::Idea => (
            (sin(t) + 2.0 * sin(2.0 * t)) / 3.0,
            (2.0 * cos(2.0 * t) - cos(t)) / 3.0,
        ),
        NodeKind::Event => (sin(t), sin(2.0 * t) * 0.62),
        NodeKind::Place => (cos(t) * cos(2.0 * t), sin(t) * cos(2.0 * t)),
        NodeKind::Tool => (sin(2.0 * t) * 0.9, sin(3.0 * t + 0.5) * 0.9),
        NodeKind::Bed => {
            let out = (1.6 + cos(5.0 * t)) / 2.6;
            (cos(2.0 * t) * out, sin(2.0 * t) * out)
        }
        NodeKind::Structure => {
            let out = (2.0 + cos(8.0 * t)) / 3.0;
            (cos(3.0 * t) * out, sin(3.0 * t) * out)
        }
    }
}

/// How far out the rings of that many yarns are, in pixels.
pub(crate) fn rings(count: u8) -> impl Iterator<Item = f64> {
    (0..count).map(|nth| 19.5 + f64::from(nth) * 3.6)
}

/// A ring is a cord of two plies: how thick it is, and the seam that winds along it with its dash, in pixels.
pub(crate) const CORD: f64 = 2.6;
pub(crate) const CORD_SEAM: f64 = 0.8;
pub(crate) const CORD_DASH: [f64; 2] = [2.4, 1.4];

/// The cord around a knot in its last day has come apart: how far out its pieces are, how thick, how long and how far apart, in
/// pixels.
pub(crate) const ENDING: f64 = 20.5;
pub(crate) const ENDING_CORD: f64 = 1.8;
pub(crate) const ENDING_DASH: [f64; 2] = [15.4, 10.4];

/// The winding of a spool seen from its end, around its middle.
pub(crate) fn winding() -> impl Iterator<Item = Point> {
    (0..=80).map(|i| {
        let turn = f64::from(i) / 4.2;
        let out = 3.0 + f64::from(i) / 12.0;
        (libm::cos(turn) * out, libm::sin(turn) * out)
    })
}
