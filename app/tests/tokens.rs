//! The style's tokens keep what people's eyes need, in the light and in the dark.

use app::guide::colour::{Colour, Sight};
use app::guide::guide;
use app::guide::tokens::{self, THREADS, Token};
use app::shell::Assets;
use domain::page::Lang;

fn all() -> Vec<Token> {
    [tokens::roles(), tokens::ground()].concat()
}

fn colours(tokens: &[Token], name: &str) -> (Colour, Colour) {
    let token = tokens.iter().find(|token| token.name == name);
    token
        .and_then(|token| token.colours())
        .unwrap_or_else(|| panic!("--{name} is a colour"))
}

#[test]
fn every_pair_of_colours_has_the_contrast_it_takes() {
    let tokens = all();
    let mut wrong = Vec::new();
    for pair in tokens::pairs() {
        let (on, what) = (colours(&tokens, pair.on), colours(&tokens, pair.what));
        for (scheme, contrast) in [
            ("light", what.0.contrast(on.0)),
            ("dark", what.1.contrast(on.1)),
        ] {
            if contrast < pair.least {
                wrong.push(format!(
                    "{} on {} ({scheme}): {contrast:.2}, not {}",
                    pair.what, pair.on, pair.least
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two hues that are nearer than this are one (Oklab); each kind has its dash beside it all the same.
const APART: f64 = 0.08;

#[test]
fn threads_are_told_apart_by_every_kind_of_eyes() {
    let tokens = all();
    let mut wrong = Vec::new();
    for (n, one) in THREADS.iter().enumerate() {
        for two in &THREADS[..n] {
            let (a, b) = (colours(&tokens, one), colours(&tokens, two));
            for sight in Sight::ALL {
                for (scheme, apart) in [
                    ("light", a.0.difference(b.0, sight)),
                    ("dark", a.1.difference(b.1, sight)),
                ] {
                    if apart < APART {
                        wrong.push(format!("{one} and {two} ({scheme}, {sight:?}): {apart:.3}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn gold_is_for_gold_alone() {
    let tokens = all();
    let gold = colours(&tokens, "gold");
    let spool = colours(&tokens, "map-spool");
    for sight in Sight::ALL {
        assert!(gold.0.difference(spool.0, sight) > APART, "{sight:?}");
        assert!(gold.1.difference(spool.1, sight) > APART, "{sight:?}");
    }
    // The purse will use it; so far only the page of the design shows it.
    for (name, sheet) in SHEETS {
        assert!(!sheet.contains("var(--gold"), "{name}");
    }
}

/// The sheets of the pages, but for those that only name colours.
const SHEETS: [(&str, &str); 6] = [
    ("frame", include_str!("../../style/frame.css")),
    ("sheet", include_str!("../../style/sheet.css")),
    ("parts", include_str!("../../style/parts.css")),
    ("weave", include_str!("../../style/weave.css")),
    ("talk", include_str!("../../style/talk.css")),
    ("spool", include_str!("../../style/spool.css")),
];

#[test]
fn what_has_a_colour_in_the_light_has_one_in_the_dark() {
    for token in all() {
        assert!(
            token.dark.is_some() || token.name == "color-scheme",
            "--{}",
            token.name
        );
    }
}

#[test]
fn the_page_of_the_design_shows_every_token_and_every_icon() {
    let page = guide(Lang::De, &Assets::default());
    for token in [tokens::scale(), all()].concat() {
        let name = format!("<code>{}</code>", token.name);
        let is_shown = page.contains(&name)
            || token.name == "font"
            || token.name == "shadow"
            || token.name == "weft";
        assert!(is_shown, "--{}", token.name);
    }
    let icons = include_str!("../../style/icons.css");
    for name in icons.split("[data-icon=\"").skip(1) {
        let name = name.split('"').next().unwrap_or_default();
        assert!(page.contains(&format!("data-icon=\"{name}\"")), "{name}");
    }
    // The pages' policy allows no style in an element.
    assert!(!page.contains("style=\""));
}

/// What stands on no page of ours but as a part of something else.
const ELSEWHERE: [&str; 14] = [
    // Around every page, this one too, or instead of it.
    "broken",
    "frame",
    "sheet",
    "handle",
    "skip",
    // Documents of their own.
    "letter",
    "letters",
    "fingerprint",
    // The map makes them.
    "map-credit",
    "map-mark",
    "map-press",
    "redrawn",
    "demo",
    "scriptless",
];

#[test]
fn the_page_of_the_design_shows_every_component() {
    let page = guide(Lang::De, &Assets::default());
    let mut shown: Vec<&str> = Vec::new();
    for part in page.split("class=\"").skip(1) {
        let (classes, _) = part.split_once('"').expect("it ends");
        shown.extend(classes.split(' '));
    }
    for (sheet, rules) in SHEETS {
        for class in classes(rules) {
            let is_maplibre = class.starts_with("maplibregl-");
            let is_known = shown.contains(&class) || ELSEWHERE.contains(&class) || is_maplibre;
            assert!(is_known, ".{class} of {sheet}.css is not on the page");
        }
    }
    for class in ELSEWHERE {
        assert!(!shown.contains(&class), ".{class} is on the page");
    }
}

/// The classes that a sheet has rules for.
fn classes(sheet: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut found = Vec::new();
    for line in sheet.lines() {
        // A declaration, or a sentence of a comment.
        if !line.ends_with([',', '{']) {
            continue;
        }
        for part in line.split('.').skip(1) {
            let end = part.find(|c| !is_name(c)).unwrap_or(part.len());
            if part.starts_with(|c: char| c.is_ascii_lowercase()) {
                found.push(&part[..end]);
            }
        }
    }
    found
}
