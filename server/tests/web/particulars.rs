//! What knots of one kind say, from the door to pages, calendars and histories.

use domain::command::Act;
use domain::id::NodeId;
use domain::time::{DAY_MS, Millis};
use domain::weave::{NodeKind, Particulars, ParticularsChange};
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::Clock as _;

use crate::instance::{HERE, Instance, Person};

/// Does it and waits until pages show it.
async fn does(person: &Person<'_>, act: Act) {
    let answer = person.act(act).await;
    let status = answer.status();
    let receipt: Value = answer.json().await.expect("a receipt");
    assert_eq!(status, StatusCode::OK, "{receipt}");
    person
        .shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
}

fn knot(node: NodeId, kind: NodeKind, starts_at: Option<Millis>, particulars: Particulars) -> Act {
    Act::KnotNode {
        node,
        kind,
        title: "Beim Brunnen".to_owned(),
        text: String::new(),
        place: HERE,
        starts_at,
        particulars,
    }
}

fn change(node: NodeId, based_on: u32, particulars: ParticularsChange) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars,
    }
}

async fn page(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(&format!("{path}?lang=de")).await;
    answer.text().await.expect("a page")
}

#[tokio::test]
async fn an_event_with_an_end_is_told_as_such_on_its_page_in_calendars_and_by_links() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = NodeId(store::testing::id());
    let start = Millis(instance.clock.now().0 / 60_000 * 60_000 + DAY_MS);
    let said = Particulars {
        ends_at: Some(start + 3 * 3_600_000),
        zone: Some("Europe/Vienna".to_owned()),
        ..Particulars::default()
    };
    does(&anna, knot(node, NodeKind::Event, Some(start), said)).await;
    let path = format!("/knoten/{node}");
    let shown = page(&anna, &path).await;
    let description = shown
        .split("property=\"og:description\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a description");
    assert!(
        description.contains(" Uhr") && description.contains(" bis "),
        "{description}"
    );
    assert!(shown.contains("<span>bis "), "the panel says it: {shown}");

    let file = anna.get(&format!("{path}/termin.ics")).await;
    let file = file.text().await.expect("a file");
    let (ics_start, ics_end) = (stamp(start), stamp(start + 3 * 3_600_000));
    let lines: Vec<&str> = file.split("\r\n").collect();
    for line in [
        "X-WR-TIMEZONE:Europe/Vienna",
        &format!("DTSTART:{ics_start}"),
        &format!("DTEND:{ics_end}"),
    ] {
        assert!(lines.contains(&line), "{line}: {file}");
    }

    let open = ParticularsChange {
        ends_at: Some(None),
        ..ParticularsChange::default()
    };
    does(&anna, change(node, 1, open)).await;
    let file = anna.get(&format!("{path}/termin.ics")).await;
    assert!(!file.text().await.expect("a file").contains("DTEND"));
    let history = page(&anna, &format!("{path}/verlauf")).await;
    let (was, is) = history.split_once("</del> <ins>").expect("a difference");
    let was = was.rsplit("<del>").next().expect("what was");
    let is = is.split("</ins>").next().expect("what is");
    assert!(was.contains("bis ") && was.contains("<time") && was.contains("Europe/Vienna"));
    assert!(
        !is.contains("<time") && is.contains("Europe/Vienna"),
        "{is}"
    );
    instance.stop().await;
}

fn stamp(at: Millis) -> String {
    let civil = at.civil();
    format!(
        "{}{:02}{:02}T{:02}{:02}00Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute
    )
}

#[tokio::test]
async fn a_bed_and_a_tool_say_theirs_in_the_list_and_on_their_pages() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let (bed, tool) = (NodeId(store::testing::id()), NodeId(store::testing::id()));
    let said = Particulars {
        nights: Some(3),
        guests: Some(2),
        ..Particulars::default()
    };
    does(&anna, knot(bed, NodeKind::Bed, None, said)).await;
    let said = Particulars {
        lent_until: Some(instance.clock.now() + DAY_MS),
        ..Particulars::default()
    };
    does(&anna, knot(tool, NodeKind::Tool, None, said)).await;
    for path in ["/".to_owned(), format!("/knoten/{bed}")] {
        let shown = page(&instance.visitor(), &path).await;
        assert!(shown.contains("2 Gäste, bis 3 Nächte"), "{path}: {shown}");
    }
    let path = format!("/knoten/{tool}");
    assert!(
        page(&instance.visitor(), &path)
            .await
            .contains("verliehen bis ")
    );
    instance.clock.advance(2 * DAY_MS);
    let back = page(&instance.visitor(), &path).await;
    assert!(!back.contains("verliehen bis "), "it is back: {back}");

    // Undoing comes back to what was said before, field by field.
    let one = ParticularsChange {
        guests: Some(Some(1)),
        nights: Some(None),
        ..ParticularsChange::default()
    };
    does(&anna, change(bed, 1, one)).await;
    let history = page(&anna, &format!("/knoten/{bed}/verlauf")).await;
    assert!(
        history.contains("2 Gäste, bis 3 Nächte") && history.contains("1 Gast"),
        "{history}"
    );
    let back = "&quot;particulars&quot;:{&quot;nights&quot;:3,&quot;guests&quot;:2}";
    assert!(history.contains(back), "{history}");
    instance.stop().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_rule() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let start = instance.clock.now() + DAY_MS;
    let node = || NodeId(store::testing::id());
    let before = Particulars {
        ends_at: Some(start + -1),
        ..Particulars::default()
    };
    let many = Particulars {
        guests: Some(500),
        ..Particulars::default()
    };
    for (act, rule) in [
        (
            knot(node(), NodeKind::Event, Some(start), before.clone()),
            json!({"rule": "end-before-start"}),
        ),
        (
            knot(node(), NodeKind::Idea, None, before),
            json!({"rule": "of-another-kind"}),
        ),
        (
            knot(node(), NodeKind::Bed, None, many),
            json!({"rule": "guests-out-of-range", "max": 20, "got": 500}),
        ),
    ] {
        let answer = anna.act(act).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["refusal"], rule, "{problem}");
    }
    instance.stop().await;
}
