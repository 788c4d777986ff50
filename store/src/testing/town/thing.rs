//! What a plan is made of.

use super::super::vector_tile::{Feature, Shape};

/// A feature, and the zoom from which it is shown.
pub(super) struct Thing {
    pub(super) zoom_min: u8,
    pub(super) feature: Feature,
}

/// From the north-west corner of Garnau.
pub(super) type Points = Vec<(i32, i32)>;

pub(super) fn area(zoom_min: u8, corners: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Area(corners), tells)
}

pub(super) fn line(zoom_min: u8, points: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Line(points), tells)
}

pub(super) fn point(zoom_min: u8, at: (i32, i32), tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Point(at), tells)
}

fn thing(zoom_min: u8, shape: Shape, tells: &[(&'static str, &str)]) -> Thing {
    let tells = tells
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned()))
        .collect();
    Thing {
        zoom_min,
        feature: Feature { shape, tells },
    }
}
