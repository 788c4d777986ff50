//! Panels with what is in them, each in the states that people meet.

use domain::command::Act;
use domain::id::PictureId;
use domain::lens::{Choice, Lens};
use domain::link::Panel;
use domain::page::{Detail, Lang, RoleDetail, RoleThread, SignInStep, TalkPage, Viewer};
use domain::place::{Place, Radius};
use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::search::{Hit, Order, Search, Subject};
use domain::spool::{Placed, Standing};
use domain::talk::{Quoted, reword, withdraw};
use domain::time::DAY_MS;
use domain::view::{CountRow, NodeRow};
use domain::weave::{
    Covering, Covers, NodeKind, NodeVersion, Particulars, ParticularsChange, Picture, ThreadKind,
};
use uuid::Uuid;

use super::scene::{self, ME, NOW, met, node_id, role_id, thread, waiting};
use super::{Section, specimens::frozen};
use crate::frame;
use crate::live::{Heard, Stage, State};
use crate::look::Look;
use crate::markup::{Element, Markup, Text, el, of};
use crate::parts;
use crate::preview;
use crate::served;
use crate::served::history::{Change, Entry, History, Piece, content};
use crate::served::pictures::{Back, Told, Unfit};
use crate::words::PlainWords;

pub(super) fn all(w: &'static PlainWords, lang: Lang) -> Section {
    let mut content = vec![parts::hint(w.guide_panels_lead.into())];
    for (n, (name, state)) in states(w, lang).into_iter().enumerate() {
        let look = Look::new(&state, None);
        let mut shown = of("div", "panel").child(frame::panel(&look));
        if state.page.panel == Panel::Home {
            shown = el("div").maybe(crate::weave::lensed(&look)).child(shown);
        }
        content.push(el("h3").say(name));
        content.push(frozen(apart(shown, n)));
    }
    content.push(el("h3").say(w.guide_panel_history));
    content.push(frozen(of("div", "panel").child(history(w, lang))));
    content.push(el("h3").say(w.guide_panel_pictures));
    content.push(frozen(of("div", "panel").child(pictures(w, lang))));
    content.push(el("h3").say(w.preview_title));
    let seen = Place {
        lat: scene::HERE.lat + 8000,
        lon: scene::HERE.lon - 15_000,
    };
    let seen = preview::within(lang, scene::HERE, Radius::M250, seen);
    content.push(frozen(of("div", "panel").child(seen)));
    content.push(el("h3").say(w.guide_panel_yarn));
    content.push(frozen(of("div", "panel").child(yarn(w, lang))));
    content.extend(super::marks::all(w, lang));
    Section {
        id: "panels",
        title: w.guide_panels,
        content,
    }
}

/// What the server draws of a knot's pictures, after a file that was not taken. The pictures themselves are ours.
fn pictures(w: &'static PlainWords, lang: Lang) -> Element {
    let mut state = scene::state(lang, Panel::Pictures(node_id(1)), &[]);
    scene::signed_in(
        &mut state,
        scene::profile(w.guide_answered, w.guide_field_text),
    );
    let node = NodeRow {
        pictures: shown(w),
        ..scene::node(1, NodeKind::Idea, w.guide_field_text)
    };
    state.view.nodes.insert(node.id, node.clone());
    let back = Back {
        told: Some(Told::Unfit(Unfit::TooLarge)),
        alt: w.guide_said.to_owned(),
    };
    let drawn = served::pictures::content(&Look::new(&state, None), &node, &back);
    let panel = of("div", "served").all(drawn);
    ours(apart(panel, PICTURES_APART))
}

/// Two pictures of a knot, one with words.
fn shown(w: &'static PlainWords) -> Vec<Picture> {
    let shown = |n, alt: &str| Picture {
        id: PictureId(Uuid::from_u128(n)),
        alt: alt.to_owned(),
    };
    vec![shown(1, w.guide_said), shown(2, "")]
}

/// The panel with a picture of our own in place of each that nobody has uploaded.
fn ours(panel: Element) -> Element {
    panel.with_attributes(&|_, value| {
        if value.starts_with("/bilder/") {
            Text::Borrowed("/icon.svg")
        } else {
            value
        }
    })
}

/// The ids of this one are none of the others'.
const PICTURES_APART: usize = 1000;

