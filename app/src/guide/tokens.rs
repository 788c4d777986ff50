//! The tokens of the style sheets, read from them, and what has to hold between colours.

use super::colour::Colour;

const SCALE: &str = include_str!("../../../style/scale.css");
const ROLES: &str = include_str!("../../../style/roles.css");
const GROUND: &str = include_str!("../../../style/ground.css");

/// One custom property: `--ink`, with its values in the light and in the dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Without its dashes.
    pub name: &'static str,
    pub light: &'static str,
    /// None where it is the same in both.
    pub dark: Option<&'static str>,
}

impl Token {
    /// Its colours in the light and in the dark, where it is one.
    #[must_use]
    pub fn colours(self) -> Option<(Colour, Colour)> {
        let light = Colour::parse(self.light)?;
        let dark = match self.dark {
            Some(dark) => Colour::parse(dark)?,
            None => light,
        };
        Some((light, dark))
    }
}

/// Sizes, gaps, corners, motion.
#[must_use]
pub fn scale() -> Vec<Token> {
    read(SCALE)
}

/// What colours are for.
#[must_use]
pub fn roles() -> Vec<Token> {
    read(ROLES)
}

/// The colours of the base map.
#[must_use]
pub fn ground() -> Vec<Token> {
    read(GROUND)
}

/// The custom properties of a sheet, in its order. It relies on how the sheets are written: a declaration a line.
fn read(sheet: &'static str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_dark = false;
    let mut is_narrow = false;
    for line in sheet.lines() {
        if line.starts_with("@media") {
            is_dark = line.contains("prefers-color-scheme: dark");
            is_narrow = !is_dark;
        } else if line.starts_with('}') {
            (is_dark, is_narrow) = (false, false);
        }
        let declaration = line
            .trim()
            .strip_prefix("--")
            .and_then(|line| line.strip_suffix(';'));
        let Some((name, value)) = declaration.and_then(|line| line.split_once(": ")) else {
            continue;
        };
        match tokens.iter_mut().find(|token| token.name == name) {
            Some(token) if is_dark => token.dark = Some(value),
            // What a small window or calm motion change is for those alone.
            Some(_) => {}
            None if is_narrow => {}
            None => tokens.push(Token {
                name,
                light: value,
                dark: None,
            }),
        }
    }
    tokens
}

/// Which colour stands on which, and how much contrast that takes.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub on: &'static str,
    pub what: &'static str,
    /// 4.5 for text, 3 for lines and pictures (WCAG 2.2, 1.4.3 and 1.4.11).
    pub least: f64,
}

/// Every pair that the page makes.
#[must_use]
pub fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut all = |what: &[&'static str], on: &[&'static str], least: f64| {
        for on in on {
            pairs.extend(what.iter().map(|what| Pair { on, what, least }));
        }
    };
    let papers = ["linen", "surface", "raised", "sunken"];
    all(&["ink", "soft"], &papers, TEXT);
    all(
        &["ink", "soft"],
        &["calm-veil", "wrong-veil", "accent-veil"],
        TEXT,
    );
    all(&["accent", "accent-strong"], &papers, TEXT);
    all(
        &["accent", "accent-strong"],
        &["calm-veil", "wrong-veil", "accent-veil"],
        TEXT,
    );
    all(
        &["wrong"],
        &["surface", "raised", "sunken", "wrong-veil"],
        TEXT,
    );
    all(&["good"], &["surface", "raised"], TEXT);
    all(&["on-accent"], &["accent", "accent-strong"], TEXT);
    all(&["edge"], &["surface", "raised"], LINE);
    all(&KINDS, &["surface", "raised", "sunken"], TEXT);
    all(&THREADS, &["surface", "raised", "map-linen"], LINE);
    all(&["map-ink"], &["map-linen", "ground-halo"], TEXT);
    all(&["map-spool"], &["map-linen"], LINE);
    all(&THREADS, &GROUNDS, LINE);
    all(&NAMES, &["ground-halo"], TEXT);
    // These have what they name as their halo.
    all(&["ground-water-name"], &["ground-water"], TEXT);
    all(&["ground-green-name"], &["ground-grass"], TEXT);
    pairs
}

/// What is read.
pub const TEXT: f64 = 4.5;
/// What is only told apart from what is beside it.
pub const LINE: f64 = 3.0;

/// The hues of threads. Gold is for gold alone.
pub const THREADS: [&str; 6] = [
    "thread-create",
    "thread-change",
    "thread-talk",
    "thread-join",
    "thread-vouch",
    "gold",
];
/// The hues of kinds of knots, which are words and pictures beside them.
pub const KINDS: [&str; 6] = [
    "kind-idea",
    "kind-event",
    "kind-place",
    "kind-tool",
    "kind-bed",
    "kind-structure",
];
/// What covers most of a base map: threads are seen on all of it.
const GROUNDS: [&str; 9] = [
    "ground-wood",
    "ground-grass",
    "ground-field",
    "ground-sand",
    "ground-built",
    "ground-water",
    "ground-house",
    "ground-street",
    "ground-highway",
];
/// Names on the base map, each with its halo.
const NAMES: [&str; 4] = [
    "ground-name",
    "ground-place",
    "ground-water-name",
    "ground-green-name",
];
