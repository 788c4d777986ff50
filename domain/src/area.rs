//! A part of the map that somebody follows: what it may be like, and how it is written.

use crate::link::Camera;
use crate::place::Place;
use crate::tidy::{count, tidy_line};

/// Corners that an area has at most.
pub const CORNERS_MAX: usize = 32;
/// How far apart two of its corners may be, in metres: a neighbourhood, a town, not a country.
pub const ACROSS_M_MAX: f64 = 100_000.0;
/// Areas that one account keeps at most.
pub const AREAS_MAX: u16 = 20;
/// Characters of an area's name.
pub const NAME_MAX: u32 = 60;

/// Why an area can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaFlaw {
    #[error("an area is called something, by {NAME_MAX} characters at most")]
    Name,
    #[error("an area has 3 to {CORNERS_MAX} corners on the globe that enclose something")]
    Corners,
    #[error("the sides of an area do not cross")]
    Crossing,
    #[error("an area reaches 100 km at most")]
    TooLarge,
    #[error("no more than {AREAS_MAX} areas can be kept")]
    TooMany,
}

impl AreaFlaw {
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Corners,
        Self::Crossing,
        Self::TooLarge,
        Self::TooMany,
    ];

    /// Its word in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Corners => "ecken",
            Self::Crossing => "kreuzung",
            Self::TooLarge => "zu-gross",
            Self::TooMany => "zu-viele",
        }
    }

    /// The flaw with that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flaw| flaw.code() == code)
    }
}

/// What its corners enclose, each side being the shorter way around the globe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    corners: Vec<Place>,
}

impl Area {
    /// The area with these corners, in their order; the first one may stand at the end once more.
    ///
    /// # Errors
    /// [`AreaFlaw`], of its corners.
    pub fn new(mut corners: Vec<Place>) -> Result<Self, AreaFlaw> {
        corners.dedup();
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let is_on_globe = corners.iter().all(|corner| corner.is_valid());
        if !(3..=CORNERS_MAX).contains(&corners.len()) || !is_on_globe {
            return Err(AreaFlaw::Corners);
        }
        let first = corners[0];
        let is_far = |(n, one): (usize, &Place)| {
            let others = corners[n + 1..].iter();
            let mut far = others.filter(|other| one.distance_m(**other) > ACROSS_M_MAX);
            far.next().is_some()
        };
        if corners.iter().enumerate().any(is_far) {
            return Err(AreaFlaw::TooLarge);
        }
        let flat: Vec<Flat> = corners.iter().map(|corner| flat(first, *corner)).collect();
        if crosses_itself(&flat) {
            return Err(AreaFlaw::Crossing);
        }
        if doubled_surface(&flat) == 0 {
            return Err(AreaFlaw::Corners);
        }
        Ok(Self { corners })
    }

    /// A box of degrees; its west may lie east of its east, across the antimeridian.
    ///
    /// # Errors
    /// As [`Area::new`].
    pub fn of_box([west, south, east, north]: [f64; 4]) -> Result<Self, AreaFlaw> {
        if south >= north {
            return Err(AreaFlaw::Corners);
        }
        let corners = [(south, west), (south, east), (north, east), (north, west)]
            .into_iter()
            .map(|(lat, lon)| Place::from_degrees(lat, lon))
            .collect::<Option<Vec<Place>>>();
        Self::new(corners.ok_or(AreaFlaw::Corners)?)
    }

    /// What a phone shows of the map: a box around the camera's centre, [`Camera::reach_m`] wide and high.
    ///
    /// # Errors
    /// As [`Area::new`].
    pub fn in_view(camera: Camera) -> Result<Self, AreaFlaw> {
        /// Metres of one degree of latitude.
        const DEGREE_M: f64 = 111_320.0;
        let half = camera.reach_m() / 2.0 / DEGREE_M;
        if half > 1.0 {
            return Err(AreaFlaw::TooLarge);
        }
        let centre = camera.centre;
        let (lat, lon) = (centre.lat_degrees(), centre.lon_degrees());
        let aside = half / centre.narrowing().max(0.01);
        let around = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
        Self::of_box([
            around(lon - aside),
            (lat - half).max(-90.0),
            around(lon + aside),
            (lat + half).min(90.0),
        ])
    }

    /// A box as four numbers in degrees, `west,south,east,north`; whatever else it is, corners: `lat,lon;lat,lon;…`.
    ///
    /// # Errors
    /// As [`Area::new`].
    pub fn from_text(text: &str) -> Result<Self, AreaFlaw> {
        let numbers = |text: &str| {
            let numbers = text.split(',').map(|number| number.trim().parse::<f64>());
            numbers.collect::<Result<Vec<f64>, _>>().unwrap_or_default()
        };
        if let Ok(sides) = <[f64; 4]>::try_from(numbers(text)) {
            return Self::of_box(sides);
        }
        let corners = text
            .split(';')
            .take(CORNERS_MAX + 2)
            .map(|corner| match numbers(corner)[..] {
                [lat, lon] => Place::from_degrees(lat, lon),
                _ => None,
            })
            .collect::<Option<Vec<Place>>>();
        Self::new(corners.ok_or(AreaFlaw::Corners)?)
    }

