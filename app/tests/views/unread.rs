//! The parlour, and what one has not read.

use app::live::State;
use domain::id::{MessageId, NodeId, RoleId};
use domain::link::Panel;
use domain::page::{Detail, Lang, Page, TalkPage, Viewer};
use domain::talk::{MessageRow, Unread};
use domain::view::NodeRow;
use domain::weave::{NodeKind, Structure};
use uuid::Uuid;

use crate::html;
use crate::scenes::{HOSTILE, NOW, awake, member, node_id, page, role_id};

fn parlour() -> NodeId {
    NodeId::of_structure(Structure::Parlour)
}

fn message(nth: u32) -> MessageRow {
    MessageRow {
        id: MessageId(Uuid::from_u128(0x5000 + u128::from(nth))),
        node: node_id(1),
        nth,
        role: role_id(2),
        role_name: "Birgit".to_owned(),
        text: format!("Wort {nth}."),
        said_at: NOW,
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
        last: nth.into(),
    }
}

fn unread(node: NodeId, title: &str, count: u32, read: u32) -> Unread {
    Unread {
        node,
        title: title.to_owned(),
        count,
        read,
    }
}

/// A conversation of five messages, of which so many are not read.
fn talked(count: u32) -> Page {
    let mut page = page(Panel::Node(node_id(1)), Lang::De, member());
    if let Detail::Node { talk, .. } = &mut page.detail {
        *talk = Some(TalkPage {
            messages: (1..=5).rev().map(message).collect(),
            before: None,
        });
    }
    if count > 0 {
        page.unread = vec![unread(
            node_id(1),
            "Gemeinsam Brot backen",
            count,
            5 - count,
        )];
    }
    page
}

#[test]
fn a_line_stands_where_the_unread_begin_and_stays_when_they_are_read() {
    for page in [State::new(talked(2)), awake(talked(2))] {
        let drawn = html(&page);
        let at = |text: &str| {
            drawn
                .find(text)
                .unwrap_or_else(|| panic!("{text} in {drawn}"))
        };
        let line = at("<li class=\"fresh\">");
        assert!(at("Wort 4.") < line && line < at("Wort 3."), "{drawn}");
        assert!(
            drawn.contains("title=\"2 ungelesene Nachrichten\">2<"),
            "{drawn}"
        );
        // A bare number says nothing to those who do not see where it stands.
        assert!(
            drawn.contains("<span class=\"unseen\">2 ungelesene Nachrichten</span>"),
            "{drawn}"
        );
        assert_eq!(
            drawn.matches("class=\"count\"").count(),
            drawn
                .matches("class=\"count\" aria-hidden=\"true\"")
                .count()
        );
        let mut read = page;
        read.page.unread.clear();
        let drawn = html(&read);
        assert!(
            drawn.contains("class=\"fresh\"") && !drawn.contains("ungelesene"),
            "{drawn}"
        );
    }
    for all in [0, 5] {
        assert!(
            !html(&State::new(talked(all))).contains("class=\"fresh\""),
            "{all}"
        );
    }
}

#[test]
fn one_number_stands_on_oneself_unless_something_of_ones_own_waits() {
    let mut page = page(Panel::Home, Lang::De, member());
    assert!(!html(&State::new(page.clone())).contains("ungelesene"));
    page.unread = vec![
        unread(parlour(), "Nähstübchen", 98, 0),
        unread(node_id(1), "Brot", 4, 0),
    ];
    let drawn = html(&State::new(page));
    assert!(
        drawn.contains("title=\"99+ ungelesene Nachrichten\">99+<"),
        "{drawn}"
    );
    assert!(
        drawn.contains("title=\"98 ungelesene Nachrichten\">98<"),
        "at the parlour: {drawn}"
    );
}

#[test]
fn ones_own_page_leads_to_the_parlour_and_to_what_is_unread() {
    let mut page = page(Panel::Me, Lang::De, member());
    page.unread = vec![
        unread(node_id(1), HOSTILE, 1, 3),
        unread(parlour(), "Nähstübchen", 1, 0),
    ];
    let drawn = html(&State::new(page));
    let ways = |node: NodeId| drawn.matches(&format!("href=\"/knoten/{node}\"")).count();
    assert_eq!((ways(parlour()), ways(node_id(1))), (1, 1), "{drawn}");
    assert!(!drawn.contains(HOSTILE), "it is escaped");
}

#[test]
fn the_parlour_is_nobodys_and_says_what_it_is_for() {
    let mut page = page(Panel::Node(parlour()), Lang::De, Viewer::Guest);
    let node = NodeRow {
        id: parlour(),
        title: Structure::Parlour.title().to_owned(),
        text: String::new(),
        kind: NodeKind::Structure,
        owner: RoleId::COMMUNITY,
        owner_name: String::new(),
        ..page.near[0].node.clone()
    };
    page.detail = Detail::Node {
        prose: String::new(),
        node,
        threads: Vec::new(),
        talk: Some(TalkPage::default()),
    };
    let drawn = html(&State::new(page));
    assert!(drawn.contains("Hier reden alle miteinander"), "{drawn}");
    assert!(
        drawn.contains("Gehört zur Gemeinschaft und bleibt."),
        "{drawn}"
    );
    assert!(
        !drawn.contains(&format!("/rolle/{}", RoleId::COMMUNITY)),
        "{drawn}"
    );
}

#[test]
fn the_communitys_name_is_the_title() {
    let mut page = page(Panel::Home, Lang::De, Viewer::Guest);
    let title = |page: &Page| {
        let state = State::new(page.clone());
        app::frame::title(&app::look::Look::new(&state, None))
    };
    assert_eq!(title(&page), "Weltgewebe");
    page.community = "Steiner Tor".to_owned();
    assert_eq!(title(&page), "Steiner Tor");
    page.panel = Panel::Me;
    assert!(title(&page).ends_with(" · Steiner Tor"));
}
