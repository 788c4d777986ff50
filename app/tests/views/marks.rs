//! The panels about what one keeps for oneself, as the server draws them.

use super::scenes::{NOW, member, node, page};
use app::served::areas::{self, Areas, Back, Done, Feeds, Kept};
use app::served::news::{self, Entry, News, Why};
use domain::area::{Area, AreaFlaw};
use domain::id::{AreaId, MessageId};
use domain::link::Panel;
use domain::page::{Detail, Lang, Page, Viewer};
use domain::time::DAY_MS;
use domain::weave::{JoinLevel, NodeKind};
use uuid::Uuid;

/// Draws the panel that is open, where it is one of these.
pub(crate) fn drawn(page: &mut Page) {
    match page.panel {
        Panel::News(nth) => news::draw(page, &news_of(nth)),
        Panel::Areas => areas::draw(page, &areas_of(None)),
        Panel::Area(_) => areas::draw_one(page, &kept(), None, None),
        _ => {}
    }
}

fn told(page: &Page) -> &str {
    match &page.detail {
        Detail::Served { html, .. } => html,
        other => panic!("{other:?}"),
    }
}

fn feeds() -> Feeds {
    Feeds {
        atom: "http://hier/feed/geheim/neues.atom".to_owned(),
        calendar: "http://hier/feed/geheim/termine.ics".to_owned(),
    }
}

fn kept() -> Kept {
    Kept {
        id: AreaId(Uuid::from_u128(5)),
        name: "Kiez <b> & mehr".to_owned(),
        kinds: vec![NodeKind::Event, NodeKind::Bed],
        shape: Area::from_text("15.6,48.4,15.62,48.42").expect("a box"),
        feeds: feeds(),
    }
}

fn areas_of(back: Option<Back>) -> Areas {
    Areas {
        kept: vec![kept()],
        next: AreaId(Uuid::from_u128(6)),
        view: Some((kept().shape, feeds())),
        back,
        done: None,
    }
}

fn news_of(page: u16) -> News {
    let entry = |why, message, is_new| Entry {
        why,
        at: NOW + -DAY_MS,
        node: node(1, NodeKind::Event, "Fest <1>"),
        name: "Bert & Co".to_owned(),
        message,
        is_new,
    };
    let message = (MessageId(Uuid::from_u128(0x4001)), "Komm, @Anna".to_owned());
    News {
        entries: vec![
            entry(Why::Mention, Some(message), true),
            entry(Why::Area("Kiez".to_owned()), None, false),
            entry(Why::Joined(JoinLevel::Promise), None, false),
        ],
        page,
        has_older: true,
    }
}

#[test]
fn areas_are_kept_by_forms_that_need_no_script() {
    for lang in [Lang::De, Lang::En] {
        let mut page = page(Panel::Areas, lang, member());
        areas::draw(&mut page, &areas_of(None));
        let html = told(&page);
        assert!(html.contains("Kiez &lt;b&gt; &amp; mehr") && !html.contains("<b>"));
        assert!(html.contains("<form class=\"form\" method=\"post\" action=\"/gebiete\">"));
        assert!(html.contains("name=\"corners\" value=\"48.4000000,15.6000000;"));
        assert_eq!(html.matches("type=\"checkbox\"").count(), 5);
        assert!(
            !html.contains("data-form"),
            "the browser sends it by itself"
        );
    }
    let mut guest = page(Panel::Areas, Lang::De, Viewer::Guest);
    areas::draw(&mut guest, &areas_of(None));
    let html = told(&guest);
    assert!(!html.contains("<form") && html.contains("/anmelden") && html.contains("neues.atom"));
}

#[test]
fn what_comes_back_keeps_what_was_typed_and_says_why() {
    for flaw in AreaFlaw::ALL {
        let name = "Mein \"Kiez\"".to_owned();
        let back = Back {
            flaw,
            name,
            kinds: vec![NodeKind::Tool],
            shape: Area::from_text("48.1,15.1;48.1,15.2;48.2,15.2").ok(),
        };
        let mut page = page(Panel::Areas, Lang::De, member());
        areas::draw(&mut page, &areas_of(Some(back.clone())));
        let html = told(&page);
        assert!(html.contains("value=\"Mein &quot;Kiez&quot;\""), "{html}");
        assert_eq!(errors(html), 1, "{flaw}: {html}");
        assert!(is_as_filled_in(html), "{flaw}: {html}");
        // However far off the map looks by now.
        let mut far = areas_of(Some(back.clone()));
        far.view = None;
        areas::draw(&mut page, &far);
        assert!(is_as_filled_in(told(&page)), "{flaw}: {}", told(&page));
        areas::draw_one(&mut page, &kept(), Some(&back), None);
        assert_eq!(errors(told(&page)), 1, "{flaw}");
        assert!(is_as_filled_in(told(&page)), "{flaw}: {}", told(&page));
    }
}