    /// Its corners, in their order, the first one once.
    #[must_use]
    pub fn corners(&self) -> &[Place] {
        &self.corners
    }

    /// Its corners as [`Area::from_text`] reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let corner = |corner: &Place| {
            [corner.lat, corner.lon]
                .map(|units| format!("{:.7}", f64::from(units) / 1e7))
                .join(",")
        };
        self.corners
            .iter()
            .map(corner)
            .collect::<Vec<_>>()
            .join(";")
    }

    /// The middle between its outermost corners.
    #[must_use]
    pub fn middle(&self) -> Place {
        let first = self.corners[0];
        let flat = self.corners.iter().map(|corner| flat(first, *corner));
        let (mut low, mut high) = ((0, 0), (0, 0));
        for (north, east) in flat {
            low = (low.0.min(north), low.1.min(east));
            high = (high.0.max(north), high.1.max(east));
        }
        let lat = i64::from(first.lat) + i64::midpoint(low.0, high.0);
        let lon = i64::from(first.lon) + i64::midpoint(low.1, high.1);
        Place {
            lat: lat as i32,
            lon: turned(lon) as i32,
        }
    }

    /// How far apart its farthest corners are, in metres.
    #[must_use]
    pub fn across_m(&self) -> f64 {
        let apart = self.corners.iter().enumerate().flat_map(|(n, one)| {
            let others = self.corners[n + 1..].iter();
            others.map(|other| one.distance_m(*other))
        });
        apart.fold(0.0, f64::max)
    }
}

/// An area's name as it is kept.
///
/// # Errors
/// [`AreaFlaw::Name`].
pub fn area_name(asked: &str) -> Result<String, AreaFlaw> {
    let name = tidy_line(asked).map_err(|_| AreaFlaw::Name)?;
    match count(&name) {
        1..=NAME_MAX => Ok(name),
        _ => Err(AreaFlaw::Name),
    }
}

/// How far north and east of an area's first corner, in a place's units.
type Flat = (i64, i64);

/// Once around the world, in a place's units.
const TURN: i64 = 3_600_000_000;

fn turned(lon: i64) -> i64 {
    (lon + TURN / 2).rem_euclid(TURN) - TURN / 2
}

fn flat(first: Place, corner: Place) -> Flat {
    (
        i64::from(corner.lat) - i64::from(first.lat),
        turned(i64::from(corner.lon) - i64::from(first.lon)),
    )
}

/// On which side of the way from `a` to `b` a point lies: left, on it, right.
fn side(a: Flat, b: Flat, c: Flat) -> i128 {
    let wide = |one: i64, other: i64| i128::from(one - other);
    (wide(b.0, a.0) * wide(c.1, a.1) - wide(b.1, a.1) * wide(c.0, a.0)).signum()
}

/// Whether `c`, which lies on the line through both, lies between them.
fn is_between(a: Flat, b: Flat, c: Flat) -> bool {
    (a.0.min(b.0)..=a.0.max(b.0)).contains(&c.0) && (a.1.min(b.1)..=a.1.max(b.1)).contains(&c.1)
}

fn touch((a, b): (Flat, Flat), (c, d): (Flat, Flat)) -> bool {
    let sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
    (sides[0] != sides[1] && sides[2] != sides[3])
        || (sides[0] == 0 && is_between(a, b, c))
        || (sides[1] == 0 && is_between(a, b, d))
        || (sides[2] == 0 && is_between(c, d, a))
        || (sides[3] == 0 && is_between(c, d, b))
}

/// Whether two sides meet elsewhere than in the corner that they share.
fn crosses_itself(corners: &[Flat]) -> bool {
    let count = corners.len();
    let line = |n: usize| (corners[n], corners[(n + 1) % count]);
    (0..count).any(|n| {
        // The next side begins where this one ends: they meet elsewhere only by going back the same way.
        let (a, b) = line(n);
        let (_, c) = line((n + 1) % count);
        let goes_back = side(a, b, c) == 0 && (is_between(a, b, c) || is_between(b, c, a));
        goes_back
            || (n + 2..count)
                .filter(|other| (other + 1) % count != n)
                .any(|other| touch(line(n), line(other)))
    })
}

