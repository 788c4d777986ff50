//! What may not be found: true points outside `places_private`, personal words outside the read models.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::Act;
use domain::event::Body;
use domain::personal::Text;
use domain::place::{Place, Radius};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::weave::ParticularsChange;
use store::weave::{read, rebuild};

use crate::support::{House, place};

/// Every table, kept or not, in which some row's text contains `needle`.
async fn tables_with(house: &House, needle: &str) -> BTreeSet<String> {
    let mut connection = house.database.connection().await;
    sqlx::query(
        "CREATE OR REPLACE FUNCTION tables_with(needle text) RETURNS SETOF text LANGUAGE plpgsql AS $$
         DECLARE t regclass; found boolean;
         BEGIN
             FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'
             LOOP
                 EXECUTE format('SELECT EXISTS (SELECT FROM %s AS x WHERE x::text ILIKE $1)', t)
                     INTO found USING '%' || needle || '%';
                 IF found THEN RETURN NEXT t::text; END IF;
             END LOOP;
         END $$",
    )
    .execute(&mut connection)
    .await
    .expect("a search");
    let found: Vec<String> = sqlx::query_scalar("SELECT * FROM tables_with($1)")
        .bind(needle)
        .fetch_all(&mut connection)
        .await
        .expect("tables");
    found
        .into_iter()
        .filter(|table| !table.starts_with("events_2"))
        .collect()
}

/// Everything by which a point shown within 500 m could be told: numbers, the bytes of a geography, and cells
/// whose edge is shorter than the radius.
fn traces(point: Place) -> Vec<String> {
    let bytes = |degrees: f64| {
        degrees
            .to_le_bytes()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<String>()
    };
    let mut traces = vec![point.lat.to_string(), point.lon.to_string()];
    traces.extend([bytes(point.lat_degrees()), bytes(point.lon_degrees())]);
    traces.extend([
        point.lat_degrees().to_string(),
        point.lon_degrees().to_string(),
    ]);
    for resolution in 9..=12 {
        let cell = point.cell().parent(resolution);
        traces.extend([cell.to_string(), cell.to_i64().to_string()]);
    }
    traces
}

#[tokio::test]
async fn a_true_point_is_nowhere_but_in_places_private() {
    let house = House::new().await;
    let home = Place {
        lat: 484_123_457,
        lon: 156_198_763,
    };
    // Exact at first, then within a radius, before anything is woven: the log must not remember the first.
    let anna = house.role("Anna", Placement::Exact { place: home }).await;
    let node = house.node(anna, "Anderswo", place(900)).await;
    house
        .place(
            anna,
            Placement::Radius {
                place: home,
                radius: Radius::M500,
            },
        )
        .await;
    house.join(anna, node).await;
    house.weave();
    house.woven().await;

    let control = place(900).lat.to_string();
    assert!(
        tables_with(&house, &control).await.contains("nodes_read"),
        "the search finds what is there"
    );
    for trace in traces(home) {
        let found = tables_with(&house, &trace).await;
        let private = BTreeSet::from(["places_private".to_owned()]);
        assert!(found.is_subset(&private), "{trace} is in {found:?}");
    }
    assert!(
        tables_with(&house, &home.lat.to_string())
            .await
            .contains("places_private")
    );
}

#[tokio::test]
async fn a_published_point_is_displaced_inside_its_radius_and_stays() {
    let house = House::new().await;
    house.weave();
    let home = place(0);
    let within = |radius| Placement::Radius {
        place: home,
        radius,
    };
    let anna = house.role("Anna", within(Radius::M500)).await;
    let node = house.node(anna, "Idee", place(9)).await;
    let shown = async || {
        house.woven().await;
        read::me(&house.store, anna)
            .await
            .expect("an answer")
            .expect("Anna")
            .place
    };
    let first = shown().await.expect("a point");
    assert_ne!(first, home);
    assert!(first.distance_m(home) <= 501.0);

    house.place(anna, Placement::Hidden).await;
    assert_eq!(shown().await, None);
    let (_, threads) = read::node(&house.store, node)
        .await
        .expect("an answer")
        .expect("a node");
    assert_eq!(threads[0].from, None, "their threads end in a tuft");
    assert!(
        read::spool_cells(&house.store, &[anna])
            .await
            .expect("an answer")
            .is_empty()
    );
    assert_eq!(
        house
            .count("SELECT count(*) FROM places_private WHERE lat IS NOT NULL")
            .await,
        0,
        "who hides is not kept"
    );

    house.place(anna, within(Radius::M500)).await;
    assert_eq!(
        shown().await,
        Some(first),
        "the same after hiding and showing again"
    );
    house.place(anna, within(Radius::Km2)).await;
    let wider = shown().await.expect("a point");
    assert_ne!(wider, first, "each radius has a displacement of its own");
    let (_, threads) = read::node(&house.store, node)
        .await
        .expect("an answer")
        .expect("a node");
    assert_eq!(threads[0].from, Some(wider), "lines follow their spool");
}

