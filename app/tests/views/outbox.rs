//! What waits in the outbox or came back, wherever it is shown.

use domain::weave::{Particulars, ParticularsChange};

use super::*;

#[test]
fn what_came_back_is_told_on_every_page_with_the_way_to_its_text() {
    for panel in panels() {
        let mut state = awake(page(panel, Lang::De, member()));
        state.waiting = vec![waiting(1, knot("Zelt"), refused(Refusal::NodeTaken))];
        let shown = html(&state);
        assert!(shown.contains(">!</span>"), "{panel:?}");
        if panel != Panel::Me {
            assert!(shown.contains("Kam zurück: „Zelt“ knüpfen."));
            assert!(shown.contains(">Ansehen</a>"));
        }
        let again = Stage::SetAside(ProblemKind::TooLarge);
        state.waiting.push(waiting(2, knot("Rad"), again));
        assert_eq!(
            html(&state).contains("2 Handlungen kamen zurück."),
            panel != Panel::Me
        );
    }
}

#[test]
fn what_is_so_already_is_told_calmly_and_anything_else_loudly() {
    let mut state = awake(page(Panel::Home, Lang::De, member()));
    let twist = Act::twist(
        domain::id::ThreadId::derive(role_id(1), ThreadKind::Create, node_id(1)),
        node_id(1),
    );
    state.waiting = vec![waiting(1, twist, refused(Refusal::AlreadyTwisted))];
    let loud = "class=\"banner\" data-tone=\"loud\"";
    let calm = html(&state);
    assert!(
        calm.contains("Der Faden ist schon Garn.") && !calm.contains(loud),
        "{calm}"
    );
    state
        .waiting
        .push(waiting(2, knot("Zelt"), refused(Refusal::NodeTaken)));
    assert!(html(&state).contains(loud));
}

#[test]
fn what_came_back_is_told_briefly_beside_how_the_line_is() {
    let mut state = awake(page(Panel::Home, Lang::De, member()));
    state.line = LineState::Offline;
    let offline = "Kein Netz. Du siehst den letzten Stand";
    assert!(html(&state).contains(offline));
    state.waiting = vec![waiting(1, knot("Zelt"), refused(Refusal::NodeTaken))];
    let shown = html(&state);
    assert!(shown.contains("Kam zurück: „Zelt“ knüpfen.</p>") && shown.contains(offline));
}

#[test]
fn what_waits_can_be_withdrawn_and_what_was_refused_keeps_its_text() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    state.waiting = vec![
        waiting(
            1,
            knot("Rad"),
            Stage::Kept {
                problem: Some(ProblemKind::SignedOut),
            },
        ),
        waiting(
            2,
            knot("Zelt"),
            refused(Refusal::TitleLength { max: 120, got: 121 }),
        ),
        waiting(
            3,
            Act::join(node_id(1)),
            Stage::SetAside(ProblemKind::Malformed),
        ),
    ];
    let html = html(&state);
    let id = |n: usize| state.waiting[n].command.id;
    assert!(html.contains(&Press::Withdraw(id(0)).code()) && html.contains("Du bist abgemeldet."));
    assert!(
        html.contains(&Press::Edit(id(1)).code()) && html.contains(&Press::Discard(id(1)).code())
    );
    assert!(html.contains("„Zelt“ knüpfen") && html.contains("Mit Anhänger."));
    assert!(html.contains("höchstens") || html.contains("1 bis 120 Zeichen"));
    assert!(html.contains("Bei „Gemeinsam Brot backen“: Interessiert mich"));
    assert!(!html.contains(&Press::Withdraw(id(1)).code()));
}

#[test]
fn a_change_that_may_not_be_made_is_read_and_not_edited() {
    let change = |node| Act::ChangeNode {
        node,
        based_on: 1,
        kind: None,
        title: Some("Mein Titel".into()),
        text: Some("Meine Worte".into()),
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    state.waiting = vec![waiting(
        1,
        change(node_id(1)),
        refused(Refusal::NodeCovered),
    )];
    let edit = Press::Edit(state.waiting[0].command.id).code();
    assert!(html(&state).contains(&edit), "nothing holds it");
    let node = state.view.nodes.get_mut(&node_id(1)).expect("it is near");
    let yarn = domain::id::ThreadId::derive(role_id(99), ThreadKind::Join, node_id(1));
    node.yarns.insert(yarn, role_id(99));
    let covered = html(&state);
    assert!(!covered.contains(&edit));
    assert!(covered.contains("Mein Titel") && covered.contains("Meine Worte"));
}

#[test]
fn what_others_wrote_waits_for_them_and_shows_nothing_of_itself() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    state.others_waiting = 2;
    let shown = html(&state);
    assert!(shown.contains("Hier liegen noch 2 ungesendete Handlungen"));
    assert!(!shown.contains("Nichts wartet.") && !shown.contains("2 warten"));
    assert!(!shown.contains("data-press=\"withdraw"));
    // A guest may be who wrote them.
    let mut guest = awake(page(Panel::Me, Lang::En, Viewer::Guest));
    guest.others_waiting = 1;
    let shown = html(&guest);
    assert!(shown.contains("waits for the one who wrote it") && shown.contains("1 waiting"));
    // Wherever one is, with the way to sign in.
    guest.page = page(Panel::Home, Lang::En, Viewer::Guest);
    assert!(html(&guest).contains("waits for the one who wrote it"));
    assert!(html(&guest).contains("href=\"/anmelden\""));
    // What is not there yet may be what waits.
    guest.page = page(Panel::Node(node_id(77)), Lang::En, Viewer::Guest);
    guest.page.detail = Detail::Missing;
    assert!(html(&guest).contains("If it still waits in this browser"));
}

