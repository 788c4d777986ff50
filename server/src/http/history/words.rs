//! How two texts differ, word by word, as people read it.

use std::time::Instant;

use app::served::history::Piece;
use similar::{ChangeTag, TextDiff};

/// What is the same is shown whole up to so many characters, else its ends alone.
const SAME_MAX: usize = 240;
/// So many characters of it next to what differs, and words are not broken.
const AROUND: usize = 80;

/// The runs of words that make `after` of `before`, the fewest that are found `until` then; none where they are the same.
pub(super) fn differences(before: &str, after: &str, until: Instant) -> Vec<Piece> {
    if before == after {
        return Vec::new();
    }
    let diff = TextDiff::configure()
        .deadline(until)
        .diff_words(before, after);
    let mut runs = Runs::default();
    for change in diff.iter_all_changes() {
        runs.take(change.tag(), change.value());
    }
    runs.end_of_change();
    shortened(runs.pieces)
}

/// Runs of words that grow. Two words that differ, with nothing but a blank that is the same between them, are one run: it is
/// read as one.
#[derive(Default)]
struct Runs {
    pieces: Vec<Piece>,
    removed: String,
    added: String,
    /// Blanks after what differs.
    blank: String,
}

impl Runs {
    fn take(&mut self, tag: ChangeTag, words: &str) {
        let differs = !self.removed.is_empty() || !self.added.is_empty();
        match tag {
            ChangeTag::Equal if differs && words.chars().all(|c| c == ' ') => {
                self.blank.push_str(words);
            }
            ChangeTag::Equal => {
                self.end_of_change();
                self.same(words);
            }
            ChangeTag::Delete => {
                self.go_on();
                self.removed.push_str(words);
            }
            ChangeTag::Insert => {
                self.go_on();
                self.added.push_str(words);
            }
        }
    }

    /// What differs goes on: the blank before it is part of both sides.
    fn go_on(&mut self) {
        let blank = std::mem::take(&mut self.blank);
        self.removed.push_str(&blank);
        self.added.push_str(&blank);
    }

    fn end_of_change(&mut self) {
        let (removed, added) = (
            std::mem::take(&mut self.removed),
            std::mem::take(&mut self.added),
        );
        if !removed.is_empty() {
            self.pieces.push(Piece::Removed(removed));
        }
        if !added.is_empty() {
            self.pieces.push(Piece::Added(added));
        }
        let blank = std::mem::take(&mut self.blank);
        self.same(&blank);
    }

    fn same(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        if let Some(Piece::Same(run)) = self.pieces.last_mut() {
            run.push_str(words);
        } else {
            self.pieces.push(Piece::Same(words.to_owned()));
        }
    }
}

/// Without the middle of what is the same for long; of the first and the last run without what is far from any difference.
fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    let mut short = Vec::new();
    for (n, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Same(text) if text.chars().count() > SAME_MAX => {
                if n > 0 {
                    short.push(Piece::Same(beginning(&text).to_owned()));
                }
                short.push(Piece::Cut);
                if n < last {
                    short.push(Piece::Same(end(&text).to_owned()));
                }
            }
            other => short.push(other),
        }
    }
    short
}

fn beginning(text: &str) -> &str {
    let far = text
        .char_indices()
        .nth(AROUND)
        .map_or(text.len(), |(at, _)| at);
    let head = &text[..far];
    head.rfind(char::is_whitespace)
        .map_or(head, |at| &head[..at])
}

