//! The small pieces that panels share.

use domain::link::Panel;
use domain::page::{Carried, Detail};
use domain::talk::UNREAD_TOLD_MAX;
use domain::weave::{JoinLevel, NodeKind, ThreadKind};

use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::press::Press;
use crate::words::{Words, counted, fill};

/// A decorative picture, drawn by the style sheet.
#[must_use]
pub fn icon(name: &'static str) -> Element {
    of("span", "icon")
        .set("data-icon", name)
        .set("aria-hidden", "true")
}

/// A link to a panel.
#[must_use]
pub fn link(panel: Panel) -> Element {
    el("a").attr("href", panel.path().into())
}

/// A button that does `press`.
#[must_use]
pub fn button(class: &'static str, press: Press) -> Element {
    of("button", class)
        .set("type", "button")
        .attr("data-press", press.code().into())
}

/// A button that carries an act as data; see [`Carried`].
#[must_use]
pub fn act(class: &'static str, carried: &Carried) -> Element {
    let json = serde_json::to_string(carried).unwrap_or_default();
    of("button", class)
        .set("type", "button")
        .attr("data-act", json.into())
}

/// The button that sends a form.
#[must_use]
pub fn submit(label: &'static str) -> Element {
    of("button", "button primary")
        .set("type", "submit")
        .say(label)
}

/// The top of a panel: its title and the way out.
#[must_use]
pub fn top(look: &Look<'_>, title: Element) -> Element {
    of("header", "top").child(title).child(
        of("div", "ways")
            .maybe(leaf(look))
            .maybe(share(look))
            .child(
                link(Panel::Home)
                    .set("class", "round")
                    .set("aria-label", look.words.close)
                    .child(icon("close")),
            ),
    )
}

/// The way to show what is open to others; none where there is nothing to be shown.
#[must_use]
pub fn share(look: &Look<'_>) -> Option<Element> {
    let w = look.words;
    Some(
        el("a")
            .set("class", "round")
            .attr("href", shared(look, "/teilen")?.into())
            .set("data-document", "")
            .set("aria-label", w.share)
            .set("title", w.share)
            .child(icon("share")),
    )
}

/// On paper: the code that leads back here, and its address. Only printing fetches it.
#[must_use]
pub fn leaf(look: &Look<'_>) -> Option<Element> {
    Some(
        of("img", "leaf")
            .set("loading", "lazy")
            .set("alt", "")
            .attr("src", shared(look, "/teilen/blatt.svg")?.into()),
    )
}

/// `path` about what is open and where one looks.
fn shared(look: &Look<'_>, path: &str) -> Option<String> {
    let page = &look.state.page;
    let is_there = match (page.panel, &page.detail) {
        (Panel::Home, _) => true,
        (Panel::Node(id), _) => look.state.node(id).is_some(),
        (Panel::Thread(id), _) => look.state.thread(id).is_some(),
        (Panel::Role(id), Detail::Role { role, .. }) => role.role == id,
        _ => false,
    };
    let mut address = String::from(path);
    address.push_str("?zu=");
    address.push_str(&page.panel.path());
    address.push('&');
    address.push_str(&page.camera.to_string());
    address.push_str(&page.lens.and_query());
    is_there.then_some(address)
}

/// A title of more characters than these, two lines of a phone, does not stay in view while its panel is scrolled: it would fill it.
const SHORT_TITLE_MAX: usize = 40;

/// The title of a panel; it takes the focus when the panel opens.
#[must_use]
pub fn title(text: Text) -> Element {
    let is_long = text.chars().nth(SHORT_TITLE_MAX).is_some();
    of("h1", "title")
        .set("id", "title")
        .set("tabindex", "-1")
        .flag("data-long", is_long)
        .text(text)
}

/// A paragraph that explains.
#[must_use]
pub fn hint(text: Text) -> Element {
    of("p", "hint").text(text)
}

/// How old what is shown is, and why nobody keeps it true.
#[must_use]
pub fn still(look: &Look<'_>, why: &'static str) -> Element {
    let mut text = look.clock(look.state.page.now);
    text.push_str(why);
    hint(text.into())
}

/// A field with its label, a hint and, where a rule said no, the reason.
#[must_use]
pub fn field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    input: Element,
    error: Option<Text>,
) -> Element {
    let mut input = input.set("id", id).set("name", id);
    if error.is_some() {
        input = input
            .set("aria-invalid", "true")
            .attr("aria-describedby", described(id, "-error"));
    } else if !hint.is_empty() {
        input = input.attr("aria-describedby", described(id, "-hint"));
    }
    let mut field = of("div", "field").child(el("label").set("for", id).say(label));
    if !hint.is_empty() {
        field = field.child(of("p", "hint").attr("id", described(id, "-hint")).say(hint));
    }
    field
        .child(input)
        .maybe(error.map(|text| told("error", "alert", text).attr("id", described(id, "-error"))))
}

