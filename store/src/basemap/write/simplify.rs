//! Leaving out the points that nobody would see (Douglas and Peucker's way), in a tile's units.

use super::vector_tile::Points;

/// A line without the points that lie nearer than `tolerance` to what is drawn without them.
pub(super) fn line(points: &[(i32, i32)], tolerance: f64) -> Points {
    let Some(last) = points.len().checked_sub(1) else {
        return Vec::new();
    };
    let square = tolerance * tolerance;
    let mut is_kept = vec![false; points.len()];
    (is_kept[0], is_kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|at| (at, distance(points[at], points[from], points[to])))
            .max_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((at, away)) = farthest
            && away > square
        {
            is_kept[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    let kept = points.iter().zip(is_kept).filter(|(_, kept)| *kept);
    kept.map(|(point, _)| *point).collect()
}

/// The same for a ring, whose first point stays.
pub(super) fn ring(points: &[(i32, i32)], tolerance: f64) -> Points {
    let Some(first) = points.first() else {
        return Vec::new();
    };
    let mut around = points.to_vec();
    around.push(*first);
    let mut kept = line(&around, tolerance);
    kept.pop();
    kept
}

/// From a point to a stretch, squared.
fn distance(point: (i32, i32), a: (i32, i32), b: (i32, i32)) -> f64 {
    let step =
        |from: (i32, i32), to: (i32, i32)| (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let ((along, down), (x, y)) = (step(a, b), step(a, point));
    let length = along * along + down * down;
    let share = if length == 0.0 {
        0.0
    } else {
        ((x * along + y * down) / length).clamp(0.0, 1.0)
    };
    let (x, y) = (x - share * along, y - share * down);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out() {
        let wavy = [(0, 0), (10, 1), (20, -1), (30, 50), (40, 0)];
        assert_eq!(line(&wavy, 5.0), [(0, 0), (20, -1), (30, 50), (40, 0)]);
        let square = [(0, 0), (20, 0), (40, 0), (40, 40), (0, 40)];
        assert_eq!(ring(&square, 5.0), [(0, 0), (40, 0), (40, 40), (0, 40)]);
        assert!(ring(&[], 1.0).is_empty() && line(&[], 1.0).is_empty());
    }
}
