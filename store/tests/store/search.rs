//! Searching: by stems, beginnings and what is written alike, and never what has ended.

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::place::{Place, Radius};
use domain::search::{HITS_MAX, Hit, Order, Search, Subject};
use domain::spool::Placement;
use domain::time::FADE_MS;
use domain::weave::{NodeKind, Particulars};
use store::testing;
use store::weave::{read, rebuild};

use crate::rooms::{living_house, settled};
use crate::support::{House, place, said};

async fn found(house: &House, text: &str) -> Vec<Hit> {
    in_order(house, text, Order::Relevance).await
}

async fn in_order(house: &House, text: &str, order: Order) -> Vec<Hit> {
    let search = Search::new(text, order);
    store::search::find(&house.store, &search, place(0), str::to_owned)
        .await
        .expect("an answer")
}

/// The titles of what is found.
async fn titles(house: &House, text: &str) -> Vec<String> {
    let hits = found(house, text).await;
    hits.into_iter().map(|hit| hit.title).collect()
}

async fn knot_with(house: &House, by: RoleId, title: &str, text: &str, at: Place) -> NodeId {
    let node = NodeId(testing::id());
    let act = Act::KnotNode {
        node,
        kind: NodeKind::Tool,
        title: title.to_owned(),
        text: text.to_owned(),
        place: at,
        starts_at: None,
        particulars: Particulars::default(),
    };
    house.act(by, act).await.expect("a knot");
    node
}

async fn describe(house: &House, by: RoleId, about: &str, goods: &[&str], skills: &[&str]) {
    let tags = |tags: &[&str]| Some(tags.iter().map(|&tag| tag.to_owned()).collect());
    let act = Act::DescribeRole {
        about: Some(about.to_owned()),
        goods: tags(goods),
        skills: tags(skills),
        languages: None,
    };
    house.act(by, act).await.expect("a description");
}

#[tokio::test]
async fn words_are_found_by_their_stems_umlauts_beginnings_and_typos() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    for (n, (title, text)) in [
        ("Fahrräder reparieren", "Jeden Dienstag und/oder Mittwoch."),
        ("Äpfel aus dem Garten", "Große Körbe, kleine Preise."),
        ("Straßenfest", "Wer bringt Kuchen-Teller mit?"),
        (
            "Repairing bikes",
            "We meet on Fridays in the old libraries.",
        ),
        ("Werkzeug leihen", ""),
        ("مخبز الحي", "خبز طازج"),
    ]
    .into_iter()
    .enumerate()
    {
        knot_with(&house, anna, title, text, place(n as i32)).await;
    }
    house.woven().await;
    for (asked, wanted) in [
        ("Fahrrad", "Fahrräder reparieren"),
        ("fahrräd", "Fahrräder reparieren"),
        ("FAHRRÄDERN", "Fahrräder reparieren"),
        ("Mittwoch", "Fahrräder reparieren"),
        ("Apfel", "Äpfel aus dem Garten"),
        ("Aepfel", "Äpfel aus dem Garten"),
        ("Gärten", "Äpfel aus dem Garten"),
        ("großer Korb", "Äpfel aus dem Garten"),
        ("strassenfest", "Straßenfest"),
        ("Straßenfeste", "Straßenfest"),
        ("Teller", "Straßenfest"),
        ("bike", "Repairing bikes"),
        ("library", "Repairing bikes"),
        ("Wer", "Werkzeug leihen"),
        ("الحي", "مخبز الحي"),
        ("خب", "مخبز الحي"),
        // Written wrong.
        ("Fahrad", "Fahrräder reparieren"),
        ("Wekrzeug", "Werkzeug leihen"),
        ("Strasenfest", "Straßenfest"),
    ] {
        let hits = titles(&house, asked).await;
        assert!(
            hits.iter().any(|title| title == wanted),
            "{asked}: {hits:?}"
        );
    }
    assert_eq!(
        titles(&house, "Fahrrad").await[0],
        "Fahrräder reparieren",
        "it is called so"
    );
    assert_eq!(
        titles(&house, "Fahrrad Kuchen").await,
        ["Fahrräder reparieren"],
        "nothing has both, so that the nearest follows"
    );
    for asked in ["Xylophon", "", " "] {
        assert_eq!(titles(&house, asked).await, [""; 0], "{asked}");
    }
}

