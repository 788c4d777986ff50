//! What a feature says, as what is to be knotted.

use domain::place::Place;
use domain::tidy::has_control;
use domain::weave::{self, NodeKind};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::geometry::Geometry;
use super::reason::Reason;

/// Characters of a source's id.
const ID_MAX: usize = 200;
/// The property by which a file may say what a thing is to the weave.
const KIND: &str = "weltgewebe:kind";
/// Where an id is looked for in the properties; `source_id` before the feature's own, the others after it.
const IDS: [&str; 3] = ["@id", "id", "osm_id"];
/// Where a name is looked for.
const NAMES: [&str; 6] = [
    "name:de",
    "name",
    "name:en",
    "official_name",
    "short_name",
    "title",
];
/// What becomes a line of the text, each the first that there is.
const LINES: [&[&str]; 4] = [
    &["description:de", "description"],
    &["opening_hours"],
    &["phone", "contact:phone"],
    &["website", "contact:website", "url"],
];
/// What OpenStreetMap calls what to us is a tool: something that stands there to be used.
const TOOLS: [&str; 4] = [
    "amenity=bicycle_repair_station",
    "amenity=compressed_air",
    "amenity=tool_library",
    "shop=tool_library",
];

/// A thing of the source, as the weave would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What the source calls it.
    pub id: String,
    pub kind: NodeKind,
    pub title: String,
    pub text: String,
    pub place: Place,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "type", default)]
    kind: Option<Value>,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    geometry: Option<Geometry>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

/// Reads a feature; its id is in the property `id_in`, or else where ids usually are. What could be read is told also
/// of one that is refused, so that it can be found.
///
/// # Errors
/// Why it is not brought in.
pub fn read(text: &[u8], id_in: Option<&str>) -> Result<Thing, (Option<String>, Reason)> {
    if std::str::from_utf8(text).is_err() {
        return Err((None, Reason::NotUtf8));
    }
    let feature: Feature = serde_json::from_slice(text).map_err(|error| {
        let reason = match error.classify() {
            Category::Data => Reason::OtherShape,
            Category::Syntax | Category::Eof | Category::Io => Reason::NotJson,
        };
        (None, reason)
    })?;
    let properties = feature.properties.unwrap_or_default();
    let id = id(&properties, feature.id.as_ref(), id_in);
    let name = id.clone().or_else(|| name(&properties));
    let thing = || {
        match &feature.kind {
            Some(Value::String(kind)) if kind == "Feature" => {}
            other => {
                let found = other.as_ref().map(Value::to_string);
                return Err(Reason::NotAFeature { found });
            }
        }
        let id = id.ok_or(Reason::NoId)?;
        let title = name_of(&properties)?;
        let text = text_of(&properties);
        let geometry = feature.geometry.as_ref().ok_or(Reason::NoGeometry)?;
        Ok(Thing {
            id,
            kind: kind(&properties)?,
            title: weave::title(&title).map_err(Reason::Rule)?,
            text: weave::text(&text).map_err(Reason::Rule)?,
            place: geometry.place()?,
        })
    };
    thing().map_err(|reason| (name, reason))
}

/// Text, or a number as text.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|word| !word.is_empty())
}

fn first(properties: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| properties.get(*name).and_then(word))
}

fn id(properties: &Map<String, Value>, own: Option<&Value>, id_in: Option<&str>) -> Option<String> {
    let found = match id_in {
        Some(name) => first(properties, &[name]),
        None => first(properties, &["source_id"])
            .or_else(|| own.and_then(word))
            .or_else(|| first(properties, &IDS)),
    };
    found.filter(|id| id.chars().count() <= ID_MAX && !has_control(id))
}

fn name(properties: &Map<String, Value>) -> Option<String> {
    first(properties, &NAMES)
}

fn name_of(properties: &Map<String, Value>) -> Result<String, Reason> {
    name(properties).ok_or(Reason::NoName)
}

fn text_of(properties: &Map<String, Value>) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(first(properties, LINES[0]));
    lines.extend(address(properties));
    for names in &LINES[1..] {
        lines.extend(first(properties, names));
    }
    lines.join("\n")
}

fn address(properties: &Map<String, Value>) -> Option<String> {
    let part = |name| first(properties, &[name]);
    let street = part("addr:street").or_else(|| part("addr:place"));
    let house = match (street, part("addr:housenumber")) {
        (Some(street), Some(number)) => Some(format!("{street} {number}")),
        (street, _) => street,
    };
    let town = match (part("addr:postcode"), part("addr:city")) {
        (Some(code), Some(city)) => Some(format!("{code} {city}")),
        (_, city) => city,
    };
    match (house, town) {
        (Some(house), Some(town)) => Some(format!("{house}, {town}")),
        (house, town) => house.or(town),
    }
}

/// What the file says by [`KIND`]; else a place, or a tool where OpenStreetMap's tags say so.
fn kind(properties: &Map<String, Value>) -> Result<NodeKind, Reason> {
    if let Some(found) = first(properties, &[KIND]) {
        return match NodeKind::from_code(&found) {
            // An event needs its time, and structures are the community's.
            None | Some(NodeKind::Event | NodeKind::Structure) => {
                Err(Reason::UnknownKind { found })
            }
            Some(kind) => Ok(kind),
        };
    }
    let is_tool = TOOLS.iter().any(|tool| {
        let named = first(properties, &["tag"]).is_some_and(|tag| tag == *tool);
        let tagged = tool
            .split_once('=')
            .is_some_and(|(key, value)| first(properties, &[key]).is_some_and(|is| is == value));
        named || tagged
    });
    Ok(if is_tool {
        NodeKind::Tool
    } else {
        NodeKind::Place
    })
}
