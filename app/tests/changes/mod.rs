//! Changing a knot: the form, two versions side by side, and what came back going into its form again.

mod typed;

use super::scenes::{self, NOW, awake, me, member, node, node_id, page, place, role_id, waiting};
use app::frame;
use app::live::{Draft, Form, Stage, State, Waiting};
use app::look::Look;
use app::press::Press;
use domain::command::Act;
use domain::link::Panel;
use domain::page::{Lang, Viewer};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::view::NodeRow;
use domain::weave::{NodeKind, ParticularsChange};

fn html(state: &State) -> String {
    frame::page(&Look::new(state, None)).html()
}

fn changed(base: u32, title: Option<&str>, text: Option<&str>) -> Act {
    Act::ChangeNode {
        node: node_id(1),
        based_on: base,
        kind: None,
        title: title.map(str::to_owned),
        text: text.map(str::to_owned),
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    }
}

/// The knot as somebody else made it meanwhile.
fn other(version: u32) -> NodeRow {
    NodeRow {
        version,
        title: "Brot und Brezen".to_owned(),
        ..node(1, NodeKind::Idea, "Gemeinsam Brot backen")
    }
}

fn came_back(act: Act, version: u32) -> Waiting {
    let stage = Stage::Refused {
        refusal: Refusal::NodeChanged { version },
        other: Some(Box::new(other(version))),
    };
    waiting(5, act, stage)
}

#[test]
fn a_guest_changes_ones_own_knot_alone_and_a_weaver_those_of_others() {
    let link = format!("/knoten/{}/aendern", node_id(1));
    let own = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    assert!(html(&own).contains(&link));
    let Viewer::Role { account, email, .. } = member() else {
        unreachable!("a member has a role")
    };
    let mut bert = me();
    bert.role = role_id(2);
    let mut weaver = bert.clone();
    weaver.standing.weaver_since = Some(NOW);
    let viewer = |me| Viewer::Role {
        account,
        email: email.clone(),
        me,
    };
    let bert = viewer(bert);
    let others = awake(page(Panel::Node(node_id(1)), Lang::De, bert.clone()));
    let others = html(&others);
    let why = "Bürgschaften für dich: 0 von 2.";
    assert!(!others.contains(&link) && others.contains(why), "{others}");
    let form = html(&awake(page(Panel::Change(node_id(1)), Lang::De, bert)));
    assert!(form.contains(why));
    assert!(!form.contains("<form class=\"form\" data-form=\"change\""));
    let guest = html(&awake(page(
        Panel::Change(node_id(1)),
        Lang::De,
        Viewer::Guest,
    )));
    assert!(!guest.contains("data-form=\"change\""));
    let weaver = viewer(weaver);
    let others = awake(page(Panel::Node(node_id(1)), Lang::De, weaver.clone()));
    assert!(html(&others).contains(&link));
    let form = html(&awake(page(Panel::Change(node_id(1)), Lang::De, weaver)));
    assert!(form.contains("<form class=\"form\" data-form=\"change\""));
}

#[test]
fn the_form_begins_with_the_knot_as_it_is_and_knows_on_which_version() {
    let state = awake(page(Panel::Change(node_id(2)), Lang::De, member()));
    let base = state.base().expect("the open knot");
    assert_eq!((base.id, base.version), (node_id(2), 1));
    assert_eq!(state.place(), Some(base.place));
    let shown = html(&state);
    assert!(shown.contains("value=\"Straßenfest am Steiner Tor\""));
    assert!(shown.contains("Jede Hand hilft.</textarea>"));
    assert!(shown.contains("name=\"start\""), "an event has its start");
    assert!(shown.contains(&Press::Middle.code()) && !shown.contains(&Press::Unchoose.code()));
    let idea = html(&awake(page(Panel::Change(node_id(1)), Lang::De, member())));
    assert!(!idea.contains("name=\"start\""));
    // Without script it reads, and says what it needs.
    let asleep = html(&State::new(page(
        Panel::Change(node_id(1)),
        Lang::De,
        member(),
    )));
    assert!(asleep.contains("class=\"scriptless\"") && asleep.contains("data-only-script"));
}

