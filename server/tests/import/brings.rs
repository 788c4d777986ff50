//! What comes in, and what stays the same when it comes again.

use std::fs;

use domain::event::{Actor, Body};
use domain::id::{NodeId, RoleId, ThreadId};
use domain::spool::Placed;
use domain::weave::{Particulars, ThreadKind};
use serde_json::{Value, json};
use store::weave::{project, read};

use crate::house::{House, count, feature, features, imported};

/// Events that are an import's, of the role of that source.
async fn log_names(house: &House, source: &str) -> Vec<&'static str> {
    let log = house.log().await;
    let role = RoleId::of_source(source);
    for event in &log {
        let wanted = Actor::Import {
            role,
            source: source.to_owned(),
        };
        assert_eq!(event.actor, wanted);
    }
    imported(&log)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_come_in_as_knots_of_a_hidden_role_and_stay() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(150));
    let said = house.import(&file, &[]);
    assert!(said.is_success, "{said:?}");
    assert_eq!((said.count("knotted"), said.count("refused")), (150, 0));

    let names = log_names(&house, "krems").await;
    assert_eq!(names[0], "RolleRegistriert");
    assert_eq!(count(&names, "KnotenGeknuepft"), 150);
    assert_eq!(count(&names, "FadenVerzwirnt"), 150);
    assert_eq!(names.len(), 301);

    tokio::spawn(project::run(house.store.clone()));
    let head = house.store.head().await.expect("a head");
    let patience = std::time::Duration::from_secs(60);
    assert!(
        read::reached(&house.store, head, patience)
            .await
            .expect("rows")
    );
    let role = RoleId::of_source("krems");
    let (detail, threads) = read::role(&house.store, role)
        .await
        .expect("rows")
        .expect("the source's role");
    assert_eq!(
        (detail.name.as_str(), detail.placed),
        ("krems", Placed::Hidden)
    );
    assert!(threads.iter().all(|row| row.thread.expires_at.is_none()));
    let node = NodeId::of_source(role, "n7");
    let (row, threads) = read::node(&house.store, node)
        .await
        .expect("rows")
        .expect("the seventh");
    assert_eq!(row.title, "Haus 7");
    assert_eq!(row.text, "Mo-Fr 08:00-12:30");
    assert_eq!((row.place.lat, row.place.lon), (484_100_000, 156_021_000));
    assert_eq!(
        threads[0].id,
        ThreadId::derive(role, ThreadKind::Create, node)
    );
    assert!(row.yarns.contains_key(&threads[0].id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_again_changes_nothing_in_any_form() {
    let house = House::new().await;
    let features = features(100);
    let file = house.places("krems.geojson", &features);
    assert!(house.import(&file, &[]).is_success);
    let head = house.head().await;
    let lines: Vec<String> = features.iter().map(Value::to_string).collect();
    let records: String = lines.iter().map(|line| format!("\u{1e}{line}\n")).collect();
    let forms = [
        file,
        house.file("krems.jsonl", lines.join("\n")),
        house.file("krems.geojsons", records),
    ];
    for form in forms {
        let said = house.import(&form, &["--source", " krems "]);
        assert!(said.is_success, "{said:?}");
        assert_eq!(
            (said.count("unchanged"), said.count("knotted")),
            (100, 0),
            "{said:?}"
        );
        assert_eq!(house.head().await, head);
    }
    // Another source's are its own.
    let said = house.import(&house.path("krems.jsonl"), &["--source", "stein"]);
    assert_eq!(said.count("knotted"), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_counted_named_and_written_to_a_file() {
    let house = House::new().await;
    let mut features = features(4);
    features[1]["properties"]["name"] = json!("");
    features.push(feature(3));
    features.push(json!({ "type": "Feature", "properties": { "name": "Ohne Nummer" } }));
    for n in 10..16 {
        let mut off = feature(n);
        off["geometry"]["coordinates"] = json!([15.6, 148.4]);
        features.push(off);
    }
    let text = features
        .iter()
        .map(Value::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    let file = house.file("krems.jsonl", text);
    let report = house.path("refused.jsonl");
    let arguments = ["--report", report.to_str().expect("a path")];
    let said = house.import(&file, &arguments);
    // Refused places are no failure: the others are in.
    assert!(said.is_success, "{said:?}");
    for (word, wanted) in [
        ("knotted", 3),
        ("refused", 9),
        ("no-name", 1),
        ("duplicate", 1),
        ("no-id", 1),
        ("off-the-globe", 6),
    ] {
        assert_eq!(said.count(word), wanted, "{word}: {said:?}");
    }
    assert!(said.report.contains("line 2 (byte "), "{said:?}");
    assert!(said.report.contains(", n1: it has no name"), "{said:?}");
    assert!(
        said.report.contains("its id stands in line 4 already"),
        "{said:?}"
    );
    assert_eq!(said.report.matches("is not on the globe").count(), 3);
    let lines: Vec<Value> = fs::read_to_string(&report)
        .expect("a report")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 9);
    assert_eq!(
        (&lines[0]["line"], &lines[0]["reason"]),
        (&json!(2), &json!("no-name"))
    );
    // Nothing of the refused ones is in the log: not even that they were.
    assert_eq!(house.log().await.len(), 1 + 2 * 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_knotted_and_not_twisted_is_twisted_by_the_next_import() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(3));
    assert!(house.import(&file, &[]).is_success);
    let mut door = store::door::ImportDoor::new(house.store.clone(), "krems");
    let node = NodeId::of_source(door.role(), "n3");
    let knot = domain::command::Act::KnotNode {
        node,
        kind: domain::weave::NodeKind::Place,
        title: "Haus 3".to_owned(),
        text: "Mo-Fr 08:00-12:30".to_owned(),
        place: domain::place::Place {
            lat: 484_100_000,
            lon: 156_009_000,
        },
        starts_at: None,
        particulars: Particulars::default(),
    };
    for answer in door.submit(vec![knot]).await {
        answer.expect("a knot");
    }
    let file = house.places("krems.geojson", &features(4));
    let said = house.import(&file, &[]);
    assert_eq!(
        (said.count("knotted"), said.count("unchanged")),
        (0, 4),
        "{said:?}"
    );
    let log = house.log().await;
    assert!(matches!(
        log[log.len() - 1].payload,
        Body::FadenVerzwirnt { .. }
    ));
    assert_eq!(log[log.len() - 1].tie.map(|tie| tie.to), Some(node.into()));
}
