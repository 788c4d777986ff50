//! The conversation in a knot's panel.

use app::live::{Denied, Form, Stage, State};
use app::press::Press;
use domain::command::Act;
use domain::id::{MessageId, NodeId};
use domain::link::Panel;
use domain::page::{Detail, Lang, Page, TalkPage, Viewer};
use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::talk::{MessageRow, Quoted, put, reword, withdraw};
use domain::wire::LineState;
use uuid::Uuid;

use crate::html;
use crate::scenes::{HOSTILE, NOW, awake, member, node_id, page, role_id, waiting};

fn id(n: u32) -> MessageId {
    MessageId(Uuid::from_u128(0x4000 + u128::from(n)))
}

fn message(nth: u32, by: u128, text: &str) -> MessageRow {
    MessageRow {
        id: id(nth),
        node: node_id(1),
        nth,
        role: role_id(by),
        role_name: ["Anna", "Birgit"][by as usize - 1].to_owned(),
        text: text.to_owned(),
        said_at: NOW + 60_000 * (i64::from(nth) - 1000),
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
        last: i64::from(nth) + 10,
    }
}

/// A knot's page with these messages, the newest first.
fn with(viewer: Viewer, messages: Vec<MessageRow>, before: Option<MessageId>) -> Page {
    let mut page = page(Panel::Node(node_id(1)), Lang::De, viewer);
    if let Detail::Node { talk, .. } = &mut page.detail {
        *talk = Some(TalkPage { messages, before });
    }
    page
}

fn said() -> Vec<MessageRow> {
    vec![
        message(9, 1, "Ich!"),
        message(8, 2, "Wer kommt?\nUnd wann?"),
        message(7, 2, "Hallo."),
    ]
}

fn send(message: u32, text: &str) -> Act {
    Act::SendMessage {
        message: id(message),
        node: node_id(1),
        text: text.to_owned(),
        reply_to: None,
    }
}

/// That these stand in the page in this order.
fn in_order(html: &str, texts: &[&str]) {
    let places: Vec<_> = texts
        .iter()
        .map(|text| {
            html.find(text)
                .unwrap_or_else(|| panic!("{text} in {html}"))
        })
        .collect();
    assert!(places.is_sorted(), "{texts:?} at {places:?}");
}

#[test]
fn it_reads_without_script_and_leads_to_what_was_said_before() {
    let html = html(&State::new(with(Viewer::Guest, said(), None)));
    in_order(&html, &["Ich!", "Wer kommt?\nUnd wann?", "Hallo."]);
    assert!(html.contains("9 Nachrichten") && html.contains("role=\"log\""));
    assert!(html.contains("Melde dich an, um mitzureden."));
    let address = format!("/knoten/{}?vor={}#gespraech", node_id(1), id(7));
    assert!(html.contains(&format!("href=\"{address}\"")), "{html}");
    assert!(
        !html.contains("data-press=\"older"),
        "without script it does nothing"
    );
    assert!(!html.contains("data-form=\"talk"));
}

#[test]
fn a_page_of_older_ones_stays_as_it_is_and_leads_both_ways() {
    let first = vec![message(2, 2, "Zweitens"), message(1, 1, "Erstens")];
    let page = with(member(), first, Some(id(3)));
    assert_eq!(app::talk::open_talk(page.panel, &page.detail), None);
    for state in [State::new(page.clone()), awake(page)] {
        let html = html(&state);
        in_order(
            &html,
            &["Zu den neuesten", "Zweitens", "Erstens", "Hier beginnt"],
        );
        assert!(html.contains(&format!("href=\"/knoten/{}#gespraech\"", node_id(1))));
        assert!(!html.contains("?vor=") && !html.contains("data-form=\"talk"));
    }
    let middle = vec![message(5, 2, "Mitten drin")];
    let html = html(&State::new(with(member(), middle, Some(id(6)))));
    assert!(html.contains(&format!("?vor={}", id(5))));
}

