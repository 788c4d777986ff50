//! Texts as they are kept: nothing invisible in them that changes what others see.

use crate::refusal::Refusal;

/// One line: nothing that turns the direction of what follows, white space trimmed and single.
/// Nothing where nobody could see it.
///
/// # Errors
/// [`Refusal::ControlCharacters`].
pub(crate) fn tidy_line(text: &str) -> Result<String, Refusal> {
    check_control(text)?;
    let printable = printable(text);
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
    Ok(printable(&lines).trim().to_owned())
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

/// The letters that look like a blank as blanks, and nothing that has no width.
fn printable(text: &str) -> String {
    let blanks = text.chars().map(|c| if is_blank(c) { ' ' } else { c });
    blanks.filter(|&c| !is_dropped(c)).collect()
}

/// Fillers of Korean syllables, which stand alone as a blank.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{3164}' | '\u{ffa0}')
}

/// Whether anyone could see anything of it.
pub(crate) fn has_something_to_see(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_whitespace() && !is_blank(c) && !is_joining(c) && !is_dropped(c))
}

// Together these three are what Unicode calls ignorable by default, with the blanks that count as letters or signs.

/// Invisible characters that set the direction of text beyond themselves, or have no width: with them one name could
/// look like another. The page finds the direction of a text by itself.
#[must_use]
pub fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e001f}'
            | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Invisible, but parts of emoji, of scripts that join letters, of those that run from right to left, and of Braille.
fn is_joining(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}' | '\u{2800}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Characters, as people are told their number.
pub(crate) fn count(text: &str) -> u32 {
    text.chars().count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_of_what_nobody_sees() {
        for c in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{17b4}',
            '\u{180e}',
            '\u{2800}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{200b}',
            '\u{202e}',
            '\u{fe0f}',
            '\u{a0}',
        ] {
            let text = format!("{c} {c}");
            assert_eq!(tidy_line(&text), Ok(String::new()), "{c:?}");
            assert!(!has_something_to_see(&text), "{c:?}");
        }
    }

    #[test]
    fn what_has_no_width_makes_no_other_name_and_what_joins_stays() {
        assert_eq!(tidy_line("An\u{ad}na\u{3164}").as_deref(), Ok("Anna"));
        assert_eq!(tidy_line("Anna\u{3164}Amsel").as_deref(), Ok("Anna Amsel"));
        // The flag of Scotland is spelt in tags, a heart is red by its selector, and a family is joined.
        for whole in [
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "❤\u{fe0f}",
            "👩\u{200d}👧",
        ] {
            assert_eq!(tidy_line(whole).as_deref(), Ok(whole));
        }
    }
}