fn end(text: &str) -> &str {
    let far = text
        .char_indices()
        .nth_back(AROUND - 1)
        .map_or(0, |(at, _)| at);
    let tail = &text[far..];
    tail.find(char::is_whitespace)
        .map_or(tail, |at| &tail[at..])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn differences(before: &str, after: &str) -> Vec<Piece> {
        super::differences(before, after, Instant::now() + Duration::from_secs(5))
    }

    fn told(pieces: &[Piece]) -> String {
        let told = pieces.iter().map(|piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("[+{text}+]"),
            Piece::Cut => "…".to_owned(),
        });
        told.collect()
    }

    #[test]
    fn words_are_told_as_people_read_them() {
        for (before, after, wanted) in [
            ("Brot backen", "Brot backen", ""),
            ("", "Brot", "[+Brot+]"),
            ("Brot", "", "[-Brot-]"),
            (
                "Freitags um vier.",
                "Samstags um neun.",
                "[-Freitags-][+Samstags+] um [-vier.-][+neun.+]",
            ),
            // One run, not a word each.
            (
                "Am Brunnen, im Hof",
                "Hinter der Kirche",
                "[-Am Brunnen, im Hof-][+Hinter der Kirche+]",
            ),
            ("Eins\nZwei", "Eins\n\nDrei", "Eins[-\nZwei-][+\n\nDrei+]"),
            ("<b>alt</b>", "<b>neu</b>", "[-<b>alt</b>-][+<b>neu</b>+]"),
        ] {
            assert_eq!(
                told(&differences(before, after)),
                wanted,
                "{before} {after}"
            );
        }
    }

    #[test]
    fn both_texts_are_in_what_is_told_of_them() {
        let mut seed = 7_u32;
        let mut text = || {
            let mut words = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let nth = (seed >> 20) as usize;
                words.push_str(["Brot", "Hof", "ä", " ", "  ", "\n", ". "][nth % 7]);
            }
            words
        };
        for _ in 0..500 {
            let (before, after) = (text(), text());
            let pieces = differences(&before, &after);
            let (mut was, mut is) = (String::new(), String::new());
            for piece in &pieces {
                match piece {
                    Piece::Same(text) => {
                        was.push_str(text);
                        is.push_str(text);
                    }
                    Piece::Removed(text) => was.push_str(text),
                    Piece::Added(text) => is.push_str(text),
                    Piece::Cut => panic!("so short a text is shown whole"),
                }
            }
            if before == after {
                assert!(pieces.is_empty());
            } else {
                assert_eq!((was, is), (before, after));
            }
        }
    }

    #[test]
    fn what_is_found_when_time_is_up_is_true_and_found_at_once() {
        let text = |seed: usize| -> String {
            (0..2000)
                .map(|n| ["ja ", "nein ", "und "][(n * n * seed + n / 7) % 3])
                .collect()
        };
        let (before, after) = (text(1), text(2));
        let began = Instant::now();
        let pieces = super::differences(&before, &after, began);
        assert!(began.elapsed() < Duration::from_secs(1));
        let told = |of: fn(&Piece) -> Option<&String>| -> String {
            pieces.iter().filter_map(of).cloned().collect()
        };
        let removed = told(|piece| match piece {
            Piece::Same(text) | Piece::Removed(text) => Some(text),
            _ => None,
        });
        let added = told(|piece| match piece {
            Piece::Same(text) | Piece::Added(text) => Some(text),
            _ => None,
        });
        let is_cut = pieces.contains(&Piece::Cut);
        assert!(
            is_cut || (removed == before && added == after),
            "{pieces:?}"
        );
    }

    #[test]
    fn what_is_the_same_for_long_is_cut_between_words() {
        let long = "ein Wort nach dem anderen ".repeat(40);
        let pieces = differences(&format!("{long}alt {long}"), &format!("{long}neu {long}"));
        let [
            Piece::Cut,
            Piece::Same(head),
            removed,
            added,
            Piece::Same(tail),
            Piece::Cut,
        ] = &pieces[..]
        else {
            panic!("{pieces:?}")
        };
        assert_eq!(*removed, Piece::Removed("alt".to_owned()));
        assert_eq!(*added, Piece::Added("neu".to_owned()));
        for part in [head, tail] {
            let letters = part.chars().count();
            assert!(
                (AROUND / 2..=AROUND).contains(&letters),
                "{letters}: {part}"
            );
            let words = "ein Wort nach dem anderen";
            assert!(part.split_whitespace().all(|word| words.contains(word)));
        }
        let twice = differences(&format!("alt {long}alt"), &format!("neu {long}neu"));
        assert_eq!(told(&twice).matches('…').count(), 1, "{}", told(&twice));
        // A word without an end has no place to be broken at.
        let word = "ä".repeat(4000);
        let one = differences(&format!("{word} alt"), &format!("{word} neu"));
        assert!(told(&one).chars().count() < 2 * SAME_MAX, "{one:?}");
    }
}
