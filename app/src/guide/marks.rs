//! What one keeps for oneself, as the server draws it.

use domain::area::Area;
use domain::id::{AreaId, MessageId};
use domain::link::Panel;
use domain::page::Lang;
use domain::time::DAY_MS;
use domain::weave::{JoinLevel, NodeKind};
use uuid::Uuid;

use super::panels::apart;
use super::scene::{self, NOW};
use super::specimens::frozen;
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::served::areas::{self, Areas, Done, Feeds, Kept};
use crate::served::news::{self, Entry, News, Why};
use crate::words::PlainWords;

/// Its ids are none of the other panels'.
const FIRST: usize = 900;

pub(super) fn all(w: &'static PlainWords, lang: Lang) -> Vec<Element> {
    let id = AreaId(Uuid::from_u128(1));
    let look_at = |panel, content: &dyn Fn(&Look<'_>) -> Vec<Element>| {
        let mut state = scene::state(lang, panel, &[]);
        let profile = scene::profile(w.guide_answered, w.guide_field_text);
        scene::signed_in(&mut state, profile);
        of("div", "served").all(content(&Look::new(&state, None)))
    };
    let mut shown = vec![(
        w.guide_panel_news,
        look_at(Panel::News(0), &|look| news::content(look, &told(w))),
    )];
    if let Some(kept) = kept(w, id) {
        let areas = Areas {
            view: Some((kept.shape.clone(), kept.feeds.clone())),
            kept: vec![kept.clone()],
            next: id,
            back: None,
            done: Some(Done::Kept),
        };
        shown.push((
            w.guide_panel_areas,
            look_at(Panel::Areas, &|look| areas::content(look, &areas)),
        ));
        shown.push((
            w.guide_panel_area,
            look_at(Panel::Area(id), &|look| areas::one(look, &kept, None, None)),
        ));
    }
    let mut content = Vec::new();
    for (n, (name, panel)) in shown.into_iter().enumerate() {
        content.push(el("h3").say(name));
        content.push(frozen(apart(of("div", "panel").child(panel), FIRST + n)));
    }
    content
}

fn kept(w: &'static PlainWords, id: AreaId) -> Option<Kept> {
    Some(Kept {
        id,
        name: w.guide_panel_area.to_owned(),
        kinds: vec![NodeKind::Event],
        shape: Area::of_box([15.6, 48.4, 15.61, 48.41]).ok()?,
        feeds: Feeds {
            atom: "/feed/0123/neues.atom".to_owned(),
            calendar: "/feed/0123/termine.ics".to_owned(),
        },
    })
}

fn told(w: &'static PlainWords) -> News {
    let entry = |n: u32, why, message, is_new| Entry {
        why,
        at: NOW + -i64::from(n) * DAY_MS,
        node: scene::node(n, NodeKind::Idea, w.guide_field_text),
        name: scene::met(1).name,
        message,
        is_new,
    };
    let said = (MessageId(Uuid::from_u128(1)), w.guide_said.to_owned());
    News {
        entries: vec![
            entry(1, Why::Mention, Some(said), true),
            entry(2, Why::Area(w.guide_panel_area.to_owned()), None, false),
            entry(3, Why::Joined(JoinLevel::Promise), None, false),
        ],
        page: 0,
        has_older: true,
    }
}
