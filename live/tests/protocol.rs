//! `docs/protocol.md` tells the truth: each example is a message, written as we write it, and each close code is there.

use domain::time::Millis;
use domain::wire::{ClientMessage, CloseCode, PING_EVERY_MS, SILENCE_MS, ServerMessage, TICK_MS};
use live::Limits;
use serde::Serialize;
use serde::de::DeserializeOwned;

const PROTOCOL: &str = include_str!("../../docs/protocol.md");

/// The examples of one side.
fn examples(side: &str) -> impl Iterator<Item = &'static str> {
    let fence = format!("```json {side}\n");
    PROTOCOL
        .match_indices(&fence)
        .map(|(at, fence)| &PROTOCOL[at + fence.len()..])
        .map(|rest| rest.split_once("\n```").expect("a closed fence").0)
        .collect::<Vec<_>>()
        .into_iter()
}

fn survives<T: Serialize + DeserializeOwned>(example: &str) -> T {
    let message: T =
        serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}: {example}"));
    assert_eq!(serde_json::to_string(&message).expect("JSON"), example);
    message
}

#[test]
fn every_example_is_a_message() {
    let said: Vec<ClientMessage> = examples("client").map(survives).collect();
    let heard: Vec<ServerMessage> = examples("server").map(survives).collect();
    assert_eq!(
        PROTOCOL.matches("```json").count(),
        said.len() + heard.len()
    );
    // One of each kind at least; a new kind without an example does not compile or fails here.
    let kinds = |kind: fn(&ServerMessage) -> usize| {
        heard
            .iter()
            .map(kind)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let all = kinds(|message| match message {
        ServerMessage::Hello { .. } => 0,
        ServerMessage::Me { .. } => 1,
        ServerMessage::Rooms { .. } => 2,
        ServerMessage::Pong { .. } => 3,
    });
    assert_eq!(all.len(), 4);
    assert!(
        said.iter()
            .any(|message| matches!(message, ClientMessage::Ping))
    );
    assert!(
        said.iter()
            .any(|message| matches!(message, ClientMessage::Rooms { .. }))
    );
}

#[test]
fn every_close_code_is_listed_with_its_sentence() {
    for code in CloseCode::ALL {
        let row = format!("| {} | {} |", code.code(), code.sentence());
        assert!(PROTOCOL.contains(&row), "{row}");
    }
}

#[test]
fn its_numbers_are_the_codes() {
    let limits = Limits::default();
    for (number, sentence) in [
        (
            i64::from(TICK_MS) / 1000,
            "every {} seconds, all changed rooms",
        ),
        (i64::from(PING_EVERY_MS) / 1000, "at least every {} seconds"),
        (
            i64::from(SILENCE_MS) / 1000,
            "nothing is heard for {} seconds",
        ),
        (limits.held as i64, "At most {} rooms are held"),
        (limits.talks as i64, "and {} conversations (below)"),
        (
            i64::from(domain::talk::RECENT_MAX),
            "shows the newest {} messages",
        ),
        (domain::cover::COVER_MAX as i64, "are at most {}. They stay"),
        (
            domain::cover::COVER_STAYS_MAX as i64,
            "would be more than {}, so",
        ),
        (
            limits.history_changes as i64,
            "({} changes, 256 KiB, 10 minutes)",
        ),
        (
            limits.history_bytes as i64 / 1024,
            "(64 changes, {} KiB, 10 minutes)",
        ),
        (
            limits.history_ms / 60_000,
            "(64 changes, 256 KiB, {} minutes)",
        ),
        (limits.queue_bytes as i64 / 1024, "its queue ({} KiB)"),
        (
            domain::wire::CLIENT_MESSAGE_MAX as i64 / 1024,
            "more than {} KiB",
        ),
    ] {
        let sentence = sentence.replace("{}", &number.to_string());
        assert!(PROTOCOL.contains(&sentence), "{sentence}");
    }
    assert_eq!(Millis(limits.left_ms), Millis(60_000), "for a minute");
}
