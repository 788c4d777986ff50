//! The checker, tried on planted faults before anything is believed that it says.

mod clean;
mod structures;

use clean::{
    accepted, clean, event, id, message, node, role, room, sent, shown, talked, thread, view,
};
use load::check::{Finding, check};
use load::history::{Answer, History, Logged, Misheard};
use load::room::Room;
use serde_json::{Value, json};

fn planted(change: impl FnOnce(&mut History)) -> Vec<Finding> {
    let mut history = clean();
    change(&mut history);
    check(&history)
}

/// All that is found is of the wanted kind; `tests` beside it follow from the same fault.
#[track_caller]
fn found(findings: &[Finding], wanted: impl Fn(&Finding) -> bool) {
    assert!(
        findings.iter().any(wanted),
        "it is not found: {findings:#?}"
    );
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(check(&clean()), []);
    assert_eq!(check(&talked()), []);
    assert_eq!(check(&History::default()), []);
}

#[test]
fn a_history_is_the_same_after_it_was_written_and_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.ndjson");
    for history in [clean(), talked()] {
        history.write(&path).expect("it is written");
        assert_eq!(History::read(&path).expect("it is read"), history);
    }
}

#[test]
fn a_lost_acknowledged_command_is_found() {
    let findings = planted(|it| {
        it.log.pop();
    });
    found(
        &findings,
        |it| matches!(it, Finding::Lost { command, number: 9 } if *command == id(12)),
    );
}

#[test]
fn a_hole_in_the_log_is_found() {
    let findings = planted(|it| {
        it.log.remove(1);
    });
    found(&findings, |it| {
        matches!(it, Finding::LogGap { before: 1, id: 3 })
    });
}

#[test]
fn a_doubled_effect_is_found() {
    let findings = planted(|it| {
        let again = Logged {
            id: 10,
            at: 1010,
            stream_version: 2,
            ..it.log[4].clone()
        };
        it.log.push(again);
    });
    assert_eq!(
        findings,
        [Finding::Doubled {
            command: id(6),
            ids: vec![5, 10]
        }]
    );
}

#[test]
fn a_command_that_stayed_open_may_be_there_once_but_not_twice() {
    let again = |it: &History, id: i64| Logged {
        id,
        at: 1000 + id,
        stream_version: id as u32 - 8,
        command: self::id(8),
        ..it.log[4].clone()
    };
    assert_eq!(
        planted(|it| it.log.push(again(it, 10))),
        [],
        "its answer was lost"
    );
    let findings = planted(|it| {
        it.log.push(again(it, 10));
        it.log.push(again(it, 11));
    });
    assert_eq!(
        findings,
        [Finding::Doubled {
            command: id(8),
            ids: vec![10, 11]
        }]
    );
}

#[test]
fn a_refused_command_in_the_log_is_found() {
    let findings = planted(|it| {
        let written = Logged {
            id: 10,
            at: 1010,
            command: id(7),
            stream: format!("thread/{}", thread(4)),
            ..it.log[4].clone()
        };
        it.log.push(Logged {
            tie: None,
            ..written
        });
    });
    found(
        &findings,
        |it| matches!(it, Finding::RefusedButWritten { id: 10, rule, .. } if rule == "node-unknown"),
    );
}

#[test]
fn two_answers_to_one_command_are_found() {
    for other in [
        accepted(6),
        Answer::Refused {
            rule: "node-unknown".to_owned(),
        },
    ] {
        let findings = planted(|it| it.tries[5].answer = other);
        found(
            &findings,
            |it| matches!(it, Finding::Contradicted { command, .. } if *command == id(4)),
        );
    }
}

#[test]
fn a_reused_id_that_is_accepted_is_found() {
    let findings = planted(|it| it.tries[7].answer = accepted(4));
    found(
        &findings,
        |it| matches!(it, Finding::Contradicted { command, .. } if *command == id(4)),
    );
}

#[test]
fn a_receipt_of_another_place_is_found() {
    let findings = planted(|it| it.tries[8].answer = accepted(4));
    found(&findings, |it| {
        matches!(it, Finding::WrongReceipt { said: 4, is: 5, .. })
    });
}

#[test]
fn what_nobody_asked_for_is_found() {
    let findings = planted(|it| it.log[4].command = id(99));
    found(&findings, |it| matches!(it, Finding::Unasked { id: 5, .. }));
}

#[test]
fn a_half_written_act_is_found() {
    let cases: [fn(&mut Logged); 4] = [
        |event| event.tie = None,
        |event| event.title = Some("Al".to_owned()),
        |event| event.cell = None,
        |event| event.kind = "KnotenGeaendert".to_owned(),
    ];
    for half in cases {
        let findings = planted(|it| half(&mut it.log[1]));
        found(
            &findings,
            |it| matches!(it, Finding::HalfWritten { command, .. } if *command == id(3)),
        );
    }
}