#[test]
fn what_is_typed_stays_when_the_knot_changes_meanwhile_and_the_other_version_is_shown() {
    let mut state = awake(page(Panel::Change(node_id(1)), Lang::De, member()));
    state.view.nodes.insert(node_id(1), other(2));
    state.begin_change();
    assert_eq!(state.base().map(|base| base.version), Some(1));
    let shown = html(&state);
    assert!(shown.contains("value=\"Gemeinsam Brot backen\""));
    assert!(shown.contains("Inzwischen wurde der Knoten") && shown.contains("Brot und Brezen"));
}

#[test]
fn two_versions_stand_side_by_side_until_one_decides() {
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    state.waiting = vec![came_back(changed(1, None, Some("Samstags um neun.")), 2)];
    let shown = html(&state);
    let id = state.waiting[0].command.id;
    for press in [Press::Mine(id), Press::Discard(id), Press::Edit(id)] {
        assert!(shown.contains(&press.code()), "{press:?}");
    }
    // What only one of them has changed is in both.
    assert_eq!(shown.matches("Brot und Brezen</dd>").count(), 2);
    assert!(shown.contains("Samstags um neun.</dd>") && shown.contains("Jede Hand hilft.</dd>"));
    assert!(!shown.contains("Kam zurück"), "it is not told twice");
    // From elsewhere the way leads here.
    state.page.panel = Panel::Home;
    let link = format!("href=\"/knoten/{}\" class=\"button small\"", node_id(1));
    assert!(html(&state).contains("Kam zurück") && html(&state).contains(&link));
    state.page.panel = Panel::Me;
    let shown = html(&state);
    assert!(shown.contains("Samstags um neun.") && shown.contains("Vergleichen"));
}

#[test]
fn the_newest_version_at_hand_is_the_other_one() {
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    let back = came_back(changed(1, Some("Meins"), None), 3);
    let version = |state: &State| state.other_version(&back).map(|row| row.version);
    assert_eq!(version(&state), Some(3), "the refusal brought it");
    state.view.nodes.insert(node_id(1), other(4));
    assert_eq!(version(&state), Some(4), "it went on since");
    let untold = waiting(
        6,
        changed(1, Some("Meins"), None),
        Stage::Refused {
            refusal: Refusal::NodeChanged { version: 9 },
            other: None,
        },
    );
    assert_eq!(state.other_version(&untold), None, "not there yet");
}

#[test]
fn an_edited_change_is_made_on_the_other_version() {
    let mut state = awake(page(Panel::Change(node_id(1)), Lang::De, member()));
    let back = came_back(changed(1, Some("Meins"), None), 2);
    state.draft = Some(Draft {
        act: back.command.act.clone(),
        base: state.other_version(&back).cloned().map(Box::new),
        replaces: Some(back.command.id),
    });
    assert_eq!(state.base().map(|base| base.version), Some(2));
    assert!(html(&state).contains("value=\"Meins\""));
    state.chosen = Some(place(4));
    let shown = html(&state);
    assert!(state.place() == Some(place(4)) && shown.contains(&Press::Unchoose.code()));
    state.refused = Some((
        Form::Change,
        app::live::Denied::Rule(Refusal::NothingChanged),
    ));
    assert!(html(&state).contains("Daran ist nichts geändert."));
}

#[test]
fn what_came_back_about_ones_role_goes_into_its_form_again() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    let edited = |act: Act| {
        Some(Draft {
            act,
            base: None,
            replaces: Some(
                waiting(1, changed(1, None, None), Stage::Sending)
                    .command
                    .id,
            ),
        })
    };
    let name = "Änne".to_owned();
    state.draft = edited(Act::RenameRole { name: name.clone() });
    assert!(html(&state).contains("value=\"Änne\""));
    let placement = Placement::Exact { place: place(2) };
    state.draft = edited(Act::PlaceRole { placement });
    assert!(html(&state).contains("value=\"exact\" checked"));
    let mut newcomer = awake(page(
        Panel::Me,
        Lang::De,
        Viewer::Account {
            account: scenes::account_id(),
            email: "a@example.org".to_owned(),
        },
    ));
    newcomer.draft = edited(Act::RegisterRole { name, placement });
    let shown = html(&newcomer);
    assert!(shown.contains("value=\"Änne\"") && shown.contains("value=\"exact\" checked"));
}
