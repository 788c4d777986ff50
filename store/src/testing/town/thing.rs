//! What a plan is made of.

use crate::basemap::write::vector_tile::{Drawn, Feature};

/// A feature, and the zoom from which it is shown.
pub(super) struct Thing {
    pub(super) zoom_min: u8,
    pub(super) feature: Feature,
}

/// From the north-west corner of Garnau.
pub(super) use crate::basemap::write::vector_tile::Points;

pub(super) fn area(zoom_min: u8, corners: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Drawn::Areas(vec![vec![corners]]), tells)
}

pub(super) fn line(zoom_min: u8, points: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Drawn::Lines(vec![points]), tells)
}

pub(super) fn point(zoom_min: u8, at: (i32, i32), tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Drawn::Point(at), tells)
}

fn thing(zoom_min: u8, drawn: Drawn, tells: &[(&'static str, &str)]) -> Thing {
    let tells = tells
        .iter()
        .map(|(key, value)| (*key, (*value).into()))
        .collect();
    Thing {
        zoom_min,
        feature: Feature { drawn, tells },
    }
}
