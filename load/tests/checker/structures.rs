//! What the system founds and moves by itself.

use load::check::{Finding, check};
use load::history::{History, Logged, State};
use serde_json::json;

use crate::clean::{HERE, cell, event, node, room, shown};

/// A log in which nobody but the system has done something, and the room that shows it.
fn founded(title: &str, version: u32) -> History {
    let by_itself = |number, version, kind| Logged {
        role: None,
        cell: Some(cell()),
        ..event(
            number,
            number.unsigned_abs().into(),
            1,
            format!("node/{}", node(7)),
            version,
            kind,
        )
    };
    let row = json!({"id": node(7), "title": title, "version": version, "place": HERE, "yarns": {}, "last": 2});
    History {
        log: vec![
            by_itself(1, 1, "StrukturGegruendet"),
            by_itself(2, 2, "KnotenGeaendert"),
        ],
        states: vec![State {
            cell: room(9),
            number: 2,
            room: shown(&json!({"nodes": [row], "threads": [], "spools": []})),
        }],
        ..History::default()
    }
}

#[test]
fn a_structure_is_there_by_the_log_alone() {
    assert_eq!(check(&founded("Nähstübchen", 2)), []);
}

#[test]
fn a_structure_that_is_called_otherwise_or_was_not_moved_is_found() {
    for wrong in [founded("Stube", 2), founded("Nähstübchen", 1)] {
        let findings = check(&wrong);
        assert!(
            matches!(&findings[..], [Finding::NotOfTheLog { .. }]),
            "{findings:#?}"
        );
    }
}

#[test]
fn a_structure_that_is_not_shown_is_found() {
    let mut history = founded("Nähstübchen", 2);
    history.states[0].room = shown(&json!({"nodes": [], "threads": [], "spools": []}));
    let findings = check(&history);
    assert!(
        matches!(&findings[..], [Finding::NotOfTheLog { .. }]),
        "{findings:#?}"
    );
}
