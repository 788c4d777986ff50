//! How a knot came to be what it is: each version with who, when and what, and the way back to it.

use domain::command::Act;
use domain::link::{Camera, Panel};
use domain::page::{Carried, Page};
use domain::place::Place;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::{NodeVersion, Particulars, Picture};

use super::drawn;
use crate::live::NEAR_ZOOM_CENTI;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts::{self, fact};
use crate::press::Press;
use crate::weave::particulars::told;
use crate::weave::picture;
use crate::why;
use crate::words::{PlainWords, fill, plain_words};

/// Some versions of a knot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The newest first.
    pub entries: Vec<Entry>,
    /// There are versions before the last of them.
    pub has_older: bool,
    /// They are the newest.
    pub is_newest: bool,
}

/// One version, and what was changed to come to it; none: it was knotted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub version: NodeVersion,
    pub change: Option<Change>,
}

/// What was before, and how its words differ; of what did not change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub before: NodeVersion,
    pub title: Vec<Piece>,
    pub text: Vec<Piece>,
}

/// A run of words of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    Removed(String),
    Added(String),
    /// In both too, and too long to be shown.
    Cut,
}

/// Puts the panel into its page.
pub fn draw(page: &mut Page, node: &NodeRow, history: &History) {
    let title = fill(plain_words(page.lang).history_title, "title", &node.title);
    drawn::draw(page, title, Some(node), |look| content(look, node, history));
}

/// All below the panel's title.
#[must_use]
pub fn content(look: &Look<'_>, node: &NodeRow, history: &History) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let newest = history.is_newest.then(|| history.entries.first()).flatten();
    let mut entries = Vec::new();
    let may = may(look, w, node);
    for entry in &history.entries {
        let is_newest = newest == Some(entry);
        let way = match (&may, is_newest) {
            (Err(_), _) => is_newest.then(|| parts::hint(w.history_now.into())),
            (Ok(()), true) => Some(undo(look, w, node, entry)),
            (Ok(()), false) => Some(way_back(look, w, node, &entry.version)),
        };
        entries.push(shown(look, w, node, entry).maybe(way));
    }
    let mut content = vec![
        of("p", "byline").child(parts::link(Panel::Node(node.id)).say(w.history_back)),
        parts::hint(w.history_lead.into()),
    ];
    if let Err(why_not) = may {
        content.push(parts::hint(why_not));
    }
    content.push(of("ol", "history").set("role", "list").all(entries));
    let mut ways = of("div", "buttons");
    if let Some(last) = history.entries.last().filter(|_| history.has_older) {
        ways = ways.child(
            parts::link(Panel::History(node.id, Some(last.version.version)))
                .set("class", "button")
                .set("rel", "prev")
                .say(w.history_older),
        );
    }
    if !history.is_newest {
        ways = ways.child(
            parts::link(Panel::History(node.id, None))
                .set("class", "button")
                .say(w.history_newest),
        );
    }
    content.push(ways);
    content
}

/// Whether the asker may change the knot at all, else why not.
fn may(look: &Look<'_>, w: &'static PlainWords, node: &NodeRow) -> Result<(), Text> {
    if let Some(at) = node.facts().undone_at(look.state.now) {
        let refusal = domain::refusal::Refusal::NodeDissolved { at };
        return Err(why::refusal(look, &refusal));
    }
    if look.state.me.is_none() {
        return Err(w.history_guest.into());
    }
    look.state
        .may_change(node)
        .map_err(|refusal| why::refusal(look, &refusal))
}

/// The newest version: it is what holds, and what came with it can go again.
fn undo(look: &Look<'_>, w: &'static PlainWords, node: &NodeRow, entry: &Entry) -> Element {
    let now = of("div", "buttons").child(parts::hint(w.history_now.into()));
    let before = entry.change.as_ref().map(|change| &change.before);
    let again = before.and_then(|before| before.again(node).or_else(|| before.picture_again(node)));
    let Some(act) = again else {
        return now;
    };
    offered(look, now, node, act, |button| button.say(w.history_undo))
}

/// An older version: the knot can be as it was then.
fn way_back(
    look: &Look<'_>,
    w: &'static PlainWords,
    node: &NodeRow,
    version: &NodeVersion,
) -> Element {
    let ways = of("div", "buttons");
    let Some(act) = version.again(node) else {
        return ways.child(parts::hint(w.history_same.into()));
    };
    offered(look, ways, node, act, |button| {
        let name = [w.history_again, " (", &number(w, version), ")"].concat();
        button.attr("aria-label", name.into()).say(w.history_again)
    })
}