/// What is wrong, without what the map's script would show.
fn errors(html: &str) -> usize {
    html.matches("class=\"error\"").count() - html.matches("role=\"alert\" hidden").count()
}

/// The tool is chosen and nothing else, and the triangle is there that was drawn.
fn is_as_filled_in(html: &str) -> bool {
    html.contains("value=\"tool\" checked")
        && html.matches(" checked").count() == 1
        && html.contains("name=\"corners\" value=\"48.1000000,15.1000000;48.1000000,15.2000000;48.2000000,15.2000000\"")
}

#[test]
fn what_a_form_has_done_is_said_first_in_both_languages() {
    let mut said = std::collections::BTreeSet::new();
    for lang in [Lang::De, Lang::En] {
        for done in Done::ALL {
            assert_eq!(Done::from_code(done.code()), Some(done));
            let mut page = page(Panel::Areas, lang, member());
            let areas = Areas {
                done: Some(done),
                ..areas_of(None)
            };
            areas::draw(&mut page, &areas);
            let all = told(&page).to_owned();
            areas::draw_one(&mut page, &kept(), None, Some(done));
            for html in [&*all, told(&page)] {
                let first = html.split("</p>").next().unwrap_or_default();
                assert!(
                    first.contains("class=\"done\" role=\"status\" tabindex=\"-1\" autofocus"),
                    "{first}"
                );
                said.insert(first.to_owned());
            }
        }
    }
    assert_eq!(said.len(), 2 * Done::ALL.len(), "{said:?}");
    assert_eq!(Done::from_code("unsinn"), None);
}

#[test]
fn one_area_offers_its_feeds_and_asks_before_it_goes() {
    let mut page = page(Panel::Area(kept().id), Lang::De, member());
    areas::draw_one(&mut page, &kept(), None, None);
    let html = told(&page);
    assert_eq!(html.matches(" checked").count(), 2);
    assert!(html.contains("href=\"http://hier/feed/geheim/neues.atom\" data-document"));
    assert!(html.contains("/entfernen\"") && html.contains("<details><summary class=\"text\">"));
    assert!(html.contains("Ja, entfernen"));
}

#[test]
fn news_say_how_somebody_takes_part_and_no_more() {
    let told_of = |lang, level| {
        let mut page = page(Panel::News(0), lang, member());
        let mut news = news_of(0);
        news.entries.truncate(1);
        (news.entries[0].why, news.entries[0].message) = (Why::Joined(level), None);
        news::draw(&mut page, &news);
        told(&page).to_owned()
    };
    for (level, german, english) in [
        (
            JoinLevel::Interest,
            "interessiert sich für deinen Knoten",
            "is interested in your knot",
        ),
        (
            JoinLevel::Promise,
            "ist bei deinem Knoten dabei",
            "takes part in your knot",
        ),
        (
            JoinLevel::Responsibility,
            "kümmert sich um deinen Knoten",
            "looks after your knot",
        ),
    ] {
        for (lang, words) in [(Lang::De, german), (Lang::En, english)] {
            let html = told_of(lang, level);
            assert!(html.contains(&["Bert &amp; Co ", words].concat()), "{html}");
        }
    }
}

#[test]
fn news_say_who_when_where_and_lead_there() {
    let mut page = page(Panel::News(1), Lang::De, member());
    news::draw(&mut page, &news_of(1));
    let html = told(&page);
    for told in [
        "Bert &amp; Co hat dich erwähnt",
        "Komm, @Anna",
        "Neu in „Kiez“",
        "Bert &amp; Co ist bei deinem Knoten dabei",
        "Fest &lt;1&gt;",
        "vor 1 Tag",
        "<time datetime=",
        "#nachricht-",
        "href=\"/neues/2\"",
        "href=\"/neues\"",
        "von der Mitte der Karte",
    ] {
        assert!(html.contains(told), "{told}: {html}");
    }
    assert_eq!(html.matches("data-new").count(), 1);
    let mut none = super::scenes::page(Panel::News(0), Lang::En, Viewer::Guest);
    news::draw(
        &mut none,
        &News {
            entries: Vec::new(),
            page: 0,
            has_older: false,
        },
    );
    assert!(told(&none).contains("/anmelden"));
}
