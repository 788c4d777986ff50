//! What a fit base map lacks all the same.

use std::fmt::{Display, Formatter, Result};

use super::about::About;

/// How well a base map fills the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// What is missing, in the order of its weight; nothing where all is there.
    pub lacks: Vec<Lack>,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// A layer that the style draws.
    Layer {
        id: &'static str,
        shows: &'static str,
    },
    /// Streets without names.
    StreetNames,
    /// It ends before one sees houses.
    Shallow { zoom_max: u8 },
    /// Who made the data is not said.
    Attribution,
    /// Every tile takes reading all of them.
    Index,
    /// Where it lies is not said.
    Bounds,
}

/// The layers of the OpenMapTiles schema that the style draws, beside the streets, and what they show.
const DRAWN: [(&str, &str); 12] = [
    ("water", "rivers, lakes and the sea"),
    ("building", "houses"),
    ("transportation_name", "the names of streets"),
    ("place", "the names of places"),
    ("landcover", "woods, meadows and sand"),
    ("landuse", "schools, graveyards and places to play"),
    ("waterway", "brooks"),
    ("park", "nature reserves"),
    ("water_name", "the names of waters"),
    ("housenumber", "house numbers"),
    ("boundary", "borders"),
    ("poi", "the names of parks and stations"),
];
/// From this zoom on the schema has every street and house.
const HOUSES_ZOOM: u8 = 13;

impl Fit {
    pub(super) fn of(about: &About, is_indexed: bool) -> Self {
        let mut lacks: Vec<Lack> = DRAWN
            .into_iter()
            .filter(|(id, _)| about.layer(id).is_none())
            .map(|(id, shows)| Lack::Layer { id, shows })
            .collect();
        let is_nameless = about.layer("transportation_name").is_some_and(|layer| {
            !layer.fields.is_empty() && !layer.fields.keys().any(|field| field.starts_with("name"))
        });
        let more = [
            (is_nameless, Lack::StreetNames),
            (
                about.zoom_max < HOUSES_ZOOM,
                Lack::Shallow {
                    zoom_max: about.zoom_max,
                },
            ),
            (!is_indexed, Lack::Index),
            (about.bounds.is_none(), Lack::Bounds),
            (!about.is_attributed, Lack::Attribution),
        ];
        lacks.extend(
            more.into_iter()
                .filter(|(lacks, _)| *lacks)
                .map(|(_, lack)| lack),
        );
        Self { lacks }
    }
}

impl Display for Lack {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Layer { id, shows } => write!(f, "no layer `{id}`: {shows} are not shown"),
            Self::StreetNames => f.write_str("`transportation_name` has no field `name` or `name:…`: streets stay without names"),
            Self::Shallow { zoom_max } => write!(
                f,
                "it ends at zoom {zoom_max}: small streets and houses are not shown. Fix: make it down to zoom 14"
            ),
            Self::Index => f.write_str(
                "`tiles` has no index, so that every tile takes long. Fix: sqlite3 FILE 'create unique index tile_index on \
                 tiles (zoom_level, tile_column, tile_row)'",
            ),
            Self::Bounds => f.write_str("it does not say where it lies (`bounds`), so that tiles are asked for everywhere"),
            Self::Attribution => f.write_str(
                "it does not say whom its data come from (`attribution`): \"© OpenMapTiles © OpenStreetMap contributors\" is \
                 shown. Fix, where that is wrong: add it to the file's metadata",
            ),
        }
    }
}