#[test]
fn a_description_without_its_tags_is_found() {
    for (skills, is_whole) in [
        (Some("Brot\nBier"), true),
        (Some("Brot"), false),
        (None, false),
    ] {
        let findings = planted(|it| {
            let describe = load::act::Act::DescribeRole {
                about: "Bäckerin".to_owned(),
                skills: vec!["Brot".to_owned(), "Bier".to_owned()],
            };
            it.tries.push(sent(13, 2, describe, 300, accepted(10)));
            it.log.push(Logged {
                title: Some("Bäckerin".to_owned()),
                skills: skills.map(str::to_owned),
                ..event(
                    10,
                    13,
                    2,
                    format!("role/{}", role(2)),
                    2,
                    "RolleBeschrieben",
                )
            });
        });
        let is_half =
            |it: &Finding| matches!(it, Finding::HalfWritten { command, .. } if *command == id(13));
        assert_eq!(findings.iter().any(is_half), !is_whole, "{skills:?}");
    }
}

#[test]
fn yarn_that_was_untwisted_and_is_still_shown_is_found() {
    let findings = planted(|it| {
        it.tries.pop();
        it.log.pop();
    });
    found(&findings, |it| matches!(it, Finding::NotOfTheLog { .. }));
}

#[test]
fn another_thread_that_is_twisted_is_found() {
    let findings = planted(|it| {
        if let Some(tie) = &mut it.log[5].tie {
            tie.thread = thread(2);
        }
    });
    found(
        &findings,
        |it| matches!(it, Finding::HalfWritten { command, .. } if *command == id(9)),
    );
}

#[test]
fn a_knot_shown_without_its_thread_is_found() {
    let findings = planted(|it| {
        it.states[0]
            .room
            .threads
            .remove(thread(1).to_string().as_str());
        for seen in &mut it.seen {
            seen.room.threads.remove(thread(1).to_string().as_str());
        }
    });
    assert!(
        matches!(findings.as_slice(), [Finding::NotOfTheLog { .. }]),
        "{findings:#?}"
    );
}

#[test]
fn yarn_and_spools_shown_otherwise_than_the_log_has_them_are_found() {
    let cases: [fn(&mut Value); 9] = [
        |view| view["threads"][2]["level"] = json!("promise"),
        |view| {
            view["nodes"][0]["covers"] =
                json!([{"thread": thread(1), "covers": {"text": true, "talk": true}}])
        },
        |view| view["threads"][0]["expires_at"] = json!(9000),
        |view| view["threads"][1]["expires_at"] = Value::Null,
        |view| view["nodes"][0]["yarns"] = json!({}),
        |view| view["threads"][1]["from"] = Value::Null,
        |view| view["threads"][2]["role"] = json!(role(1)),
        |view| view["spools"] = json!([]),
        |view| view["spools"][0]["place"] = json!({"lat": 1, "lon": 2}),
    ];
    for wrong in cases {
        let findings = planted(|it| {
            let mut view = view();
            wrong(&mut view);
            it.states[0].room = shown(&view);
            for seen in it.seen.iter_mut().filter(|seen| seen.cell == room(9)) {
                seen.room = shown(&view);
            }
        });
        assert!(
            matches!(findings.as_slice(), [Finding::NotOfTheLog { .. }]),
            "{findings:#?}"
        );
    }
}

#[test]
fn a_count_that_is_not_the_logs_is_found() {
    let findings = planted(|it| {
        let wrong = shown(&json!({"counts": [{"cell": room(7), "kinds": [["idea", 2]]}]}));
        it.states[1].room = wrong.clone();
        for seen in it.seen.iter_mut().filter(|seen| seen.cell == room(5)) {
            seen.room = wrong.clone();
        }
    });
    assert!(
        matches!(findings.as_slice(), [Finding::NotOfTheLog { .. }]),
        "{findings:#?}"
    );
}

#[test]
fn acts_of_one_role_in_another_order_are_found() {
    let findings = planted(|it| {
        // The change stands before the knot that was acknowledged before it was sent.
        for (one, number) in [(3, 4), (4, 2), (5, 2)] {
            it.tries[one].answer = accepted(number);
        }
        let (knot, change) = (it.log[1].clone(), it.log[3].clone());
        it.log[1] = Logged {
            id: 2,
            at: 1002,
            stream_version: 1,
            ..change
        };
        it.log[3] = Logged {
            id: 4,
            at: 1004,
            stream_version: 2,
            ..knot
        };
    });
    found(
        &findings,
        |it| matches!(it, Finding::Reordered { earlier, later, .. } if (*earlier, *later) == (id(3), id(4))),
    );
}

#[test]
fn time_that_goes_back_is_found() {
    let findings = planted(|it| it.log[2].at = 1001);
    assert_eq!(findings, [Finding::TimeBack { id: 3 }]);
}

#[test]
fn a_stream_without_a_version_is_found() {
    let findings = planted(|it| it.log[3].stream_version = 3);
    found(&findings, |it| {
        matches!(
            it,
            Finding::StreamBroken {
                id: 4,
                version: 3,
                before: 1,
                ..
            }
        )
    });
}