#[test]
fn awake_older_ones_come_by_a_button_until_the_page_holds_enough() {
    let mut state = awake(with(member(), said(), None));
    assert!(html(&state).contains("data-press=\"older\""));
    state.talk.asking = true;
    assert!(html(&state).contains("aria-disabled=\"true\""));
    state.talk.asking = false;
    state.talk.failed = true;
    assert!(html(&state).contains("Sie sind gerade nicht zu erreichen."));

    // What was asked for is not read out as if it were news.
    state.talk.older_below = 8;
    let html = html(&state);
    in_order(
        &html,
        &["role=\"log\"", "Wer kommt?", "</ol></div><ol", "Hallo."],
    );

    let many = (10..10 + app::talk::HELD_MAX as u32).map(|n| message(n, 2, "Wort"));
    let html = html_of(many.rev().collect());
    assert!(html.contains("?vor=") && !html.contains("data-press=\"older\""));
    let whole = html_of(vec![message(1, 2, "Erstens")]);
    assert!(whole.contains("1 Nachricht<") && whole.contains("Hier beginnt das Gespräch."));
}

fn html_of(messages: Vec<MessageRow>) -> String {
    html(&awake(with(member(), messages, None)))
}

#[test]
fn an_empty_one_says_so_and_one_that_has_not_come_says_nothing_untrue() {
    let mut state = awake(with(member(), Vec::new(), None));
    assert!(html(&state).contains("Noch hat hier niemand etwas gesagt."));
    state.talk.known = false;
    state.line = LineState::Live;
    let coming = html(&state);
    assert!(coming.contains("class=\"skeleton\"") && !coming.contains("niemand"));
    state.line = LineState::Offline;
    assert!(html(&state).contains("Das Gespräch ist gerade nicht zu erreichen."));
}

#[test]
fn ones_own_waits_before_all_others_and_is_there_once() {
    let mut state = awake(with(member(), said(), None));
    let mine = MessageRow {
        last: 0,
        ..message(10, 1, "Bin unterwegs")
    };
    put(&mut state.view.messages, mine);
    let kept = Stage::Kept { problem: None };
    state.waiting = vec![waiting(1, send(10, "Bin unterwegs"), kept)];
    let before = html(&state);
    in_order(&before, &["Bin unterwegs", "Ich!"]);
    assert!(before.contains("data-waiting") && before.contains(">wartet<"));

    // It has come back; the act goes when the live channel has reached it.
    put(&mut state.view.messages, message(10, 1, "Bin unterwegs"));
    state.waiting[0].stage = Stage::Accepted;
    let after = html(&state);
    assert_eq!(after.matches(">Bin unterwegs<").count(), 1);
    assert!(!after.contains("data-waiting"));
}

#[test]
fn a_refused_message_keeps_its_text_and_can_be_written_again() {
    let mut state = awake(with(member(), said(), None));
    let refusal = Refusal::NodeDissolved { at: NOW };
    state.waiting = vec![
        waiting(1, send(10, "Zu spät?"), super::refused(refusal)),
        waiting(
            2,
            send(11, "Unlesbar"),
            Stage::SetAside(ProblemKind::TooLarge),
        ),
    ];
    let Act::SendMessage { node, .. } = &mut state.waiting[1].command.act else {
        panic!("a message")
    };
    *node = NodeId(Uuid::from_u128(99));
    let html = html(&state);
    assert!(html.contains("Zu spät?") && html.contains("Der Knoten hat sich aufgelöst"));
    assert!(html.contains("data-press=\"edit ") && html.contains("data-press=\"discard "));
    let conversation = html.split("id=\"gespraech\"").nth(1).expect("it is open");
    assert!(
        !conversation.contains("Unlesbar"),
        "it belongs to another knot"
    );
    let told = "Kam zurück: Nachricht zu „einem Knoten“.";
    assert!(html.contains(told), "it is told wherever one is");

    let mut me = state.clone();
    me.page.panel = Panel::Me;
    let waits = self::html(&me);
    assert!(waits.contains("Nachricht zu „Gemeinsam Brot backen“") && waits.contains("Zu spät?"));
    assert!(waits.contains("data-press=\"edit "));
}

