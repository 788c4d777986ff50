//! The parts of the map that one follows: to keep one, to call it otherwise, to have it as a feed, to let it go. All of it goes by
//! plain forms, which need no script.

use domain::area::{Area, AreaFlaw, NAME_MAX};
use domain::id::AreaId;
use domain::link::{Camera, Panel};
use domain::page::{Page, Viewer};
use domain::weave::NodeKind;

use super::drawn;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::words::{PlainWords, fill, plain_words};

/// An area that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: AreaId,
    pub name: String,
    /// None: all of them.
    pub kinds: Vec<NodeKind>,
    pub shape: Area,
    pub feeds: Feeds,
}

/// The addresses of what feed readers and calendars read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feeds {
    pub atom: String,
    pub calendar: String,
}

/// What the panel of all areas shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    pub kept: Vec<Kept>,
    /// The id that the next one gets.
    pub next: AreaId,
    /// What the page's camera sees, with its public feeds; none from too far off.
    pub view: Option<(Area, Feeds)>,
    pub back: Option<Back>,
    pub done: Option<Done>,
}

/// What came back of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    pub flaw: AreaFlaw,
    /// The name that was typed.
    pub name: String,
    /// What was chosen.
    pub kinds: Vec<NodeKind>,
    /// What was drawn, where that can be an area.
    pub shape: Option<Area>,
}

/// What a form has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Kept,
    Saved,
    /// Its feeds have new addresses.
    Renewed,
    Removed,
}

impl Done {
    pub const ALL: [Self; 4] = [Self::Kept, Self::Saved, Self::Renewed, Self::Removed];

    /// Its word in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "gemerkt",
            Self::Saved => "gespeichert",
            Self::Renewed => "adressen",
            Self::Removed => "entfernt",
        }
    }

    /// What has that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }

    fn said(self, w: &'static PlainWords) -> Element {
        drawn::first(parts::done(match self {
            Self::Kept => w.areas_kept,
            Self::Saved => w.areas_saved,
            Self::Renewed => w.areas_renewed,
            Self::Removed => w.areas_removed,
        }))
    }
}

/// Puts the panel of all areas into its page.
pub fn draw(page: &mut Page, areas: &Areas) {
    let title = plain_words(page.lang).areas_title.to_owned();
    drawn::draw(page, title, None, |look| content(look, areas));
}

/// Puts the panel of one area into its page.
pub fn draw_one(page: &mut Page, kept: &Kept, back: Option<&Back>, done: Option<Done>) {
    let title = kept.name.clone();
    drawn::draw(page, title, None, |look| one(look, kept, back, done));
}

/// All below the title of the panel of all areas.
#[must_use]
pub fn content(look: &Look<'_>, areas: &Areas) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let mut content: Vec<Element> = areas.done.map(|done| done.said(w)).into_iter().collect();
    content.push(parts::hint(w.areas_lead.into()));
    if look.state.page.viewer == Viewer::Guest {
        content.push(parts::hint(w.areas_guest.into()));
        content.push(
            parts::link(Panel::SignIn)
                .set("class", "button primary")
                .say(look.words.me_sign_in),
        );
    } else {
        if !areas.kept.is_empty() {
            let rows = areas.kept.iter().map(|kept| row(look, w, kept)).collect();
            content.push(of("ol", "list").set("role", "list").all(rows));
        }
        content.push(new(look, w, areas));
    }
    if let Some((_, feeds)) = &areas.view {
        content.push(
            of("section", "block")
                .child(el("h2").say(w.areas_public_title))
                .child(parts::hint(w.areas_public.into()))
                .all(feeds_of(w, feeds)),
        );
    }
    content
}

fn row(look: &Look<'_>, w: &'static PlainWords, kept: &Kept) -> Element {
    let facts = [
        &kinds_word(look, w, &kept.kinds),
        " · ",
        &look.distance(kept.shape.across_m().round() as u32),
    ]
    .concat();
    el("li").child(
        parts::link(Panel::Area(kept.id))
            .set("class", "row")
            .child(of("span", "seal").child(parts::icon("map")))
            .child(
                of("span", "row-text")
                    .child(of("span", "row-title").text(kept.name.clone().into()))
                    .child(of("span", "row-facts").child(el("span").text(facts.into()))),
            ),
    )
}

