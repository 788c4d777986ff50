//! The rules of conversations: what is said, by whom, where, and what it ties.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::event::{Body, Draft};
use domain::id::{CommandId, MessageId, NodeId, RoleId, ThreadId};
use domain::personal::Personal;
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Placed, Placement, Profile, Standing};
use domain::state::{Facts, States, StreamId, deadline};
use domain::talk::{MESSAGE_MAX, QUOTED_MAX, Quoted, message};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, predict};
use domain::weave::{NodeKind, Particulars, ThreadKind};
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

fn anna() -> RoleId {
    RoleId(Uuid::from_u128(1))
}

fn ben() -> RoleId {
    RoleId(Uuid::from_u128(2))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

fn named(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(100 + n))
}

fn say(n: u128, text: &str) -> Act {
    Act::SendMessage {
        message: named(n),
        node: node(),
        text: text.into(),
        reply_to: None,
    }
}

fn answer(n: u128, to: u128, text: &str) -> Act {
    Act::SendMessage {
        message: named(n),
        node: node(),
        text: text.into(),
        reply_to: Some(named(to)),
    }
}

fn reword(n: u128, text: &str) -> Act {
    Act::ChangeMessage {
        message: named(n),
        node: node(),
        text: text.into(),
    }
}

fn take_back(n: u128) -> Act {
    Act::WithdrawMessage {
        message: named(n),
        node: node(),
    }
}

fn command(by: RoleId, act: Act) -> Command {
    Command {
        id: CommandId(Uuid::nil()),
        v: COMMAND_VERSION,
        by,
        issued_at: NOW,
        act,
    }
}

fn asked(states: &States, by: RoleId, at: Millis, act: Act) -> Result<Vec<Draft>, Refusal> {
    decide(states, &command(by, act), at)
}

fn after(states: &mut States, by: RoleId, at: Millis, act: Act) {
    for draft in asked(states, by, at, act).expect("what was given") {
        states.evolve_draft(&draft, at);
    }
}