#[test]
fn a_rule_stands_beside_the_field_and_a_knot_that_is_gone_is_only_read() {
    let mut state = awake(with(member(), said(), None));
    assert!(html(&state).contains("data-form=\"talk\""));
    let refusal = Refusal::MessageLength { max: 2000, got: 0 };
    state.refused = Some((Form::Talk, Denied::Rule(refusal)));
    let refused = html(&state);
    assert!(refused.contains("Eine Nachricht hat 1 bis 2000 Zeichen, diese hat 0."));
    assert!(refused.contains("aria-describedby=\"message-error\""));

    let mut gone = with(member(), said(), None);
    if let Detail::Node { node, .. } = &mut gone.detail {
        node.dissolved_at = Some(NOW);
    }
    gone.near.clear();
    let html = html(&awake(gone));
    assert!(html.contains("Wer kommt?") && html.contains("was gesagt wurde, bleibt zu lesen"));
    assert!(!html.contains("data-form=\"talk\""));
}

#[test]
fn what_people_say_is_text() {
    let mut row = message(3, 2, HOSTILE);
    row.role_name = HOSTILE.to_owned();
    let html = html(&awake(with(member(), vec![row], None)));
    assert!(html.contains("onerror=alert(1)&gt;") && !html.contains("<img src=x"));
}

#[test]
fn what_was_changed_taken_back_or_answers_says_so_also_without_script() {
    let mut rows = said();
    reword(&mut rows, id(9), "Wir!", NOW);
    withdraw(&mut rows, id(8));
    rows[0].reply_to = Some(Quoted::from(&rows[1]));
    rows[1].reply_to = Some(Quoted {
        id: id(3),
        ..Quoted::from(&rows[2])
    });
    let html = html(&State::new(with(Viewer::Guest, rows, None)));
    in_order(&html, &[">geändert<", "Wir!", "data-withdrawn", "Hallo."]);
    assert!(!html.contains("Wer kommt?") && !html.contains("data-press=\"answer "));
    // The quoted line leads there where it is on the page, and tells what became of it.
    let tombstone = "hat eine Nachricht zurückgezogen";
    assert_eq!(
        html.matches(tombstone).count(),
        2,
        "itself, and where it is answered"
    );
    assert!(html.contains(&format!("href=\"#nachricht-{}\"", id(8))));
    assert!(html.contains(&format!("id=\"nachricht-{}\"", id(8))));
    assert!(!html.contains(&format!("#nachricht-{}", id(3))));
    assert!(html.contains("<p class=\"answered\"><strong>Birgit</strong> <span"));
}

#[test]
fn ones_own_is_changed_and_taken_back_and_every_one_is_answered() {
    let mut state = awake(with(member(), said(), None));
    let shown = html(&state);
    for (nth, is_own) in [(9, true), (8, false), (7, false)] {
        assert!(shown.contains(&Press::Answer(id(nth)).code()));
        for press in [Press::Reword(id(nth)), Press::TakeBack(id(nth))] {
            assert_eq!(shown.contains(&press.code()), is_own, "{press:?}");
            assert_eq!(Press::from_code(&press.code()), Some(press));
        }
    }
    assert!(shown.contains("aria-label=\"Ändern: Ich!\""));
    // That it is meant is asked in place.
    state.talk.withdrawing = Some(id(9));
    let asked = html(&state);
    assert!(asked.contains("Wirklich zurückziehen?") && asked.contains(&Press::Keep.code()));
    assert!(!asked.contains(&Press::Reword(id(9)).code()));
    // Nothing can be made of what is on its way or was taken back, nor by whom nobody knows or where nothing holds.
    put(
        &mut state.view.messages,
        MessageRow {
            last: 0,
            ..message(10, 1, "Bin unterwegs")
        },
    );
    withdraw(&mut state.view.messages, id(9));
    let shown = html(&state);
    for nth in [9, 10] {
        assert!(!shown.contains(&Press::Answer(id(nth)).code()));
    }
    let mut guest = awake(with(Viewer::Guest, said(), None));
    assert!(!html(&guest).contains("message-deeds"));
    guest.awake = false;
    assert!(!html(&guest).contains("message-deeds"));
    let older = with(member(), said(), Some(id(10)));
    assert!(!html(&awake(older)).contains("message-deeds"));
}

#[test]
fn the_form_says_what_it_is_for() {
    let mut state = awake(with(member(), said(), None));
    assert!(!html(&state).contains(&Press::JustSay.code()));
    state.talk.reply_to = Some(id(8));
    let replying = html(&state);
    assert!(replying.contains("Antwort an Birgit: Wer kommt?\nUnd wann?"));
    assert!(replying.contains(&Press::JustSay.code()) && replying.contains(">Senden<"));
    state.talk.changing = Some(id(9));
    let changing = html(&state);
    assert!(
        changing.contains("Du änderst deine Nachricht.") && changing.contains(">Änderung senden<")
    );
    assert!(!changing.contains("Antwort an"), "it comes back afterwards");
}

