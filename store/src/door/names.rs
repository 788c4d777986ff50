//! Names that could be read as somebody else's: words of letters of several scripts, signs in them that nobody sees, and as many
//! letters that look the same (Unicode Technical Standard 39).

use std::collections::BTreeSet;

use domain::command::Act;
use domain::refusal::Refusal;
use sqlx::PgConnection;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use super::work::Work;
use crate::StoreError;

/// Whether a name that is asked for may be. Two may be called the same; nobody may only look so. Looked at here and not in
/// `domain`, since the tables of scripts are larger than all rules together, and a browser has no use for them.
///
/// # Errors
/// [`Refusal::NameMixed`], [`Refusal::NameAlike`].
pub(super) fn check(act: &Act, alike: &BTreeSet<String>) -> Result<(), Refusal> {
    let Some(name) = asked_for(act) else {
        return Ok(());
    };
    if !name.split_whitespace().all(is_plain) {
        Err(Refusal::NameMixed)
    } else if alike.contains(&name) {
        Err(Refusal::NameAlike)
    } else {
        Ok(())
    }
}

/// The name as it would be kept; none where another rule refuses it.
fn asked_for(act: &Act) -> Option<String> {
    let (Act::RegisterRole { name, .. } | Act::RenameRole { name }) = act else {
        return None;
    };
    domain::spool::name(name).ok()
}

/// The names that works ask for and that somebody else's, in other letters, looks like.
///
/// # Errors
/// As the database has them.
pub(super) async fn alike(
    connection: &mut PgConnection,
    works: &[Work],
) -> Result<BTreeSet<String>, StoreError> {
    let mut alike = BTreeSet::new();
    for work in works {
        let Work::Act { command, .. } = work else {
            continue;
        };
        let Some(name) = asked_for(&command.act) else {
            continue;
        };
        let of_others = sqlx::query_scalar!(
            "SELECT name FROM roles_read
             WHERE char_length(name) = char_length($1) AND name <> $1 AND role <> $2",
            &name,
            command.by.0
        )
        .fetch_all(&mut *connection)
        .await?;
        if of_others.iter().any(|other| looks_like(&name, other)) {
            alike.insert(name);
        }
    }
    Ok(alike)
}

/// Of two names of as many letters, whether only their letters tell them apart, as in *Alina* and *AIina*: *Arno* is no *Amo*. Small
/// and large ones look the same only where a word is of another script, since *anna* may be somebody beside *Anna*; and who is called
/// the same writes it perhaps with another apostrophe.
fn looks_like(name: &str, other: &str) -> bool {
    let same = |name: &str| {
        name.replace('\u{2019}', "'")
            .replace(['\u{2010}', '\u{2011}'], "-")
    };
    let look = |name: &str| skeleton(name).collect::<String>();
    if same(name) == same(other) {
        return false;
    }
    let in_other_letters = (name.split_whitespace())
        .zip(other.split_whitespace())
        .any(|(one, two)| AugmentedScriptSet::for_str(one) != AugmentedScriptSet::for_str(two));
    look(name) == look(other)
        || in_other_letters && look(&name.to_lowercase()) == look(&other.to_lowercase())
}

/// A word at a time: a name of two languages is one.
fn is_plain(word: &str) -> bool {
    let mut is_after_letter = false;
    let is_clean = word.chars().all(|c| {
        let hides = is_after_letter && is_joining(c);
        is_after_letter = c.is_alphabetic() && !joins_letters(c);
        !hides
    });
    is_clean && word.is_single_script() && word.chars().all(is_written)
}

/// Letters in everyday use: none of phonetics, mathematics or dead scripts, which mostly look like others.
fn is_written(c: char) -> bool {
    !c.is_alphabetic() || c.identifier_allowed()
}

/// Letters of Latin, Greek and Cyrillic stand beside each other without anything that joins them; those after them may need it.
const fn joins_letters(c: char) -> bool {
    !matches!(c, '\0'..='\u{52f}' | '\u{1e00}'..='\u{1fff}')
}

/// Invisible, and kept where emoji and scripts that join their letters need it.
const fn is_joining(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> Result<(), Refusal> {
        let name = name.to_owned();
        check(&Act::RenameRole { name }, &BTreeSet::new())
    }

    #[test]
    fn a_name_is_of_whatever_script_and_of_several_by_words() {
        for name in [
            "Anna Garn",
            "Çelik",
            "Jürgen-Łukasz O’Neill",
            "Иван Петров",
            "Anna Иванова",
            "Ελένη",
            "שרה",
            "محمد\u{200c}رضا",
            "やまだ太郎",
            "김민지",
            "Anna2 👩\u{200d}🌾",
            "❤\u{fe0f}",
            "Radwerkstatt (Hof 3)",
        ] {
            assert_eq!(said(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_only_looks_like_another_name_is_none() {
        for name in [
            // Cyrillic а, о and Greek ο among Latin letters.
            "\u{430}nna",
            "Ann\u{430} Garn",
            "B\u{43e}b",
            "T\u{3bf}m",
            // Nothing to see between the letters.
            "An\u{200d}na",
            "Anna\u{200c}",
            "An\u{fe0f}na",
            // A letter of phonetics.
            "\u{251}nna",
        ] {
            assert_eq!(said(name), Err(Refusal::NameMixed), "{name}");
        }
    }

    #[test]
    fn a_name_of_other_letters_that_looks_the_same_is_told_from_one_that_does_not() {
        for (name, other) in [
            ("\u{410}\u{41e}\u{421}", "AOC"),
            ("\u{430}\u{43e}\u{441}", "AOC"),
            ("AIina", "Alina"),
        ] {
            assert!(looks_like(name, other), "{name}, {other}");
        }
        for (name, other) in [
            ("Сара", "Sara"),
            ("Anna", "Anne"),
            ("Anna", "anna"),
            ("O'Neill", "O\u{2019}Neill"),
        ] {
            assert!(!looks_like(name, other), "{name}, {other}");
        }
    }
}
