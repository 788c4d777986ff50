//! The one point that stands for a geometry.

use domain::place::Place;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use super::reason::Reason;

/// A geometry as it is written.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Geometry {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    coordinates: Option<Coordinates>,
}

/// Numbers in lists in lists.
#[derive(Debug)]
enum Coordinates {
    Number(f64),
    List(Vec<Coordinates>),
    Other,
}

/// Longitude and latitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    lon: f64,
    lat: f64,
}

impl Geometry {
    /// The point itself; the middle of a line along its length; the centre of gravity of an area, and of several
    /// areas or lines that of the largest or longest.
    ///
    /// # Errors
    /// When it has no such point, or that is not on the globe.
    pub(super) fn place(&self) -> Result<Place, Reason> {
        let other = || Reason::Geometry {
            found: self.kind.clone(),
        };
        let coordinates = self.coordinates.as_ref().ok_or_else(other)?;
        let point = match self.kind.as_str() {
            "Point" => coordinates.point(),
            "MultiPoint" => coordinates.points().map(|points| mean(&points)),
            "LineString" => coordinates.points().map(|points| middle(&points).0),
            "MultiLineString" => coordinates.largest(|line| Some(middle(&line.points()?))),
            "Polygon" => coordinates.outer_ring().map(|ring| centre(&ring).0),
            "MultiPolygon" => coordinates.largest(|area| Some(centre(&area.outer_ring()?))),
            _ => return Err(other()),
        };
        let point = point.ok_or_else(other)?;
        // A line across the date line may have been followed beyond it.
        let lon = match self.kind.as_str() {
            "Point" => point.lon,
            _ if point.lon > 180.0 => point.lon - 360.0,
            _ if point.lon < -180.0 => point.lon + 360.0,
            _ => point.lon,
        };
        Place::from_degrees(point.lat, lon).ok_or(Reason::OffTheGlobe {
            lon: point.lon,
            lat: point.lat,
        })
    }
}

impl Coordinates {
    fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) if !list.is_empty() => Some(list),
            _ => None,
        }
    }

    fn point(&self) -> Option<Point> {
        match self.list()? {
            [Self::Number(lon), Self::Number(lat), ..] => Some(Point {
                lon: *lon,
                lat: *lat,
            }),
            _ => None,
        }
    }

    /// All points of a list, each next to the one before it, also across the date line.
    fn points(&self) -> Option<Vec<Point>> {
        let mut points: Vec<Point> = Vec::new();
        for one in self.list()? {
            let mut point = one.point()?;
            if let Some(before) = points.last() {
                if point.lon - before.lon > 180.0 {
                    point.lon -= 360.0;
                } else if point.lon - before.lon < -180.0 {
                    point.lon += 360.0;
                }
            }
            points.push(point);
        }
        Some(points)
    }

    fn outer_ring(&self) -> Option<Vec<Point>> {
        self.list()?.first()?.points()
    }

    /// The point of the part that weighs most.
    fn largest(&self, of: impl Fn(&Self) -> Option<(Point, f64)>) -> Option<Point> {
        let mut largest: Option<(Point, f64)> = None;
        for part in self.list()? {
            let (point, weight) = of(part)?;
            if largest.is_none_or(|(_, known)| weight > known) {
                largest = Some((point, weight));
            }
        }
        largest.map(|(point, _)| point)
    }
}

fn mean(points: &[Point]) -> Point {
    let count = points.len().max(1) as f64;
    Point {
        lon: points.iter().map(|point| point.lon).sum::<f64>() / count,
        lat: points.iter().map(|point| point.lat).sum::<f64>() / count,
    }
}

/// The point half-way along a line, and its length in degrees of latitude.
fn middle(points: &[Point]) -> (Point, f64) {
    let length = |from: &Point, to: &Point| {
        let narrowing = Place::from_degrees(from.lat, 0.0).map_or(1.0, Place::narrowing);
        let (east, north) = ((to.lon - from.lon) * narrowing, to.lat - from.lat);
        (east * east + north * north).sqrt()
    };
    let whole: f64 = points
        .windows(2)
        .map(|pair| length(&pair[0], &pair[1]))
        .sum();
    let mut left = whole / 2.0;
    for pair in points.windows(2) {
        let step = length(&pair[0], &pair[1]);
        if step >= left && step > 0.0 {
            let part = left / step;
            let point = Point {
                lon: pair[0].lon + (pair[1].lon - pair[0].lon) * part,
                lat: pair[0].lat + (pair[1].lat - pair[0].lat) * part,
            };
            return (point, whole);
        }
        left -= step;
    }
    (mean(points), whole)
}

