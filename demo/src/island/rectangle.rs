//! Ground plans with right angles.

use super::metres::Metres;
use super::outline::Outline;

/// A rectangle, turned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rectangle {
    pub(super) middle: Metres,
    /// Of length 1, along its front.
    pub(super) direction: Metres,
    /// Metres along its front, and across.
    pub(super) size: (f64, f64),
}

impl Rectangle {
    pub(super) fn new(middle: (f64, f64), degrees: f64, size: (f64, f64)) -> Self {
        Self {
            middle: Metres::new(middle.0, middle.1),
            direction: Metres::at_angle(degrees),
            size,
        }
    }

    pub(super) fn corners(&self) -> Outline {
        let (long, wide) = (self.size.0 / 2.0, self.size.1 / 2.0);
        [(-long, -wide), (long, -wide), (long, wide), (-long, wide)]
            .into_iter()
            .map(|(ahead, left)| self.at(ahead, left))
            .collect()
    }

    /// So far from its middle along its front and to the left of it.
    pub(super) fn at(&self, ahead: f64, left: f64) -> Metres {
        self.middle.moved(self.direction, ahead, left)
    }

    /// Corners, and the middles between them.
    pub(super) fn rim(&self) -> Vec<Metres> {
        let corners = self.corners();
        let middles: Vec<Metres> = (0..4)
            .map(|at| corners[at].between(corners[(at + 1) % 4], 0.5))
            .collect();
        [corners, middles].concat()
    }

    /// With so many metres more on all sides.
    pub(super) fn wider(&self, metres: f64) -> Self {
        Self {
            size: (self.size.0 + 2.0 * metres, self.size.1 + 2.0 * metres),
            ..*self
        }
    }

    /// Whether two share ground: there is none where some side of one of them parts the two.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let across = |direction: Metres| Metres::new(-direction.y, direction.x);
        let sides = [
            self.direction,
            across(self.direction),
            other.direction,
            across(other.direction),
        ];
        let (mine, others) = (self.corners(), other.corners());
        sides.into_iter().all(|side| {
            let reach = |corners: &Outline| {
                corners
                    .iter()
                    .map(|corner| corner.x * side.x + corner.y * side.y)
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| {
                        (least.min(at), most.max(at))
                    })
            };
            let ((from, to), (start, end)) = (reach(&mine), reach(&others));
            from < end && start < to
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_share_ground_or_not_however_they_are_turned() {
        let one = Rectangle::new((0.0, 0.0), 0.0, (10.0, 10.0));
        assert!(one.overlaps(&Rectangle::new((9.0, 0.0), 0.0, (10.0, 10.0))));
        assert!(!one.overlaps(&Rectangle::new((11.0, 0.0), 0.0, (10.0, 10.0))));
        assert!(one.overlaps(&Rectangle::new((11.0, 0.0), 45.0, (10.0, 10.0))));
        assert!(!one.overlaps(&Rectangle::new((9.0, 9.0), 45.0, (10.0, 10.0))));
        assert!(one.overlaps(&one.wider(-4.0)));
    }
}
