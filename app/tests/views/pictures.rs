//! Pictures: at their knot, and in the panel that brings and removes them.

use super::html;
use super::scenes::{awake, member, node_id, page};
use app::served::pictures::{Back, Told, Unfit};
use domain::id::PictureId;
use domain::link::Panel;
use domain::page::{Detail, Lang, Page, Viewer};
use domain::refusal::Refusal;
use domain::weave::{PICTURES_MAX, Picture};
use uuid::Uuid;

fn picture(n: u128, alt: &str) -> Picture {
    Picture {
        id: PictureId(Uuid::from_u128(n)),
        alt: alt.to_owned(),
    }
}

/// The panel of a knot with so many pictures.
fn drawn(lang: Lang, viewer: Viewer, pictures: usize, told: Option<Told>) -> String {
    let alt = String::new();
    drawn_after(lang, viewer, pictures, &Back { told, alt })
}

fn drawn_after(lang: Lang, viewer: Viewer, pictures: usize, back: &Back) -> String {
    let mut page: Page = page(Panel::Pictures(node_id(1)), lang, viewer);
    let Detail::Served {
        node: Some(node), ..
    } = page.detail.clone()
    else {
        panic!("a knot");
    };
    let mut node = *node;
    node.pictures = (1..=pictures).map(|n| picture(n as u128, "")).collect();
    app::served::pictures::draw(&mut page, &node, back);
    match page.detail {
        Detail::Served { html, .. } => html,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_knot_shows_its_pictures_with_words_for_those_who_do_not_see_them() {
    let mut page = page(Panel::Node(node_id(1)), Lang::De, Viewer::Guest);
    if let Detail::Node { node, .. } = &mut page.detail {
        node.pictures = vec![picture(1, "Ein <Beet>"), picture(2, "")];
    }
    for near in &mut page.near {
        near.node.pictures = vec![picture(1, "Ein <Beet>"), picture(2, "")];
    }
    let html = html(&awake(page));
    for told in [
        "<ul class=\"pictures\" role=\"list\">",
        "<a href=\"/bilder/00000000-0000-0000-0000-000000000001\" data-document>",
        "src=\"/bilder/00000000-0000-0000-0000-000000000001/klein\" alt=\"Ein &lt;Beet&gt;\"",
        "alt=\"Bild 2\" width=\"160\" height=\"160\" loading=\"lazy\"",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
}

#[test]
fn the_panel_brings_and_removes_by_plain_forms() {
    for lang in [Lang::De, Lang::En] {
        let html = drawn(lang, member(), 2, None);
        assert_eq!(
            html.matches("<form").count(),
            3,
            "one to bring, two to remove"
        );
        assert_eq!(html.matches("method=\"post\"").count(), 3);
        assert!(html.contains("enctype=\"multipart/form-data\""));
        assert!(html.contains("for=\"bild\"") && html.contains("id=\"bild\""));
        assert!(!html.contains("data-form") && !html.contains("data-only-script"));
        let full = drawn(lang, member(), PICTURES_MAX, None);
        assert!(!full.contains("type=\"file\""));
        assert!(full.contains(
            ["höchstens 6 Bilder.", "at most 6 pictures."][usize::from(lang == Lang::En)]
        ));
        let guest = drawn(lang, Viewer::Guest, 2, None);
        assert!(!guest.contains("<form") && guest.contains("href=\"/anmelden\""));
    }
}

#[test]
fn what_became_of_a_form_is_said_in_both_languages() {
    for (told, german, english) in [
        (Told::Shown, "Das Bild ist da.", "The picture is here."),
        (
            Told::Unfit(Unfit::TooManyPixels),
            "40 Millionen",
            "40 million",
        ),
        (
            Told::Refused(Refusal::PictureUnknown),
            "nicht mehr da",
            "no longer here",
        ),
    ] {
        let is_bad = !matches!(told, Told::Shown);
        for (lang, words) in [(Lang::De, german), (Lang::En, english)] {
            let html = drawn(lang, member(), 1, Some(told));
            assert!(html.contains(words), "{words}: {html}");
            assert_eq!(html.contains("role=\"alert\""), is_bad);
        }
    }
}

#[test]
fn what_was_said_about_a_picture_that_is_not_taken_stands_by_the_next_one() {
    let back = Back {
        told: Some(Told::Unfit(Unfit::Full)),
        alt: "Das \"Beet\"".to_owned(),
    };
    for (lang, words) in [(Lang::De, "nach 14 Tagen"), (Lang::En, "after 14 days")] {
        let html = drawn_after(lang, member(), 1, &back);
        assert!(html.contains("value=\"Das &quot;Beet&quot;\""), "{html}");
        assert!(html.contains(words), "{html}");
    }
    let gone = drawn(Lang::De, member(), 1, Some(Told::Removed));
    assert!(gone.contains("das 14 Tage lang rückgängig machen"));
}
