//! A history in which nothing is wrong.

use load::act::{Act, Level, Place, Placement};
use load::history::{
    Answer, Heard, History, Injected, Logged, Message, Quoted, Seen, State, Talk, Tie, Try,
};
use load::room::Room;
use load::town;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn role(number: u128) -> Uuid {
    id(0xa000 + number)
}

pub(crate) fn node(number: u128) -> Uuid {
    id(0xb000 + number)
}

pub(crate) fn message(number: u128) -> Uuid {
    id(0xd000 + number)
}

pub(crate) fn thread(number: u128) -> Uuid {
    id(0xc000 + number)
}

pub(crate) fn cell() -> String {
    town::stored_cell(HERE).expect("a cell").to_string()
}

pub(crate) fn room(resolution: u8) -> String {
    town::room(HERE, resolution).expect("a room").to_string()
}

/// The command with that number, sent at `sent` and answered ten microseconds later.
pub(crate) fn sent(command: u128, by: u128, act: Act, sent_us: u64, answer: Answer) -> Try {
    Try {
        command: id(command),
        role: role(by),
        act,
        intended_us: sent_us,
        sent_us,
        answered_us: sent_us + 10,
        answer,
    }
}

pub(crate) fn accepted(number: i64) -> Answer {
    Answer::Accepted { number }
}

pub(crate) fn event(
    number: i64,
    command: u128,
    by: u128,
    stream: String,
    version: u32,
    kind: &str,
) -> Logged {
    Logged {
        id: number,
        at: 1000 + number,
        stream,
        stream_version: version,
        role: Some(role(by)),
        command: id(command),
        kind: kind.to_owned(),
        cell: None,
        tie: None,
        title: None,
        skills: None,
        node: None,
        reply_to: None,
        level: None,
        covers: None,
    }
}

pub(crate) fn tied(event: Logged, kind: &str, of: u128, to: u128, title: Option<&str>) -> Logged {
    Logged {
        cell: Some(cell()),
        tie: Some(Tie {
            thread: thread(of),
            kind: kind.to_owned(),
            to: node(to),
        }),
        title: title.map(str::to_owned),
        ..event
    }
}

pub(crate) fn shown(view: &Value) -> Room {
    Room::full(&serde_json::from_str(&view.to_string()).expect("a view")).expect("rows")
}

pub(crate) fn view() -> Value {
    json!({
        "nodes": [{"id": node(1), "title": "Neu", "version": 2, "yarns": {thread(1).to_string(): role(1)}, "last": 9}],
        "threads": [
            {"id": thread(1), "role": role(1), "from": HERE, "expires_at": null, "last": 9},
            {"id": thread(2), "role": role(1), "from": HERE, "expires_at": 9000, "last": 7},
            {"id": thread(3), "role": role(2), "from": null, "level": "interest", "expires_at": 9000, "last": 5},
        ],
        "spools": [{"role": role(1), "place": HERE, "last": 7}],
    })
}

/// Two roles register, one knots, changes, twists, untwists, twists again and comes out of hiding, the other joins; a refused act, one sent twice, an id used twice, one that
/// stayed open; two sockets in a room that shows things and in one that counts.
pub(crate) fn clean() -> History {
    let register = |name: &str| Act::RegisterRole {
        name: name.to_owned(),
        placement: Placement::Hidden,
    };
    let knot = Act::knot(node(1), "Alt".to_owned(), HERE);
    let change = |based_on| Act::ChangeNode {
        node: node(1),
        based_on,
        title: "Neu".to_owned(),
    };
    let join = |to| Act::JoinNode {
        node: node(to),
        level: Level::Interest,
    };
    let twist = Act::TwistThread {
        thread: thread(1),
        node: node(1),
    };
    let untwist = Act::UntwistThread {
        thread: thread(1),
        node: node(1),
    };
    let come_out = Act::PlaceRole {
        placement: Placement::Exact { place: HERE },
    };
    let refused = |rule: &str| Answer::Refused {
        rule: rule.to_owned(),
    };
    let open = Answer::Open {
        why: "cut".to_owned(),
    };
    let tries = vec![
        sent(1, 1, register("Anna"), 0, accepted(1)),
        sent(2, 2, register("Ben"), 20, open.clone()),
        sent(2, 2, register("Ben"), 40, accepted(3)),
        sent(3, 1, knot, 21, accepted(2)),
        sent(4, 1, change(1), 60, accepted(4)),
        sent(4, 1, change(1), 80, accepted(4)),
        sent(5, 1, change(1), 100, refused("node-changed")),
        sent(4, 1, join(1), 120, refused("command-reused")),
        sent(6, 2, join(1), 140, accepted(5)),
        sent(7, 2, join(9), 160, refused("node-unknown")),
        sent(8, 2, join(1), 180, open.clone()),
        sent(9, 1, twist.clone(), 200, accepted(6)),
        sent(10, 1, come_out, 220, accepted(7)),
        // Its id again, for something else.
        sent(10, 1, join(1), 240, open),
        sent(11, 1, untwist, 260, accepted(8)),
        sent(12, 1, twist, 280, accepted(9)),
    ];
    let stream = |kind: &str, of: Uuid| format!("{kind}/{of}");
    let named = |event: Logged, name: &str| Logged {
        title: Some(name.to_owned()),
        ..event
    };
    let on_node = |number, command, version, kind| {
        event(number, command, 1, stream("node", node(1)), version, kind)
    };
    let log = vec![
        named(
            event(1, 1, 1, stream("role", role(1)), 1, "RolleRegistriert"),
            "Anna",
        ),
        tied(
            on_node(2, 3, 1, "KnotenGeknuepft"),
            "create",
            1,
            1,
            Some("Alt"),
        ),
        named(
            event(3, 2, 2, stream("role", role(2)), 1, "RolleRegistriert"),
            "Ben",
        ),
        tied(
            on_node(4, 4, 2, "KnotenGeaendert"),
            "change",
            2,
            1,
            Some("Neu"),
        ),
        tied(
            event(5, 6, 2, stream("thread", thread(3)), 1, "KnotenBeigetreten"),
            "join",
            3,
            1,
            None,
        ),
        tied(
            event(6, 9, 1, stream("thread", thread(1)), 1, "FadenVerzwirnt"),
            "create",
            1,
            1,
            None,
        ),
        event(7, 10, 1, stream("role", role(1)), 2, "RollePlatziert"),
        tied(
            event(8, 11, 1, stream("thread", thread(1)), 2, "FadenEntzwirnt"),
            "create",
            1,
            1,
            None,
        ),
        tied(
            event(9, 12, 1, stream("thread", thread(1)), 3, "FadenVerzwirnt"),
            "create",
            1,
            1,
            None,
        ),
    ];
    let rooms = [
        (room(9), shown(&view())),
        (
            room(5),
            shown(&json!({"counts": [{"cell": room(7), "kinds": [["idea", 1]]}]})),
        ),
    ];
    let states = rooms.iter().map(|(cell, room)| State {
        cell: cell.clone(),
        number: 9,
        room: room.clone(),
    });
    let seen = (0..2).flat_map(|socket| {
        rooms.iter().map(move |(cell, room)| Seen {
            socket,
            cell: cell.clone(),
            number: 9,
            room: room.clone(),
        })
    });
    let heard = |socket, connection, at_us, number| Heard {
        socket,
        connection,
        at_us,
        number,
    };
    History {
        from: 0,
        tries,
        // After a new connection a cursor may stand before that of the one before.
        heard: vec![
            heard(0, 1, 1, 2),
            heard(1, 1, 2, 0),
            heard(0, 1, 3, 4),
            heard(0, 2, 4, 3),
            heard(0, 2, 5, 9),
            heard(1, 1, 6, 9),
        ],
        misheard: Vec::new(),
        talks: Vec::new(),
        seen: seen.collect(),
        states: states.collect(),
        log,
        injected: vec![Injected {
            at_us: 30,
            what: "the server is killed".to_owned(),
        }],
    }
}