fn kinds_word(look: &Look<'_>, w: &'static PlainWords, kinds: &[NodeKind]) -> String {
    if kinds.is_empty() {
        return w.areas_all_kinds.to_owned();
    }
    let words = kinds.iter().map(|kind| parts::kind_word(look.words, *kind));
    words.collect::<Vec<_>>().join(", ")
}

/// The form to keep what one sees.
fn new(look: &Look<'_>, w: &'static PlainWords, areas: &Areas) -> Element {
    let section = of("section", "block").child(el("h2").say(w.areas_new_title));
    let back = areas.back.as_ref();
    let brought = back.and_then(|back| back.shape.as_ref());
    let seen = areas.view.as_ref().map(|(shape, _)| (shape, w.areas_view));
    let Some((shape, words)) = brought.map(|shape| (shape, w.areas_shape)).or(seen) else {
        return section.child(parts::hint(w.areas_flaw_too_large.into()));
    };
    let typed = back.map(|back| back.name.clone()).unwrap_or_default();
    section.child(
        form(look, Panel::Areas.path())
            .child(hidden("id", areas.next.to_string()))
            .child(name(w, typed, back))
            .child(kinds(look, w, back.map_or(&[], |back| &back.kinds)))
            .child(place(look, w, shape, words))
            .maybe(other_flaw(w, back))
            .child(parts::submit(w.areas_keep))
            .child(drawn::cut_off(w))
            .child(parts::hint(w.areas_network.into())),
    )
}

/// All below the title of the panel of one area.
#[must_use]
pub fn one(look: &Look<'_>, kept: &Kept, back: Option<&Back>, done: Option<Done>) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let path = Panel::Area(kept.id).path();
    let typed = back.map_or_else(|| kept.name.clone(), |back| back.name.clone());
    let chosen = back.map_or(&kept.kinds, |back| &back.kinds);
    let shape = back.and_then(|back| back.shape.as_ref());
    let shape = shape.unwrap_or(&kept.shape);
    let middle = kept.shape.middle();
    let camera = Camera {
        centre: middle,
        zoom_centi: look.state.page.camera.zoom_centi,
    };
    let mut content: Vec<Element> = done.map(|done| done.said(w)).into_iter().collect();
    content.extend([
        of("p", "byline").child(parts::link(Panel::Areas).say(w.areas_back)),
        el("a")
            .set("class", "button")
            .attr("href", ["/?", &camera.to_string()].concat().into())
            .attr("data-press", Press::Show(middle).code().into())
            .say(w.areas_show),
        form(look, path.clone())
            .child(name(w, typed, back))
            .child(kinds(look, w, chosen))
            .child(place(look, w, shape, w.areas_shape))
            .maybe(other_flaw(w, back))
            .child(parts::submit(w.areas_save))
            .child(drawn::cut_off(w)),
        of("section", "block")
            .child(el("h2").say(w.areas_feed_title))
            .child(parts::hint(w.areas_feed_text.into()))
            .all(feeds_of(w, &kept.feeds))
            .child(
                form(look, [&path, "/adresse"].concat())
                    .child(parts::hint(w.areas_feed_renew_hint.into()))
                    .child(
                        of("button", "button small")
                            .set("type", "submit")
                            .say(w.areas_feed_renew),
                    )
                    .child(drawn::cut_off(w)),
            ),
        of("section", "block").child(
            el("details")
                .child(of("summary", "text").say(w.areas_remove))
                .child(
                    form(look, [&path, "/entfernen"].concat())
                        .child(parts::hint(w.areas_remove_sure.into()))
                        .child(
                            of("button", "button")
                                .set("type", "submit")
                                .say(w.areas_remove_yes),
                        )
                        .child(drawn::cut_off(w)),
                ),
        ),
    ]);
    content
}

/// A form that the browser sends by itself; where one looks goes with it and comes back.
fn form(look: &Look<'_>, path: String) -> Element {
    el("form")
        .set("class", "form")
        .set("method", "post")
        .attr("action", path.into())
        .child(hidden("view", look.state.page.camera.to_string()))
}

