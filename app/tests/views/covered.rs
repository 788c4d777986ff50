//! Single pictures that yarn covers, and what of a covered knot others are offered.

use app::live::State;
use app::press::Press;
use app::served::pictures::Back;
use domain::command::Act;
use domain::id::{MessageId, PictureId};
use domain::link::Panel;
use domain::page::{Carried, Detail, End, Lang, Page, TalkPage, Viewer};
use domain::talk::MessageRow;
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{Covering, Covers, NodeKind, PICTURES_MAX, Picture, ThreadKind};
use uuid::Uuid;

use crate::html;
use crate::scenes::{NOW, awake, member, node, node_id, page, role_id, thread};

fn id(n: u128) -> PictureId {
    PictureId(Uuid::from_u128(n))
}

fn ids(all: impl IntoIterator<Item = u128>) -> Vec<PictureId> {
    all.into_iter().map(id).collect()
}

fn only(pictures: Vec<PictureId>) -> Covers {
    Covers {
        pictures: Some(pictures),
        ..Covers::NOTHING
    }
}

/// The first knot with so many pictures, and yarn of that role that covers so much of it.
fn covered(pictures: u128, role: u128, name: &str, covers: &Covers) -> (NodeRow, ThreadRow) {
    let yarn = thread(role, name, ThreadKind::Create, 1, None);
    let mut knot = node(1, NodeKind::Idea, "Brot");
    knot.pictures = (1..=pictures)
        .map(|n| Picture {
            id: id(n),
            alt: if n == 1 {
                "Das Beet".to_owned()
            } else {
                String::new()
            },
        })
        .collect();
    knot.yarns.insert(yarn.id, yarn.role);
    let (thread, covers) = (yarn.id, covers.clone());
    knot.covers = vec![Covering { thread, covers }];
    (knot, yarn)
}

/// What the server draws of one's own yarn.
fn panel(lang: Lang, viewer: Viewer, pictures: u128, covers: &Covers) -> String {
    let (knot, yarn) = covered(pictures, 1, "Anna", covers);
    let mut page = page(Panel::Yarn(yarn.id), lang, viewer);
    page.near.retain(|near| near.node.id != knot.id);
    app::served::yarn::draw(&mut page, &yarn, &End::Node(Box::new(knot)));
    match page.detail {
        Detail::Served { html, .. } => html,
        other => panic!("{other:?}"),
    }
}

