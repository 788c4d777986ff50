//! What holds a knot and until when, who joined how, and who may do what yarn covers.

use domain::id::ThreadId;
use domain::time::DAY_MS;
use domain::view::NodeRow;
use domain::weave::{Covering, Covers};

use super::scenes::node;
use super::*;

fn knot(viewer: Viewer) -> State {
    awake(page(Panel::Node(node_id(1)), Lang::De, viewer))
}

fn changed(mut state: State, change: impl Fn(&mut NodeRow)) -> State {
    change(state.view.nodes.get_mut(&node_id(1)).expect("the knot"));
    state
}

#[test]
fn what_holds_a_knot_is_said_with_whose_yarn_it_is() {
    let yarn = ThreadId::derive(role_id(3), ThreadKind::Join, node_id(1));
    let twisted = |node: &mut NodeRow| {
        node.yarns.insert(yarn, role_id(3));
    };
    let shown = html(&changed(knot(Viewer::Guest), twisted));
    assert!(
        shown.contains("Hält bis")
            && shown.contains("</time>, oder solange das Garn von Çelik &amp; Söhne hält")
    );
    let shown = html(&changed(knot(Viewer::Guest), |node| {
        twisted(node);
        node.holds_until = NOW;
    }));
    assert!(
        !shown.contains("Hält bis")
            && shown.contains(">solange das Garn von Çelik &amp; Söhne hält")
    );
    // Whose it is may not be at hand.
    let shown = html(&changed(knot(Viewer::Guest), |node| {
        let other = ThreadId::derive(role_id(9), ThreadKind::Join, node_id(1));
        node.yarns.insert(other, role_id(9));
    }));
    assert!(shown.contains("oder solange Garn ihn hält"));
}

#[test]
fn the_last_day_of_a_knot_is_told_on_its_panel_and_in_the_list() {
    let told = |panel, left: i64, change: &dyn Fn(&mut NodeRow)| {
        let state = awake(page(panel, Lang::De, Viewer::Guest));
        let shown = html(&changed(state, |node| {
            node.holds_until = NOW + left;
            change(node);
        }));
        shown.matches("letzter Tag").count()
    };
    let yarn = ThreadId::derive(role_id(3), ThreadKind::Join, node_id(1));
    for panel in [Panel::Home, Panel::Node(node_id(1))] {
        assert_eq!(told(panel, DAY_MS, &|_| {}), 1);
        assert_eq!(told(panel, 1, &|_| {}), 1);
        assert_eq!(told(panel, DAY_MS + 1, &|_| {}), 0);
        assert_eq!(told(panel, 0, &|_| {}), 0);
        let twisted = |node: &mut NodeRow| {
            node.yarns.insert(yarn, role_id(3));
        };
        assert_eq!(told(panel, DAY_MS, &twisted), 0);
        assert_eq!(
            told(panel, DAY_MS, &|node| node.kind = NodeKind::Structure),
            0
        );
    }
}

#[test]
fn who_joined_is_told_by_level_the_firmest_first() {
    let mut state = knot(Viewer::Guest);
    for (role, name, level) in [
        (5, "Ida", Some(JoinLevel::Interest)),
        (6, "Pia", Some(JoinLevel::Promise)),
        (7, "Rosa", Some(JoinLevel::Responsibility)),
        (8, "Ole", None),
    ] {
        let mut row = thread(role, name, ThreadKind::Join, 1, Some(3));
        row.level = level;
        state.view.threads.insert(row.id, row);
    }
    let shown = html(&state);
    let at = |text: &str| {
        shown
            .find(text)
            .unwrap_or_else(|| panic!("{text} in {shown}"))
    };
    let order = [
        "Wer sich kümmert",
        "Rosa",
        ">Dabei<",
        "Pia",
        ">Interessiert<",
        "Ida",
    ]
    .map(at);
    assert!(order.is_sorted(), "{order:?}");
    assert!(shown.contains("interessiert sich") && shown.contains("kümmert sich"));
}