#[tokio::test]
async fn whatever_is_typed_is_words_and_no_language_of_questions() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    knot_with(&house, anna, "drop table", "x' OR 'a'='a", place(0)).await;
    house.woven().await;
    for asked in [
        "'; DROP TABLE nodes_read; --",
        "drop:*",
        "drop & table",
        "drop | !table",
        "<-> drop",
        "drop\\table",
        "(drop",
        "\"drop\"",
        "%dr_p%",
        "drop\u{0}",
        "\u{202e}drop",
    ] {
        let hits = in_order(&house, asked, Order::Distance).await;
        assert!(hits.len() <= 1, "{asked}: {hits:?}");
    }
    assert_eq!(titles(&house, "drop:*").await, ["drop table"]);
    assert_eq!(titles(&house, "'; DROP table --").await, ["drop table"]);
    for asked in [
        ":*", "&|!", "'", "\\", "()", "<->", "%", "_", "--", "…", "\u{200d}", "\u{fe0f}",
    ] {
        assert_eq!(titles(&house, asked).await, [""; 0], "{asked}");
    }
    let long = "wort ".repeat(20_000);
    assert_eq!(titles(&house, &long).await, [""; 0]);
    assert!(house.count("SELECT count(*) FROM nodes_read").await == 1);
}

#[tokio::test]
async fn names_of_signs_alone_are_found_by_them() {
    let house = House::new().await;
    house.weave();
    let sun = house.role("🌻🌻", Placement::Hidden).await;
    house.role("Will", Placement::Hidden).await;
    house.role("أحمد سالم", Placement::Hidden).await;
    knot_with(&house, sun, "🧵 Nähen", "", place(0)).await;
    house.woven().await;
    assert_eq!(titles(&house, "🌻").await, ["🌻🌻"]);
    assert_eq!(titles(&house, "🧵").await, ["🧵 Nähen"]);
    assert_eq!(titles(&house, "🧵 nahen").await, ["🧵 Nähen"]);
    assert_eq!(titles(&house, "🍎").await, [""; 0]);
    assert_eq!(titles(&house, "أحمد").await, ["أحمد سالم"]);
    assert_eq!(
        titles(&house, "Will").await,
        ["Will"],
        "what no language keeps is a name all the same"
    );
}

#[tokio::test]
async fn a_role_is_found_by_name_and_offer_and_one_that_is_hidden_has_no_distance() {
    let house = House::new().await;
    house.weave();
    let home = place(40);
    let ada = house.role("Ada Amsel", Placement::Hidden).await;
    let within = Placement::Radius {
        place: home,
        radius: Radius::M500,
    };
    let ben = house.role("Ben", within).await;
    describe(
        &house,
        ada,
        "Schlosserin im Ruhestand",
        &["Bohrmaschine"],
        &["Schlösser öffnen"],
    )
    .await;
    describe(&house, ben, "", &["Lange Leitern"], &["Türkisch kochen"]).await;
    house.woven().await;
    for (asked, wanted) in [
        ("Amsel", ada),
        ("Bohrmaschinen", ada),
        ("bohrmaschne", ada),
        ("Schloss", ada),
        ("Ruhestand", ada),
        ("Ada Bohrmaschine", ada),
        ("Schlösser Amsel", ada),
        ("Leiter", ben),
        ("kochen Ben", ben),
    ] {
        let hits = found(&house, asked).await;
        let is_wanted = |hit: &Hit| hit.of == Subject::Role { role: wanted };
        let hit = hits.iter().find(|hit| is_wanted(hit));
        let hit = hit.unwrap_or_else(|| panic!("{asked}: {hits:?}"));
        if wanted == ada {
            assert_eq!((hit.place, hit.distance_m), (None, None), "{asked}");
        } else {
            let shown = read::me(&house.store, ben).await.expect("an answer");
            assert_eq!(hit.place, shown.expect("Ben").place, "where it is shown");
            assert_ne!(hit.place, Some(home), "and nowhere else");
        }
    }
    let hits = found(&house, "Bohrmaschine").await;
    assert!(hits[0].excerpt.contains("Bohrmaschine"), "{hits:?}");

    // Who hides is nowhere at once.
    house.place(ben, Placement::Hidden).await;
    house.woven().await;
    let hits = in_order(&house, "Leiter", Order::Distance).await;
    assert_eq!((hits.len(), hits[0].distance_m), (1, None));
    // What is taken back is not found.
    describe(&house, ben, "", &[], &[]).await;
    house.woven().await;
    assert_eq!(found(&house, "Leiter").await, []);
}

