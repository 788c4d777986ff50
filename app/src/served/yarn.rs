//! What a yarn covers of its knot, and what its owner picks.

use domain::command::Act;
use domain::link::Panel;
use domain::page::{Carried, Detail, End, Page};
use domain::refusal::Refusal;
use domain::view::{NodeRow, ThreadRow};
use domain::weave::Covers;

use crate::live::State;
use crate::look::Look;
use crate::markup::{Element, Markup, el, of};
use crate::parts;
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
    match (is_own, covers) {
        (true, Some(covers)) => content.extend(switches(look, w, thread, &covers)),
        (true, None) => content.extend(choices(look, w, thread)),
        (false, covers) => {
            content.push(match covers {
                Some(covers) => shown(w, &covers),
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
        let act = Act::TwistThread {
            thread: thread.id,
            target: thread.target,
            covers: Some(covers),
        };
        let button = |button: Element| button.say(word);
        content.push(deed(look, thread, act, button).child(parts::hint(hint.into())));
    }
    content
}

/// Each part, and whether it is covered.
fn parts_of(
    w: &'static PlainWords,
    covers: &Covers,
) -> [(&'static str, &'static str, &'static str); 3] {
    let state = |is_covered: bool| {
        if is_covered {
            w.yarn_covered
        } else {
            w.yarn_open
        }
    };
    let pictures = match &covers.pictures {
        None => w.yarn_covered,
        Some(some) if some.is_empty() => w.yarn_open,
        Some(_) => w.yarn_some,
    };
    [
        (w.yarn_text, state(covers.text), w.yarn_text_hint),
        (w.yarn_pictures, pictures, w.yarn_pictures_hint),
        (w.yarn_talk, state(covers.talk), w.yarn_talk_hint),
    ]
}

/// For those whom it does not belong to.
fn shown(w: &'static PlainWords, covers: &Covers) -> Element {
    let facts = parts_of(w, covers).map(|(part, state, _)| {
        of("div", "fact")
            .child(el("dt").say(part))
            .child(el("dd").say(state))
    });
    of("dl", "facts").all(facts.into_iter().collect::<Vec<_>>())
}

/// A button for each part that covers it or opens it, and for all of it at once.
fn switches(
    look: &Look<'_>,
    w: &'static PlainWords,
    thread: &ThreadRow,
    covers: &Covers,
) -> Vec<Element> {
    let pictures = match &covers.pictures {
        Some(some) if some.is_empty() => None,
        _ => Some(Vec::new()),
    };
    let others = [
        Covers {
            text: !covers.text,
            ..covers.clone()
        },
        Covers {
            pictures,
            ..covers.clone()
        },
        Covers {
            talk: !covers.talk,
            ..covers.clone()
        },
    ];
    let cover = |covers| Act::CoverYarn {
        thread: thread.id,
        target: thread.target,
        covers,
    };
    let mut content = Vec::new();
    for ((part, state, hint), other) in parts_of(w, covers).into_iter().zip(others) {
        let word = if state == w.yarn_open {
            w.yarn_cover
        } else {
            w.yarn_uncover
        };
        let name = [part, ": ", word].concat();
        let button = |button: Element| button.attr("aria-label", name.into()).say(word);
        let said = [part, ": ", state, ". ", hint].concat();
        content.push(deed(look, thread, cover(other), button).child(parts::hint(said.into())));
    }
    let mut whole = of("div", "buttons");
    for (all, word) in [(Covers::ALL, w.yarn_all), (Covers::NOTHING, w.yarn_nothing)] {
        if *covers != all {
            whole = whole.child(button(thread, cover(all)).say(word));
        }
    }
    content.push(whole);
    content
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
        Ok(()) => deed.child(named(button(thread, act))),
        Err(refusal) => deed.child(parts::hint(why::refusal(look, &refusal))),
    }
}

/// Where the change is predicted opens once the act is kept. Acts wait in the outbox, which is the script's.
fn button(thread: &ThreadRow, act: Act) -> Element {
    let then = Some(Panel::Thread(thread.id).path());
    parts::act("button", &Carried { act, then }).flag("data-only-script", true)
}
