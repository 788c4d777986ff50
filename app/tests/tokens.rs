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
