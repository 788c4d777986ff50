//! The pictures of a knot, to add and remove some, and one's own. Plain forms: a picture needs the network in any case, and no script.

use domain::command::Act;
use domain::id::{NodeId, PictureId};
use domain::link::Panel;
use domain::page::{Page, Viewer};
use domain::refusal::Refusal;
use domain::view::NodeRow;
use domain::weave::{ALT_MAX, PICTURE_KEPT_DAYS, PICTURES_MAX, Picture};

use super::drawn;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::weave::picture;
use crate::why;
use crate::words::{PlainWords, fill, plain_words};

/// What became of a form that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The picture is there.
    Shown,
    Removed,
    /// The file was not taken.
    Unfit(Unfit),
    /// The act was not.
    Refused(Refusal),
}

/// What came back of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Back {
    pub told: Option<Told>,
    /// What was said about a picture that was not taken.
    pub alt: String,
}

/// Why a file is not taken as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    NoFile,
    TooLarge,
    NotAPicture,
    TooManyPixels,
    Broken,
    /// The role has no room for more.
    Full,
    /// Too often in a short time.
    TooMany,
    /// Nothing is wrong with the file: again.
    Busy,
}

impl Unfit {
    pub const ALL: [Self; 8] = [
        Self::NoFile,
        Self::TooLarge,
        Self::NotAPicture,
        Self::TooManyPixels,
        Self::Broken,
        Self::Full,
        Self::TooMany,
        Self::Busy,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::NoFile => "keins",
            Self::TooLarge => "zu-gross",
            Self::NotAPicture => "kein-bild",
            Self::TooManyPixels => "zu-viele-punkte",
            Self::Broken => "kaputt",
            Self::Full => "voll",
            Self::TooMany => "zu-oft",
            Self::Busy => "gestoert",
        }
    }

    fn words(self, w: &'static PlainWords) -> Text {
        let word = match self {
            Self::NoFile => w.unfit_no_file,
            Self::TooLarge => w.unfit_too_large,
            Self::NotAPicture => w.unfit_not_a_picture,
            Self::TooManyPixels => w.unfit_too_many_pixels,
            Self::Broken => w.unfit_broken,
            Self::Full => return in_days(w.unfit_full),
            Self::TooMany => w.unfit_too_many,
            Self::Busy => w.unfit_busy,
        };
        word.into()
    }
}

impl Told {
    /// The parameter by which an address says it: a name and its value, which is not encoded yet.
    #[must_use]
    pub fn parameter(&self) -> (&'static str, String) {
        match self {
            Self::Shown => ("bild", "da".to_owned()),
            Self::Removed => ("bild", "weg".to_owned()),
            Self::Unfit(unfit) => ("bild", unfit.code().to_owned()),
            // It is made of a name and numbers, so it always has a JSON form.
            Self::Refused(refusal) => ("nein", serde_json::to_string(refusal).unwrap_or_default()),
        }
    }

    /// What a parameter of an address says; none where it is another one.
    #[must_use]
    pub fn from_parameter(name: &str, value: &str) -> Option<Self> {
        match (name, value) {
            ("bild", "da") => Some(Self::Shown),
            ("bild", "weg") => Some(Self::Removed),
            ("bild", code) => {
                let mut all = Unfit::ALL.into_iter();
                all.find(|unfit| unfit.code() == code).map(Self::Unfit)
            }
            ("nein", json) => serde_json::from_str(json).ok().map(Self::Refused),
            _ => None,
        }
    }
}

/// Puts the panel of a knot's pictures into its page.
pub fn draw(page: &mut Page, node: &NodeRow, back: &Back) {
    let title = fill(plain_words(page.lang).pictures_title, "title", &node.title);
    drawn::draw(page, title, Some(node), |look| content(look, node, back));
}

/// Puts the panel of one's own picture into its page.
pub fn draw_portrait(page: &mut Page, back: &Back) {
    let title = plain_words(page.lang).portrait_title.to_owned();
    drawn::draw(page, title, None, |look| portrait(look, back));
}

/// All below the title of a knot's pictures.
#[must_use]
pub fn content(look: &Look<'_>, node: &NodeRow, back: &Back) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let max = PICTURES_MAX.to_string();
    let mut content =
        vec![of("p", "byline").child(parts::link(Panel::Node(node.id)).say(w.history_back))];
    content.extend(said(look, w, back, w.pictures_gone));
    content.push(parts::hint(fill(w.pictures_lead, "max", &max).into()));
    let may = may_add(look, w, node);
    if node.pictures.is_empty() {
        content.push(parts::hint(w.pictures_none.into()));
    } else {
        let may_remove = |picture| {
            let node = node.id;
            look.state
                .judge(Act::RemovePicture { node, picture })
                .is_ok()
        };
        let pictures = (1..).zip(&node.pictures).map(|(n, shown)| {
            let name = picture::name(look.words, n, shown);
            let remove = may_remove(shown.id).then(|| {
                el("form")
                    .set("method", "post")
                    .attr("action", removal(node.id, shown.id).into())
                    .child(
                        of("button", "button small")
                            .set("type", "submit")
                            .attr(
                                "aria-label",
                                [w.pictures_remove, ": ", &name].concat().into(),
                            )
                            .say(w.pictures_remove),
                    )
                    .child(drawn::cut_off(w))
            });
            picture::item(look.words, n, shown).maybe(remove)
        });
        content.push(picture::list(pictures.collect()));
    }
    content.push(match may {
        Ok(()) => form(w, &Panel::Pictures(node.id).path(), Some(&back.alt)),
        Err(why_not) => why_not,
    });
    content
}