#[test]
fn a_stale_socket_is_found() {
    let findings = planted(|it| {
        let rows = &mut it.seen[2].room.nodes;
        rows.insert(
            node(1).to_string().into(),
            json!({"id": node(1), "title": "Alt"}).into(),
        );
    });
    assert!(
        matches!(findings.as_slice(), [Finding::Stale { socket: 1, .. }]),
        "{findings:#?}"
    );
    let findings = planted(|it| it.seen[0].room = Room::default());
    assert!(
        matches!(findings.as_slice(), [Finding::Stale { socket: 0, .. }]),
        "{findings:#?}"
    );
}

#[test]
fn a_socket_that_stopped_listening_is_found() {
    let findings = planted(|it| {
        for seen in it.seen.iter_mut().filter(|seen| seen.socket == 1) {
            seen.number = 4;
        }
    });
    assert_eq!(
        findings,
        [Finding::Behind {
            socket: 1,
            number: 4,
            needed: 9
        }]
    );
}

#[test]
fn a_cursor_that_goes_back_on_one_connection_is_found() {
    let findings = planted(|it| it.heard[4].number = 2);
    assert_eq!(
        findings,
        [Finding::WentBack {
            socket: 0,
            from: 3,
            to: 2
        }]
    );
}

#[test]
fn a_room_that_was_not_compared_is_found() {
    let findings = planted(|it| {
        it.states.pop();
    });
    assert_eq!(
        findings.len(),
        2,
        "for each socket that shows it: {findings:#?}"
    );
    found(&findings, |it| {
        matches!(it, Finding::Uncompared { socket: 1, .. })
    });
}

#[test]
fn a_message_that_is_not_of_the_protocol_is_found() {
    let findings = planted(|it| {
        let what = "a patch to nothing".to_owned();
        it.misheard.push(Misheard { socket: 1, what });
    });
    found(&findings, |it| {
        matches!(it, Finding::Misheard { socket: 1, .. })
    });
}

fn planted_in_talk(change: impl FnOnce(&mut History)) -> Vec<Finding> {
    let mut history = talked();
    change(&mut history);
    check(&history)
}

#[test]
fn a_message_that_somebody_else_changes_or_takes_back_is_found() {
    for (nth, number) in [(2, 12), (3, 13)] {
        let findings = planted_in_talk(|it| {
            let other = if nth == 2 { role(1) } else { role(2) };
            it.tries[15 + nth + 1].role = other;
            it.log[9 + nth].role = Some(other);
        });
        let wanted = Finding::NotTheirs {
            id: number,
            message: message(nth as u128 - 1),
        };
        assert_eq!(findings, [wanted]);
    }
}

#[test]
fn words_that_were_taken_back_or_changed_and_are_still_told_are_found() {
    for (nth, text) in [(9, "Um 3"), (10, "Gut")] {
        let findings = planted_in_talk(|it| it.log[nth].title = Some(text.to_owned()));
        found(
            &findings,
            |it| matches!(it, Finding::StillTold { id, .. } if *id == nth as i64 + 1),
        );
    }
    // What stands is told.
    let findings = planted_in_talk(|it| it.log[11].title = None);
    found(
        &findings,
        |it| matches!(it, Finding::HalfWritten { command, .. } if *command == id(22)),
    );
}

#[test]
fn what_is_changed_or_answered_after_it_was_taken_back_is_found() {
    let findings = planted_in_talk(|it| {
        let change = load::act::Act::ChangeMessage {
            message: message(2),
            node: node(1),
            text: "Doch".to_owned(),
        };
        it.tries.push(sent(24, 1, change, 380, accepted(14)));
        it.log.push(Logged {
            id: 14,
            at: 1014,
            stream_version: 3,
            command: id(24),
            kind: "NachrichtGeaendert".to_owned(),
            title: Some("Doch".to_owned()),
            ..it.log[12].clone()
        });
        it.talks.clear();
        it.seen.iter_mut().for_each(|seen| seen.number = 14);
    });
    let message = message(2);
    assert_eq!(findings, [Finding::NotStanding { id: 14, message }]);
    // An answer to what was never said there.
    let findings = planted_in_talk(|it| it.log[10].reply_to = Some(id(99)));
    found(
        &findings,
        |it| matches!(it, Finding::NotStanding { id: 11, message } if *message == id(99)),
    );
    found(
        &findings,
        |it| matches!(it, Finding::HalfWritten { command, .. } if *command == id(21)),
    );
}

#[test]
fn a_conversation_that_is_told_otherwise_than_the_log_has_it_is_found() {
    let cases: [fn(&mut Vec<load::history::Message>); 7] = [
        |it| it[1].text = "Gut".to_owned(),
        |it| it[1].is_withdrawn = false,
        |it| it[0].text = "Um 3".to_owned(),
        |it| it[0].changed_at = None,
        |it| it[1].reply_to = None,
        |it| it[1].reply_to.as_mut().expect("an answer").text = "Um 3".to_owned(),
        |it| drop(it.pop()),
    ];
    for wrong in cases {
        let findings = planted_in_talk(|it| wrong(&mut it.talks[0].messages));
        assert!(
            matches!(findings.as_slice(), [Finding::Missaid { .. }]),
            "{findings:#?}"
        );
    }
}
