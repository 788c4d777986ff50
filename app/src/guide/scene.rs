//! A neighbourhood to show components with.

use std::collections::BTreeMap;

use domain::cursor::Cursor;
use domain::id::{Epoch, NodeId, RoleId};
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::page::{Detail, Lang, Near, Page, SignInStep, Viewer};
use domain::place::Place;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::NodeRow;
use domain::weave::NodeKind;
use uuid::Uuid;

use crate::live::{Heard, State};

/// 2026-11-26.
const NOW: Millis = Millis(1_795_680_000_000);
const HERE: Place = Place {
    lat: 538_000_000,
    lon: 78_000_000,
};

/// A page that is awake and live, with some knots nearby.
pub(super) fn state(lang: Lang, panel: Panel, titles: &[(NodeKind, &str)]) -> State {
    let near = titles
        .iter()
        .zip(1_u32..)
        .map(|((kind, title), n)| Near {
            node: node(n, *kind, title),
            distance_m: n * 90,
            threads: n,
        })
        .collect();
    let mut state = State::new(Page {
        now: NOW,
        lang,
        cursor: Cursor {
            epoch: Epoch(Uuid::nil()),
            at: NOW,
            id: 1,
        },
        viewer: Viewer::Guest,
        panel,
        camera: Camera {
            centre: HERE,
            zoom_centi: 1500,
        },
        lens: Lens::default(),
        near,
        nearest: None,
        detail: Detail::None,
        sign_in: SignInStep::Email,
        is_unprotected: false,
        has_mailbox: false,
        is_demo: false,
    });
    state.awake = true;
    state.heard = Heard::NotYet;
    state
}

fn node(n: u32, kind: NodeKind, title: &str) -> NodeRow {
    NodeRow {
        id: NodeId(Uuid::from_u128(n.into())),
        kind,
        title: title.to_owned(),
        text: String::new(),
        place: Place {
            lat: HERE.lat + 8000 * i32::try_from(n).unwrap_or_default(),
            lon: HERE.lon,
        },
        owner: RoleId(Uuid::nil()),
        owner_name: "Wiebke".to_owned(),
        version: 1,
        created_at: NOW + -i64::from(n) * DAY_MS,
        starts_at: None,
        holds_until: NOW + FADE_MS,
        yarns: BTreeMap::new(),
        dissolved_at: None,
        last: 1,
    }
}
