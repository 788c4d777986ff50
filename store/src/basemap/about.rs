//! What a base map says about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is shown where a file does not say who made its data: both the data's and the schema's licence ask for it.
const ATTRIBUTION: &str = "© OpenMapTiles © OpenStreetMap contributors";
/// Letters of a name or an attribution at most.
const TEXT_MAX: usize = 300;
/// The web's square world ends here, in degrees.
const LATITUDE_MAX: f64 = 85.0512;

/// What a base map holds.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// `.mbtiles` or `.pmtiles`, whatever the file is called.
    pub format: &'static str,
    pub name: String,
    /// Plain text to be shown with the map.
    pub attribution: String,
    /// Whether the file itself says it.
    pub is_attributed: bool,
    /// West, south, east, north, in degrees.
    pub bounds: Option<[f64; 4]>,
    pub zoom_min: u8,
    pub zoom_max: u8,
    pub layers: Vec<Layer>,
}

/// One layer of the tiles, as TileJSON describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    pub id: String,
    /// What its features tell, by name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

impl About {
    /// From the texts that both formats have.
    pub(super) fn new(
        format: &'static str,
        name: &str,
        attribution: &str,
        bounds: Option<[f64; 4]>,
        zooms: (u8, u8),
        vector_layers: Option<Value>,
    ) -> Self {
        let attribution = plain(attribution);
        let is_attributed = !attribution.is_empty();
        Self {
            format,
            name: plain(name),
            attribution: if is_attributed {
                attribution
            } else {
                ATTRIBUTION.to_owned()
            },
            is_attributed,
            bounds: bounds.and_then(sound),
            zoom_min: zooms.0,
            zoom_max: zooms.1,
            layers: vector_layers
                .and_then(|layers| serde_json::from_value(layers).ok())
                .unwrap_or_default(),
        }
    }

    pub(super) fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }
}

/// Bounds that a map can work with; others are as good as none.
fn sound(said: [f64; 4]) -> Option<[f64; 4]> {
    if !said.iter().all(|side| side.is_finite()) {
        return None;
    }
    let [west, south, east, north] = said;
    let bounds = [
        west.max(-180.0),
        south.max(-LATITUDE_MAX),
        east.min(180.0),
        north.min(LATITUDE_MAX),
    ];
    let [west, south, east, north] = bounds;
    (west < east && south < north).then_some(bounds)
}

/// The words of a text that may be HTML: without tags, on one line.
fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    for (entity, letter) in [
        ("&copy;", "©"),
        ("&#169;", "©"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        words = words.replace(entity, letter);
    }
    words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(TEXT_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribution_is_shown_as_words_whatever_it_was() {
        for (html, words) in [
            (
                "<a href=\"https://openmaptiles.org/\" target=\"_blank\">&copy; OpenMapTiles</a> <a\nhref='x'>©  OpenStreetMap contributors</a>",
                "© OpenMapTiles © OpenStreetMap contributors",
            ),
            ("&copy;\u{0}\n Stadt &amp; Land", "© Stadt & Land"),
            ("<script>alert(1)</script>", "alert(1)"),
            ("offen <b", "offen"),
            ("  ", ""),
        ] {
            assert_eq!(plain(html), words);
        }
    }

    #[test]
    fn bounds_that_are_none_are_left_out() {
        assert_eq!(
            sound([-190.0, -90.0, 10.0, 90.0]),
            Some([-180.0, -LATITUDE_MAX, 10.0, LATITUDE_MAX])
        );
        assert_eq!(sound([10.0, 0.0, 10.0, 1.0]), None);
        assert_eq!(sound([f64::NAN, 0.0, 10.0, 1.0]), None);
    }
}
