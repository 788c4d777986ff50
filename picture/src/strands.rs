//! Threads between the same spool and the same knot are one bundle: its strands lie beside each other, as the map lays them
//! (`public/js/map/strands.js`).

use std::collections::BTreeMap;

use domain::id::{RoleId, ThreadId};
use domain::view::ThreadRow;
use domain::weave::Target;

use crate::projection::Point;

/// How much room a strand takes at the nearest zoom, in pixels.
const THREAD_WIDTH: f64 = 3.6;
const YARN_WIDTH: f64 = 7.0;
/// A bundle is no wider than a knot; more strands lie closer.
const BUNDLE_WIDTH: f64 = 22.0;
/// Between the tufts of one role at a knot, in degrees.
const FAN: i32 = 16;

/// How one thread lies in its bundle.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Strand {
    /// How much the bundle bends, of its length.
    bow: f64,
    /// Beside the middle of the bundle, in pixels, to the right of whoever looks from the spool to the knot.
    aside: f64,
    /// How it stands as a tuft: degrees, clockwise from upright.
    pub(crate) turn: u16,
}

impl Strand {
    /// From its spool by a bend to its knot, so much of the way aside as `part` says.
    pub(crate) fn curve(self, from: Point, to: Point, part: f64) -> [Point; 3] {
        let (right, down) = (to.0 - from.0, to.1 - from.1);
        let bend = (
            f64::midpoint(from.0, to.0) + down * self.bow,
            f64::midpoint(from.1, to.1) - right * self.bow,
        );
        let aside = |at: Point, before: Point, after: Point| {
            let (right, down) = (after.0 - before.0, after.1 - before.1);
            let by = self.aside * part / libm::hypot(right, down).max(1.0);
            (at.0 - down * by, at.1 + right * by)
        };
        [
            aside(from, from, bend),
            aside(bend, from, to),
            aside(to, bend, to),
        ]
    }
}

/// How each of these threads lies.
pub(crate) fn lay(threads: &[&ThreadRow]) -> BTreeMap<ThreadId, Strand> {
    let mut bundles: BTreeMap<(RoleId, Target), Vec<&ThreadRow>> = BTreeMap::new();
    for thread in threads {
        let bundle = bundles.entry((thread.role, thread.target)).or_default();
        bundle.push(thread);
    }
    let mut laid = BTreeMap::new();
    for ((role, to), mut strands) in bundles {
        strands.sort_unstable_by_key(|thread| (thread.kind, thread.id));
        let hash = hash(&format!("{role} {to}"));
        let bow = 0.12 + f64::from(hash % 9) / 100.0;
        let whole: f64 = strands.iter().map(|thread| room(thread)).sum();
        let closer = (BUNDLE_WIDTH / whole).min(1.0);
        let mut from = -whole / 2.0;
        let mut turn = (hash % 360) as i32 - (strands.len() as i32 - 1) * FAN / 2;
        for thread in strands {
            let room = room(thread);
            let strand = Strand {
                bow,
                aside: (from + room / 2.0) * closer,
                turn: turn.rem_euclid(360) as u16,
            };
            laid.insert(thread.id, strand);
            from += room;
            turn += FAN;
        }
    }
    laid
}

const fn room(thread: &ThreadRow) -> f64 {
    if thread.expires_at.is_none() {
        YARN_WIDTH
    } else {
        THREAD_WIDTH
    }
}

/// As the map finds it from a text.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    })
}

#[cfg(test)]
mod tests {
    use domain::weave::ThreadKind;

    use super::*;

    #[test]
    fn its_numbers_are_the_maps() {
        let script = include_str!("../../public/js/map/strands.js");
        for number in [
            format!("THREAD_WIDTH = {THREAD_WIDTH};"),
            format!("YARN_WIDTH = {YARN_WIDTH};"),
            format!("BUNDLE_WIDTH = {BUNDLE_WIDTH};"),
            format!("FAN = {FAN};"),
            "0.12 + (hash(bundle) % 9) / 100".to_owned(),
        ] {
            assert!(script.contains(&number), "{number}");
        }
        let order = ThreadKind::ALL.map(|kind| format!("\"{}\"", kind.code()));
        let order = format!("THREADS = [{}]", order.join(", "));
        assert!(script.contains(&order), "{order}");
    }

    #[test]
    fn a_strand_lies_to_the_right_of_whoever_looks_along_it() {
        let strand = Strand {
            aside: 3.0,
            ..Strand::default()
        };
        let [from, bend, to] = strand.curve((0.0, 0.0), (100.0, 0.0), 0.5);
        assert_eq!([from, bend, to], [(0.0, 1.5), (50.0, 1.5), (100.0, 1.5)]);
        let bent = Strand {
            bow: 0.1,
            ..Strand::default()
        };
        let [_, (_, y), _] = bent.curve((0.0, 0.0), (100.0, 0.0), 1.0);
        assert_eq!(y, -10.0, "to the left");
    }
}
