//! Looking for words: what is asked, in which order, and what is found.

use serde::{Deserialize, Serialize};

use crate::id::{MessageId, NodeId, RoleId};
use crate::link::Panel;
use crate::place::Place;
use crate::talk::link;
use crate::tidy::without_control;
use crate::weave::NodeKind;

/// Characters of what is asked; of a longer text these are looked at, and programs are told so.
pub const TEXT_MAX: usize = 100;
/// Things found at most.
pub const HITS_MAX: u16 = 30;

const TEXT: &str = "q=";
const ORDER: &str = "nach=";
/// The word of [`Order::Distance`] in an address; the other order is the usual one and has none.
const DISTANCE: &str = "entfernung";

/// What comes first of what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// What says most nearly what was asked; of two alike the nearer one.
    #[default]
    Relevance,
    /// What is nearest to the middle of the map; last what has no place.
    Distance,
}

impl Order {
    /// How an address asks for [`Self::Distance`]: a parameter and its value.
    pub const ADDRESS: (&'static str, &'static str) = ("nach", DISTANCE);

    /// Its word in JSON and on buttons.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Distance => "distance",
        }
    }

    /// The order that an address asks for; the usual one where it does not.
    #[must_use]
    pub fn from_address(word: Option<&str>) -> Self {
        match word {
            Some(DISTANCE) => Self::Distance,
            _ => Self::Relevance,
        }
    }

    /// The order with that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Relevance, Self::Distance]
            .into_iter()
            .find(|order| order.code() == code)
    }
}

/// A question, as an address carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// One line without control characters, [`TEXT_MAX`] of them at most.
    pub text: String,
    pub order: Order,
}

impl Search {
    /// Asks for what somebody has typed.
    #[must_use]
    pub fn new(typed: &str, order: Order) -> Self {
        let mut text = String::new();
        for word in without_control(typed).split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        if let Some((end, _)) = text.char_indices().nth(TEXT_MAX) {
            text.truncate(end);
        }
        Self { text, order }
    }

    /// What a query string (without its `?`) asks for; nothing where it does not.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let value = |name| query.split('&').find_map(|part| part.strip_prefix(name));
        let text = decoded(value(TEXT).unwrap_or_default());
        Self::new(&text, Order::from_address(value(ORDER)))
    }

    /// What stands in the query of an address; nothing where nothing is asked.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = String::new();
        if !self.text.is_empty() {
            query.push_str(TEXT);
            encode(&self.text, &mut query);
        }
        if self.order == Order::Distance {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(ORDER);
            query.push_str(DISTANCE);
        }
        query
    }
}

/// Appends a text so that nothing in it means anything in an address.
fn encode(text: &str, query: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            query.push(char::from(byte));
        } else {
            query.push('%');
            for digit in [byte >> 4, byte & 15] {
                query.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
    }
}

/// Reads what [`encode`] or a form without script has written.
fn decoded(value: &str) -> String {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = value.as_bytes();
    let (mut read, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, digit(bytes.get(at)), digit(bytes.get(at + 1))) {
            (b'%', Some(high), Some(low)) => {
                read.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', _, _) => read.push(b' '),
            _ => read.push(byte),
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    /// In the order that was asked for; [`HITS_MAX`] at most.
    pub hits: Vec<Hit>,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    pub of: Subject,
    /// The title of a knot, also of the one at which something was said; the name of a role.
    pub title: String,
    /// One line of its text around what was asked for; empty where it has none.
    pub excerpt: String,
    /// Where it is shown; none for a hidden role.
    pub place: Option<Place>,
    /// Metres from the middle of the map; none where it has no place.
    pub distance_m: Option<u32>,
}

/// What a hit is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(target_family = "wasm"), serde(tag = "is"))]
#[cfg_attr(target_family = "wasm", serde(remote = "Self"))]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Node {
        node: NodeId,
        kind: NodeKind,
    },
    Role {
        role: RoleId,
    },
    /// The newest message of a conversation that was found in it.
    Message {
        message: MessageId,
        node: NodeId,
        /// The kind of its knot.
        kind: NodeKind,
        /// The name of who said it.
        by: String,
    },
}

crate::json::tagged!(Subject, "is");

impl Subject {
    /// Where it is read.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Node { node, .. } => Panel::Node(*node).path(),
            Self::Role { role } => Panel::Role(*role).path(),
            Self::Message { node, .. } => link::newest(*node),
        }
    }

    /// Tells it from all others.
    #[must_use]
    pub const fn key(&self) -> u128 {
        match self {
            Self::Node { node, .. } => node.0.as_u128(),
            Self::Role { role } => role.0.as_u128(),
            Self::Message { message, .. } => message.0.as_u128(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_survives_its_address() {
        for typed in [
            "Fahrrad",
            "Löffel & Gabel = 2",
            "100 % Wolle + Garn?",
            "🧵 #garn",
            "أحمد سالم",
            "a/b\\c'd\"e",
        ] {
            for order in [Order::Relevance, Order::Distance] {
                let search = Search::new(typed, order);
                assert_eq!(search.text, typed);
                let query = search.query();
                assert!(query.is_ascii() && !query.contains(' '), "{query}");
                assert_eq!(Search::from_query(&query), search, "{query}");
                let between = format!("@1,2,3&{query}&linse=tool");
                assert_eq!(Search::from_query(&between), search, "{between}");
            }
        }
        assert_eq!(Search::default().query(), "");
    }

    #[test]
    fn what_a_form_without_script_sends_is_read_and_nonsense_is_no_harm() {
        let read = |query| Search::from_query(query).text;
        assert_eq!(read("q=alte+Leiter&%401%2C2%2C3="), "alte Leiter");
        assert_eq!(read("q=100%"), "100%");
        assert_eq!(read("q=%zz%4"), "%zz%4");
        assert_eq!(read("q=%ff"), "\u{fffd}");
        assert_eq!(read("q=a%00b"), "ab");
        assert_eq!(read("linse=tool"), "");
        assert_eq!(Search::from_query("nach=unsinn").order, Order::Relevance);
    }

    #[test]
    fn it_is_one_line_of_bounded_length() {
        let long = Search::new(&"ä ".repeat(5000), Order::Relevance);
        assert_eq!(long.text.chars().count(), TEXT_MAX);
        let lines = Search::new(" alte\n\tLeiter ", Order::Relevance);
        assert_eq!(lines.text, "alte Leiter");
    }
}
