//! Why one feature is not brought in: each with a code for machines and a sentence for people.

use std::fmt;

use domain::refusal::Refusal;

use super::error::FEATURE_KIB_MAX;

/// Why a feature is refused; the others go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    NotJson,
    /// A part of it is of another type than GeoJSON gives it.
    OtherShape,
    /// Its text is in another encoding.
    NotUtf8,
    TooLarge,
    CutOff,
    /// An object of another type stands where a feature is expected.
    NotAFeature {
        found: Option<String>,
    },
    NoId,
    NoName,
    NoGeometry,
    /// One that no single point stands for.
    Geometry {
        found: String,
    },
    OffTheGlobe {
        lon: f64,
        lat: f64,
    },
    UnknownKind {
        found: String,
    },
    /// The knot is of another kind since it was first brought in, and a knot's kind never changes.
    OtherKind {
        is: &'static str,
    },
    /// The same id stands earlier in the file.
    Duplicate {
        line: u64,
    },
    /// Somebody else has a knot of that id.
    Foreign,
    /// A rule of the weave says no.
    Rule(Refusal),
}

impl Reason {
    /// Its stable word, by which it is counted.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NotJson => "not-json",
            Self::OtherShape => "other-shape",
            Self::NotUtf8 => "not-utf-8",
            Self::TooLarge => "too-large",
            Self::CutOff => "cut-off",
            Self::NotAFeature { .. } => "not-a-feature",
            Self::NoId => "no-id",
            Self::NoName => "no-name",
            Self::NoGeometry => "no-geometry",
            Self::Geometry { .. } => "geometry",
            Self::OffTheGlobe { .. } => "off-the-globe",
            Self::UnknownKind { .. } => "unknown-kind",
            Self::OtherKind { .. } => "other-kind",
            Self::Duplicate { .. } => "duplicate",
            Self::Foreign => "foreign",
            Self::Rule(refusal) => {
                return serde_json::to_value(refusal)
                    .ok()
                    .and_then(|value| Some(value.get("rule")?.as_str()?.to_owned()))
                    .unwrap_or_else(|| "rule".to_owned());
            }
        }
        .to_owned()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("it is no valid JSON"),
            Self::OtherShape => f.write_str(
                "it is not built as a feature is (an object with a type, a geometry and properties)",
            ),
            Self::NotUtf8 => f.write_str(
                "its text is not UTF-8, which GeoJSON always is (convert the file, for example with: iconv -f latin1 -t utf-8)",
            ),
            Self::TooLarge => write!(f, "it has more than {FEATURE_KIB_MAX} KiB"),
            Self::CutOff => f.write_str("it is cut off: the next record begins before its end"),
            Self::NotAFeature { found: None } => f.write_str("it is no feature"),
            Self::NotAFeature { found: Some(found) } => write!(f, "it is no feature, but {found}"),
            Self::NoId => f.write_str(
                "it has no id, so no later import would know it again (--id names a property that has one)",
            ),
            Self::NoName => f.write_str("it has no name"),
            Self::NoGeometry => f.write_str("it is nowhere: it has no geometry"),
            Self::Geometry { found } if found.is_empty() => {
                f.write_str("there is no point that stands for its geometry")
            }
            Self::Geometry { found } => {
                write!(f, "there is no point that stands for its geometry ({found})")
            }
            Self::OffTheGlobe { lon, lat } => {
                let (lon, lat) = (degrees(*lon), degrees(*lat));
                write!(f, "longitude {lon}, latitude {lat} is not on the globe")
            }
            Self::UnknownKind { found } => {
                write!(f, "it is of the kind {found}; there are idea, place, tool and bed")
            }
            Self::OtherKind { is } => write!(f, "its knot is of the kind {is}, which never changes"),
            Self::Duplicate { line } => write!(f, "its id stands in line {line} already"),
            Self::Foreign => f.write_str("somebody else has a knot of its id"),
            Self::Rule(refusal) => refusal.fmt(f),
        }
    }
}

/// Degrees as they stand in the file, where that is not hundreds of digits.
pub(crate) fn degrees(value: f64) -> String {
    if value.abs() < 1e9 {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}