fn removal(node: NodeId, picture: PictureId) -> String {
    [
        &*Panel::Pictures(node).path(),
        "/",
        &picture.to_string(),
        "/entfernen",
    ]
    .concat()
}

/// Whether the asker may show one more here, else what is said instead of the form.
fn may_add(look: &Look<'_>, w: &'static PlainWords, node: &NodeRow) -> Result<(), Element> {
    if look.state.me.is_none() {
        let lead = parts::hint(w.pictures_guest.into());
        return Err(match look.state.page.viewer {
            Viewer::Guest => of("div", "deed").child(lead).child(sign_in(look)),
            Viewer::Account { .. } | Viewer::Role { .. } => lead,
        });
    }
    // Any picture: which one it will be is not known yet.
    let add = Act::AddPicture {
        node: node.id,
        picture: PictureId(uuid::Uuid::nil()),
        alt: None,
    };
    look.state
        .judge(add)
        .map_err(|refusal| parts::hint(why::refusal(look, &refusal)))
}

fn sign_in(look: &Look<'_>) -> Element {
    parts::link(Panel::SignIn)
        .set("class", "button primary")
        .say(look.words.me_sign_in)
}

fn portrait(look: &Look<'_>, back: &Back) -> Vec<Element> {
    let w = plain_words(look.state.page.lang);
    let Some(me) = &look.state.me else {
        return vec![parts::hint(w.pictures_guest.into()), sign_in(look)];
    };
    let mut content = vec![of("p", "byline").child(parts::link(Panel::Me).say(w.portrait_back))];
    content.extend(said(look, w, back, w.portrait_gone));
    content.push(parts::hint(w.portrait_lead.into()));
    if let Some(id) = me.profile.picture {
        let shown = Picture {
            id,
            alt: w.portrait_alt.to_owned(),
        };
        let path = Panel::Portrait.path();
        let remove = el("form")
            .set("method", "post")
            .attr("action", [&*path, "/entfernen"].concat().into())
            .child(
                of("button", "button small")
                    .set("type", "submit")
                    .say(w.pictures_remove),
            )
            .child(drawn::cut_off(w));
        let shown = picture::item(look.words, 1, &shown).child(remove);
        content.push(picture::list(vec![shown]));
    }
    content.push(form(w, &Panel::Portrait.path(), None));
    content
}

/// The form that brings a file, and where it asks for it what was said about one. A phone offers its camera by itself.
fn form(w: &'static PlainWords, action: &str, alt: Option<&str>) -> Element {
    let file = of("input", "input")
        .set("type", "file")
        .set("accept", "image/jpeg,image/png,image/webp")
        .flag("required", true);
    let alt = alt.map(|said| {
        let alt = of("input", "input")
            .set("type", "text")
            .attr("maxlength", ALT_MAX.to_string().into())
            .attr("value", said.to_owned().into());
        parts::field("alt", w.pictures_alt, w.pictures_alt_hint, alt, None)
    });
    of("form", "form")
        .set("method", "post")
        .set("enctype", "multipart/form-data")
        .attr("action", action.to_owned().into())
        .child(parts::field(
            "bild",
            w.pictures_file,
            w.pictures_file_hint,
            file,
            None,
        ))
        .maybe(alt)
        .child(parts::submit(w.pictures_send))
        .child(drawn::cut_off(w))
        .child(parts::hint(w.pictures_network.into()))
}

/// What became of the form, in words.
fn said(
    look: &Look<'_>,
    w: &'static PlainWords,
    back: &Back,
    removed: &'static str,
) -> Option<Element> {
    Some(drawn::first(match back.told? {
        Told::Shown => parts::done(w.pictures_thanks),
        Told::Removed => parts::done(in_days(removed)),
        Told::Unfit(unfit) => parts::alert(unfit.words(w)),
        Told::Refused(refusal) => parts::alert(why::refusal(look, &refusal)),
    }))
}

/// A text that says, where it does, for how long a picture is kept that nothing shows.
fn in_days(text: &str) -> Text {
    fill(text, "days", &PICTURE_KEPT_DAYS.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_survives_its_address() {
        let refused = Told::Refused(Refusal::TooManyPictures { max: 6 });
        let unfit = Unfit::ALL.map(Told::Unfit);
        for told in [Told::Shown, Told::Removed, refused]
            .into_iter()
            .chain(unfit)
        {
            let (name, value) = told.parameter();
            assert_eq!(Told::from_parameter(name, &value), Some(told), "{value}");
        }
        for (name, value) in [("bild", "unsinn"), ("nein", "{}"), ("lang", "da")] {
            assert_eq!(Told::from_parameter(name, value), None);
        }
    }
}
