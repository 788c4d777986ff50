//! Every reader of bytes that come from outside. Whatever comes, none may panic, hang or take memory without measure; what
//! else must hold is asserted. `main.rs` replays the kept corpus and changes it a little; `fuzz/` has the same
//! functions thrown at by libFuzzer.

use std::io::Write;

use domain::cursor::Cursor;
use domain::decide::decide;
use domain::id::Epoch;
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::place::Cell;
use domain::state::States;
use domain::time::Millis;
use domain::wire::{ClientMessage, Submission};
use live::{Hub, Limits};
use server::import::feature;
use server::import::scan::Features;
use store::testing::bytes;

/// A name, as the corpus's folder has it, and the reader.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 13] = [
    ("geojson", geojson),
    ("feature", feature_of_geojson),
    ("pmtiles_directory", pmtiles_directory),
    ("pmtiles_header", pmtiles_header),
    ("vector_tile", vector_tile),
    ("basemap_file", basemap_file),
    ("cursor", cursor),
    ("client_frame", client_frame),
    ("command", command),
    ("login_email", login_email),
    ("camera", camera),
    ("cell", cell),
    ("lens", lens),
];

const NOW: Millis = Millis(1_795_608_000_000);

/// A lens in a page's address.
pub(crate) fn lens(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let lens = Lens::from_query(text);
    assert_eq!(Lens::from_query(&lens.and_query()), lens);
}

/// A file of GeoJSON, and each feature that is found in it.
pub(crate) fn geojson(bytes: &[u8]) {
    let mut found = 0;
    let mut features = Features::new(bytes);
    for next in features.by_ref() {
        found += 1;
        assert!(found <= bytes.len() + 1, "more features than bytes");
        let Ok(next) = next else { break };
        assert!(next.at.byte <= bytes.len() as u64);
        if let Ok(text) = next.text {
            feature_of_geojson(&text);
        }
    }
    assert!(features.bytes_read() <= bytes.len() as u64);
}

/// One feature.
pub(crate) fn feature_of_geojson(bytes: &[u8]) {
    for id_in in [None, Some("ref")] {
        if let Ok(thing) = feature::read(bytes, id_in) {
            assert!(thing.place.is_valid(), "off the globe: {thing:?}");
        }
    }
}

pub(crate) fn pmtiles_directory(bytes: &[u8]) {
    if let Some(entries) = bytes::pmtiles_directory(bytes) {
        assert!(entries <= bytes.len());
    }
}

pub(crate) fn pmtiles_header(bytes: &[u8]) {
    let is_read = bytes::pmtiles_header(bytes);
    assert!(!is_read || bytes.len() >= 127);
}

pub(crate) fn vector_tile(bytes: &[u8]) {
    if let Some(layers) = bytes::layers(bytes) {
        let names: usize = layers.iter().map(String::len).sum();
        assert!(names <= bytes.len());
    }
}

/// A base map of any format, read as `weltgewebe basemap check` does.
pub(crate) fn basemap_file(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new_in("/dev/shm")
        .or_else(|_| tempfile::NamedTempFile::new())
        .expect("a file");
    file.write_all(bytes).expect("there is room");
    if let Err(error) = store::basemap::check(file.path()) {
        assert!(!error.to_string().is_empty());
    }
}

/// A cursor, as it comes in addresses and frames.
pub(crate) fn cursor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert!(cursor.id >= 0);
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
}

/// What a socket says, and what the rooms make of it.
pub(crate) fn client_frame(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(message) = serde_json::from_str::<ClientMessage>(text) else {
        return;
    };
    let again = serde_json::to_string(&message).expect("it has a JSON form");
    let again: ClientMessage = serde_json::from_str(&again).expect("which is read again");
    assert_eq!(again, message);
    let start = Cursor {
        epoch: Epoch(uuid::Uuid::nil()),
        at: NOW,
        id: 7,
    };
    let mut hub = Hub::new(Limits::default(), start);
    let client = hub.connect(None, NOW).expect("room for one").client;
    match message {
        ClientMessage::Rooms { n, rooms } => {
            if hub.wish(client, n, &rooms, NOW).is_ok() {
                let wanted = hub.wanted();
                assert!(wanted.len() <= rooms.len());
            }
        }
        ClientMessage::Ping => {
            hub.ping(client, NOW);
        }
    }
}

/// The body of a command, read by both readers, and decided.
pub(crate) fn command(bytes: &[u8]) {
    let read = serde_json::from_slice::<Submission>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let flat = domain::json::read::<Submission>(text);
        if let (Ok(read), Ok(flat)) = (&read, &flat) {
            assert_eq!(read, flat, "the two ways to read differ");
        }
    }
    let Ok(submission) = read else { return };
    let mut states = States::default();
    if let Ok(drafts) = decide(&states, &submission.command, NOW) {
        assert!(!drafts.is_empty());
        for draft in &drafts {
            states.evolve_draft(draft, NOW);
        }
        // The same again is decided too, whatever it made.
        decide(&states, &submission.command, NOW).ok();
    }
    let again = serde_json::to_vec(&submission).expect("it has a JSON form");
    let again: Submission = serde_json::from_slice(&again).expect("which is read again");
    assert_eq!(again, submission);
}

/// An address, as it is typed to be sent a code.
pub(crate) fn login_email(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(email) = store::spool::email(text) {
        assert_eq!(store::spool::email(&email).as_ref(), Ok(&email));
    }
}

/// A view and a page, as they stand in addresses.
pub(crate) fn camera(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(camera) = text.parse::<Camera>() {
        assert!(camera.centre.is_valid());
        // Its text is rounded, once.
        let text = camera.to_string();
        let again: Camera = text.parse().expect("it is read again");
        assert_eq!(again.to_string(), text);
    }
    if let Some(camera) = Camera::from_query(text) {
        assert!(camera.centre.is_valid());
    }
    let panel = Panel::from_path(text);
    if panel != Panel::Unknown {
        assert_eq!(Panel::from_path(&panel.path()), panel);
    }
}

/// A cell, as it stands in addresses and frames.
pub(crate) fn cell(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(cell) = text.parse::<Cell>() {
        assert_eq!(cell.to_string().parse(), Ok(cell));
        assert_eq!(Cell::from_i64(cell.to_i64()), Ok(cell));
        assert!(cell.centre().is_valid());
    }
}
