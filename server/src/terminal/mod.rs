//! The terminal's language: what is said to the person there is said in German or English.

mod basemap;
mod community;
mod demo;
mod doctor;
mod grant;
mod import;
mod machine;
mod serve;
mod store;
mod system;

use std::sync::LazyLock;

/// What is said to the person at the terminal.
pub trait Said: std::fmt::Display {
    /// The same as [`Display`](std::fmt::Display) says in English.
    fn in_german(&self) -> String;
}

/// In the language of the terminal.
pub fn said(what: &dyn Said) -> String {
    if is_german() {
        what.in_german()
    } else {
        what.to_string()
    }
}

/// Whether the terminal's language is German; else it is spoken to in English.
#[must_use]
pub fn is_german() -> bool {
    *IS_GERMAN
}

/// One of two words.
#[must_use]
pub(crate) fn either(english: &'static str, german: &'static str) -> &'static str {
    if is_german() { german } else { english }
}

/// As C libraries decide it: the first of these that is set says it.
static IS_GERMAN: LazyLock<bool> = LazyLock::new(|| {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    set.is_some_and(|value| speaks_german(&value))
});

fn speaks_german(locale: &str) -> bool {
    let language = locale.split(['_', '.', '@']).next();
    language == Some("de")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_begins_with_its_language() {
        for german in ["de", "de_AT", "de_DE.UTF-8", "de@euro"] {
            assert!(speaks_german(german), "{german}");
        }
        for other in ["", "C", "C.UTF-8", "en_GB.UTF-8", "den_CA"] {
            assert!(!speaks_german(other), "{other}");
        }
    }
}