/// What the server draws of a knot that was changed twice.
fn history(w: &'static PlainWords, lang: Lang) -> Element {
    let mut state = scene::state(lang, Panel::History(node_id(1), None), &[]);
    scene::signed_in(
        &mut state,
        scene::profile(w.guide_answered, w.guide_field_text),
    );
    let node = NodeRow {
        version: 2,
        text: w.guide_answered.to_owned(),
        ..scene::node(1, NodeKind::Idea, w.guide_field_text)
    };
    state.view.nodes.insert(node.id, node.clone());
    let version = |version: u32, text: &str| NodeVersion {
        version,
        role: role_id(ME),
        role_name: node.owner_name.clone(),
        at: NOW + -i64::from(3 - version) * DAY_MS,
        kind: node.kind,
        title: node.title.clone(),
        text: text.to_owned(),
        place: scene::HERE,
        starts_at: None,
        particulars: Particulars::default(),
        pictures: Vec::new(),
    };
    let before = version(1, w.guide_said);
    let change = Change {
        before: before.clone(),
        title: Vec::new(),
        text: vec![
            Piece::Removed(w.guide_said.to_owned()),
            Piece::Added(w.guide_answered.to_owned()),
        ],
    };
    let history = History {
        entries: vec![
            Entry {
                version: NodeVersion {
                    place: node.place,
                    ..version(2, w.guide_answered)
                },
                change: Some(change),
            },
            Entry {
                version: before,
                change: None,
            },
        ],
        has_older: false,
        is_newest: true,
    };
    of("div", "served").all(content(&Look::new(&state, None), &node, &history))
}

/// What the server draws of one's own yarn, which covers one of two pictures.
fn yarn(w: &'static PlainWords, lang: Lang) -> Element {
    let thread = thread(ME, ThreadKind::Create, None);
    let mut state = scene::state(lang, Panel::Yarn(thread.id), &[]);
    scene::signed_in(
        &mut state,
        scene::profile(w.guide_answered, w.guide_field_text),
    );
    let pictures = shown(w);
    let covers = Covers {
        pictures: Some(vec![pictures[0].id]),
        ..Covers::USUAL
    };
    let node = NodeRow {
        yarns: [(thread.id, thread.role)].into(),
        covers: vec![Covering {
            thread: thread.id,
            covers,
        }],
        pictures,
        ..scene::node(1, NodeKind::Idea, w.guide_field_text)
    };
    state.view.nodes.insert(node.id, node.clone());
    state.view.threads.insert(thread.id, thread.clone());
    let content = served::yarn::content(&Look::new(&state, None), &thread, Some(&node));
    ours(of("div", "served").all(content))
}

/// Its ids, and what refers to them, are its own: there are many panels on the page.
pub(super) fn apart(panel: Element, n: usize) -> Element {
    panel.with_attributes(&|name, value| {
        let refers = ["id", "for", "aria-describedby", "aria-controls", "name"];
        if refers.contains(&name) {
            Text::Owned(format!("guide-{n}-{value}"))
        } else {
            value
        }
    })
}

