//! A neighbourhood to show components with.

use std::collections::BTreeMap;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::cursor::Cursor;
use domain::id::{AccountId, CommandId, Epoch, MessageId, NodeId, RoleId, ThreadId};
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::page::{Detail, Lang, Near, Page, SignInStep, Viewer};
use domain::place::{Place, Radius};
use domain::spool::{Met, Placed, Profile, Standing};
use domain::talk::{MessageRow, Unread};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{Me, NodeRow, ThreadRow};
use domain::weave::{JoinLevel, NodeKind, Particulars, ThreadKind};
use uuid::Uuid;

use crate::live::{Heard, Stage, State, Waiting};

/// 2026-11-26.
pub(super) const NOW: Millis = Millis(1_795_680_000_000);
pub(super) const HERE: Place = Place {
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
        offset_min: 0,
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
        news: 0,
        is_demo: false,
        community: String::new(),
        unread: Vec::new(),
    });
    state.awake = true;
    state.heard = Heard::NotYet;
    state
}

/// What is said at two knots and not read.
pub(super) fn unread() -> Vec<Unread> {
    let of = |n, count| {
        let node = node(n, NodeKind::Idea, "");
        Unread {
            node: node.id,
            title: node.title,
            count,
            read: 1,
        }
    };
    vec![of(1, 4), of(2, 8)]
}

pub(super) fn node(n: u32, kind: NodeKind, title: &str) -> NodeRow {
    NodeRow {
        id: node_id(n),
        kind,
        title: title.to_owned(),
        text: String::new(),
        place: Place {
            lat: HERE.lat + 8000 * i32::try_from(n).unwrap_or_default(),
            lon: HERE.lon,
        },
        owner: role_id(ME),
        owner_name: NAMES[ME].to_owned(),
        version: 1,
        created_at: NOW + -i64::from(n) * DAY_MS,
        starts_at: None,
        particulars: Particulars::default(),
        holds_until: NOW + FADE_MS,
        yarns: BTreeMap::new(),
        pictures: Vec::new(),
        covers: Vec::new(),
        dissolved_at: None,
        last: 1,
    }
}

/// Who is in it; the first one is oneself.
const NAMES: [&str; 3] = ["Wiebke", "Hinnerk", "Ayşe"];
pub(super) const ME: usize = 0;

pub(super) fn node_id(n: u32) -> NodeId {
    NodeId(Uuid::from_u128(n.into()))
}

pub(super) fn role_id(who: usize) -> RoleId {
    RoleId(Uuid::from_u128(0x1000 + who as u128))
}

pub(super) fn profile(about: &str, tag: &str) -> Profile {
    Profile {
        about: about.to_owned(),
        goods: vec![tag.to_owned(), "Leiter".to_owned()],
        skills: vec!["Netze flicken".to_owned()],
        languages: vec!["Plattdüütsch".to_owned(), "Türkçe".to_owned()],
        picture: None,
    }
}

pub(super) fn met(who: usize) -> Met {
    Met {
        role: role_id(who),
        name: NAMES[who].to_owned(),
    }
}

pub(super) fn me(profile: Profile) -> Me {
    Me {
        role: role_id(ME),
        name: NAMES[ME].to_owned(),
        version: 1,
        placed: Placed::Radius {
            radius: Radius::M500,
        },
        place: Some(HERE),
        registered_at: NOW + -40 * DAY_MS,
        profile,
        standing: Standing {
            weaver_since: Some(NOW + -20 * DAY_MS),
            ..Standing::default()
        },
    }
}

/// Looks at it as a member.
pub(super) fn signed_in(state: &mut State, profile: Profile) {
    let me = me(profile);
    state.me = Some(me.clone());
    state.page.viewer = Viewer::Role {
        account: AccountId(Uuid::from_u128(0x2000)),
        email: "wiebke@example.org".to_owned(),
        me,
    };
}

/// A thread to the first knot, which holds for so many days; none: for good.
pub(super) fn thread(who: usize, kind: ThreadKind, left_days: Option<i64>) -> ThreadRow {
    let node = node_id(1);
    ThreadRow {
        id: ThreadId::derive(role_id(who), kind, node),
        kind,
        role: role_id(who),
        role_name: NAMES[who].to_owned(),
        target: node.into(),
        from: Some(HERE),
        to: Some(HERE),
        version: 1,
        acts: 2,
        level: (kind == ThreadKind::Join).then_some(JoinLevel::ALL[who % 3]),
        since: Some(NOW + -3 * DAY_MS),
        drawn_at: NOW + -2 * DAY_MS,
        expires_at: left_days.map(|days| NOW + days * DAY_MS),
        faded_at: left_days
            .filter(|days| *days <= 0)
            .map(|days| NOW + days * DAY_MS),
        last: 1,
    }
}

/// Said at the first knot.
pub(super) fn message(nth: u32, who: usize, text: &str) -> MessageRow {
    MessageRow {
        id: MessageId(Uuid::from_u128(0x4000 + u128::from(nth))),
        node: node_id(1),
        nth,
        role: role_id(who),
        role_name: NAMES[who].to_owned(),
        text: text.to_owned(),
        said_at: NOW + -i64::from(60 - nth) * 60_000,
        changed_at: None,
        is_withdrawn: false,
        reply_to: None,
        last: 1,
    }
}

/// An act of one's own.
pub(super) fn waiting(n: u128, act: Act, stage: Stage) -> Waiting {
    Waiting {
        command: Command {
            id: CommandId(Uuid::from_u128(0x5000 + n)),
            v: COMMAND_VERSION,
            by: role_id(ME),
            issued_at: NOW,
            act,
        },
        stage,
    }
}