/// Anna, hidden on the map, has knotted; Ben looks on.
fn woven() -> States {
    let mut states = States::default();
    for (role, name) in [(anna(), "Anna"), (ben(), "Ben")] {
        let registration = Act::RegisterRole {
            name: name.into(),
            placement: Placement::Hidden,
        };
        after(&mut states, role, NOW, registration);
    }
    let knot = Act::KnotNode {
        node: node(),
        kind: NodeKind::Idea,
        title: "Sommerfest".into(),
        text: String::new(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    after(&mut states, anna(), NOW, knot);
    states
}

#[test]
fn a_message_is_a_stream_of_its_own_and_draws_a_thread() {
    let at = NOW + DAY_MS;
    let mut states = woven();
    let drafts = asked(&states, ben(), at, say(1, " Wer kommt?\r\nIch! ")).expect("accepted");
    assert_eq!(drafts.len(), 1);
    let draft = &drafts[0];
    assert_eq!(draft.stream, StreamId::Message(named(1)));
    assert_eq!(draft.stream.to_string(), format!("message/{}", named(1)));
    assert_eq!(draft.stream.to_string().parse(), Ok(draft.stream));
    // Where it was said, not where who said it is.
    assert_eq!(draft.cell, Some(HERE.cell()));
    let text = Personal::open(ben(), "Wer kommt?\nIch!");
    let reply_to = None;
    assert_eq!(draft.body, Body::NachrichtGesendet { text, reply_to });
    let tie = draft.tie.expect("a tie");
    assert_eq!(
        tie.thread,
        ThreadId::derive(ben(), ThreadKind::Talk, node())
    );

    states.evolve_draft(draft, at);
    let knot = states.node(node()).expect("a knot");
    // The knot is what it was, and holds as long as the new thread.
    assert_eq!((knot.version, knot.holds_until), (1, at + FADE_MS));
    let said = states.message(named(1)).expect("a message");
    assert_eq!((said.node, said.owner, said.said_at), (node(), ben(), at));
    let state = &states.0[&StreamId::Message(named(1))];
    assert_eq!(deadline(StreamId::Message(named(1)), state), None);
}

#[test]
fn talking_again_re_arms_the_one_thread() {
    let mut states = woven();
    for day in 0..3 {
        let act = say(day, "Noch etwas");
        after(&mut states, ben(), NOW + day as i64 * DAY_MS, act);
    }
    let thread = states.thread(ThreadId::derive(ben(), ThreadKind::Talk, node()));
    let thread = thread.expect("a thread");
    assert_eq!(thread.acts, 3);
    assert_eq!(thread.expires_at, Some(NOW + 2 * DAY_MS + FADE_MS));
    assert_eq!(
        thread.version, 0,
        "the messages are not the thread's events"
    );
}

#[test]
fn where_nothing_holds_any_more_nothing_is_said() {
    let states = woven();
    let at = NOW + FADE_MS;
    // Though no timer has run.
    let refused = asked(&states, ben(), at, say(1, "Schade"));
    assert_eq!(refused, Err(Refusal::NodeDissolved { at }));
    let nowhere = Act::SendMessage {
        message: named(1),
        node: NodeId(Uuid::from_u128(9)),
        text: "Hallo?".into(),
        reply_to: None,
    };
    assert_eq!(
        asked(&states, ben(), NOW, nowhere),
        Err(Refusal::NodeUnknown)
    );
    let stranger = RoleId(Uuid::from_u128(8));
    let refused = asked(&states, stranger, NOW, say(1, "Hallo"));
    assert_eq!(refused, Err(Refusal::RoleUnknown));
}

#[test]
fn a_message_is_said_once_under_its_name() {
    let mut states = woven();
    after(&mut states, anna(), NOW, say(1, "Hallo"));
    for by in [anna(), ben()] {
        assert_eq!(
            asked(&states, by, NOW, say(1, "Hallo")),
            Err(Refusal::MessageTaken)
        );
    }
}

#[test]
fn a_message_says_something_and_not_too_much() {
    let none = |text: &str| {
        assert_eq!(
            message(text),
            Err(Refusal::MessageLength {
                max: MESSAGE_MAX,
                got: 0
            }),
            "{text:?}"
        );
    };
    for text in ["", " \n\t ", "\u{202e}\u{2066}", "\u{200d}\u{fe0f}"] {
        none(text);
    }
    for (text, kept) in [
        ("Ja\t!", "Ja !"),
        ("👩\u{200d}🌾", "👩\u{200d}🌾"),
        ("שלום", "שלום"),
        ("eins\r\n\r\nzwei\n", "eins\n\nzwei"),
        ("ab\u{202e}cd", "abcd"),
    ] {
        assert_eq!(message(text).as_deref(), Ok(kept));
    }
    assert_eq!(message("Ja\0!"), Err(Refusal::ControlCharacters));
    let long = "ä".repeat(MESSAGE_MAX as usize);
    assert_eq!(message(&long).as_deref(), Ok(long.as_str()));
    assert_eq!(
        message(&format!("{long}!")),
        Err(Refusal::MessageLength {
            max: MESSAGE_MAX,
            got: MESSAGE_MAX + 1
        })
    );
}

#[test]
fn others_yarn_covers_a_knot_against_changes_but_not_against_words() {
    let mut states = woven();
    after(&mut states, ben(), NOW, Act::join(node()));
    let thread = ThreadId::derive(ben(), ThreadKind::Join, node());
    let twist = Act::twist(thread, node());
    after(&mut states, ben(), NOW, twist);
    assert!(asked(&states, anna(), NOW + 30 * DAY_MS, say(1, "Danke!")).is_ok());
}

#[test]
fn a_message_is_said_otherwise_on_its_own_stream_and_ties_nothing() {
    let at = NOW + DAY_MS;
    let mut states = woven();
    after(&mut states, ben(), NOW, say(1, "Um 3"));
    let before = states.clone();
    let drafts = asked(&states, ben(), at, reword(1, " Um 4 \r\n")).expect("accepted");
    let [draft] = &drafts[..] else {
        panic!("one event: {drafts:?}")
    };
    assert_eq!(draft.stream, StreamId::Message(named(1)));
    assert_eq!((draft.cell, draft.tie), (Some(HERE.cell()), None));
    let text = Personal::open(ben(), "Um 4");
    let changed = Body::NachrichtGeaendert { node: node(), text };
    assert_eq!(draft.body, changed);
    assert_eq!(states.evolve_draft(draft, at), [draft.stream]);
    // Neither thread nor knot holds any longer by it.
    for stream in [
        StreamId::Node(node()),
        StreamId::Thread(ThreadId::derive(ben(), ThreadKind::Talk, node())),
    ] {
        assert_eq!(states.0[&stream], before.0[&stream]);
    }
    assert_eq!(states.message(named(1)).map(|said| said.version), Some(2));

    let drafts = asked(&states, ben(), at, take_back(1)).expect("accepted");
    let body = Body::NachrichtZurueckgezogen { node: node() };
    assert_eq!((&drafts[0].body, drafts[0].tie), (&body, None));
    after(&mut states, ben(), at, take_back(1));
    let said = states.message(named(1)).expect("a message");
    assert!(said.is_withdrawn && said.version == 3 && said.said_at == NOW);
}

#[test]
fn a_message_is_its_authors_to_change_and_to_take_back_and_only_once() {
    let mut states = woven();
    after(&mut states, ben(), NOW, say(1, "Um 3"));
    for act in [reword(1, "Um 4"), take_back(1)] {
        // Whoever knotted has no say in it.
        let refused = asked(&states, anna(), NOW, act);
        assert_eq!(refused, Err(Refusal::MessageNotYours));
    }
    // With its knot a conversation is over; one's words can be taken back all the same.
    let at = NOW + FADE_MS;
    let refused = asked(&states, ben(), at, reword(1, "Um 4"));
    assert_eq!(refused, Err(Refusal::NodeDissolved { at }));
    let drafts = asked(&states, ben(), at, take_back(1)).expect("accepted");
    assert_eq!(drafts[0].cell, Some(HERE.cell()));
    let elsewhere = Act::ChangeMessage {
        message: named(1),
        node: NodeId(Uuid::from_u128(9)),
        text: "Um 4".into(),
    };
    for act in [reword(2, "Um 4"), take_back(2), elsewhere] {
        let refused = asked(&states, ben(), NOW, act);
        assert_eq!(refused, Err(Refusal::MessageUnknown));
    }
    for text in ["", " \u{200d} "] {
        let refused = asked(&states, ben(), NOW, reword(1, text));
        let (max, got) = (MESSAGE_MAX, 0);
        assert_eq!(refused, Err(Refusal::MessageLength { max, got }));
    }
    after(&mut states, ben(), NOW, take_back(1));
    for act in [reword(1, "Um 4"), take_back(1)] {
        let refused = asked(&states, ben(), NOW, act);
        assert_eq!(refused, Err(Refusal::MessageWithdrawn));
    }
}

#[test]
fn an_answer_names_what_stands_in_the_same_conversation() {
    let mut states = woven();
    after(&mut states, ben(), NOW, say(1, "Wann?"));
    let drafts = asked(&states, anna(), NOW, answer(2, 1, "Um 3")).expect("accepted");
    let Body::NachrichtGesendet { reply_to, .. } = drafts[0].body else {
        panic!("a message")
    };
    assert_eq!(reply_to, Some(named(1)));
    assert!(drafts[0].tie.is_some(), "an answer is a message");
    let other = NodeId(Uuid::from_u128(5));
    let knot = Act::KnotNode {
        node: other,
        kind: NodeKind::Idea,
        title: "Winterfest".into(),
        text: String::new(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    after(&mut states, anna(), NOW, knot);
    let from_elsewhere = Act::SendMessage {
        message: named(2),
        node: other,
        text: "Um 3".into(),
        reply_to: Some(named(1)),
    };
    for act in [answer(2, 3, "Um 3"), answer(2, 2, "Ich?"), from_elsewhere] {
        let refused = asked(&states, anna(), NOW, act);
        assert_eq!(refused, Err(Refusal::MessageUnknown));
    }
    after(&mut states, ben(), NOW, take_back(1));
    let refused = asked(&states, anna(), NOW, answer(2, 1, "Um 3"));
    assert_eq!(refused, Err(Refusal::MessageWithdrawn));
}

/// Who reads an old outbox, log or state reads what was written before there were answers and tombstones.
#[test]
fn what_was_written_before_is_read_and_written_as_before() {
    let act = r#"{"act":"send-message","message":"00000000-0000-0000-0000-000000000065","node":"00000000-0000-0000-0000-000000000003","text":"Ja"}"#;
    let read: Act = serde_json::from_str(act).expect("an act");
    assert_eq!(read, say(1, "Ja"));
    assert_eq!(serde_json::to_string(&read).expect("JSON"), act);
    let mut states = woven();
    after(&mut states, ben(), NOW, say(1, "Ja"));
    let state = states.message(named(1)).expect("a message");
    let text = serde_json::to_string(&state).expect("JSON");
    assert!(!text.contains("withdrawn"), "{text}");
    assert_eq!(serde_json::from_str(&text).ok(), Some(state));
}

/// What the browser predicts is there once, and goes when the server's row comes.
#[test]
fn ones_own_message_is_never_shown_twice() {
    let mut states = woven();
    let mut view = CellView::default();
    let mut me = Some(Me {
        role: anna(),
        name: "Anna".into(),
        version: 1,
        placed: Placed::Hidden,
        place: None,
        registered_at: NOW,
        profile: Profile::default(),
        standing: Standing::default(),
    });
    let knot = command(
        anna(),
        Act::KnotNode {
            node: node(),
            kind: NodeKind::Idea,
            title: "Sommerfest".into(),
            text: String::new(),
            place: HERE,
            starts_at: None,
            particulars: Particulars::default(),
        },
    );
    predict(&mut view, &mut me, &mut None, &knot, NOW).expect("a knot");
    let send = command(anna(), say(1, "Hallo"));
    predict(&mut view, &mut me, &mut None, &send, NOW).expect("a message");
    let row = view.messages[0].clone();
    assert_eq!(row.id, named(1));
    assert_eq!((row.nth, row.last, row.role_name.as_str()), (1, 0, "Anna"));
    assert_eq!(view.threads.len(), 2);

    // What one does with it next is predicted on top, also where it is answered.
    let mut later = view.clone();
    for act in [answer(2, 1, "Und?"), reword(1, "Hallo zusammen")] {
        predict(
            &mut later,
            &mut me,
            &mut None,
            &command(anna(), act),
            NOW + 5,
        )
        .expect("predicted");
    }
    let [first, second] = &later.messages[..] else {
        panic!("two messages")
    };
    assert_eq!(first.changed_at, Some(NOW + 5));
    assert_eq!(second.reply_to, Some(Quoted::from(first)));
    let taken_back = command(anna(), take_back(1));
    predict(&mut later, &mut me, &mut None, &taken_back, NOW + 6).expect("predicted");
    let [first, second] = &later.messages[..] else {
        panic!("two messages")
    };
    assert!(first.is_withdrawn && first.text.is_empty() && first.changed_at.is_none());
    assert_eq!((first.nth, first.said_at), (row.nth, row.said_at));
    assert_eq!(second.reply_to, Some(Quoted::from(first)));

    // The room's row takes its place, and the act, still in the outbox, has nothing to add to it.
    let mut confirmed = view.clone();
    after(&mut states, anna(), NOW, say(1, "Hallo"));
    let from_server = domain::talk::MessageRow {
        nth: 7,
        last: 41,
        ..row
    };
    domain::talk::put(&mut confirmed.messages, from_server.clone());
    assert_eq!(
        predict(&mut confirmed, &mut me, &mut None, &send, NOW),
        Err(Refusal::MessageTaken)
    );
    assert_eq!(confirmed.messages, [from_server]);
}

#[test]
fn an_answer_shows_how_the_answered_one_begins() {
    let row = domain::talk::MessageRow {
        id: named(1),
        node: node(),
        nth: 1,
        role: anna(),
        role_name: "Anna".into(),
        text: "ä".repeat(200),
        said_at: NOW,
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
        last: 1,
    };
    assert_eq!(
        Quoted::from(&row).text.chars().count(),
        usize::from(QUOTED_MAX)
    );
}
