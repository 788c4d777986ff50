//! Addresses of the page: which panel is open, and where the map looks.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{AreaId, NodeId, RoleId, ThreadId};
use crate::place::Place;
use crate::weave::Structure;

/// What the focus panel shows; each has its own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Panel {
    /// Nothing open: the map and its list.
    Home,
    Node(NodeId),
    /// The form to change a knot.
    Change(NodeId),
    /// Every version of a knot, those before that one; without it the newest.
    History(NodeId, Option<u32>),
    /// The pictures of a knot, to add and remove some.
    Pictures(NodeId),
    /// One's own picture.
    Portrait,
    Role(RoleId),
    Thread(ThreadId),
    /// What a yarn covers, and what its owner picks of it.
    Yarn(ThreadId),
    /// Looking for words; what is asked stands in the query ([`crate::search::Search`]).
    Search,
    /// The form to knot a node.
    Weave,
    /// Account, role, and what waits.
    Me,
    /// What is new for oneself, the newest first, by pages.
    News(u16),
    /// The parts of the map that one follows.
    Areas,
    /// One of them.
    Area(AreaId),
    SignIn,
    /// An address that leads nowhere.
    Unknown,
}

impl Panel {
    /// The panel at a path.
    #[must_use]
    pub fn from_path(path: &str) -> Self {
        let path = path.strip_suffix('/').unwrap_or(path);
        match path {
            "" => Self::Home,
            // The chat of all has an address that one can say aloud.
            "/naehstube" => Self::Node(NodeId::of_structure(Structure::Parlour)),
            "/suche" => Self::Search,
            "/weben" => Self::Weave,
            "/ich" => Self::Me,
            "/ich/bild" => Self::Portrait,
            "/neues" => Self::News(0),
            "/gebiete" => Self::Areas,
            "/anmelden" => Self::SignIn,
            _ => {
                let node = path.strip_prefix("/knoten/");
                let change = node.and_then(|path| path.strip_suffix("/aendern"));
                let pictures = node.and_then(|path| path.strip_suffix("/bilder"));
                let history = node.and_then(|path| path.split_once("/verlauf"));
                let role = path.strip_prefix("/rolle/").and_then(|id| id.parse().ok());
                let thread = path.strip_prefix("/faden/");
                let yarn = thread.and_then(|path| path.strip_suffix("/garn"));
                let thread = thread.and_then(|id| id.parse().ok());
                let area = path
                    .strip_prefix("/gebiete/")
                    .and_then(|id| id.parse().ok());
                let news = path.strip_prefix("/neues/").and_then(|n| n.parse().ok());
                let id = |text: Option<&str>| text.and_then(|id| id.parse().ok());
                id(change)
                    .map(Self::Change)
                    .or(history.and_then(|(id, before)| history_of(id, before)))
                    .or(id(pictures).map(Self::Pictures))
                    .or(id(node).map(Self::Node))
                    .or(role.map(Self::Role))
                    .or(thread.map(Self::Thread))
                    .or(yarn.and_then(|id| id.parse().ok()).map(Self::Yarn))
                    .or(area.map(Self::Area))
                    .or(news.map(Self::News))
                    .unwrap_or(Self::Unknown)
            }
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Unknown => "/".to_owned(),
            Self::Node(id) => format!("/knoten/{id}"),
            Self::Change(id) => format!("/knoten/{id}/aendern"),
            Self::History(id, None) => format!("/knoten/{id}/verlauf"),
            Self::History(id, Some(before)) => format!("/knoten/{id}/verlauf/{before}"),
            Self::Pictures(id) => format!("/knoten/{id}/bilder"),
            Self::Portrait => "/ich/bild".to_owned(),
            Self::Role(id) => format!("/rolle/{id}"),
            Self::Thread(id) => format!("/faden/{id}"),
            Self::Yarn(id) => format!("/faden/{id}/garn"),
            Self::Search => "/suche".to_owned(),
            Self::Weave => "/weben".to_owned(),
            Self::Me => "/ich".to_owned(),
            Self::News(0) => "/neues".to_owned(),
            Self::News(page) => format!("/neues/{page}"),
            Self::Areas => "/gebiete".to_owned(),
            Self::Area(id) => format!("/gebiete/{id}"),
            Self::SignIn => "/anmelden".to_owned(),
        }
    }
}

