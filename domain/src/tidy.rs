//! Texts as they are kept: nothing invisible in them that changes what others see.

/// One line: no control characters, nothing that turns the direction of what follows, white space trimmed and single.
/// Nothing where nobody could see it.
pub(crate) fn tidy_line(text: &str) -> String {
    let printable: String = text
        .chars()
        .filter(|&c| !is_turning(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    if has_something_to_see(&line) {
        line
    } else {
        String::new()
    }
}

/// Several lines: no control characters but line breaks, nothing that turns the direction, nothing blank at either end.
pub(crate) fn tidy_text(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|&c| c == '\n' || !c.is_control() && !is_turning(c))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether anyone could see anything of it.
pub(crate) fn has_something_to_see(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_joining(c))
}

/// Invisible characters that set the direction of text beyond themselves, or have no width: with them one name could
/// look like another. The page finds the direction of a text by itself.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Invisible, but parts of emoji, of scripts that join letters, and of those that run from right to left.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Characters, as people are told their number.
pub(crate) fn count(text: &str) -> u32 {
    text.chars().count() as u32
}