fn described(id: &'static str, suffix: &str) -> Text {
    let mut name = String::from(id);
    name.push_str(suffix);
    name.into()
}

/// What stands in place of a form where no script will ever run; nothing once it does.
#[must_use]
pub fn without_script(look: &Look<'_>) -> Option<Element> {
    (!look.state.awake).then(|| of("p", "scriptless").say(look.words.needs_script))
}

/// What became of what was sent, told to those who listen.
#[must_use]
pub fn done(text: impl Into<Text>) -> Element {
    told("done", "done", text.into()).set("role", "status")
}

/// What was sent is kept and has not happened yet, told to those who listen.
#[must_use]
pub fn waiting(text: &'static str) -> Element {
    told("waits", "clock", text.into()).set("role", "status")
}

/// A reason why something did not happen, told at once to those who listen.
#[must_use]
pub fn alert(text: Text) -> Element {
    told("error", "alert", text).set("role", "alert")
}

/// A line with its sign before it.
fn told(class: &'static str, sign: &'static str, text: Text) -> Element {
    of("p", class)
        .child(icon(sign))
        .child(el("span").text(text))
}

/// The word for a kind of knot.
#[must_use]
pub const fn kind_word(w: &'static Words, kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Idea => w.kind_idea,
        NodeKind::Event => w.kind_event,
        NodeKind::Place => w.kind_place,
        NodeKind::Tool => w.kind_tool,
        NodeKind::Bed => w.kind_bed,
        NodeKind::Structure => w.kind_structure,
    }
}

/// How one takes part in a knot, in one's own words.
#[must_use]
pub const fn level_word(w: &'static Words, level: JoinLevel) -> &'static str {
    match level {
        JoinLevel::Interest => w.node_interest,
        JoinLevel::Promise => w.node_join,
        JoinLevel::Responsibility => w.node_care,
    }
}

/// The kind of a knot as a small label.
#[must_use]
pub fn kind(look: &Look<'_>, kind: NodeKind) -> Element {
    of("span", "kind")
        .set("data-kind", kind.code())
        .child(icon(kind.code()))
        .child(el("span").say(kind_word(look.words, kind)))
}

/// The line of a thread, its hue and dash by kind, its strength in tenths.
#[must_use]
pub fn strand(kind: ThreadKind, yarn: bool, permille: u16) -> Element {
    const TENTHS: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    of("span", "strand")
        .set("data-kind", kind.code())
        .flag("data-yarn", yarn)
        .set(
            "data-strength",
            TENTHS[usize::from(permille.div_ceil(100).min(10))],
        )
        .set("aria-hidden", "true")
}

/// The state of one's act as a small label.
#[must_use]
pub fn badge(class: &'static str, text: &'static str) -> Element {
    of("span", class).say(text)
}

/// What is known, after the word for it, in a list of such.
#[must_use]
pub fn fact(word: &'static str, value: Element) -> Element {
    el("div").child(el("dt").say(word)).child(value)
}

/// A number that has room beside a word, and what it counts for those who do not see where it stands; none: nothing.
pub(crate) fn count(
    tone: &'static str,
    n: usize,
    one: &'static str,
    many: &'static str,
) -> Vec<Element> {
    if n == 0 {
        return Vec::new();
    }
    // Not counted on beyond that.
    let (number, told) = if n > UNREAD_TOLD_MAX as usize {
        ("99+".into(), fill(many, "n", "99+").into())
    } else {
        (n.to_string().into(), counted(one, many, n))
    };
    let number = if tone == LOUD { "!".into() } else { number };
    vec![
        of("span", "count")
            .set("aria-hidden", "true")
            .set("data-tone", tone)
            .attr("title", told.clone())
            .text(number),
        of("span", "unseen").text(told),
    ]
}

/// The tone of a number that waits for an answer of one's own.
pub(crate) const LOUD: &str = "loud";

/// The way to a document of its own, without script.
pub(crate) fn document(path: &'static str) -> Element {
    el("a").set("href", path).set("data-document", "")
}

/// The way to the document that tells who runs this.
pub(crate) fn about(look: &Look<'_>) -> Element {
    of("p", "foot").child(document("/ueber").say(look.words.about_link))
}