#[test]
fn what_nobody_here_can_read_or_see_is_told_all_the_same() {
    for (back, unreadable, said) in [
        (1, 0, "1 Handlung kam zurück und ist hier"),
        (0, 1, "1 Handlung aus einer anderen Fassung dieser Seite"),
        (0, 2, "2 Handlungen aus einer anderen Fassung dieser Seite"),
    ] {
        let mut state = awake(page(Panel::Me, Lang::De, Viewer::Guest));
        (state.others_back, state.unreadable) = (back, unreadable);
        let shown = html(&state);
        assert!(shown.contains(said), "{said}");
        assert!(!shown.contains("Nichts wartet."));
        assert_eq!(shown.contains(">beiseitegelegt<"), unreadable > 0);
    }
}

#[test]
fn what_waits_can_be_tried_at_once_where_that_may_help() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    let again = "data-press=\"again\"";
    let kept = |problem| vec![waiting(1, knot("Zelt"), Stage::Kept { problem })];
    state.line = LineState::Unanswered;
    state.waiting = kept(Some(ProblemKind::Unavailable));
    // Above the panel, and beside what waits.
    assert_eq!(html(&state).matches(again).count(), 2);
    state.line = LineState::Live;
    assert_eq!(html(&state).matches(again).count(), 1);
    for (line, problem) in [
        (LineState::Offline, None),
        (LineState::Live, Some(ProblemKind::SignedOut)),
    ] {
        state.line = line;
        state.waiting = kept(problem);
        assert!(!html(&state).contains(again), "{line:?}");
    }
    state.waiting = vec![waiting(1, knot("Zelt"), Stage::Accepted)];
    assert!(!html(&state).contains(again), "it has arrived");
}

#[test]
fn what_came_back_has_a_heading_of_its_own_before_what_waits() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    state.waiting = vec![
        waiting(1, knot("Rad"), Stage::Sending),
        waiting(2, knot("Zelt"), refused(Refusal::NodeTaken)),
    ];
    let html = html(&state);
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}"));
    let order = [
        at("<h2>Was zurückkam</h2>"),
        at("„Zelt“ knüpfen"),
        at("<h2>Was wartet</h2>"),
        at("„Rad“ knüpfen"),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn what_is_kept_without_a_network_is_not_called_on_its_way() {
    let join = Act::join(node_id(1));
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    for (line, stage, word) in [
        (
            LineState::Live,
            Stage::Kept { problem: None },
            "ist unterwegs.",
        ),
        (
            LineState::Offline,
            Stage::Kept { problem: None },
            "ist aufgehoben.",
        ),
        (LineState::Offline, Stage::Accepted, "ist unterwegs."),
    ] {
        state.line = line;
        state.waiting = vec![waiting(1, join.clone(), stage)];
        let word = ["Was du hier getan hast, ", word].concat();
        assert!(html(&state).contains(&word), "{word}");
    }
}

#[test]
fn a_knot_that_waits_in_the_outbox_is_shown_as_on_its_way() {
    let id = NodeId(uuid::Uuid::from_u128(0x2000 + 77));
    let mut state = awake(page(Panel::Node(id), Lang::De, member()));
    let act = waiting(1, knot("Anhänger"), Stage::Kept { problem: None });
    domain::view::predict(&mut state.view, &mut state.me, &mut None, &act.command, NOW)
        .expect("allowed");
    state.waiting = vec![act];
    let html = html(&state);
    assert!(html.contains("Anhänger") && html.contains("Unterwegs – noch nicht bestätigt"));
}

#[test]
fn a_thread_whose_act_waits_says_so() {
    let id = node_id(1);
    let mut state = awake(page(Panel::Node(id), Lang::De, member()));
    let row = |state: &State| html(state).matches(">wartet<").count();
    let before = row(&state);
    let join = waiting(1, Act::join(id), Stage::Kept { problem: None });
    domain::view::predict(
        &mut state.view,
        &mut state.me,
        &mut None,
        &join.command,
        NOW,
    )
    .expect("allowed");
    state.waiting = vec![join];
    assert_eq!(row(&state), before + 1);
}

#[test]
fn a_refused_knot_comes_back_into_its_form_with_all_that_was_typed() {
    let mut state = awake(page(Panel::Weave, Lang::De, member()));
    state.draft = Some(Draft {
        act: Act::KnotNode {
            node: node_id(77),
            kind: NodeKind::Event,
            title: "Fest".to_owned(),
            text: "Mit Musik.".to_owned(),
            place: scenes::place(1),
            starts_at: Some(NOW),
            particulars: Particulars::default(),
        },
        base: None,
        replaces: Some(CommandId(uuid::Uuid::from_u128(5))),
    });
    let html = html(&state);
    assert!(html.contains("value=\"Fest\"") && html.contains(">Mit Musik.</textarea>"));
    assert!(
        html.contains("value=\"event\" checked") && html.contains("value=\"2026-11-25T19:15\"")
    );
}
