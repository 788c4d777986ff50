//! An event as a file for calendars, read back as one reads it.

use std::collections::BTreeMap;

use domain::command::Act;
use domain::id::NodeId;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::weave::{NodeKind, Particulars, ParticularsChange};
use reqwest::StatusCode;
use serde_json::Value;
use store::Clock as _;

use crate::instance::{HERE, Instance, Person};

const TITLE: &str = "Straßenfest; mit Essen, Trinken \\ Tanz";
const TEXT: &str = "Am Brunnen.\nBEGIN:VALARM\nWer mag, bringt etwas mit: Salat, Brot, Kuchen, und für jede und jeden einen Stuhl 🪑.";

async fn does(person: &Person<'_>, act: Act) {
    let answer = person.act(act).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let receipt: Value = answer.json().await.expect("a receipt");
    person
        .shown(receipt["cursor"].as_str().expect("a cursor"))
        .await;
}

fn knot(node: NodeId, starts_at: Option<Millis>) -> Act {
    Act::KnotNode {
        node,
        kind: if starts_at.is_some() {
            NodeKind::Event
        } else {
            NodeKind::Idea
        },
        title: TITLE.to_owned(),
        text: TEXT.to_owned(),
        place: HERE,
        starts_at,
        particulars: Particulars::default(),
    }
}

/// The properties of the one event in a file, as RFC 5545 has them read.
fn read(file: &str) -> BTreeMap<String, String> {
    let unfolded = file.replace("\r\n ", "");
    assert!(!unfolded.replace("\r\n", "").contains(['\r', '\n']));
    let lines: Vec<(&str, &str)> = unfolded
        .split_terminator("\r\n")
        .map(|line| line.split_once(':').expect("a name and a value"))
        .collect();
    let count = lines.len();
    assert_eq!(lines[0], ("BEGIN", "VCALENDAR"));
    assert_eq!(lines[1], ("VERSION", "2.0"));
    assert_eq!(lines[3], ("BEGIN", "VEVENT"));
    assert_eq!(
        lines[count - 2..],
        [("END", "VEVENT"), ("END", "VCALENDAR")]
    );
    let unescape = |value: &str| {
        let mut text = String::new();
        let mut letters = value.chars();
        while let Some(c) = letters.next() {
            let escaped = (c == '\\').then(|| letters.next().expect("what is escaped"));
            text.push(match escaped {
                Some('n' | 'N') => '\n',
                Some(other) => other,
                None => c,
            });
        }
        text
    };
    lines[4..count - 2]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), unescape(value)))
        .collect()
}

#[tokio::test]
async fn an_event_goes_into_a_calendar_with_all_that_is_known_of_it() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let node = NodeId(store::testing::id());
    let start = Millis(instance.clock.now().0 / 60_000 * 60_000 + DAY_MS);
    does(&anna, knot(node, Some(start))).await;
    let path = format!("/knoten/{node}/termin.ics");
    let answer = instance.visitor().get(&path).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.headers()["content-type"],
        "text/calendar; charset=utf-8"
    );
    let event = read(&answer.text().await.expect("a file"));
    assert_eq!(event["UID"], node.to_string());
    assert_eq!(event["SUMMARY"], TITLE);
    assert_eq!(event["DESCRIPTION"], TEXT);
    assert_eq!(event["URL"], format!("{}/knoten/{node}", instance.base));
    assert_eq!(event["GEO"], "48.410000;15.610000");
    assert_eq!(event["SEQUENCE"], "0");
    let civil = start.civil();
    let stamp = format!(
        "{}{:02}{:02}T{:02}{:02}00Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute
    );
    assert_eq!(event["DTSTART"], stamp);
    assert!(event["DTSTAMP"] < event["DTSTART"]);
    assert!(!event.contains_key("BEGIN"), "words stay words: {event:?}");

    // Moved by a day, it is the same event, and the newer of the two.
    let moved = Act::ChangeNode {
        node,
        based_on: 1,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at: Some(start + DAY_MS),
        particulars: ParticularsChange::default(),
    };
    instance.clock.advance(120_000);
    does(&anna, moved).await;
    let answer = anna.get(&path).await.text().await.expect("a file");
    let newer = read(&answer);
    assert_eq!((&newer["UID"], &*newer["SEQUENCE"]), (&event["UID"], "1"));
    assert!(newer["DTSTART"] > event["DTSTART"] && newer["DTSTAMP"] > event["DTSTAMP"]);
    instance.stop().await;
}

#[tokio::test]
async fn what_is_no_event_has_no_file_and_its_page_leads_to_none() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let (idea, event) = (NodeId(store::testing::id()), NodeId(store::testing::id()));
    let start = instance.clock.now() + DAY_MS;
    does(&anna, knot(idea, None)).await;
    does(&anna, knot(event, Some(start))).await;
    let unknown = NodeId(store::testing::id());
    for path in [idea.to_string(), unknown.to_string(), "unsinn".to_owned()] {
        let path = format!("/knoten/{path}/termin.ics");
        let answer = anna.get(&path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let page = async |node| {
        let answer = anna.get(&format!("/knoten/{node}")).await;
        answer.text().await.expect("a page")
    };
    assert!(page(event).await.contains("/termin.ics\""));
    assert!(!page(idea).await.contains("/termin.ics"));
    instance.clock.advance(2 * DAY_MS);
    assert!(!page(event).await.contains("/termin.ics"), "it is over");
    let path = format!("/knoten/{event}/termin.ics");
    assert_eq!(anna.get(&path).await.status(), StatusCode::OK);
    instance.clock.advance(FADE_MS);
    assert_eq!(anna.get(&path).await.status(), StatusCode::GONE);
    instance.stop().await;
}