fn states(w: &'static PlainWords, lang: Lang) -> Vec<(&'static str, State)> {
    let titles = [
        (NodeKind::Idea, w.guide_field_text),
        (NodeKind::Tool, w.guide_specimen),
    ];
    let about = |panel| scene::state(lang, panel, &titles);
    let profile = || scene::profile(w.guide_answered, w.guide_field_text);
    let member = |panel| {
        let mut state = about(panel);
        scene::signed_in(&mut state, profile());
        state
    };
    let mut states = Vec::new();

    let mut near = about(Panel::Home);
    near.page.lens = Lens::default().toggled(Choice::Kind(NodeKind::Idea));
    if let Some(node) = near.view.nodes.get_mut(&node_id(1)) {
        node.holds_until = NOW + DAY_MS / 2;
    }
    states.push((w.guide_panel_near, near));
    let mut nothing = about(Panel::Home);
    nothing.page.lens = Lens::default().toggled(Choice::Kind(NodeKind::Bed));
    states.push((w.guide_panel_nothing, nothing));
    let mut counted = about(Panel::Home);
    counted.heard = Heard::Counts;
    counted.view.counts = (0..2).map(count).collect();
    states.push((w.guide_panel_counted, counted));

    let mut knot = member(Panel::Node(node_id(1)));
    open(&mut knot, &w.guide_field_text.into(), NodeKind::Idea);
    let send = |n: u128| Act::SendMessage {
        message: domain::id::MessageId(Uuid::from_u128(0x6000 + n)),
        node: node_id(1),
        text: w.guide_answered.to_owned(),
        reply_to: None,
    };
    knot.waiting = vec![
        waiting(1, send(1), Stage::Sending),
        waiting(
            2,
            send(2),
            refused(Refusal::MessageLength { max: 2000, got: 0 }),
        ),
    ];
    states.push((w.guide_panel_knot, knot));
    let talking = || {
        let mut talking = member(Panel::Node(node_id(1)));
        open(&mut talking, &w.guide_field_text.into(), NodeKind::Idea);
        let rows = &mut talking.view.messages;
        let [second, third] = [2, 3].map(|nth| scene::message(nth, ME, "").id);
        withdraw(rows, second);
        reword(rows, third, w.guide_said, NOW);
        let mut answer = scene::message(4, 1, w.guide_answered);
        answer.reply_to = Some(Quoted::from(&rows[2]));
        rows.push(answer);
        talking
    };
    let mut changing = talking();
    changing.talk.changing = Some(scene::message(3, ME, "").id);
    changing.talk.withdrawing = changing.talk.changing;
    states.push((w.guide_panel_talk_changing, changing));
    let mut replying = talking();
    replying.talk.reply_to = Some(scene::message(4, 1, "").id);
    replying.talk.read = Some(2);
    states.push((w.guide_panel_talk_replying, replying));
    let mut older = member(Panel::Node(node_id(1)));
    open(&mut older, &w.guide_field_text.into(), NodeKind::Idea);
    if let Detail::Node { talk, .. } = &mut older.page.detail {
        *talk = Some(TalkPage {
            messages: vec![scene::message(2, 1, w.guide_said)],
            before: Some(scene::message(3, 2, w.guide_answered).id),
        });
    }
    states.push((w.guide_panel_older, older));
    let mut guest = about(Panel::Node(node_id(1)));
    open(&mut guest, &w.guide_specimen.into(), NodeKind::Event);
    states.push((w.guide_panel_guest, guest));
    let mut gone = about(Panel::Node(node_id(1)));
    open(&mut gone, &w.guide_field_text.into(), NodeKind::Idea);
    gone.now = NOW + 30 * DAY_MS;
    gone.view.threads.clear();
    states.push((w.guide_panel_gone, gone));
    let mut missing = about(Panel::Node(node_id(9)));
    missing.page.detail = Detail::Missing;
    states.push((w.guide_panel_missing, missing));
    let mut loading = about(Panel::Node(node_id(9)));
    loading.loading = true;
    states.push((w.guide_panel_loading, loading));
    let mut away = about(Panel::Node(node_id(9)));
    away.away = true;
    states.push((w.guide_panel_away, away));

    let mut versions = member(Panel::Node(node_id(1)));
    open(&mut versions, &w.guide_field_text.into(), NodeKind::Idea);
    let mut other = scene::node(1, NodeKind::Idea, w.guide_specimen);
    other.version = 2;
    let change = Act::ChangeNode {
        node: node_id(1),
        based_on: 1,
        kind: None,
        title: Some(w.guide_field_text.to_owned()),
        text: Some(w.guide_said.to_owned()),
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    let stage = Stage::Refused {
        refusal: Refusal::NodeChanged { version: 2 },
        other: Some(Box::new(other)),
    };
    versions.waiting = vec![waiting(3, change, stage)];
    states.push((w.guide_panel_versions, versions));

    let mut bed = member(Panel::Node(node_id(1)));
    open(&mut bed, &w.guide_field_text.into(), NodeKind::Bed);
    if let Detail::Node { node, prose, .. } = &mut bed.page.detail {
        node.particulars.guests = Some(2);
        node.particulars.nights = Some(3);
        *prose = written(w);
        bed.view.nodes.insert(node.id, node.clone());
    }
    states.push((w.guide_panel_bed, bed));

    let mut weave = member(Panel::Weave);
    weave.title = w.guide_field_text.to_owned();
    weave.chosen = Some(scene::HERE);
    states.push((w.guide_panel_weave, weave));
    let mut change = member(Panel::Change(node_id(2)));
    open(&mut change, &w.guide_field_text.into(), NodeKind::Idea);
    change.begin_change();
    states.push((w.guide_panel_change, change));

    let mut role = about(Panel::Role(role_id(1)));
    let own = thread(1, ThreadKind::Join, Some(3));
    role.page.detail = Detail::Role {
        role: RoleDetail {
            role: own.role,
            name: own.role_name.clone(),
            placed: Placed::Radius {
                radius: Radius::Km1,
            },
            place: own.from,
            registered_at: NOW + -90 * DAY_MS,
            profile: profile(),
            spool: None,
            standing: Standing {
                vouched_by: vec![met(ME)],
                ..Standing::default()
            },
            vouches_for: Vec::new(),
        },
        threads: vec![RoleThread {
            thread: own,
            title: w.guide_field_text.to_owned(),
        }],
    };
    states.push((w.guide_panel_role, role));
    for (name, left) in [(w.guide_panel_thread, 3), (w.guide_panel_faded, -1)] {
        let row = thread(ME, ThreadKind::Join, Some(left));
        let mut tied = member(Panel::Thread(row.id));
        tied.view.threads.insert(row.id, row);
        states.push((name, tied));
    }

    states.push((w.guide_panel_search, about(Panel::Search)));
    let mut found = about(Panel::Search);
    found.page.detail = search(
        w.guide_field_label,
        vec![
            hit(
                w.guide_field_text,
                Some(90),
                Subject::Node {
                    node: node_id(1),
                    kind: NodeKind::Idea,
                },
                w.guide_field_hint,
            ),
            hit(
                "Ayşe",
                None,
                Subject::Role { role: role_id(2) },
                w.guide_answered,
            ),
            hit(
                w.guide_specimen,
                Some(1240),
                Subject::Message {
                    message: scene::message(1, 1, "").id,
                    node: node_id(2),
                    kind: NodeKind::Event,
                    by: "Hinnerk".to_owned(),
                },
                w.guide_said,
            ),
        ],
    );
    let mut here = found.clone();
    states.push((w.guide_panel_found, found));
    let mut nothing = about(Panel::Search);
    nothing.page.detail = search(w.guide_specimen, Vec::new());
    let mut looking = nothing.clone();
    states.push((w.guide_panel_found_nothing, nothing));
    looking.loading = true;
    states.push((w.guide_panel_looking, looking));
    here.found_here = true;
    states.push((w.guide_panel_found_here, here));
    let mut failed = about(Panel::Search);
    failed.page.detail = search(w.guide_specimen, Vec::new());
    if let Detail::Search { is_failed, .. } = &mut failed.page.detail {
        *is_failed = true;
    }
    states.push((w.guide_panel_found_failed, failed));

    let mut me = member(Panel::Me);
    let kept = Stage::Kept {
        problem: Some(ProblemKind::Unavailable),
    };
    me.waiting = vec![
        waiting(4, Act::join(node_id(1)), kept),
        waiting(5, send(5), refused(Refusal::NodeDissolved { at: NOW })),
    ];
    me.others_waiting = 2;
    states.push((w.guide_panel_me, me));
    let mut register = about(Panel::Me);
    if let Viewer::Role { account, email, .. } = member(Panel::Me).page.viewer {
        register.page.viewer = Viewer::Account { account, email };
    }
    states.push((w.guide_panel_register, register));
    states.push((w.guide_panel_sign_in, about(Panel::SignIn)));
    let mut code = about(Panel::SignIn);
    code.sign_in.step = SignInStep::CodeWrong {
        email: "wiebke@example.org".to_owned(),
    };
    states.push((w.guide_panel_code, code));
    states
}

fn search(text: &str, hits: Vec<Hit>) -> Detail {
    Detail::Search {
        search: Search::new(text, Order::Distance),
        hits,
        is_failed: false,
    }
}

fn hit(title: &str, distance_m: Option<u32>, of: Subject, excerpt: &str) -> Hit {
    Hit {
        of,
        title: title.to_owned(),
        excerpt: excerpt.to_owned(),
        place: distance_m.map(|_| scene::HERE),
        distance_m,
    }
}

fn refused(refusal: Refusal) -> Stage {
    Stage::Refused {
        refusal,
        other: None,
    }
}

/// What the server makes of a text that is marked up.
fn written(w: &'static PlainWords) -> String {
    let said = w.guide_specimen;
    let item = || el("li").say(w.guide_field_label);
    [
        el("h2").say(w.guide_field_text),
        el("p")
            .child(el("strong").say(said))
            .say(" ")
            .child(el("em").say(said)),
        el("ul").child(item()).child(item()),
        el("blockquote").child(el("p").say(w.guide_answered)),
        el("pre").child(el("code").say(said)),
    ]
    .map(|element| Markup::from(element).html())
    .concat()
}

/// Opens the first knot, with threads and a conversation.
fn open(state: &mut State, title: &Text, kind: NodeKind) {
    let mut node: NodeRow = scene::node(1, kind, title);
    node.text = title.to_string();
    node.starts_at = (kind == NodeKind::Event).then_some(NOW + 2 * DAY_MS);
    let threads = [
        thread(ME, ThreadKind::Create, Some(5)),
        thread(ME, ThreadKind::Join, None),
        thread(1, ThreadKind::Talk, Some(2)),
        thread(2, ThreadKind::Join, Some(6)),
    ];
    let said = [
        scene::message(1, 1, title),
        scene::message(2, 2, title),
        scene::message(3, ME, title),
    ];
    for thread in &threads {
        state.view.threads.insert(thread.id, thread.clone());
    }
    state.view.messages = said.to_vec();
    state.view.nodes.insert(node.id, node.clone());
    state.talk.known = true;
    state.page.detail = Detail::Node {
        node,
        threads: threads.to_vec(),
        prose: String::new(),
        talk: None,
    };
}

/// Knots of an area, counted.
fn count(n: i32) -> CountRow {
    let place = Place {
        lat: scene::HERE.lat + n * 400_000,
        ..scene::HERE
    };
    CountRow {
        cell: place.cell().parent(8),
        kinds: vec![(NodeKind::Idea, 12), (NodeKind::Tool, 3)],
    }
}