#[tokio::test]
async fn what_was_said_is_found_with_its_knot_by_its_words_and_its_author() {
    let house = House::new().await;
    house.weave();
    let (anna, ben) = (
        house.role("Anna", Placement::Hidden).await,
        house.role("Ben", Placement::Hidden).await,
    );
    let feast = house.node(anna, "Sommerfest", place(3)).await;
    for (by, text) in [
        (ben, "Ich bringe zwanzig Stühle."),
        (anna, "Stühle haben wir genug, bring lieber Bänke."),
        (ben, "Gut."),
    ] {
        house.act(by, said(feast, text)).await.expect("a message");
    }
    house.woven().await;
    let of = async |asked: &str| {
        let hits = found(&house, asked).await;
        let said = hits.into_iter().filter_map(|hit| match hit.of {
            Subject::Message { node, by, .. } => Some((node, by, hit.title, hit.excerpt)),
            _ => None,
        });
        said.collect::<Vec<_>>()
    };
    let title = || "Sommerfest".to_owned();
    let bench = "Stühle haben wir genug, bring lieber Bänke.".to_owned();
    let newest = (feast, "Anna".to_owned(), title(), bench);
    for asked in ["Stuhl", "Bank"] {
        let said = of(asked).await;
        assert_eq!(said.first(), Some(&newest), "{asked}");
        assert_eq!(said.len(), 1, "one of a conversation");
    }
    let chairs = "Ich bringe zwanzig Stühle.".to_owned();
    assert_eq!(
        of("Ben Stühle").await,
        [(feast, "Ben".to_owned(), title(), chairs)]
    );
    assert_eq!(of("Anna zwanzig").await, []);
    let hits = found(&house, "Stuhl").await;
    assert_eq!(
        hits[0].distance_m,
        Some(place(0).distance_m(place(3)).round() as u32)
    );
}

#[tokio::test]
async fn what_was_said_otherwise_is_found_by_its_new_words_and_what_was_taken_back_by_none() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Sommerfest", place(0)).await;
    let act = said(node, "Ich bringe Kuchen.");
    let Act::SendMessage { message, .. } = act else {
        panic!("it says something")
    };
    house.act(anna, act).await.expect("a message");
    let text = "Ich bringe Torte.".to_owned();
    let change = Act::ChangeMessage {
        message,
        node,
        text,
    };
    house.act(anna, change).await.expect("a change");
    house.woven().await;
    assert_eq!(titles(&house, "Kuchen").await, [""; 0]);
    assert_eq!(titles(&house, "Torten").await, ["Sommerfest"]);
    let withdraw = Act::WithdrawMessage { message, node };
    house.act(anna, withdraw).await.expect("it is taken back");
    house.woven().await;
    assert_eq!(titles(&house, "Torten").await, [""; 0]);
}