/// `before` is nothing, or a slash and a number.
fn history_of(id: &str, before: &str) -> Option<Panel> {
    let before = match before.strip_prefix('/') {
        Some(number) => Some(number.parse().ok()?),
        None if before.is_empty() => None,
        None => return None,
    };
    Some(Panel::History(id.parse().ok()?, before))
}

/// Where the map looks: written `@lat,lon,zoom` in the query.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    pub centre: Place,
    /// MapLibre's zoom in hundredths, 0–2200.
    pub zoom_centi: u16,
}

/// The text is no camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a view: @lat,lon,zoom is expected")]
pub struct NotACamera;

impl fmt::Display for Camera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole numbers all the way: the code that prints floats weighs more than the rest of this page.
        f.write_str("@")?;
        write_decimal(f, i64::from(self.centre.lat), PLACE_DIGITS, 5)?;
        f.write_str(",")?;
        write_decimal(f, i64::from(self.centre.lon), PLACE_DIGITS, 5)?;
        f.write_str(",")?;
        write_decimal(f, i64::from(self.zoom_centi), ZOOM_DIGITS, 2)
    }
}

impl FromStr for Camera {
    type Err = NotACamera;

    fn from_str(text: &str) -> Result<Self, NotACamera> {
        let mut numbers = text.strip_prefix('@').ok_or(NotACamera)?.split(',');
        let mut next = |digits| read_decimal(numbers.next()?, digits);
        let camera = (|| {
            let lat = i32::try_from(next(PLACE_DIGITS)?).ok()?;
            // Whoever went around the world is where they are.
            let lon = match next(PLACE_DIGITS)? {
                lon if lon.abs() > TURN / 2 => (lon + TURN / 2).rem_euclid(TURN) - TURN / 2,
                lon => lon,
            };
            let lon = i32::try_from(lon).ok()?;
            let zoom = next(ZOOM_DIGITS)?.clamp(0, ZOOM_CENTI_MAX.into());
            let centre = Place { lat, lon };
            centre.is_valid().then_some(Self {
                centre,
                zoom_centi: u16::try_from(zoom).ok()?,
            })
        })();
        camera
            .filter(|_| numbers.next().is_none())
            .ok_or(NotACamera)
    }
}

/// Once around the world, in a place's units.
const TURN: i64 = 3_600_000_000;
/// Decimals of a place's numbers, and of a zoom's.
const PLACE_DIGITS: u32 = 7;
const ZOOM_DIGITS: u32 = 2;
const ZOOM_CENTI_MAX: u16 = 2200;

/// Writes `number`, which has `digits` decimals, with the first `shown` of them, rounded.
fn write_decimal(f: &mut fmt::Formatter<'_>, number: i64, digits: u32, shown: u32) -> fmt::Result {
    let cut = 10_u64.pow(digits - shown);
    let one = 10_u64.pow(shown);
    let rounded = (number.unsigned_abs() + cut / 2) / cut;
    if number < 0 && rounded > 0 {
        f.write_str("-")?;
    }
    write!(f, "{}.", rounded / one)?;
    let mut digit = one / 10;
    while digit > 0 {
        write!(f, "{}", rounded / digit % 10)?;
        digit /= 10;
    }
    Ok(())
}