#[test]
fn a_conversation_that_yarn_of_others_covers_says_who_may_talk() {
    let yarn = ThreadId::derive(role_id(3), ThreadKind::Join, node_id(1));
    let covered = |covers: &Covers| {
        html(&changed(knot(member()), |node| {
            node.yarns.insert(yarn, role_id(3));
            let (thread, covers) = (yarn, covers.clone());
            node.covers = vec![Covering { thread, covers }];
        }))
    };
    let all = covered(&Covers::ALL);
    assert!(all.contains("Nur wem das Garn gehört, redet hier mit."));
    assert!(all.contains("Das dürfen: Çelik &amp; Söhne.") && !all.contains("data-form=\"talk\""));
    assert!(all.contains("Nur wem das Garn gehört, darf es ändern."));
    let nothing = covered(&Covers::NOTHING);
    assert!(nothing.contains("data-form=\"talk\"") && !nothing.contains("Das dürfen"));
    assert!(nothing.contains("/aendern\""));
}

#[test]
fn a_thread_tells_when_it_began_and_what_it_covers() {
    let mut state = knot(member());
    let mut row = thread(1, "Anna", ThreadKind::Join, 1, None);
    (row.level, row.acts) = (Some(JoinLevel::Responsibility), 3);
    row.since = Some(NOW + -5 * DAY_MS);
    state.page.panel = Panel::Thread(row.id);
    let yarn = row.id;
    state.view.threads.insert(yarn, row);
    let state = changed(state, |node| {
        node.yarns.insert(yarn, role_id(1));
    });
    let shown = html(&state);
    for text in [
        "Anna kümmert sich",
        "Zuerst",
        "Zuletzt",
        "3-mal",
        "Deckt",
        "Text, Bilder<",
    ] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
    assert!(shown.contains(&Panel::Yarn(yarn).path()));
}

/// What the server draws of the first knot's thread of Anna, yarn or not.
fn drawn(viewer: Viewer, covers: Option<&Covers>) -> String {
    let mut row = thread(
        1,
        "Anna",
        ThreadKind::Create,
        1,
        covers.is_none().then_some(3),
    );
    let mut knot = node(1, NodeKind::Idea, HOSTILE);
    if let Some(covers) = covers {
        row.expires_at = None;
        knot.yarns.insert(row.id, row.role);
        let (thread, covers) = (row.id, covers.clone());
        knot.covers = vec![Covering { thread, covers }];
    }
    let mut page = page(Panel::Yarn(row.id), Lang::De, viewer);
    page.near.retain(|near| near.node.id != knot.id);
    app::served::yarn::draw(&mut page, &row, &End::Node(Box::new(knot)));
    assert!(!html(&awake(page.clone())).contains("<img src=x"));
    match page.detail {
        Detail::Served { html, .. } => html,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_yarns_panel_offers_its_owner_each_part_and_shows_it_to_others() {
    let thread = drawn(member(), None);
    assert_eq!(thread.matches("twist-thread").count(), 4, "{thread}");
    let yarn = drawn(member(), Some(&Covers::USUAL));
    assert_eq!(yarn.matches("cover-yarn").count(), 5, "{yarn}");
    assert!(yarn.contains("Text: Freigeben") && yarn.contains("Gespräch: Decken"));
    let all = drawn(member(), Some(&Covers::ALL));
    assert_eq!(all.matches("cover-yarn").count(), 4, "{all}");
    for button in [thread, yarn].concat().split("<button").skip(1) {
        let tag = button.split('>').next().unwrap_or_default();
        assert!(tag.contains("data-only-script") && tag.contains("data-act"));
    }
    let shown = drawn(Viewer::Guest, Some(&Covers::ALL));
    assert!(!shown.contains("data-act") && shown.contains("wem es gehört: Anna"));
}
