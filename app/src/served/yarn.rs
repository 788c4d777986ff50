//! What a yarn covers of its knot, and what its owner picks.

use domain::command::Act;
use domain::id::PictureId;
use domain::link::Panel;
use domain::page::{Carried, Detail, End, Page};
use domain::refusal::Refusal;
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{COVERED_PICTURES_MAX, Covers, Part};

use crate::live::State;
use crate::look::Look;
use crate::markup::{Element, Markup, el, of};
use crate::parts;
use crate::weave::{covered, picture, some_of};
use crate::why;
use crate::words::{PlainWords, fill, plain_words};

/// Puts the panel into its page.
pub fn draw(page: &mut Page, thread: &ThreadRow, end: &End) {
    let title = fill(plain_words(page.lang).yarn_title, "title", end.title());
    page.detail = Detail::Served {
        title,
        html: String::new(),
        node: end.node().cloned().map(Box::new),
    };
    let mut state = State::new(page.clone());
    // The domain is asked about it.
    state.view.threads.insert(thread.id, thread.clone());
    let look = Look::new(&state, None);
    let drawn: String = content(&look, thread, end.node())
        .into_iter()
        .map(|element| Markup::from(element).html())
        .collect();
    if let Detail::Served { html, .. } = &mut page.detail {
        *html = drawn;
    }
}

/// All below the panel's title.
#[must_use]
pub fn content(look: &Look<'_>, thread: &ThreadRow, node: Option<&NodeRow>) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let back = parts::link(Panel::Thread(thread.id)).say(w.yarn_back);
    let mut content = vec![of("p", "byline").child(back)];
    let Some(node) = node else {
        content.push(parts::hint(w.yarn_to_role.into()));
        return content;
    };
    content.push(parts::hint(w.yarn_lead.into()));
    if let Some(at) = thread.facts().faded_at(look.state.now) {
        let faded = why::refusal(look, &Refusal::ThreadFaded { at });
        content.push(parts::hint(faded));
        return content;
    }
    let is_own = look
        .state
        .me
        .as_ref()
        .is_some_and(|me| me.role == thread.role);
    let covers = node.facts().covers_of(thread.id);
    if is_own && let Some(refusal) = no_cover(look, thread, covers.is_some()) {
        content.push(parts::hint(why::refusal(look, &refusal)));
        if covers.is_none() {
            content.push(deed(
                look,
                thread,
                twist(thread, Covers::NOTHING),
                |button| button.say(look.words.node_twist),
            ));
        }
        return content;
    }
    match (is_own, covers) {
        (true, Some(covers)) => content.extend(switches(look, w, thread, &covers, node)),
        (true, None) => content.extend(choices(look, w, thread)),
        (false, covers) => {
            content.push(match covers {
                Some(covers) => shown(w, &covers, node),
                None => parts::hint(w.yarn_none.into()),
            });
            let owner = fill(w.yarn_whose, "name", &thread.role_name);
            content.push(parts::hint(owner.into()));
        }
    }
    content
}

/// A thread that is not yarn yet: twisted so that it covers this or that.
fn choices(look: &Look<'_>, w: &'static PlainWords, thread: &ThreadRow) -> Vec<Element> {
    let text = Covers {
        text: true,
        ..Covers::NOTHING
    };
    let choices = [
        (Covers::USUAL, w.yarn_usual, w.yarn_usual_hint),
        (Covers::ALL, w.yarn_all, w.yarn_all_hint),
        (text, w.yarn_text_only, w.yarn_text_only_hint),
        (Covers::NOTHING, w.yarn_nothing, w.yarn_nothing_hint),
    ];
    let mut content = vec![el("h2").say(w.yarn_twist)];
    for (covers, word, hint) in choices {
        let named = |button: Element| button.say(word);
        content
            .push(deed(look, thread, twist(thread, covers), named).child(parts::hint(hint.into())));
    }
    content
}