/// The button for that act, if the domain allows it, else the rule that says no.
fn offered(
    look: &Look<'_>,
    ways: Element,
    node: &NodeRow,
    act: Act,
    named: impl Fn(Element) -> Element,
) -> Element {
    if let Err(refusal) = look.state.judge(act.clone()) {
        return ways.child(parts::hint(why::refusal(look, &refusal)));
    }
    let then = Some(Panel::Node(node.id).path());
    let button = parts::act("button", &Carried { act, then });
    // Acts wait in the outbox, which is the script's.
    ways.child(named(button.flag("data-only-script", true)))
}

fn number(w: &'static PlainWords, version: &NodeVersion) -> String {
    fill(w.history_version, "n", &version.version.to_string())
}

fn shown(look: &Look<'_>, w: &'static PlainWords, node: &NodeRow, entry: &Entry) -> Element {
    let version = &entry.version;
    let did = match entry.change {
        Some(_) => look.words.thread_change,
        None => look.words.thread_create,
    };
    let who = parts::link(Panel::Role(version.role)).text(version.role_name.clone().into());
    let mut when = String::from(" · ");
    when.push_str(&look.ago(version.at));
    when.push_str(" · ");
    let mut facts = match &entry.change {
        Some(change) => differences(look, w, version, change),
        None => beginning(look, w, version),
    };
    facts.extend(pictured(look, w, entry, node));
    let facts = if facts.is_empty() {
        // It was sent and said the same.
        parts::hint(w.history_nothing.into())
    } else {
        el("dl").all(facts)
    };
    el("li").child(
        of("section", "version")
            .child(el("h2").text(number(w, version).into()))
            .child(
                of("p", "hint")
                    .child(who)
                    .say(" ")
                    .say(did)
                    .text(when.into())
                    .child(look.time(version.at)),
            )
            .child(facts),
    )
}

/// All of it, as it was knotted.
fn beginning(look: &Look<'_>, w: &'static PlainWords, version: &NodeVersion) -> Vec<Element> {
    let words = look.words;
    let kind = parts::kind_word(words, version.kind);
    let mut facts = vec![
        fact(w.history_kind, el("dd").say(kind)),
        fact(
            words.weave_name,
            of("dd", "prose").text(version.title.clone().into()),
        ),
    ];
    if let Some(start) = version.starts_at {
        facts.push(fact(words.weave_start, el("dd").child(look.time(start))));
    }
    if !version.particulars.is_empty() {
        let said = said_of(look, w, &version.particulars);
        facts.push(fact(words.particulars, el("dd").child(said)));
    }
    if !version.text.is_empty() {
        let text = of("dd", "prose").text(version.text.clone().into());
        facts.push(fact(words.weave_text, text));
    }
    facts
}

/// What differs from the version before, and nothing else.
fn differences(
    look: &Look<'_>,
    w: &'static PlainWords,
    version: &NodeVersion,
    change: &Change,
) -> Vec<Element> {
    let words = look.words;
    let before = &change.before;
    let mut facts = Vec::new();
    if before.kind != version.kind {
        let [was, is] =
            [before.kind, version.kind].map(|kind| el("span").say(parts::kind_word(words, kind)));
        facts.push(fact(w.history_kind, instead(was, is)));
    }
    for (word, pieces) in [
        (words.weave_name, &change.title),
        (words.weave_text, &change.text),
    ] {
        if !pieces.is_empty() {
            let pieces = pieces.iter().map(piece).collect();
            facts.push(fact(word, of("dd", "prose").all(pieces)));
        }
    }
    if before.starts_at != version.starts_at {
        let [was, is] = [before.starts_at, version.starts_at].map(|start| start_of(look, w, start));
        facts.push(fact(words.weave_start, instead(was, is)));
    }
    if before.particulars != version.particulars {
        let [was, is] =
            [&before.particulars, &version.particulars].map(|said| said_of(look, w, said));
        facts.push(fact(words.particulars, instead(was, is)));
    }
    if before.place != version.place {
        facts.push(fact(
            words.node_place,
            moved(look, w, before.place, version.place),
        ));
    }
    facts
}