/// Twice what they enclose, in squared units.
fn doubled_surface(corners: &[Flat]) -> i128 {
    let next = corners.iter().cycle().skip(1);
    let pairs = corners.iter().zip(next);
    pairs
        .map(|(a, b)| i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Area, AreaFlaw> {
        Area::from_text(text)
    }

    #[test]
    fn a_box_and_its_corners_are_the_same_area() {
        let area = read("15.6,48.4,15.62,48.41").expect("a box");
        assert_eq!(
            area.text(),
            "48.4000000,15.6000000;48.4000000,15.6200000;48.4100000,15.6200000;48.4100000,15.6000000"
        );
        assert_eq!(read(&area.text()), Ok(area.clone()));
        assert_eq!(
            area.middle(),
            Place::from_degrees(48.405, 15.61).expect("a place")
        );
        assert_eq!((area.across_m() / 10.0).round(), 185.0);
    }

    #[test]
    fn what_is_no_area_says_why() {
        for (text, flaw) in [
            ("", AreaFlaw::Corners),
            ("15.6,48.4", AreaFlaw::Corners),
            ("48.4,15.6;48.5,15.6", AreaFlaw::Corners),
            // A line, there and back.
            ("48.4,15.6;48.41,15.6;48.42,15.6", AreaFlaw::Crossing),
            (
                "48.4,15.6;48.41,15.61;48.4,15.6;48.42,15.6",
                AreaFlaw::Crossing,
            ),
            // A bow tie.
            (
                "48.4,15.6;48.41,15.61;48.41,15.6;48.4,15.61",
                AreaFlaw::Crossing,
            ),
            // A corner on another side.
            (
                "48.4,15.6;48.4,15.62;48.41,15.62;48.4,15.61",
                AreaFlaw::Crossing,
            ),
            ("15.6,48.41,15.62,48.4", AreaFlaw::Corners),
            ("15.6,48.4,15.6,48.41", AreaFlaw::Corners),
            ("5,47,15,54", AreaFlaw::TooLarge),
            ("-180,-90,180,90", AreaFlaw::TooLarge),
            ("15.6,89.9,15.62,90.1", AreaFlaw::Corners),
            ("NaN,48.4,15.62,48.41", AreaFlaw::Corners),
            ("inf,48.4,15.62,48.41", AreaFlaw::Corners),
            ("15.6,48.4,15.62,48.41,1", AreaFlaw::Corners),
            ("48.4,15.6;48.41,15.61;quatsch", AreaFlaw::Corners),
        ] {
            assert_eq!(read(text), Err(flaw), "{text}");
        }
        let corner = |n: usize| {
            format!(
                "{},{}",
                48.4 + 0.001 * n as f64,
                15.6 + 0.0001 * (n * n) as f64
            )
        };
        let many = |count| (0..count).map(corner).collect::<Vec<_>>().join(";");
        assert!(read(&many(CORNERS_MAX)).is_ok());
        assert_eq!(read(&many(CORNERS_MAX + 1)), Err(AreaFlaw::Corners));
        assert_eq!(read(&many(10_000)), Err(AreaFlaw::Corners));
    }

    #[test]
    fn the_antimeridian_is_no_edge() {
        let area = read("179.99,-16.7,-179.99,-16.6").expect("a box");
        assert_eq!(area.middle().lon.abs(), 1_800_000_000);
        assert!(area.across_m() < 12_000.0);
        let camera: Camera = "@-16.6,179.9999,14".parse().expect("a camera");
        let seen = Area::in_view(camera).expect("an area");
        assert!(seen.across_m() < 4_000.0, "{}", seen.text());
    }

    #[test]
    fn a_view_is_as_wide_as_a_phone_and_from_far_off_it_is_none() {
        let camera: Camera = "@48.41,15.61,15.5".parse().expect("a camera");
        let area = Area::in_view(camera).expect("an area");
        let diagonal = camera.reach_m() * core::f64::consts::SQRT_2;
        assert!(
            (area.across_m() - diagonal).abs() < 5.0,
            "{}",
            area.across_m()
        );
        let far: Camera = "@48.41,15.61,5".parse().expect("a camera");
        assert_eq!(Area::in_view(far), Err(AreaFlaw::TooLarge));
    }

    #[test]
    fn a_name_is_one_line_that_one_can_see() {
        assert_eq!(area_name("  Mein \n Kiez "), Ok("Mein Kiez".to_owned()));
        for none in ["", "  ", "\u{200b}", "a\u{7}", &"x".repeat(61)] {
            assert_eq!(area_name(none), Err(AreaFlaw::Name), "{none:?}");
        }
    }

    #[test]
    fn flaws_have_words_of_their_own() {
        for flaw in AreaFlaw::ALL {
            assert_eq!(AreaFlaw::from_code(flaw.code()), Some(flaw));
        }
    }
}