#[tokio::test]
async fn a_kept_place_stays_where_it_is_and_who_was_hidden_has_none() {
    let house = House::new().await;
    house.weave();
    let home = place(0);
    let within = |radius| Placement::Radius {
        place: home,
        radius,
    };
    let kept = |radius| Placement::Kept { radius };
    let anna = house.role("Anna", within(Radius::M500)).await;
    let shown = async || {
        house.woven().await;
        let me = read::me(&house.store, anna).await.expect("an answer");
        me.expect("Anna").place
    };
    house.place(anna, within(Radius::Km1)).await;
    let said = shown().await;
    house.place(anna, within(Radius::M500)).await;
    house.place(anna, kept(Some(Radius::Km1))).await;
    assert_eq!(shown().await, said, "as if the same place were said again");
    house.place(anna, kept(None)).await;
    assert_eq!(shown().await, Some(home));
    house.place(anna, Placement::Hidden).await;
    let again = Act::PlaceRole {
        placement: kept(None),
    };
    let refused = house.act(anna, again).await;
    assert_eq!(refused, Err(Refusal::NoPlaceKept.into()));
    assert_eq!(shown().await, None);
}

#[tokio::test]
async fn however_often_a_place_is_hidden_and_shown_each_radius_has_one_point() {
    let house = House::new().await;
    house.weave();
    let home = place(0);
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut seen: BTreeMap<Radius, BTreeSet<Place>> = BTreeMap::new();
    for _ in 0..4 {
        for radius in Radius::ALL {
            for placement in [
                Placement::Radius {
                    place: home,
                    radius,
                },
                Placement::Hidden,
            ] {
                house.place(anna, placement).await;
                house.woven().await;
                let me = read::me(&house.store, anna).await.expect("an answer");
                let shown = me.expect("Anna").place;
                if let Some(shown) = shown {
                    seen.entry(radius).or_default().insert(shown);
                }
            }
        }
    }
    assert_eq!(seen.len(), Radius::ALL.len());
    for (radius, points) in seen {
        assert_eq!(
            points.len(),
            1,
            "nothing to average at {radius:?}: {points:?}"
        );
    }
}

#[tokio::test]
async fn names_and_words_are_sealed_wherever_they_are_kept() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna Garnwinder", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest im Hof", place(0)).await;
    house
        .act(
            anna,
            Act::RenameRole {
                name: "Annette Garnwinder".to_owned(),
            },
        )
        .await
        .expect("a name");
    let describe = Act::DescribeRole {
        about: Some("Kürschnerin von Beruf".to_owned()),
        goods: Some(vec!["Pelznähmaschine".to_owned()]),
        skills: None,
        languages: None,
    };
    house.act(anna, describe).await.expect("a description");
    let change = Act::ChangeNode {
        node,
        based_on: 1,
        kind: None,
        title: None,
        text: Some("Mit Holzkuchen".to_owned()),
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    house.act(anna, change).await.expect("a change");
    house.woven().await;
    let open: BTreeSet<String> = [
        "nodes_read",
        "node_versions_read",
        "threads_read",
        "roles_read",
        "profiles_read",
    ]
    .map(str::to_owned)
    .into();
    for (words, where_open) in [
        ("Garnwinder", 3),
        ("Apfelfest", 2),
        ("Holzkuchen", 2),
        ("Kürschnerin", 1),
        ("Pelznähmaschine", 1),
    ] {
        let found = tables_with(&house, words).await;
        assert!(found.is_subset(&open), "{words} is in {found:?}");
        assert_eq!(found.len(), where_open, "the search finds what is there");
    }

    // Without the key nothing can be read any more, and a rebuild forgets it too.
    let mut connection = house.database.connection().await;
    sqlx::query("DELETE FROM keys.roles")
        .execute(&mut connection)
        .await
        .expect("an erasure");
    house.store.close().await;
    // A new process has no key in its memory.
    let again = house.database.store().await;
    let house = House::of(house.database, again);
    for event in house.log().await {
        if let Body::RolleRegistriert { name, .. }
        | Body::KnotenGeknuepft { title: name, .. }
        | Body::KnotenGeaendert {
            text: Some(name), ..
        }
        | Body::RolleBeschrieben {
            goods: Some(name), ..
        } = event.payload
        {
            assert_eq!(name.text, Text::Erased);
        }
    }
    rebuild::run(&house.store).await.expect("a rebuild");
    let (row, _) = read::node(&house.store, node)
        .await
        .expect("an answer")
        .expect("the weave stays");
    assert_eq!((row.title.as_str(), row.owner_name.as_str()), ("", ""));
    for words in [
        "Garnwinder",
        "Kürschnerin",
        "Pelznähmaschine",
        "Apfelfest",
        "Holzkuchen",
    ] {
        assert!(tables_with(&house, words).await.is_empty(), "{words}");
    }
    let me = read::me(&house.store, anna).await.expect("an answer");
    assert!(me.expect("the role stays").profile.is_empty());
}
