//! One knot: what it is, who holds it, and what one can do.

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::link::Panel;
use domain::page::{Carried, Detail, Viewer};
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{JoinLevel, NodeKind, Part, ParticularsChange, Target, ThreadKind};

use super::PROSE;
use super::holds::{covered, holds, joined, keepers};
use super::list::insert_sorted;
use super::particulars::told_now;
use super::picture::pictures;
use super::thread::{thread, twisting};
use super::versions::versions;
use crate::live::{Denied, Form, Waiting};
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts::{self, still};
use crate::press::Press;
use crate::talk::talk;
use crate::why;
use crate::words::fill;

/// The panel of a knot.
#[must_use]
pub fn node(look: &Look<'_>, id: NodeId) -> Vec<Element> {
    let w = look.words;
    let Some(node) = look.state.node(id) else {
        return absent(look);
    };
    let threads = threads(look, node);
    let gone = node.facts().undone_at(look.state.now);
    let mut content = vec![parts::top(
        look,
        of("div", "heading")
            .child(parts::kind(look, node.kind))
            .child(parts::title(node.title.clone().into())),
    )];
    let is_structure = node.owner == RoleId::COMMUNITY;
    content.push(if is_structure {
        parts::hint(w.parlour_lead.into())
    } else {
        byline(look, node)
    });
    let about: Vec<_> = look.open().filter(|act| act.is_about(id)).collect();
    if !about.is_empty() {
        let makes = |act: &&Waiting| matches!(act.command.act, Act::KnotNode { .. });
        let itself = about.iter().any(makes);
        content.push(parts::badge("badge wide", look.on_its_way(&about, itself)));
    }
    content.extend(versions(look, id));
    if look.state.unheard {
        content.push(still(look, w.still_unheard));
    }
    if let Some(at) = gone {
        content.push(
            of("section", "gone")
                .child(el("h2").say(w.node_gone_title))
                .child(el("p").say(w.node_gone).say(" ").child(look.time(at)))
                .child(
                    parts::link(Panel::Weave)
                        .set("class", "button")
                        .say(w.bar_weave),
                ),
        );
    }
    if let Some(prose) = look.state.prose(node) {
        let said = of("div", "prose written").set("id", PROSE);
        content.push(said.served(prose.to_owned()));
    } else if !node.text.is_empty() {
        content.push(of("p", "prose").text(node.text.clone().into()));
    }
    content.extend(pictures(look, node));
    content.push(facts(look, node, gone.is_some(), &threads));
    if look.state.me.is_none() && gone.is_none() {
        content.extend(covered(look, node));
    }
    let talk = talk(look, node, gone.is_some());
    let deeds = gone.is_none().then(|| deeds(look, node, &threads));
    if is_structure {
        // One comes here to talk.
        content.push(talk);
        content.extend(deeds);
    } else {
        content.extend(deeds);
        content.push(talk);
    }
    content.push(
        of("section", "block")
            .child(el("h2").say(w.node_threads))
            .child(if threads.is_empty() {
                parts::hint(w.node_threads_none.into())
            } else {
                let rows = threads
                    .iter()
                    .map(|row| {
                        thread(
                            look,
                            row,
                            Panel::Role(row.role),
                            row.role_name.clone().into(),
                        )
                    })
                    .collect();
                of("ul", "threads").set("role", "list").all(rows)
            }),
    );
    content
}

/// A knot that is not at hand.
pub(super) fn absent(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let text = if look.state.others_waiting > 0 {
        w.node_missing_waiting
    } else {
        w.node_missing
    };
    super::list::absent(look, w.node_missing_title, text)
}

/// The threads that hold it, the strongest first.
pub(super) fn threads<'a>(look: &Look<'a>, node: &NodeRow) -> Vec<&'a ThreadRow> {
    let state = look.state;
    let mut sorted = Vec::new();
    let mut keep = |thread: &'a ThreadRow| {
        if thread.target == Target::Node(node.id) {
            insert_sorted(&mut sorted, thread, |thread| {
                (
                    thread.faded_at.is_some(),
                    thread.expires_at.is_some(),
                    -thread.drawn_at.0,
                    thread.id,
                )
            });
        }
    };
    if state.view.nodes.contains_key(&node.id) {
        state.view.threads.values().for_each(&mut keep);
    } else if let Detail::Node { threads, .. } = &state.page.detail {
        threads.iter().for_each(&mut keep);
    }
    sorted
}

