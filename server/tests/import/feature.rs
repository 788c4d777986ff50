//! What features say.

use domain::place::Place;
use domain::weave::NodeKind;
use serde_json::{Value, json};
use server::import::feature::{self, Thing};

fn read(json: &Value) -> Result<Thing, String> {
    read_by(json, None)
}

fn read_by(json: &Value, id_in: Option<&str>) -> Result<Thing, String> {
    feature::read(json.to_string().as_bytes(), id_in).map_err(|(_, reason)| reason.code())
}

fn with(properties: &Value) -> Value {
    json!({
        "type": "Feature",
        "id": "n1",
        "geometry": { "type": "Point", "coordinates": [15.6, 48.4] },
        "properties": properties,
    })
}

#[test]
fn a_feature_becomes_a_place_with_its_name_and_what_else_is_told() {
    let thing = read(&with(&json!({
        "name": "  Stadt\u{a0}bücherei ",
        "description": "Bücher und Spiele.",
        "addr:street": "Utzstraße", "addr:housenumber": 1, "addr:postcode": "3500", "addr:city": "Krems",
        "opening_hours": "Tu-Fr 09:00-18:00", "website": "https://example.org",
        "source_id": "osm:n1", "tag": "amenity=library",
    })));
    let wanted = Thing {
        id: "osm:n1".into(),
        kind: NodeKind::Place,
        title: "Stadt bücherei".into(),
        text: "Bücher und Spiele.\nUtzstraße 1, 3500 Krems\nTu-Fr 09:00-18:00\nhttps://example.org"
            .into(),
        place: Place {
            lat: 484_000_000,
            lon: 156_000_000,
        },
    };
    assert_eq!(thing, Ok(wanted));
}

#[test]
fn names_are_taken_in_the_communitys_language_first() {
    let title = |properties| read(&with(&properties)).map(|thing| thing.title);
    let german = json!({ "name": "Bolzano", "name:de": "Bozen", "name:en": "Bolzano" });
    assert_eq!(title(german).as_deref(), Ok("Bozen"));
    assert_eq!(
        title(json!({ "name:en": "Museum" })).as_deref(),
        Ok("Museum")
    );
    assert_eq!(title(json!({ "name": 1516 })).as_deref(), Ok("1516"));
    assert_eq!(title(json!({ "name": "🧶🧶" })).as_deref(), Ok("🧶🧶"));
    assert_eq!(
        title(json!({ "name": "عرض ‏من اليمين" })).as_deref(),
        Ok("عرض ‏من اليمين")
    );
    for nothing in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": null }),
        json!({ "name": [1] }),
    ] {
        assert_eq!(title(nothing), Err("no-name".into()));
    }
    assert_eq!(title(Value::Null), Err("no-name".into()));
    assert_eq!(
        title(json!({ "name": "\u{200b}".repeat(121) })),
        Err("title-length".into())
    );
    assert_eq!(
        title(json!({ "name": "x".repeat(121) })),
        Err("title-length".into())
    );
    let long = json!({ "name": "x", "description": "x".repeat(4001) });
    assert_eq!(title(long), Err("text-length".into()));
    for control in ["a\u{0}b", "a\u{7}b", "a\u{85}b", "a\u{1b}[31mb"] {
        assert_eq!(
            title(json!({ "name": control })),
            Err("control-characters".into())
        );
    }
}

#[test]
fn an_id_is_found_where_files_have_it() {
    let id = |own: Value, properties: Value, id_in| {
        let mut feature = with(&properties);
        feature["id"] = own;
        feature["properties"]["name"] = json!("x");
        read_by(&feature, id_in).map(|thing| thing.id)
    };
    assert_eq!(
        id(json!("a"), json!({ "source_id": "b", "@id": "c" }), None).as_deref(),
        Ok("b")
    );
    assert_eq!(
        id(json!(17), json!({ "@id": "node/1" }), None).as_deref(),
        Ok("17")
    );
    assert_eq!(
        id(Value::Null, json!({ "@id": "node/1" }), None).as_deref(),
        Ok("node/1")
    );
    assert_eq!(
        id(json!("a"), json!({ "osm_id": 4 }), Some("osm_id")).as_deref(),
        Ok("4")
    );
    assert_eq!(
        id(json!("a"), json!({}), Some("nummer")),
        Err("no-id".into())
    );
    for nothing in [
        Value::Null,
        json!(""),
        json!([1]),
        json!("x".repeat(201)),
        json!("a\u{0}"),
    ] {
        assert_eq!(id(nothing, json!({}), None), Err("no-id".into()));
    }
}

#[test]
fn a_kind_is_said_or_seen_and_else_it_is_a_place() {
    let kind = |properties: Value| {
        let mut feature = with(&properties);
        feature["properties"]["name"] = json!("x");
        read(&feature).map(|thing| thing.kind)
    };
    assert_eq!(kind(json!({ "kind": "restaurant" })), Ok(NodeKind::Place));
    assert_eq!(kind(json!({ "weltgewebe:kind": "bed" })), Ok(NodeKind::Bed));
    assert_eq!(
        kind(json!({ "tag": "amenity=bicycle_repair_station" })),
        Ok(NodeKind::Tool)
    );
    assert_eq!(
        kind(json!({ "amenity": "compressed_air" })),
        Ok(NodeKind::Tool)
    );
    for wrong in ["event", "structure", "haus"] {
        assert_eq!(
            kind(json!({ "weltgewebe:kind": wrong })),
            Err("unknown-kind".into())
        );
    }
}

#[test]
fn what_is_no_feature_or_nowhere_is_refused() {
    let mut nowhere = with(&json!({ "name": "x" }));
    nowhere["geometry"] = Value::Null;
    assert_eq!(read(&nowhere), Err("no-geometry".into()));
    nowhere["geometry"] = json!({ "type": "Point", "coordinates": [15.6, 480.4] });
    assert_eq!(read(&nowhere), Err("off-the-globe".into()));
    nowhere["geometry"] = json!({ "type": "GeometryCollection", "geometries": [] });
    assert_eq!(read(&nowhere), Err("geometry".into()));
    assert_eq!(
        read(&json!({ "type": "Point", "coordinates": [1, 2] })),
        Err("not-a-feature".into())
    );
    assert_eq!(read(&json!({})), Err("not-a-feature".into()));
    for (text, code) in [
        ("7", "other-shape"),
        ("null", "other-shape"),
        ("[]", "not-a-feature"),
        (r#"{"type":"Feature","properties":[]}"#, "other-shape"),
        (r#"{"type":"Feature","geometry":"here"}"#, "other-shape"),
        (r#"{"type":"Feature","id":1,"id":2}"#, "other-shape"),
        (r#"{"type":"Feature","id":"\ud800"}"#, "not-json"),
        (r#"{"type":"Feature","id":1e999}"#, "not-json"),
        (r#"{"type":"Feature",,}"#, "not-json"),
    ] {
        let (_, reason) = feature::read(text.as_bytes(), None).expect_err(text);
        assert_eq!(reason.code(), code, "{text}: {reason}");
    }
    let (_, reason) =
        feature::read(b"{\"type\":\"Feature\",\"id\":\"\xff\"}", None).expect_err("no UTF-8");
    assert_eq!(reason.code(), "not-utf-8");
    let deep = format!(
        "{{\"type\":\"Feature\",\"x\":{}1{}}}",
        "[".repeat(400),
        "]".repeat(400)
    );
    assert!(feature::read(deep.as_bytes(), None).is_err());
}