/// The centre of gravity of the area within a ring, and its size in square degrees; of a ring without area the mean.
fn centre(ring: &[Point]) -> (Point, f64) {
    let Some(&origin) = ring.first() else {
        return (mean(ring), 0.0);
    };
    // From its first point, so that small areas far from zero keep their digits.
    let near = |point: &Point| (point.lon - origin.lon, point.lat - origin.lat);
    let (mut twice, mut east, mut north) = (0.0, 0.0, 0.0);
    for index in 0..ring.len() {
        let ((x, y), (u, v)) = (near(&ring[index]), near(&ring[(index + 1) % ring.len()]));
        let cross = x * v - u * y;
        twice += cross;
        east += (x + u) * cross;
        north += (y + v) * cross;
    }
    if twice == 0.0 {
        return (mean(ring), 0.0);
    }
    let point = Point {
        lon: origin.lon + east / (3.0 * twice),
        lat: origin.lat + north / (3.0 * twice),
    };
    (point, (twice / 2.0).abs())
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Numbers)
    }
}

struct Numbers;

impl<'de> Visitor<'de> for Numbers {
    type Value = Coordinates;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("coordinates")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Coordinates, E> {
        Ok(Coordinates::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Coordinates, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Coordinates::List(all))
    }

    fn visit_unit<E: Error>(self) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Coordinates, E> {
        Ok(Coordinates::Other)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Coordinates, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Coordinates::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(json: &str) -> Result<(f64, f64), String> {
        let geometry: Geometry = serde_json::from_str(json).expect("JSON");
        let place = geometry.place().map_err(|reason| reason.to_string())?;
        Ok((place.lon_degrees(), place.lat_degrees()))
    }

    #[test]
    fn every_kind_of_geometry_has_its_point() {
        for (json, wanted) in [
            (
                r#"{"type":"Point","coordinates":[15.6,48.4,210]}"#,
                (15.6, 48.4),
            ),
            (
                r#"{"type":"MultiPoint","coordinates":[[1,1],[3,5]]}"#,
                (2.0, 3.0),
            ),
            (
                r#"{"type":"LineString","coordinates":[[0,0],[0,3],[0,4]]}"#,
                (0.0, 2.0),
            ),
            (
                r#"{"type":"MultiLineString","coordinates":[[[9,9],[9,9.1]],[[0,0],[0,2]]]}"#,
                (0.0, 1.0),
            ),
            (
                r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,2],[0,0]],[[1,1],[2,1],[2,1.5],[1,1]]]}"#,
                (2.0, 1.0),
            ),
            (
                r#"{"type":"MultiPolygon","coordinates":[[[[9,9],[10,9],[10,10],[9,9]]],[[[0,0],[4,0],[4,2],[0,2],[0,0]]]]}"#,
                (2.0, 1.0),
            ),
            // Drawn twice over itself, without any area.
            (
                r#"{"type":"Polygon","coordinates":[[[1,1],[3,1],[1,1]]]}"#,
                (5.0 / 3.0, 1.0),
            ),
            (r#"{"type":"LineString","coordinates":[[7,7]]}"#, (7.0, 7.0)),
        ] {
            let (lon, lat) = place(json).expect(json);
            assert!(
                (lon - wanted.0).abs() < 1e-6 && (lat - wanted.1).abs() < 1e-6,
                "{json}: {lon} {lat}"
            );
        }
    }

    #[test]
    fn an_area_across_the_date_line_is_not_put_on_the_other_side_of_the_globe() {
        let json =
            r#"{"type":"Polygon","coordinates":[[[179,0],[-179,0],[-179,2],[179,2],[179,0]]]}"#;
        let (lon, lat) = place(json).expect("a place");
        assert!(
            (lon.abs() - 180.0).abs() < 1e-6 && (lat - 1.0).abs() < 1e-6,
            "{lon} {lat}"
        );
    }

    #[test]
    fn what_has_no_point_is_refused_by_name() {
        for json in [
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
            r#"{"type":"Point","coordinates":[]}"#,
            r#"{"type":"Point","coordinates":["15","48"]}"#,
            r#"{"type":"Point","coordinates":[null,48]}"#,
            r#"{"type":"Point"}"#,
            r#"{"type":"Polygon","coordinates":[[]]}"#,
            r#"{"type":"LineString","coordinates":[1,2]}"#,
            r#"{"type":"Punkt","coordinates":[1,2]}"#,
            r#"{"coordinates":[1,2]}"#,
        ] {
            assert!(place(json).expect_err(json).contains("no point"), "{json}");
        }
        for json in [
            r#"{"type":"Point","coordinates":[15.6,91]}"#,
            r#"{"type":"Point","coordinates":[180.1,48]}"#,
            r#"{"type":"Point","coordinates":[1773000,6165000]}"#,
        ] {
            assert!(place(json).expect_err(json).contains("globe"), "{json}");
        }
    }
}
