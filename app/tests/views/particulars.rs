//! What knots of one kind say: in their forms, in lists and panels, and of two versions.

use domain::time::DAY_MS;
use domain::weave::{Particulars, ParticularsChange};

use super::*;

fn said() -> Particulars {
    Particulars {
        ends_at: Some(NOW + DAY_MS),
        zone: Some("America/Lima".to_owned()),
        nights: Some(1),
        guests: Some(2),
        lent_until: Some(NOW + 2 * DAY_MS),
    }
}

/// The panel of the first knot, which is of that kind and says that.
fn open(panel: Panel, kind: NodeKind, particulars: Particulars) -> State {
    let mut page = page(panel, Lang::De, member());
    page.near.clear();
    let mut row = scenes::node(1, kind, "Etwas");
    row.particulars = particulars;
    page.detail = Detail::Node {
        node: row,
        threads: Vec::new(),
        prose: String::new(),
        talk: None,
    };
    let mut state = awake(page);
    state.begin_change();
    state
}

#[test]
fn the_form_to_weave_asks_each_kind_for_its_own() {
    let shown = html(&awake(page(Panel::Weave, Lang::De, member())));
    for (kind, field) in [
        ("event", "start"),
        ("event", "end"),
        ("event", "zone"),
        ("bed", "guests"),
        ("bed", "nights"),
        ("tool", "lent"),
    ] {
        let before = shown.split(&format!("name=\"{field}\"")).next();
        let block = before.and_then(|before| before.rsplit("<div class=\"field\"").next());
        let only = format!("data-only=\"{kind}\"");
        assert!(block.is_some_and(|block| block.contains(&only)), "{field}");
        assert!(
            shown.contains(&format!("<label for=\"{field}\"")),
            "{field}"
        );
    }
    assert!(shown.contains("max=\"90\"") && shown.contains("max=\"20\""));
}

#[test]
fn the_form_to_change_begins_with_what_is_said_and_what_was_typed() {
    let id = node_id(1);
    let fields = ["end", "guests", "nights", "lent"];
    for (kind, own) in [
        (NodeKind::Event, &fields[..1]),
        (NodeKind::Bed, &fields[1..3]),
        (NodeKind::Tool, &fields[3..]),
        (NodeKind::Idea, &[]),
    ] {
        let shown = html(&open(Panel::Change(id), kind, said()));
        for field in fields {
            let is_there = shown.contains(&format!("name=\"{field}\""));
            assert_eq!(is_there, own.contains(&field), "{kind:?}: {field}");
        }
    }
    let mut state = open(Panel::Change(id), NodeKind::Bed, said());
    assert!(html(&state).contains("value=\"2\" id=\"guests\""));
    let Some(Draft { act, .. }) = &mut state.draft else {
        panic!("a change has begun")
    };
    let Act::ChangeNode { particulars, .. } = act else {
        panic!("a change")
    };
    *particulars = ParticularsChange {
        guests: Some(Some(7)),
        nights: Some(None),
        ..ParticularsChange::default()
    };
    let shown = html(&state);
    assert!(
        shown.contains("value=\"7\" id=\"guests\"") && shown.contains("value id=\"nights\""),
        "{shown}"
    );
}

#[test]
fn panels_and_lists_tell_it() {
    let id = node_id(1);
    let of = |kind, said| html(&open(Panel::Node(id), kind, said));
    let only = |change: fn(&mut Particulars)| {
        let mut said = Particulars::default();
        change(&mut said);
        said
    };
    let bed = of(
        NodeKind::Bed,
        only(|said| (said.guests, said.nights) = (Some(2), Some(1))),
    );
    assert!(bed.contains("2 Gäste, bis 1 Nacht"));
    let tool = of(
        NodeKind::Tool,
        only(|said| said.lent_until = Some(NOW + DAY_MS)),
    );
    assert!(tool.contains("verliehen bis "));
    let back = of(NodeKind::Tool, only(|said| said.lent_until = Some(NOW)));
    assert!(!back.contains("verliehen"));
    let event = of(
        NodeKind::Event,
        only(|said| said.ends_at = Some(NOW + 2 * DAY_MS)),
    );
    assert!(event.contains("<span>bis "));
    // By whose clocks it is told there matters to those who have others.
    let far = of(
        NodeKind::Event,
        only(|said| said.zone = Some("America/Lima".to_owned())),
    );
    assert!(far.contains("Zeitzone America/Lima"));
    let here = of(
        NodeKind::Event,
        only(|said| said.zone = Some("Europe/Vienna".to_owned())),
    );
    assert!(!here.contains("Zeitzone"));

    let mut home = page(Panel::Home, Lang::En, Viewer::Guest);
    home.near[0].node.particulars = only(|said| said.guests = Some(1));
    assert!(html(&awake(home)).contains("<span>1 guest</span>"));
}

#[test]
fn two_versions_differ_in_what_they_say() {
    let id = node_id(1);
    let bed = Particulars {
        guests: Some(2),
        ..Particulars::default()
    };
    let mut state = open(Panel::Node(id), NodeKind::Bed, bed);
    let act = Act::ChangeNode {
        node: id,
        based_on: 1,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange {
            guests: Some(None),
            nights: Some(Some(3)),
            ..ParticularsChange::default()
        },
    };
    state.waiting = vec![waiting(
        1,
        act,
        refused(Refusal::NodeChanged { version: 1 }),
    )];
    let shown = html(&state);
    assert!(
        shown.contains("2 Gäste</dd>") && shown.contains("bis 3 Nächte</dd>"),
        "{shown}"
    );
}

#[test]
fn a_refusal_stands_beside_its_field() {
    for (refusal, field) in [
        (Refusal::EndBeforeStart, "end"),
        (Refusal::NightsOutOfRange { max: 90, got: 0 }, "nights"),
        (Refusal::GuestsOutOfRange { max: 20, got: 99 }, "guests"),
        (Refusal::LentOutOfRange, "lent"),
    ] {
        let mut state = awake(page(Panel::Weave, Lang::De, member()));
        state.refused = Some((Form::Weave, Denied::Rule(refusal)));
        let shown = html(&state);
        assert!(
            shown.contains(&format!("aria-describedby=\"{field}-error\"")),
            "{field}"
        );
        assert_eq!(
            shown.matches("class=\"error\"").count(),
            1,
            "{field}: it is said once"
        );
    }
}