fn byline(look: &Look<'_>, node: &NodeRow) -> Element {
    let (before, after) = look
        .words
        .node_by
        .split_once("{name}")
        .unwrap_or((look.words.node_by, ""));
    of("p", "byline")
        .say(before)
        .child(parts::link(Panel::Role(node.owner)).text(node.owner_name.clone().into()))
        .say(after)
        .say(" · ")
        .child(look.age(node.created_at))
        .maybe(history(look, node))
}

/// The way to how it was, once it was changed. Coming undone counts as a version and is none to be read.
fn history(look: &Look<'_>, node: &NodeRow) -> Option<Element> {
    let versions = node.version - u32::from(node.dissolved_at.is_some());
    (versions > 1).then(|| {
        let words = fill(look.words.node_history, "n", &versions.to_string());
        el("span")
            .say(" · ")
            .child(parts::link(Panel::History(node.id, None)).text(words.into()))
    })
}

fn facts(look: &Look<'_>, node: &NodeRow, gone: bool, threads: &[&ThreadRow]) -> Element {
    let w = look.words;
    let mut facts = of("dl", "facts");
    let said = told_now(look, node);
    if let Some(start) = node.start() {
        let word = if start <= look.state.now {
            w.node_started
        } else {
            w.node_starts
        };
        let mut when = el("dd").child(look.time(start));
        if let Some(end) = said {
            when = when.say(" ").child(el("span").text(end));
        }
        if let Some(zone) = &node.particulars.zone
            && look.is_elsewhere(zone, start)
        {
            when = when.say(" ").text(fill(w.node_zone, "zone", zone).into());
        }
        // One that waits to be sent has no file yet.
        if start > look.state.now && !gone && node.last > 0 {
            when = when.child(el("div").child(calendar(look, node)));
        }
        facts = facts.child(fact("clock", word, when));
    } else if let Some(said) = said {
        let icon = node.kind.code();
        facts = facts.child(fact(icon, w.particulars, el("dd").text(said)));
    }
    if !gone {
        facts = joined(look, facts.child(holds(look, node, threads)), threads);
    }
    // Figures tell a neighbour little; they stand where nothing can show it.
    let place = if look.state.awake && !look.state.mapless {
        // On paper there is no map to show it on.
        of("dd", "on-map").child(parts::button("text", Press::Show(node.place)).say(w.node_show))
    } else {
        el("dd").text(look.coordinates(node.place).into())
    };
    facts.child(fact("place", w.node_place, place))
}

/// The way to the event as a file that calendars take.
fn calendar(look: &Look<'_>, node: &NodeRow) -> Element {
    let mut path = Panel::Node(node.id).path();
    path.push_str("/termin.ics");
    of("a", "text")
        .attr("href", path.into())
        .set("data-document", "")
        .say(look.words.node_calendar)
}

pub(super) fn fact(icon: &'static str, word: &'static str, value: Element) -> Element {
    of("div", "fact")
        .child(
            el("dt")
                .child(parts::icon(icon))
                .child(el("span").say(word)),
        )
        .child(value)
}

