//! The words of feeds, which are read elsewhere.

use domain::page::Lang;
use domain::weave::NodeKind;

use crate::parts;
use crate::words::{fill, plain_words, words};

/// What the public feed of a part of the map is called.
#[must_use]
pub fn of_box(lang: Lang) -> String {
    plain_words(lang).feed_box.to_owned()
}

/// What the feed of an area is called that a member has given that name.
#[must_use]
pub fn of_area(lang: Lang, name: &str) -> String {
    fill(plain_words(lang).feed_area, "name", name)
}

/// The word for a kind of knot, for those who read it elsewhere.
#[must_use]
pub const fn kind_of(lang: Lang, kind: NodeKind) -> &'static str {
    parts::kind_word(words(lang), kind)
}