#[tokio::test]
async fn by_distance_the_nearest_comes_first_and_by_relevance_what_is_called_so() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let far = knot_with(&house, anna, "Leiter", "", place(30)).await;
    let near = knot_with(
        &house,
        anna,
        "Schuppen",
        "Mit einer Leiter darin.",
        place(1),
    )
    .await;
    let between = knot_with(&house, anna, "Leitern leihen", "", place(5)).await;
    // On the other side of the world's edge.
    let edge = Place {
        lat: -166_000_000,
        lon: 1_799_999_000,
    };
    knot_with(&house, anna, "Leiter am Rand", "", edge).await;
    house.woven().await;
    let ids = |hits: &[Hit]| -> Vec<Option<NodeId>> {
        let node = |hit: &Hit| match hit.of {
            Subject::Node { node, .. } => Some(node),
            _ => None,
        };
        hits.iter().map(node).collect()
    };
    let nearest = in_order(&house, "Leiter", Order::Distance).await;
    assert_eq!(ids(&nearest)[..3], [Some(near), Some(between), Some(far)]);
    assert!(nearest.is_sorted_by_key(|hit| hit.distance_m));
    let best = found(&house, "Leiter").await;
    assert_eq!(
        ids(&best).last(),
        Some(&Some(near)),
        "it is only mentioned: {best:?}"
    );
    let beyond = Place {
        lat: -166_000_000,
        lon: -1_799_999_000,
    };
    let search = Search::new("Leiter", Order::Distance);
    let hits = store::search::find(&house.store, &search, beyond, str::to_owned).await;
    let hits = hits.expect("an answer");
    assert_eq!(hits[0].title, "Leiter am Rand");
    assert!(hits[0].distance_m < Some(100), "{hits:?}");

    for n in 0..40 {
        knot_with(&house, anna, "Bank", "", place(100 - n)).await;
    }
    house.woven().await;
    let banks = in_order(&house, "Bank", Order::Distance).await;
    assert_eq!(banks.len(), usize::from(HITS_MAX));
    assert_eq!(banks[0].place, Some(place(61)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_ended_is_never_found() {
    let (house, clock) = living_house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let gone = knot_with(&house, anna, "Trockenhaube", "Friseurbedarf", place(0)).await;
    let stays = knot_with(&house, anna, "Trockenblumen", "Friseurbedarf", place(1)).await;
    house
        .act(anna, said(gone, "Lockenwickler dazu?"))
        .await
        .expect("a message");
    let created = domain::id::ThreadId::derive(anna, domain::weave::ThreadKind::Create, stays);
    let twist = Act::twist(created, stays);
    house.act(anna, twist).await.expect("yarn");
    house.woven().await;
    assert_eq!(titles(&house, "Friseurbedarf").await.len(), 2);
    assert_eq!(titles(&house, "Lockenwickler").await, ["Trockenhaube"]);
    clock.advance(FADE_MS + 60_000);
    // Whether the timer has said so yet or not.
    assert_eq!(titles(&house, "Friseurbedarf").await, ["Trockenblumen"]);
    settled(&house).await;
    for asked in ["Friseurbedarf", "Trocken", "Trokenhaube"] {
        let hits = titles(&house, asked).await;
        assert!(
            !hits.contains(&"Trockenhaube".to_owned()),
            "{asked}: {hits:?}"
        );
    }
    assert_eq!(titles(&house, "Lockenwickler").await, [""; 0]);
}

#[tokio::test]
async fn what_is_erased_is_not_found_and_a_rebuild_finds_the_same() {
    let house = House::new().await;
    house.weave();
    let (anna, ben) = (
        house.role("Anna Garnwinder", Placement::Hidden).await,
        house.role("Ben", Placement::Hidden).await,
    );
    describe(&house, anna, "Weberin", &["Webstuhl"], &[]).await;
    let node = knot_with(&house, anna, "Webkurs", "Kettgarn mitbringen", place(0)).await;
    house
        .act(ben, said(node, "Schussgarn auch?"))
        .await
        .expect("a message");
    house.woven().await;
    let asked = [
        "Garnwinder",
        "Webstuhl",
        "Webkurs",
        "Kettgarn",
        "Schussgarn",
        "Webkurse",
        "Webstul",
    ];
    let mut before = Vec::new();
    for asked in asked {
        before.push(found(&house, asked).await);
        assert!(!before[before.len() - 1].is_empty(), "{asked}");
    }
    let indexes = "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%search\\_%'";
    let made = house.count(indexes).await;
    let mut connection = house.database.connection().await;
    sqlx::query("DROP TABLE checkpoints, nodes_read, threads_read, roles_read, messages_read, profiles_read")
        .execute(&mut connection)
        .await
        .expect("all of it is thrown away");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(house.count(indexes).await, made, "indexed as before");
    for (asked, before) in asked.into_iter().zip(&before) {
        assert_eq!(&found(&house, asked).await, before, "{asked}");
    }
    sqlx::query("DELETE FROM keys.roles WHERE role = $1")
        .bind(anna.0)
        .execute(&mut connection)
        .await
        .expect("an erasure");
    house.store.close().await;
    // A new process has no key in its memory.
    let again = house.database.store().await;
    let house = House::of(house.database, again);
    rebuild::run(&house.store).await.expect("a rebuild");
    for asked in ["Garnwinder", "Webstuhl", "Webkurs", "Kettgarn", "Webstul"] {
        assert_eq!(found(&house, asked).await, [], "{asked}");
    }
}
