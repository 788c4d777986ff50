//! An event as a calendar takes it in: iCalendar (RFC 5545), one event a file.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::NodeId;
use domain::link::Panel;
use domain::time::Millis;
use domain::view::NodeRow;

use super::host;
use super::problem::{Failure, Outcome};
use super::sent::Named;
use super::web::Web;
use crate::markdown;

/// Bytes of a line at most, without its end (RFC 5545, 3.1).
const LINE_MAX: usize = 75;
/// Who wrote the file, as such files say it.
const PRODUCT: &str = concat!(
    "-//Weltgewebe//Weltgewebe ",
    env!("CARGO_PKG_VERSION"),
    "//DE"
);

/// `GET /knoten/{id}/termin.ics`: the event at that knot. What is no event, or none any more, has none; of what has come undone the
/// same is said as by its page.
pub(super) async fn event(
    State(web): State<Web>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let id: NodeId = id.parse().map_err(|_| Failure::not_found())?;
    let node = store::weave::read::nodes(&web.store, &[id])
        .await?
        .remove(&id);
    let node = node.ok_or_else(Failure::not_found)?;
    let no_store = (header::CACHE_CONTROL, "no-store");
    if node.facts().undone_at(web.store.now()).is_some() {
        return Ok((StatusCode::GONE, [no_store]).into_response());
    }
    let start = node.start().ok_or_else(Failure::not_found)?;
    let versions = store::weave::versions::page(&web.store, id, None, 1).await?;
    let written_at = versions
        .first()
        .map_or(node.created_at, |version| version.at);
    let mut address = host::reached_by(web.public_url.as_deref(), &headers);
    address.push_str(&Panel::Node(id).path());
    let carried = [
        no_store,
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"termin.ics\"",
        ),
    ];
    let lines = event_lines(&node, start, written_at, &address);
    // Moments are told in UTC, which is right for every calendar and needs no rules of summer time, of which a VTIMEZONE would have to
    // carry all that hold until then. In whose clocks it was meant is said beside, as calendars know it; a name is no line of its own.
    let zone = node.particulars.zone.clone();
    let about = zone.into_iter().map(|zone| ("X-WR-TIMEZONE", zone));
    let file = calendar(about.collect(), lines.into_iter());
    Ok((carried, file).into_response())
}

/// A line: the name of a property, and its value.
pub(super) type Line = (&'static str, String);

/// An event. A calendar that has the event already knows it by its id, and which of the two is newer by how often it was written.
pub(super) fn event_lines(
    node: &NodeRow,
    start: Millis,
    written_at: Millis,
    address: &str,
) -> Vec<Line> {
    let sequence = node.version.saturating_sub(1).to_string();
    let place = node.place;
    let geo = format!("{:.6};{:.6}", place.lat_degrees(), place.lon_degrees());
    let mut lines = vec![
        ("BEGIN", "VEVENT".to_owned()),
        ("UID", node.id.to_string()),
        ("DTSTAMP", moment(written_at)),
        ("SEQUENCE", sequence),
        ("DTSTART", moment(start)),
    ];
    if let Some(end) = node.particulars.ends_at {
        lines.push(("DTEND", moment(end)));
    }
    lines.push(("SUMMARY", escaped(&node.title)));
    let said = markdown::plain(&node.text);
    if !said.is_empty() {
        lines.push(("DESCRIPTION", escaped(&said)));
    }
    lines.extend([
        ("GEO", geo),
        ("URL", address.to_owned()),
        ("END", "VEVENT".to_owned()),
    ]);
    lines
}

/// A calendar of these lines, after those about itself.
pub(super) fn calendar(about: Vec<Line>, events: impl Iterator<Item = Line>) -> String {
    let begin = [
        ("BEGIN", "VCALENDAR".to_owned()),
        ("VERSION", "2.0".to_owned()),
        ("PRODID", PRODUCT.to_owned()),
    ];
    begin
        .into_iter()
        .chain(about)
        .chain(events)
        .chain([("END", "VCALENDAR".to_owned())])
        .map(|(name, value)| folded(&format!("{name}:{value}")))
        .collect()
}

/// In UTC; whole minutes are what people give.
fn moment(at: Millis) -> String {
    let civil = at.civil();
    format!(
        "{:04}{:02}{:02}T{:02}{:02}00Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute
    )
}

/// A text as a value: what would end or part it is marked.
pub(super) fn escaped(text: &str) -> String {
    let mut value = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            // The door keeps none; nothing else may begin a line.
            _ if c.is_control() => {}
            _ => value.push(c),
        }
    }
    value
}

/// A line that is too long goes on in the next one after a blank; no character is broken.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut room = LINE_MAX;
    for c in line.chars() {
        if c.len_utf8() > room {
            folded.push_str("\r\n ");
            room = LINE_MAX - 1;
        }
        room -= c.len_utf8();
        folded.push(c);
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_long_and_unfolding_gives_back_what_was_folded() {
        for text in ["", "kurz", &"ä".repeat(200), &"🧵 ein Wort, ".repeat(40)] {
            let line = format!("DESCRIPTION:{text}");
            let folded = folded(&line);
            assert!(folded.ends_with("\r\n"));
            for line in folded.split("\r\n") {
                assert!(line.len() <= LINE_MAX, "{}: {line}", line.len());
            }
            assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
        }
        assert_eq!(folded(&"x".repeat(LINE_MAX)).matches("\r\n").count(), 1);
        assert_eq!(folded(&"x".repeat(LINE_MAX + 1)).matches("\r\n").count(), 2);
    }

    #[test]
    fn nothing_that_somebody_wrote_begins_a_line_of_its_own() {
        assert_eq!(
            escaped("Fest; mit Essen, \\ und\nMusik\r\u{7}"),
            "Fest\\; mit Essen\\, \\\\ und\\nMusik"
        );
        assert_eq!(moment(Millis(1_795_630_530_000)), "20261125T181500Z");
        assert_eq!(moment(Millis(0)), "19700101T000000Z");
    }
}