/// The pictures that came or went with this version; one that went can come back, as long as it is kept.
fn pictured(
    look: &Look<'_>,
    w: &'static PlainWords,
    entry: &Entry,
    node: &NodeRow,
) -> Vec<Element> {
    let Some(change) = &entry.change else {
        return Vec::new();
    };
    let (before, after) = (&change.before.pictures, &entry.version.pictures);
    let only = |these: &[Picture], those: &[Picture]| -> Vec<Picture> {
        let is_new = |shown: &&Picture| those.iter().all(|other| other.id != shown.id);
        these.iter().filter(is_new).cloned().collect()
    };
    // What nothing shows any more is for members alone.
    let is_seen = |shown: &Picture| {
        look.state.me.is_some() || node.pictures.iter().any(|known| known.id == shown.id)
    };
    let told = |shown: &Picture, word| {
        let list = is_seen(shown).then(|| picture::list(vec![picture::item(look.words, 1, shown)]));
        el("dd").say(word).maybe(list)
    };
    let mut facts = Vec::new();
    for shown in only(after, before) {
        facts.push(fact(
            w.history_picture,
            told(&shown, w.history_picture_added),
        ));
    }
    for shown in only(before, after) {
        let removed = told(&shown, w.history_picture_removed);
        let is_back = node.pictures.iter().any(|known| known.id == shown.id);
        let act = shown.again(node);
        let removed =
            if is_back || look.state.me.is_none() || look.state.judge(act.clone()).is_err() {
                removed
            } else {
                let then = Some(Panel::Node(node.id).path());
                let button = parts::act("button small", &Carried { act, then });
                removed.child(
                    button
                        .flag("data-only-script", true)
                        .say(w.history_picture_again),
                )
            };
        facts.push(fact(w.history_picture, removed));
    }
    facts
}

fn start_of(look: &Look<'_>, w: &'static PlainWords, start: Option<Millis>) -> Element {
    match start {
        Some(start) => look.time(start),
        None => el("span").say(w.history_no_start),
    }
}

/// What a version says of its own kind, with its moments as such, so that they are told in local time.
fn said_of(look: &Look<'_>, w: &'static PlainWords, said: &Particulars) -> Element {
    let words = look.words;
    let mut all = el("span");
    let mut is_first = true;
    let mut add = |one: Element| {
        let before = if std::mem::take(&mut is_first) {
            ""
        } else {
            ", "
        };
        all = std::mem::replace(&mut all, el("span"))
            .say(before)
            .child(one);
    };
    let at = |word: &'static str, at: Millis| {
        let (before, after) = word.split_once("{at}").unwrap_or((word, ""));
        el("span").say(before).child(look.time(at)).say(after)
    };
    let numbers = Particulars {
        nights: said.nights,
        guests: said.guests,
        ..Particulars::default()
    };
    if let Some(end) = said.ends_at {
        add(at(words.told_end, end));
    }
    if let Some(zone) = &said.zone {
        add(el("span").text(fill(w.history_zone, "zone", zone).into()));
    }
    if let Some(numbers) = told(look, &numbers) {
        add(el("span").text(numbers));
    }
    if let Some(until) = said.lent_until {
        add(at(words.told_lent, until));
    }
    if is_first {
        all = all.say(w.history_no_particulars);
    }
    all
}

/// One thing in place of another.
fn instead(was: Element, is: Element) -> Element {
    el("dd")
        .child(el("del").child(was))
        .say(" ")
        .child(el("ins").child(is))
}

fn piece(piece: &Piece) -> Element {
    match piece {
        Piece::Same(text) => el("span").text(text.clone().into()),
        Piece::Removed(text) => el("del").text(text.clone().into()),
        Piece::Added(text) => el("ins").text(text.clone().into()),
        Piece::Cut => of("span", "hint").say(" … "),
    }
}

/// How far, with the ways to look at both ends; without script these are addresses of the map.
fn moved(look: &Look<'_>, w: &'static PlainWords, was: Place, is: Place) -> Element {
    let metres = was.distance_m(is).round().max(1.0) as u32;
    let distance = match metres {
        ..1000 => [&metres.to_string(), "\u{a0}m"].concat(),
        _ => look.distance(metres),
    };
    let look_at = |place, word| {
        let camera = Camera {
            centre: place,
            zoom_centi: look.state.page.camera.zoom_centi.max(NEAR_ZOOM_CENTI),
        };
        el("a")
            .attr("href", ["/?", &camera.to_string()].concat().into())
            .attr("data-press", Press::Show(place).code().into())
            .say(word)
    };
    el("dd")
        .text(fill(w.history_moved, "distance", &distance).into())
        .say(" ")
        .child(look_at(was, w.history_before))
        .say(" · ")
        .child(look_at(is, w.history_after))
}
