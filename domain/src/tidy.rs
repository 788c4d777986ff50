//! Texts as they are kept: nothing invisible in them that changes what others see.

use crate::refusal::Refusal;

/// One line: nothing that turns the direction of what follows, white space trimmed and single.
/// Nothing where nobody could see it.
///
/// # Errors
/// [`Refusal::ControlCharacters`].
pub(crate) fn tidy_line(text: &str) -> Result<String, Refusal> {
    check_control(text)?;
    let printable: String = text.chars().filter(|&c| !is_turning(c)).collect();
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(if has_something_to_see(&line) {
        line
    } else {
        String::new()
    })
}

/// Several lines: nothing that turns the direction, nothing blank at either end, `\n` between them.
///
/// # Errors
/// [`Refusal::ControlCharacters`].
pub(crate) fn tidy_text(text: &str) -> Result<String, Refusal> {
    check_control(text)?;
    let lines = text.replace("\r\n", "\n").replace(['\r', '\t'], " ");
    let printable: String = lines.chars().filter(|&c| !is_turning(c)).collect();
    Ok(printable.trim().to_owned())
}

fn check_control(text: &str) -> Result<(), Refusal> {
    if has_control(text) {
        return Err(Refusal::ControlCharacters);
    }
    Ok(())
}

/// Whether a text has control characters but those that separate words and lines.
#[must_use]
pub fn has_control(text: &str) -> bool {
    text.chars().any(is_forbidden)
}

/// What somebody typed or pasted, without the control characters they cannot see.
#[must_use]
pub fn without_control(text: &str) -> String {
    text.chars().filter(|&c| !is_forbidden(c)).collect()
}

fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
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