/// Reads a decimal number as a whole one with `digits` decimals; what is finer is rounded.
fn read_decimal(text: &str, digits: u32) -> Option<i64> {
    let (unsigned, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || !is_number(whole) || !is_number(decimals) {
        return None;
    }
    let mut number: i64 = whole.parse().ok()?;
    let mut decimals = decimals.bytes();
    for _ in 0..digits {
        number = number * 10 + decimals.next().map_or(0, |byte| i64::from(byte - b'0'));
    }
    if decimals.next().is_some_and(|byte| byte >= b'5') {
        number += 1;
    }
    Some(if negative { -number } else { number })
}

/// The equator, in metres; MapLibre's world at zoom 0 is as wide as 512 pixels.
const WORLD_M: f64 = 40_075_017.0;

impl Camera {
    /// How far from its centre something counts as near, in metres: 512 pixels, which is about what a window shows.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        let narrowed = WORLD_M * self.centre.narrowing();
        narrowed / libm::exp2(f64::from(self.zoom_centi) / 100.0)
    }

    /// The camera in a query string (without its `?`), wherever it stands among other parameters.
    #[must_use]
    pub fn from_query(query: &str) -> Option<Self> {
        query
            .split('&')
            .map(|part| part.strip_suffix('=').unwrap_or(part))
            .map(|part| {
                part.replace("%40", "@")
                    .replace("%2C", ",")
                    .replace("%2c", ",")
            })
            .find_map(|part| part.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_panel_is_found_at_its_path() {
        let id = "0199aaaa-0000-7000-8000-000000000001";
        for panel in [
            Panel::Home,
            Panel::Search,
            Panel::Weave,
            Panel::Me,
            Panel::SignIn,
            Panel::Node(id.parse().expect("an id")),
            Panel::Change(id.parse().expect("an id")),
            Panel::History(id.parse().expect("an id"), None),
            Panel::History(id.parse().expect("an id"), Some(12)),
            Panel::Pictures(id.parse().expect("an id")),
            Panel::Portrait,
            Panel::Role(id.parse().expect("an id")),
            Panel::Thread(id.parse().expect("an id")),
            Panel::Yarn(id.parse().expect("an id")),
            Panel::News(0),
            Panel::News(3),
            Panel::Areas,
            Panel::Area(id.parse().expect("an id")),
        ] {
            assert_eq!(Panel::from_path(&panel.path()), panel);
        }
        let parlour = Panel::Node(NodeId::of_structure(Structure::Parlour));
        assert_eq!(Panel::from_path("/naehstube"), parlour);
        assert_eq!(Panel::from_path("/ich/"), Panel::Me);
        assert_eq!(Panel::from_path("/knoten/unsinn"), Panel::Unknown);
        for path in ["/neues/-1", "/neues/70000", "/neues/x", "/gebiete/unsinn"] {
            assert_eq!(Panel::from_path(path), Panel::Unknown, "{path}");
        }
        for tail in ["/aendern", "/verlauf", "/verlauf/12"] {
            let path = format!("/knoten/unsinn{tail}");
            assert_eq!(Panel::from_path(&path), Panel::Unknown);
        }
        for tail in [
            "/verlaufen",
            "/verlauf/unsinn",
            "/verlauf/-1",
            "/verlauf/1/2",
        ] {
            let path = format!("/knoten/{id}{tail}");
            assert_eq!(Panel::from_path(&path), Panel::Unknown, "{path}");
        }
    }

    #[test]
    fn a_camera_survives_its_text_and_nonsense_is_none() {
        let camera: Camera = "@48.41000,15.61000,15.50".parse().expect("a camera");
        assert_eq!(camera.to_string(), "@48.41000,15.61000,15.50");
        assert_eq!(
            Camera::from_query("lang=en&%4048.41,15.61,15.5="),
            Some(camera)
        );
        assert_eq!(camera.reach_m().round(), 574.0, "some streets");
        let south: Camera = "@-0.000004,-15.6100049,3".parse().expect("a camera");
        assert_eq!(south.to_string(), "@0.00000,-15.61000,3.00");
        assert_eq!(
            south.centre,
            Place {
                lat: -40,
                lon: -156_100_049
            }
        );
        for (meant, wanted) in [
            ("@-16.6,190,8", "@-16.60000,-170.00000,8.00"),
            ("@1,-541,8", "@1.00000,179.00000,8.00"),
            ("@1,180,8", "@1.00000,180.00000,8.00"),
            ("@1,2,99", "@1.00000,2.00000,22.00"),
            ("@1,2,-3", "@1.00000,2.00000,0.00"),
        ] {
            let camera: Camera = meant.parse().expect("a camera");
            assert_eq!(camera.to_string(), wanted, "{meant}");
        }
        for bad in [
            "@91,0,3",
            "@1,2",
            "@1,2,3,4",
            "1,2,3",
            "@NaN,0,1",
            "@a,b,c",
            "@,,",
            "@1e3,2,3",
            "@+1,2,3",
            "@99999999999999999999,2,3",
        ] {
            assert_eq!(bad.parse::<Camera>(), Err(NotACamera), "{bad}");
        }
    }
}