/// What the button of that name would have the yarn cover.
fn pressed(html: &str, name: &str) -> Covers {
    let label = format!("aria-label=\"{name}\"");
    let tag = html.split("<button").find(|tag| tag.contains(&label));
    let tag = tag.unwrap_or_else(|| panic!("{name} in {html}"));
    let (_, json) = tag.split_once("data-act=\"").expect("an act");
    let json = json.split('"').next().expect("its end");
    let json = json.replace("&quot;", "\"").replace("&amp;", "&");
    let carried: Carried = serde_json::from_str(&json).expect("an act");
    match carried.act {
        Act::CoverYarn { covers, .. } => covers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_picture_is_covered_and_opened_alone_and_the_others_stay_picked() {
    let gone = 99;
    let some = panel(Lang::De, member(), 5, &only(ids([1, 3, gone])));
    assert!(some.contains("Bilder: 2 von 5 gedeckt. "), "{some}");
    let opened = pressed(&some, "Das Beet: Freigeben");
    assert_eq!(opened, only(ids([3, gone])));
    let more = pressed(&some, "Bild 2: Decken");
    assert_eq!(more, only(ids([1, 3, gone, 2])));
    // The other parts leave the pictures as they were picked.
    let text = pressed(&some, "Text: Decken");
    assert_eq!(text.pictures, Some(ids([1, 3, gone])));
    assert!(text.text && !text.talk);
    assert_eq!(pressed(&some, "Bilder: Alle decken").pictures, None);
    assert_eq!(pressed(&some, "Bilder: Alle freigeben"), Covers::NOTHING);
    let english = panel(Lang::En, member(), 5, &only(ids([1, 3])));
    assert!(english.contains("Pictures: 2 of 5 covered. "), "{english}");
    for button in some.split("<button").skip(1) {
        let tag = button.split('>').next().unwrap_or_default();
        assert!(tag.contains("data-only-script") && tag.contains("data-act"));
    }
}

#[test]
fn of_all_pictures_one_can_be_opened() {
    let all = panel(Lang::De, member(), 4, &Covers::USUAL);
    assert!(!all.contains("Bilder: Alle decken"), "they are: {all}");
    let covers = pressed(&all, "Bild 2: Freigeben");
    assert_eq!(covers.pictures, Some(ids([1, 3, 4])));
    assert!(covers.text, "the rest stays");
}

#[test]
fn what_is_picked_has_room_though_pictures_came_and_went() {
    let max = PICTURES_MAX as u128;
    let gone = only(ids(101..101 + max));
    let html = panel(Lang::De, member(), max, &gone);
    assert!(html.contains("Bilder: offen. "), "{html}");
    assert_eq!(pressed(&html, "Bild 2: Decken"), only(ids([2])));
}

#[test]
fn others_read_how_many_are_covered_and_are_offered_nothing() {
    let html = panel(Lang::De, Viewer::Guest, 5, &only(ids([1, 3])));
    assert!(html.contains("<dd>2 von 5 gedeckt</dd>"), "{html}");
    assert!(!html.contains("<button"));
}

fn shown(knot: NodeRow, yarn: ThreadRow, panel: Panel) -> State {
    let mut state = awake(page(panel, Lang::De, member()));
    state.view.nodes.insert(knot.id, knot);
    state.view.threads.insert(yarn.id, yarn);
    state
}

#[test]
fn a_threads_panel_tells_how_many_pictures_are_covered() {
    for (covers, told) in [
        (only(ids([1, 3, 99])), ">2 von 5 Bildern<"),
        (only(ids([99])), ">nichts<"),
        (Covers::USUAL, ">Text, Bilder<"),
    ] {
        let (knot, yarn) = covered(5, 2, "Birgit", &covers);
        let panel = Panel::Thread(yarn.id);
        let html = html(&shown(knot, yarn, panel));
        assert!(html.contains(told), "{told}: {html}");
    }
}

#[test]
fn who_only_looks_is_told_whose_yarn_keeps_what_stands_there() {
    for (covers, is_kept) in [(Covers::USUAL, true), (Covers::NOTHING, false)] {
        let (knot, yarn) = covered(1, 2, "Birgit", &covers);
        let page = page(Panel::Node(knot.id), Lang::De, Viewer::Guest);
        let mut state = State::new(page);
        state.view.nodes.insert(knot.id, knot);
        state.view.threads.insert(yarn.id, yarn);
        let html = html(&state);
        assert_eq!(html.contains("Das dürfen: Birgit."), is_kept, "{html}");
        assert!(html.contains("Garn von Birgit"), "it holds all the same");
    }
}

#[test]
fn the_way_to_pictures_is_there_for_those_who_may_do_something_with_them() {
    let pictures = format!("href=\"{}\"", Panel::Pictures(node_id(1)).path());
    let change = format!("href=\"{}\"", Panel::Change(node_id(1)).path());
    let text_alone = Covers {
        text: true,
        ..Covers::NOTHING
    };
    let pictures_alone = Covers {
        text: false,
        ..Covers::USUAL
    };
    for (covers, may_change, may_picture) in [
        (Covers::NOTHING, true, true),
        (text_alone, false, true),
        (pictures_alone, true, false),
        (Covers::USUAL, false, false),
        // To a full knot none is added; one that is open can be removed.
        (only(ids([1])), true, true),
    ] {
        let (knot, yarn) = covered(PICTURES_MAX as u128, 2, "Birgit", &covers);
        let html = html(&shown(knot, yarn, Panel::Node(node_id(1))));
        assert_eq!(html.contains(&change), may_change, "{covers:?}");
        assert_eq!(html.contains(&pictures), may_picture, "{covers:?}");
    }
}

#[test]
fn only_pictures_that_are_open_can_be_removed() {
    let (knot, _) = covered(3, 2, "Birgit", &only(ids([1, 3])));
    let mut page = page(Panel::Pictures(knot.id), Lang::De, member());
    page.near.retain(|near| near.node.id != knot.id);
    app::served::pictures::draw(&mut page, &knot, &Back::default());
    let Detail::Served { html, .. } = page.detail else {
        panic!("it is drawn")
    };
    assert_eq!(html.matches("/entfernen\"").count(), 1, "{html}");
    assert!(html.contains(&format!("{}/entfernen", id(2))));
}

fn said(by: u128, name: &str) -> MessageRow {
    MessageRow {
        id: MessageId(Uuid::from_u128(by)),
        node: node_id(1),
        nth: by as u32,
        role: role_id(by),
        role_name: name.to_owned(),
        text: "Wann denn?".to_owned(),
        said_at: NOW,
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
        last: 1,
    }
}

#[test]
fn a_covered_conversation_offers_no_answer_for_which_it_has_no_form() {
    for (covers, may_talk) in [(Covers::ALL, false), (Covers::USUAL, true)] {
        let (knot, yarn) = covered(0, 2, "Birgit", &covers);
        let mut page: Page = page(Panel::Node(node_id(1)), Lang::De, member());
        if let Detail::Node { talk, .. } = &mut page.detail {
            *talk = Some(TalkPage {
                messages: vec![said(2, "Birgit"), said(1, "Anna")],
                before: None,
            });
        }
        let mut state = awake(page);
        state.view.nodes.insert(knot.id, knot);
        state.view.threads.insert(yarn.id, yarn);
        let html = html(&state);
        let offers = |press: Press| html.contains(&press.code());
        let (others, own) = (said(2, "").id, said(1, "").id);
        assert_eq!(html.contains("data-form=\"talk\""), may_talk, "{html}");
        assert_eq!(offers(Press::Answer(others)), may_talk);
        assert_eq!(offers(Press::Reword(own)), may_talk);
        assert!(
            offers(Press::TakeBack(own)),
            "one's words can be taken back"
        );
    }
}
