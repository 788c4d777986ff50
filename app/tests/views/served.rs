//! Panels that the server draws, and what the page makes of them.

use super::scenes::{self, HOSTILE, NOW, awake, changed_twice, member, node, node_id, page};
use super::{around, assets, html};
use app::frame;
use app::live::{Denied, Form, State};
use app::look::Look;
use app::press::Press;
use app::served;
use app::shell;
use domain::command::Act;
use domain::link::Panel;
use domain::page::{Carried, Detail, Lang, Page, Viewer};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::NodeRow;
use domain::weave::NodeKind;

const HISTORY: Panel = Panel::History(domain::id::NodeId(uuid::Uuid::from_u128(0x2001)), None);

fn drawn(page: &Page) -> &str {
    match &page.detail {
        Detail::Served { html, .. } => html,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_served_stands_in_its_panel_once_and_is_not_in_the_data_beside_it() {
    assert_eq!(HISTORY, Panel::History(node_id(1), None));
    for lang in [Lang::De, Lang::En] {
        let page = page(HISTORY, lang, member());
        let document = shell::render(page.clone(), &around(&assets(), "n"));
        assert_eq!(document.matches(drawn(&page)).count(), 1);
        let (_, data) = document.split_once("id=\"page\">").expect("its data");
        assert!(!data.contains("data-act") && data.contains("\"html\":\"\""));
        let title = ["Verlauf von „Kuchen backen“", "History of “Kuchen backen”"];
        let title = title[usize::from(lang == Lang::En)];
        assert!(document.contains(&format!("<title>{title} · ")));
        assert!(document.contains(&format!(">{title}</h1>")));
    }
}

#[test]
fn a_version_is_told_with_who_when_and_what_and_the_way_back() {
    let page = page(HISTORY, Lang::De, member());
    let html = drawn(&page);
    for told in [
        "<h2>Fassung 3</h2>",
        "Birgit</a> hat geändert · vor 2 Tagen · <time",
        "Anna</a> hat geknüpft · vor 3 Tagen · ",
        "<del>Brot</del><ins>Kuchen</ins><span> backen</span>",
        "m versetzt: <a href=\"/?@",
        ">vorher</a> · <a",
        ">Rückgängig</button>",
        "aria-label=\"Auf diesen Stand zurück (Fassung 1)\"",
        "Idee",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
    // Acts are the script's to keep: without it none is offered.
    for button in html.split("<button").skip(1) {
        let tag = button.split('>').next().unwrap_or_default();
        assert!(tag.contains("data-only-script") && tag.contains("data-act"));
    }
    let guest = scenes::page(HISTORY, Lang::De, Viewer::Guest);
    assert!(!drawn(&guest).contains("data-act"));
    assert!(drawn(&guest).contains("Melde dich an"));
}

#[test]
fn what_cannot_be_come_back_to_says_which_rule_says_no() {
    let told = |knot: &NodeRow, change: &dyn Fn(&mut NodeRow)| {
        let mut page = page(HISTORY, Lang::De, member());
        let (mut now, history) = changed_twice(knot);
        change(&mut now);
        served::history::draw(&mut page, &now, &history);
        drawn(&page).to_owned()
    };
    let idea = || node(1, NodeKind::Idea, "Brot backen");
    let covered = told(&idea(), &|now| {
        let thread = scenes::thread(2, "Birgit", domain::weave::ThreadKind::Join, 1, None);
        now.yarns.insert(thread.id, thread.role);
    });
    assert!(covered.contains("Garn anderer") && !covered.contains("data-act"));
    let gone = told(&idea(), &|now| now.dissolved_at = Some(NOW));
    assert!(gone.contains("hat sich aufgelöst") && !gone.contains("data-act"));
    let faded = told(&idea(), &|now| now.holds_until = NOW + -1);
    assert!(
        faded.contains("hat sich aufgelöst"),
        "whatever the timer did"
    );
    // A place becomes the event again that it was, and no other.
    let place = |start: Option<Millis>| {
        told(&node(1, NodeKind::Event, "Fest"), &|now| {
            now.turn_into(Some(NodeKind::Place));
            now.starts_at = start.or(now.starts_at);
            now.holds_until = NOW + FADE_MS;
        })
    };
    let back = place(None);
    assert!(back.contains("Rückgängig") && back.contains("&quot;kind&quot;:&quot;event&quot;"));
    let other = place(Some(NOW));
    assert!(
        other.contains("Nur ein Ereignis, das vorbei ist"),
        "{other}"
    );
}

#[test]
fn hostile_words_stay_words_in_what_is_served() {
    let mut page = page(HISTORY, Lang::De, member());
    let (mut now, mut history) = changed_twice(&node(1, NodeKind::Idea, HOSTILE));
    now.title = HOSTILE.to_owned();
    for entry in &mut history.entries {
        entry.version.title = HOSTILE.to_owned();
        entry.version.role_name = HOSTILE.to_owned();
        if let Some(change) = &mut entry.change {
            change.before.text = HOSTILE.to_owned();
            change.title = vec![served::history::Piece::Added(HOSTILE.to_owned())];
        }
    }
    served::history::draw(&mut page, &now, &history);
    assert!(drawn(&page).contains("&lt;/script&gt;"));
    let document = shell::render(page.clone(), &around(&assets(), "n"));
    assert!(!document.contains("<img src=x"));
    assert!(!html(&awake(page)).contains("<img src=x"));
}

#[test]
fn what_cannot_be_had_says_so_with_a_way_to_try_again() {
    let mut page = page(HISTORY, Lang::De, member());
    page.detail = Detail::None;
    let mut state = awake(page);
    state.loading = true;
    assert!(html(&state).contains("Wird geholt …"));
    state.loading = false;
    state.away = true;
    let shown = html(&state);
    assert!(shown.contains("Das lässt sich gerade nicht zeigen."));
    assert!(shown.contains(&format!("data-press=\"{}\"", Press::Again.code())));
    assert_eq!(Press::from_code(&Press::Again.code()), Some(Press::Again));
    state.page.detail = Detail::Missing;
    assert!(html(&state).contains("Diesen Knoten gibt es hier nicht."));
    assert!(frame::title(&Look::new(&state, None)).contains("Diesen Knoten"));
}

#[test]
fn a_refused_act_of_what_is_served_says_why_beside_it() {
    let mut state = awake(page(HISTORY, Lang::De, member()));
    assert!(!html(&state).contains("role=\"alert\""));
    state.refused = Some((Form::Act, Denied::Rule(Refusal::NodeCovered)));
    assert!(html(&state).contains("Garn anderer"));
}

/// The panel of the first knot, which is the event `starts_at` of Anna's.
fn event(start_in: i64, viewer: Viewer) -> State {
    let mut page = page(Panel::Node(node_id(2)), Lang::De, viewer);
    let Detail::Node { node, threads, .. } = &mut page.detail else {
        panic!("a knot")
    };
    threads.clear();
    node.starts_at = Some(NOW + start_in);
    let node = node.clone();
    page.near.retain(|near| near.node.id != node.id);
    awake(page)
}

#[test]
fn an_event_that_is_over_can_be_kept_by_whoever_may_change_it() {
    let over = html(&event(-DAY_MS, member()));
    assert!(over.contains(">Als Ort behalten</button>") && over.contains("Als Idee behalten"));
    let data = over
        .split("data-act=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let data = data.expect("an act").replace("&quot;", "\"");
    let Carried { act, then } = domain::json::read(&data).expect("as the page reads it");
    assert_eq!(then, None, "it changes where one sees it");
    assert!(matches!(
        act,
        Act::ChangeNode {
            kind: Some(NodeKind::Place),
            based_on: 1,
            title: None,
            starts_at: None,
            ..
        }
    ));
    for (start_in, viewer) in [(1, member()), (-DAY_MS, Viewer::Guest)] {
        assert!(!html(&event(start_in, viewer)).contains("Als Ort behalten"));
    }
}

#[test]
fn a_changed_knot_leads_to_its_history_and_one_that_was_not_has_none() {
    let link = format!("href=\"/knoten/{}/verlauf\"", node_id(1));
    let shown = |version, dissolved_at| {
        let mut page = page(Panel::Node(node_id(1)), Lang::De, Viewer::Guest);
        if let Detail::Node { node, .. } = &mut page.detail {
            (node.version, node.dissolved_at) = (version, dissolved_at);
        }
        page.near.clear();
        html(&State::new(page))
    };
    assert!(!shown(1, None).contains(&link) && !shown(2, Some(NOW)).contains(&link));
    let changed = shown(3, None);
    assert!(changed.contains(&link) && changed.contains("Verlauf: 3 Fassungen"));
    assert!(shown(3, Some(NOW)).contains("Verlauf: 2 Fassungen"));
}
