//! The piece of a text that tells why it was found.

/// Characters of an excerpt, without the dots at its ends.
const LETTERS_MAX: usize = 120;
/// So many characters before what was found lead to it.
const LEAD: usize = 30;
/// A stem may be so much shorter than the word that was asked for.
const ENDING_MAX: usize = 2;
/// Letters that a word has in common at least with what was asked for.
const COMMON_MIN: usize = 3;

/// One line of `text` around the first of `words` in it (small letters without accents); its beginning where none is seen.
pub(super) fn excerpt(text: &str, words: &[String]) -> String {
    let line: Vec<char> = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect();
    if line.len() <= LETTERS_MAX {
        return line.into_iter().collect();
    }
    let found = beginnings(&line).find(|&at| words.iter().any(|word| begins(&line[at..], word)));
    let lead = found
        .unwrap_or(0)
        .saturating_sub(LEAD)
        .min(line.len() - LETTERS_MAX);
    // Whole words, but for what is one single word.
    let start = if lead == 0 {
        0
    } else {
        beginnings(&line)
            .find(|&at| at >= lead)
            .filter(|&at| at <= found.unwrap_or(lead))
            .unwrap_or(lead)
    };
    let end = (start + LETTERS_MAX).min(line.len());
    let cut = (start..end)
        .rev()
        .find(|&at| end < line.len() && line[at] == ' ');
    let end = cut
        .filter(|&at| at > start + LETTERS_MAX / 2)
        .unwrap_or(end);
    let mut excerpt = String::new();
    if start > 0 {
        excerpt.push_str("… ");
    }
    excerpt.extend(&line[start..end]);
    if end < line.len() {
        excerpt.push_str(" …");
    }
    excerpt
}

/// Where words begin.
fn beginnings(line: &[char]) -> impl Iterator<Item = usize> {
    (0..line.len())
        .filter(|&at| line[at].is_alphanumeric() && (at == 0 || !line[at - 1].is_alphanumeric()))
}

/// Whether a text begins with a word, give or take its ending.
fn begins(line: &[char], word: &str) -> bool {
    let letters = word.chars().count();
    let wanted = letters
        .saturating_sub(ENDING_MAX)
        .max(letters.min(COMMON_MIN));
    let mut folded = line.iter().flat_map(|&c| c.to_lowercase()).flat_map(plain);
    word.chars().take(wanted).all(|c| folded.next() == Some(c))
}

/// A small letter without its accent, where it is one of those that are common here.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (one, two) = match c {
        'ä' | 'à' | 'á' | 'â' | 'å' => ('a', None),
        'ö' | 'ó' | 'ô' | 'ø' => ('o', None),
        'ü' | 'ù' | 'ú' | 'û' => ('u', None),
        'é' | 'è' | 'ê' | 'ë' => ('e', None),
        'í' | 'î' | 'ï' | 'ı' => ('i', None),
        'ç' => ('c', None),
        'ğ' => ('g', None),
        'ş' => ('s', None),
        'ñ' => ('n', None),
        'ß' => ('s', Some('s')),
        c => (c, None),
    };
    std::iter::once(one).chain(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        excerpt(text, &words)
    }

    #[test]
    fn a_short_text_is_told_whole_in_one_line() {
        assert_eq!(
            around("Freitags\nab  vier.", &["vier"]),
            "Freitags ab vier."
        );
        assert_eq!(around("", &["vier"]), "");
    }

    #[test]
    fn a_long_one_is_cut_between_words_around_what_was_asked_for() {
        let text = format!(
            "{}Im Keller stehen die alten Räder. {}",
            "Wort für Wort. ".repeat(40),
            "Und weiter. ".repeat(40)
        );
        for word in ["rader", "rad", "alten"] {
            let told = around(&text, &["nichts", word]);
            assert!(told.contains("alten Räder"), "{word}: {told}");
            assert!(told.starts_with("… ") && told.ends_with(" …"), "{told}");
            assert!(told.chars().count() <= LETTERS_MAX + 4, "{told}");
        }
        let unseen = around(&text, &["nichts"]);
        assert!(
            unseen.starts_with("Wort für Wort.") && unseen.ends_with(" …"),
            "{unseen}"
        );
        let end = around(
            &format!("{}Straßenfest", "Wort für Wort. ".repeat(40)),
            &["strassenfest"],
        );
        assert!(end.ends_with("Straßenfest"), "{end}");
    }

    #[test]
    fn one_endless_word_and_pictures_are_cut_all_the_same() {
        for text in ["ä".repeat(5000), "🧵".repeat(5000), "أحمد ".repeat(1000)] {
            for words in [&["ä"][..], &["🧵"], &["أحمد"], &[]] {
                let told = around(&text, words);
                assert!(
                    (60..=LETTERS_MAX + 4).contains(&told.chars().count()),
                    "{told}"
                );
            }
        }
    }
}