/// What can be done, and why not, is asked of the domain.
fn deeds(look: &Look<'_>, node: &NodeRow, threads: &[&ThreadRow]) -> Element {
    let w = look.words;
    let state = look.state;
    let deeds = of("section", "deeds");
    let Some(me) = &state.me else {
        // Without script nothing could be done here afterwards either.
        let deeds = deeds.flag("data-only-script", true);
        return match state.page.viewer {
            Viewer::Guest => deeds.child(parts::hint(w.node_guest.into())).child(
                parts::link(Panel::SignIn)
                    .set("class", "button primary")
                    .say(w.me_sign_in),
            ),
            Viewer::Account { .. } | Viewer::Role { .. } => {
                deeds.child(parts::hint(w.node_no_role.into())).child(
                    parts::link(Panel::Me)
                        .set("class", "button primary")
                        .say(w.me_register_submit),
                )
            }
        };
    };
    if !state.awake {
        return deeds.flag("hidden", true);
    }
    let mine: Vec<&&ThreadRow> = threads
        .iter()
        .filter(|thread| thread.role == me.role && thread.facts().faded_at(state.now).is_none())
        .collect();
    let join = Act::JoinNode {
        node: node.id,
        level: JoinLevel::default(),
    };
    let own = mine.iter().find(|thread| thread.kind == ThreadKind::Join);
    let mut deeds = match state.judge(join) {
        Err(refusal) => deeds.child(parts::hint(why::refusal(look, &refusal))),
        Ok(()) => deeds.child(joining(look, node.id, own.copied().copied())),
    };
    let several = mine.len() > 1;
    for (n, thread) in mine.iter().enumerate() {
        let is_yarn = thread.expires_at.is_none();
        let (press, word, hint) = twisting(look, thread);
        let mut button = parts::button("button", press).say(word);
        let mut what = None;
        if several {
            // Each is told from the others by its strand, which not everyone sees.
            let of_what = match thread.kind {
                ThreadKind::Create => w.thread_of_create,
                ThreadKind::Change => w.thread_of_change,
                ThreadKind::Talk => w.thread_of_talk,
                ThreadKind::Join => w.thread_of_join,
                ThreadKind::Vouch => w.thread_of_vouch,
            };
            button = button.attr("aria-label", [word, of_what].join(", ").into());
            what = Some(of("span", "hint").set("aria-hidden", "true").say(of_what));
        }
        // What several buttons do is told once, below the last of them.
        let rest = mine.iter().skip(n + 1);
        let is_last = !rest
            .map(|other| other.expires_at.is_none())
            .any(|other| other == is_yarn);
        deeds = deeds.child(
            of("div", "deed")
                .key(thread.id.0.as_u128())
                .child(button)
                .child(parts::strand(thread.kind, is_yarn, 1000))
                .maybe(what)
                .maybe(is_last.then(|| parts::hint(hint.into()))),
        );
    }
    let way = |panel, word| parts::link(panel).set("class", "button").say(word);
    // One that waits to be sent can't be given any yet.
    let pictures = (node.last > 0 && state.may_picture(node))
        .then(|| way(Panel::Pictures(node.id), w.node_pictures));
    let ways = of("div", "buttons");
    deeds = match state.may_change(node) {
        Ok(()) => deeds.child(
            of("div", "deed wide")
                .child(
                    ways.child(way(Panel::Change(node.id), w.node_change))
                        .maybe(pictures),
                )
                .child(parts::hint(w.node_change_hint.into())),
        ),
        Err(refusal) => deeds
            .child(parts::hint(why::refusal(look, &refusal)))
            .maybe(keepers(look, node, Part::Text))
            .maybe(pictures.map(|pictures| ways.child(pictures))),
    };
    deeds = deeds.maybe(keep(look, node));
    match &state.refused {
        Some((Form::Act, Denied::Rule(refusal))) => {
            deeds.child(parts::alert(why::refusal(look, refusal)))
        }
        _ => deeds,
    }
}

/// How one may join; one's own choice is the one that is pressed, and pressed once more it holds as long again.
fn joining(look: &Look<'_>, node: NodeId, own: Option<&ThreadRow>) -> Element {
    let w = look.words;
    let chosen = own.map(|thread| thread.level.unwrap_or_default());
    let mut buttons = of("div", "buttons levels")
        .set("role", "group")
        .set("aria-label", w.node_join_title);
    for level in JoinLevel::ALL {
        let is_chosen = if chosen == Some(level) {
            "true"
        } else {
            "false"
        };
        buttons = buttons.child(
            parts::button("button", Press::Join(node, level))
                .set("aria-pressed", is_chosen)
                .say(parts::level_word(w, level)),
        );
    }
    let hint = match own {
        None => w.node_join_hint,
        // Yarn needs no renewing.
        Some(thread) if thread.expires_at.is_none() => w.node_level_hint,
        Some(_) => w.node_again_hint,
    };
    of("div", "deed wide")
        .child(buttons)
        .child(parts::hint(hint.into()))
}

/// What may become of an event that is over.
fn keep(look: &Look<'_>, node: &NodeRow) -> Option<Element> {
    let w = look.words;
    let as_a = |kind| Act::ChangeNode {
        node: node.id,
        based_on: node.version,
        kind: Some(kind),
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    look.state.judge(as_a(NodeKind::Place)).ok()?;
    let button = |kind, word| {
        let act = as_a(kind);
        parts::act("button", &Carried { act, then: None }).say(word)
    };
    let buttons = of("div", "buttons")
        .child(button(NodeKind::Place, w.node_keep_place))
        .child(button(NodeKind::Idea, w.node_keep_idea));
    let hint = parts::hint(w.node_keep_hint.into());
    Some(of("div", "deed").child(buttons).child(hint))
}

pub(crate) fn deed(class: &'static str, press: Press, word: Text, hint: &'static str) -> Element {
    of("div", "deed")
        .child(parts::button(class, press).text(word))
        .child(parts::hint(hint.into()))
}