#[test]
fn what_the_form_is_for_does_not_outlive_the_right_to_it() {
    let meant = |change: &dyn Fn(&mut State)| {
        let mut state = awake(with(member(), said(), None));
        state.talk.changing = Some(id(9));
        state.talk.withdrawing = Some(id(9));
        state.talk.reply_to = Some(id(8));
        change(&mut state);
        state.settle_talk();
        let talk = state.talk;
        let is_left = |of: Option<MessageId>| of.is_some();
        [talk.changing, talk.withdrawing, talk.reply_to].map(is_left)
    };
    assert_eq!(meant(&|_| ()), [true; 3]);
    assert_eq!(meant(&|state| state.me = None), [false; 3], "signed out");
    let taken_back = |state: &mut State| withdraw(&mut state.view.messages, id(9));
    assert_eq!(meant(&taken_back), [false, false, true]);
    let answered = |state: &mut State| withdraw(&mut state.view.messages, id(8));
    assert_eq!(meant(&answered), [true, true, false]);
    let somebody_else = |state: &mut State| {
        if let Some(me) = &mut state.me {
            me.role = role_id(2);
        }
    };
    assert_eq!(meant(&somebody_else), [false, false, true]);
    // What is typed stays where nothing is known of it any more.
    let unknown = |state: &mut State| state.view.messages.clear();
    assert_eq!(meant(&unknown), [true, false, false]);
}

#[test]
fn a_change_on_its_way_is_marked_and_one_that_came_back_keeps_its_text() {
    let change = |text: &str| Act::ChangeMessage {
        message: id(9),
        node: node_id(1),
        text: text.to_owned(),
    };
    let take_back = Act::WithdrawMessage {
        message: id(9),
        node: node_id(1),
    };
    let mut state = awake(with(member(), said(), None));
    reword(&mut state.view.messages, id(9), "Wir!", NOW);
    let kept = Stage::Kept { problem: None };
    state.waiting = vec![waiting(1, change("Wir!"), kept)];
    let shown = html(&state);
    in_order(&shown, &["data-waiting", ">wartet<", "Wir!", "Wer kommt?"]);

    state.waiting = vec![
        waiting(
            1,
            change("Wir alle!"),
            super::refused(Refusal::MessageWithdrawn),
        ),
        waiting(2, take_back, super::refused(Refusal::MessageWithdrawn)),
    ];
    let refused = html(&state);
    assert!(!refused.contains("data-waiting") && refused.contains("Wir alle!"));
    assert_eq!(refused.matches("inzwischen zurückgezogen").count(), 2);
    assert_eq!(refused.matches("data-press=\"edit ").count(), 1);
    // There is nothing to be changed any more: what was written can still be read.
    withdraw(&mut state.view.messages, id(9));
    let gone = html(&state);
    assert!(gone.contains("Wir alle!") && !gone.contains("data-press=\"edit "));
    state.page.panel = Panel::Me;
    let me = html(&state);
    assert!(me.contains("Geänderte Nachricht zu „Gemeinsam Brot backen“"));
    assert!(me.contains("Zurückgezogene Nachricht zu „Gemeinsam Brot backen“"));
}

#[test]
fn who_is_named_in_a_message_is_led_to_and_words_stay_words() {
    let messages = vec![
        message(9, 1, "@birgit, @Niemand & <b>@Anna</b>?"),
        message(8, 2, "birgit@birgit.example"),
    ];
    let page = with(member(), messages, None);
    let html = html(&awake(page));
    let led = |role: u128, name: &str| format!("<a href=\"/rolle/{}\">{name}</a>", role_id(role));
    let told = [
        "<p class=\"prose\">".to_owned(),
        led(2, "@birgit"),
        ", @Niemand &amp; &lt;b&gt;".to_owned(),
        led(1, "@Anna"),
        "&lt;/b&gt;?</p>".to_owned(),
    ];
    assert!(html.contains(&told.concat()), "{html}");
    assert!(html.contains("<p class=\"prose\">birgit@birgit.example</p>"));
}