/// Whether a part is covered, in a word.
const fn state(w: &'static PlainWords, is_covered: bool) -> &'static str {
    if is_covered {
        w.yarn_covered
    } else {
        w.yarn_open
    }
}

/// What of the pictures is covered: all and those to come, so many, or none.
fn state_of_pictures(w: &'static PlainWords, covers: &Covers, node: &NodeRow) -> String {
    match (&covers.pictures, covered(node, covers)) {
        (None, _) => w.yarn_covered.to_owned(),
        (Some(_), 0) => w.yarn_open.to_owned(),
        (Some(_), n) => some_of(w.yarn_some, n, node.pictures.len()),
    }
}

/// For those whom it does not belong to.
fn shown(w: &'static PlainWords, covers: &Covers, node: &NodeRow) -> Element {
    let facts = [
        (w.yarn_text, state(w, covers.text).to_owned()),
        (w.yarn_pictures, state_of_pictures(w, covers, node)),
        (w.yarn_talk, state(w, covers.talk).to_owned()),
    ];
    let fact = |(part, state): (_, String)| {
        parts::fact(part, el("dd").text(state.into())).set("class", "fact")
    };
    of("dl", "facts").all(facts.map(fact).into())
}

/// A button for each part that covers it or opens it, for each picture, and for all of it at once.
fn switches(
    look: &Look<'_>,
    w: &'static PlainWords,
    thread: &ThreadRow,
    covers: &Covers,
    node: &NodeRow,
) -> Vec<Element> {
    let text = Covers {
        text: !covers.text,
        ..covers.clone()
    };
    let talk = Covers {
        talk: !covers.talk,
        ..covers.clone()
    };
    let part = |word, is_covered, hint, other| {
        let said = [word, ": ", state(w, is_covered), ". ", hint].concat();
        deed(look, thread, cover(thread, other), |button| {
            turned(w, button, word, is_covered)
        })
        .child(parts::hint(said.into()))
    };
    let mut whole = of("div", "buttons");
    for (all, word) in [(Covers::ALL, w.yarn_all), (Covers::NOTHING, w.yarn_nothing)] {
        if *covers != all {
            whole = whole.child(button("button", thread, cover(thread, all)).say(word));
        }
    }
    let mut content = vec![part(w.yarn_text, covers.text, w.yarn_text_hint, text)];
    content.extend(pictures(look, w, thread, covers, node));
    content.push(part(w.yarn_talk, covers.talk, w.yarn_talk_hint, talk));
    content.push(whole);
    content
}

/// All pictures at once, also those to come, and each of those that there are.
fn pictures(
    look: &Look<'_>,
    w: &'static PlainWords,
    thread: &ThreadRow,
    covers: &Covers,
    node: &NodeRow,
) -> Vec<Element> {
    let with = |pictures| {
        let covers = Covers {
            pictures,
            ..covers.clone()
        };
        cover(thread, covers)
    };
    let mut all = of("div", "deed");
    if covers.pictures.is_some() {
        let name = [w.yarn_pictures, ": ", w.yarn_pictures_all].concat();
        let button = button("button", thread, with(None)).attr("aria-label", name.into());
        all = all.child(button.say(w.yarn_pictures_all));
    }
    if covers.pictures.as_ref().is_none_or(|some| !some.is_empty()) {
        let name = [w.yarn_pictures, ": ", w.yarn_pictures_none].concat();
        let button =
            button("button", thread, with(Some(Vec::new()))).attr("aria-label", name.into());
        all = all.child(button.say(w.yarn_pictures_none));
    }
    let state = state_of_pictures(w, covers, node);
    let hint = if covers.pictures.is_none() {
        w.yarn_pictures_hint
    } else {
        w.yarn_pictures_single
    };
    let said = [w.yarn_pictures, ": ", &state, ". ", hint].concat();
    let mut content = vec![all.child(parts::hint(said.into()))];
    if node.pictures.is_empty() {
        return content;
    }
    let single = (1..).zip(&node.pictures).map(|(n, shown)| {
        let is_covered = covers.has(Part::Picture(shown.id));
        let act = with(Some(picked(covers, node, shown.id)));
        let name = picture::name(look.words, n, shown);
        let button = button("button small", thread, act);
        picture::item(look.words, n, shown).child(turned(w, button, &name, is_covered))
    });
    content.push(picture::list(single.collect()));
    content
}

/// The single pictures that are covered once that one is turned over. What was picked and is shown no more stays picked, since it may come
/// back, as long as there is room for it.
fn picked(covers: &Covers, node: &NodeRow, turned: PictureId) -> Vec<PictureId> {
    let shown = || node.pictures.iter().map(|shown| shown.id);
    let mut picked = covers.pictures.clone().unwrap_or_else(|| shown().collect());
    if covers.has(Part::Picture(turned)) {
        picked.retain(|id| *id != turned);
    } else {
        picked.push(turned);
    }
    if picked.len() > COVERED_PICTURES_MAX as usize {
        picked.retain(|id| shown().any(|shown| shown == *id));
    }
    picked
}

/// Why that yarn, or what becomes yarn, covers nothing: whoever may not change a knot keeps nobody else from it.
fn no_cover(look: &Look<'_>, thread: &ThreadRow, is_yarn: bool) -> Option<Refusal> {
    let all = if is_yarn {
        cover(thread, Covers::ALL)
    } else {
        twist(thread, Covers::ALL)
    };
    (look.state.judge(all).err()).filter(|refusal| *refusal != Refusal::NothingChanged)
}

fn twist(thread: &ThreadRow, covers: Covers) -> Act {
    Act::TwistThread {
        thread: thread.id,
        target: thread.target,
        covers: Some(covers),
    }
}

fn cover(thread: &ThreadRow, covers: Covers) -> Act {
    Act::CoverYarn {
        thread: thread.id,
        target: thread.target,
        covers,
    }
}

/// The button that covers what is open and opens what is covered; `what` tells it from the others.
fn turned(w: &'static PlainWords, button: Element, what: &str, is_covered: bool) -> Element {
    let word = if is_covered {
        w.yarn_uncover
    } else {
        w.yarn_cover
    };
    let name = [what, ": ", word].concat();
    button.attr("aria-label", name.into()).say(word)
}

/// The button for that act, if the domain allows it, else the rule that says no.
fn deed(
    look: &Look<'_>,
    thread: &ThreadRow,
    act: Act,
    named: impl FnOnce(Element) -> Element,
) -> Element {
    let deed = of("div", "deed");
    match look.state.judge(act.clone()) {
        Ok(()) => deed.child(named(button("button", thread, act))),
        Err(refusal) => deed.child(parts::hint(why::refusal(look, &refusal))),
    }
}

/// Where the change is predicted opens once the act is kept. Acts wait in the outbox, which is the script's.
fn button(class: &'static str, thread: &ThreadRow, act: Act) -> Element {
    let then = Some(Panel::Thread(thread.id).path());
    parts::act(class, &Carried { act, then }).flag("data-only-script", true)
}