fn hidden(name: &'static str, value: String) -> Element {
    el("input")
        .set("type", "hidden")
        .set("name", name)
        .attr("value", value.into())
}

fn name(w: &'static PlainWords, now: String, back: Option<&Back>) -> Element {
    let error = back.filter(|back| back.flaw == AreaFlaw::Name);
    let input = el("input")
        .set("type", "text")
        .set("autocomplete", "off")
        .set("required", "")
        .attr("maxlength", NAME_MAX.to_string().into())
        .attr("value", now.into());
    let error = error.map(|_| Text::from(w.areas_flaw_name));
    parts::field("name", w.areas_name, w.areas_name_hint, input, error)
}

fn kinds(look: &Look<'_>, w: &'static PlainWords, chosen: &[NodeKind]) -> Element {
    let choice = |kind: NodeKind| {
        of("label", "choice")
            .set("data-kind", kind.code())
            .child(
                el("input")
                    .set("type", "checkbox")
                    .set("name", "kind")
                    .set("value", kind.code())
                    .flag("checked", chosen.contains(&kind)),
            )
            .child(parts::icon(kind.code()))
            .child(el("span").say(parts::kind_word(look.words, kind)))
    };
    let choices = NodeKind::BY_HAND.into_iter().map(choice).collect();
    el("fieldset")
        .set("class", "kinds")
        .child(el("legend").say(w.areas_kinds))
        .child(parts::hint(w.areas_kinds_hint.into()))
        .child(of("div", "choices").all(choices))
}

/// Where it is: what the form sends, how wide that is, and the way to draw it otherwise, which is the map's.
fn place(look: &Look<'_>, w: &'static PlainWords, shape: &Area, words: &'static str) -> Element {
    let across = look.distance(shape.across_m().round() as u32);
    of("div", "field area")
        .set("data-area", "")
        .child(hidden("corners", shape.text()))
        .child(parts::hint(fill(words, "across", &across).into()).set("role", "status"))
        .child(
            of("button", "button small of-map")
                .set("type", "button")
                .set("data-draw", "")
                .set("data-drawing", w.areas_drawing)
                .set("data-keys", w.areas_keys)
                .attr("data-corners", counted(w.areas_corners))
                .attr("data-drawn", counted(w.areas_drawn))
                .set("data-done", w.areas_draw_done)
                .set("data-undo", w.areas_draw_undo)
                .set("data-cancel", w.areas_draw_cancel)
                .say(w.areas_draw),
        )
        .child(failed(w.areas_draw_failed))
}

/// The map's script shows it, where what the button before it does can't be done.
fn failed(word: &'static str) -> Element {
    parts::alert(word.into()).flag("hidden", true)
}

/// The map's script puts the number of corners there.
fn counted(words: &'static str) -> Text {
    fill(words, "n", "%").into()
}

fn other_flaw(w: &'static PlainWords, back: Option<&Back>) -> Option<Element> {
    let word = match back?.flaw {
        AreaFlaw::Name => return None,
        AreaFlaw::Corners => w.areas_flaw_corners,
        AreaFlaw::Crossing => w.areas_flaw_crossing,
        AreaFlaw::TooLarge => w.areas_flaw_too_large,
        AreaFlaw::TooMany => w.areas_flaw_too_many,
    };
    Some(drawn::first(parts::alert(word.into())))
}

/// The addresses, to be opened, or selected and copied.
fn feeds_of(w: &'static PlainWords, feeds: &Feeds) -> Vec<Element> {
    let address = |word: &'static str, address: &str| {
        of("div", "field")
            .child(
                of("a", "text")
                    .attr("href", address.to_owned().into())
                    .set("data-document", "")
                    .say(word),
            )
            .child(
                el("input")
                    .set("type", "text")
                    .set("readonly", "")
                    .set("aria-label", word)
                    .attr("value", address.to_owned().into()),
            )
            .child(
                of("button", "button small of-map")
                    .set("type", "button")
                    .set("data-copy", "")
                    .set("data-copied", w.share_copied)
                    .say(w.share_copy),
            )
            .child(failed(w.share_copy_failed))
    };
    vec![
        address(w.areas_feed_atom, &feeds.atom),
        address(w.areas_feed_calendar, &feeds.calendar),
    ]
}