/// The same, and then somebody says something at the knot, says it otherwise and is answered; the answer is taken back.
pub(crate) fn talked() -> History {
    let mut history = clean();
    let said = |number: u128, text: &str, reply_to: Option<Uuid>| Act::SendMessage {
        message: message(number),
        node: node(1),
        text: text.to_owned(),
        reply_to,
    };
    let change = Act::ChangeMessage {
        message: message(1),
        node: node(1),
        text: "Um 4".to_owned(),
    };
    let take_back = Act::WithdrawMessage {
        message: message(2),
        node: node(1),
    };
    history.tries.extend([
        sent(20, 2, said(1, "Um 3", None), 300, accepted(10)),
        sent(21, 1, said(2, "Gut", Some(message(1))), 320, accepted(11)),
        sent(22, 2, change, 340, accepted(12)),
        sent(23, 1, take_back, 360, accepted(13)),
    ]);
    let of = |number: u128| format!("message/{}", message(number));
    let on = |event: Logged| Logged {
        node: Some(node(1)),
        cell: Some(cell()),
        ..event
    };
    // What is said otherwise or taken back later is told no more.
    let talk = |event: Logged, thread: u128| tied(event, "talk", thread, 1, None);
    let answer = event(11, 21, 1, of(2), 1, "NachrichtGesendet");
    let changed = event(12, 22, 2, of(1), 2, "NachrichtGeaendert");
    history.log.extend([
        talk(event(10, 20, 2, of(1), 1, "NachrichtGesendet"), 4),
        Logged {
            reply_to: Some(message(1)),
            ..talk(answer, 5)
        },
        on(Logged {
            title: Some("Um 4".to_owned()),
            ..changed
        }),
        on(event(13, 23, 1, of(2), 2, "NachrichtZurueckgezogen")),
    ]);
    let thread_row = |of: u128, by: u128, from: Option<Place>| json!({"id": thread(of), "role": role(by), "from": from, "expires_at": 9000, "last": 11});
    let mut view = view();
    if let Some(threads) = view["threads"].as_array_mut() {
        threads.extend([thread_row(4, 2, None), thread_row(5, 1, Some(HERE))]);
    }
    for state in &mut history.states {
        if state.cell == room(9) {
            state.room = shown(&view);
        }
    }
    for seen in &mut history.seen {
        seen.number = 13;
        if seen.cell == room(9) {
            seen.room = shown(&view);
        }
    }
    let row = |number: u128, nth, by: u128, text: &str| Message {
        id: message(number),
        nth,
        role: role(by),
        text: text.to_owned(),
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
    };
    history.talks = vec![Talk {
        node: node(1),
        messages: vec![
            Message {
                changed_at: Some(1012),
                ..row(1, 1, 2, "Um 4")
            },
            Message {
                is_withdrawn: true,
                reply_to: Some(Quoted {
                    id: message(1),
                    role: role(2),
                    text: "Um 4".to_owned(),
                    is_withdrawn: false,
                }),
                ..row(2, 2, 1, "")
            },
        ],
    }];
    history
}
