//! Mentions: an `@` and a name in what is said. A message holds no ids of those it names: names are recognised when it is read, as
//! they are then, so that whoever changes theirs, or takes a message back, leaves nothing to be put right.

/// A name that was found in a text: where its `@` stands and where it ends, in bytes, and which of the names it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    pub name: usize,
}

/// The first mention of one of these names in `text` from `from` on, in bytes. Case makes no difference, and of two names the
/// longer one is meant; neither an address (`anna@example.org`) nor a longer word (`@Annabell`) mentions anybody called Anna.
#[must_use]
pub fn mention(text: &str, from: usize, names: &[&str]) -> Option<Mention> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find('@')?;
        at = start + 1;
        if text[..start]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
        {
            continue;
        }
        let mut best: Option<Mention> = None;
        for (name, letters) in names.iter().enumerate() {
            if let Some(length) = begins_with(&text[at..], letters) {
                let end = at + length;
                if best.is_none_or(|best| end > best.end) {
                    best = Some(Mention { start, end, name });
                }
            }
        }
        if best.is_some() {
            return best;
        }
    }
}

/// How many bytes of `text` say `name`, where it begins with that.
fn begins_with(text: &str, name: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    let mut is_empty = true;
    for wanted in name.chars() {
        let (_, letter) = letters.next()?;
        if letter != wanted && !letter.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
        is_empty = false;
    }
    let (end, next) = match letters.next() {
        Some((end, next)) => (end, Some(next)),
        None => (text.len(), None),
    };
    (!is_empty && !next.is_some_and(char::is_alphanumeric)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is mentioned, each as it stands in the text.
    fn all<'a>(text: &'a str, names: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(mention) = mention(text, from, names) {
            found.push((&text[mention.start..mention.end], names[mention.name]));
            from = mention.end;
        }
        found
    }

    #[test]
    fn a_name_after_an_at_is_a_mention_whatever_its_case() {
        let names = ["Anna", "Jörg", "李"];
        assert_eq!(
            all("@anna: kommst du? (@JÖRG, @李!) @", &names),
            [("@anna", "Anna"), ("@JÖRG", "Jörg"), ("@李", "李")]
        );
    }

    #[test]
    fn of_two_names_the_longer_one_is_meant() {
        let names = ["Anna", "Anna Maria"];
        assert_eq!(
            all("@Anna Maria und @Anna M.", &names),
            [("@Anna Maria", "Anna Maria"), ("@Anna", "Anna")]
        );
    }

    #[test]
    fn addresses_and_longer_words_mention_nobody() {
        for text in [
            "anna@anna.de",
            "ß@Anna",
            "@Annabell",
            "@Anna2",
            "Anna",
            "@ Anna",
            "",
            "@",
        ] {
            assert_eq!(all(text, &["Anna"]), [], "{text}");
        }
        assert_eq!(all("@", &[""]), []);
        // An emoji is no word, so it ends one.
        assert_eq!(all("@Anna🪑 @@Anna", &["Anna"]), [("@Anna", "Anna"); 2]);
    }

    #[test]
    fn letters_that_grow_when_they_are_made_small_break_nothing() {
        assert_eq!(all("x @İpek ist da", &["İpek"]), [("@İpek", "İpek")]);
        assert_eq!(all("@İpek", &["i̇pek"]), [], "not one letter for one");
    }

    #[test]
    fn a_beginning_within_a_text_is_none_from_beyond_its_end() {
        assert_eq!(mention("@Anna", 5, &["Anna"]), None);
        assert_eq!(mention("@Anna", 99, &["Anna"]), None);
        assert_eq!(mention("ä@Anna", 1, &["Anna"]), None, "not between letters");
    }
}
