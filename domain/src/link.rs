//! Addresses of the page: which panel is open, and where the map looks.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{NodeId, RoleId};
use crate::place::Place;

/// What the focus panel shows; each has its own address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Panel {
    /// Nothing open: the map and its list.
    Home,
    Node(NodeId),
    Role(RoleId),
    /// The form to knot a node.
    Weave,
    /// Account, role, and what waits.
    Me,
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
            "/weben" => Self::Weave,
            "/ich" => Self::Me,
            "/anmelden" => Self::SignIn,
            _ => {
                let node = path.strip_prefix("/knoten/").and_then(|id| id.parse().ok());
                let role = path.strip_prefix("/rolle/").and_then(|id| id.parse().ok());
                node.map(Self::Node)
                    .or(role.map(Self::Role))
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
            Self::Role(id) => format!("/rolle/{id}"),
            Self::Weave => "/weben".to_owned(),
            Self::Me => "/ich".to_owned(),
            Self::SignIn => "/anmelden".to_owned(),
        }
    }
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
        write!(
            f,
            "@{:.5},{:.5},{:.2}",
            self.centre.lat_degrees(),
            self.centre.lon_degrees(),
            f32::from(self.zoom_centi) / 100.0
        )
    }
}

impl FromStr for Camera {
    type Err = NotACamera;

    fn from_str(text: &str) -> Result<Self, NotACamera> {
        let mut numbers = text
            .strip_prefix('@')
            .ok_or(NotACamera)?
            .splitn(3, ',')
            .map(|part| part.parse::<f64>().map_err(|_| NotACamera));
        let mut next = || numbers.next().ok_or(NotACamera)?;
        let centre = Place::from_degrees(next()?, next()?).ok_or(NotACamera)?;
        let zoom = next()?;
        if !(0.0..=22.0).contains(&zoom) {
            return Err(NotACamera);
        }
        Ok(Self {
            centre,
            zoom_centi: (zoom * 100.0 + 0.5) as u16,
        })
    }
}

impl Camera {
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
            Panel::Weave,
            Panel::Me,
            Panel::SignIn,
            Panel::Node(id.parse().expect("an id")),
            Panel::Role(id.parse().expect("an id")),
        ] {
            assert_eq!(Panel::from_path(&panel.path()), panel);
        }
        assert_eq!(Panel::from_path("/ich/"), Panel::Me);
        assert_eq!(Panel::from_path("/knoten/unsinn"), Panel::Unknown);
    }

    #[test]
    fn a_camera_survives_its_text_and_nonsense_is_none() {
        let camera: Camera = "@48.41000,15.61000,15.50".parse().expect("a camera");
        assert_eq!(camera.to_string(), "@48.41000,15.61000,15.50");
        assert_eq!(
            Camera::from_query("lang=en&%4048.41,15.61,15.5="),
            Some(camera)
        );
        for bad in ["@91,0,3", "@1,2", "@1,2,99", "1,2,3", "@NaN,0,1", "@a,b,c"] {
            assert_eq!(bad.parse::<Camera>(), Err(NotACamera), "{bad}");
        }
    }
}
