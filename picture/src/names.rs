//! Which titles have room, and where.

use crate::projection::Point;
use crate::scene::{Line, Name};

/// How many letters a line of a title has at most; and lines.
const LINE_MAX: usize = 18;
const LINES_MAX: usize = 3;
/// Of a title's size: how wide a letter is on average, and how high a line.
const LETTER: f64 = 0.5;
const LINE_HEIGHT: f64 = 1.2;
/// Where the first line's ground is below the top of its box, of its size.
const GROUND: f64 = 1.02;
/// How much farther than the edge of its thing a title begins, of its size: above and below, and beside. The map's own numbers,
/// and what it takes for the air above a line.
const AWAY: f64 = 0.4 - 7.0 / 24.0;
const ASIDE: f64 = 0.15;

/// An area that is taken: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken(f64, f64, f64, f64);

impl Taken {
    /// A square around a point.
    pub(crate) fn around((x, y): Point, half: f64) -> Self {
        Self(x - half, y - half, x + half, y + half)
    }

    fn meets(&self, other: &Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }
}

/// A title that wants room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) text: &'a str,
    /// The middle of its thing.
    pub(crate) at: Point,
    /// In pixels.
    pub(crate) size: f64,
    /// How far the thing reaches out, of that size.
    pub(crate) out: f64,
    /// Its thing hangs above others, so that its thread is below it.
    pub(crate) is_above: bool,
}

/// Writes a title at its thing, below it (above what hangs above others), else elsewhere beside it, where nothing else is; takes
/// the room.
pub(crate) fn place(wanted: &Wanted<'_>, taken: &mut Vec<Taken>) -> Option<Name> {
    let Wanted {
        text,
        at: (x, y),
        size,
        out,
        is_above,
    } = *wanted;
    let words = written(text);
    let lines = lines(&words);
    let longest = lines.iter().map(|line| line.chars().count()).max()?;
    let wide = longest as f64 * LETTER * size;
    let high = lines.len() as f64 * LINE_HEIGHT * size;
    let middle = y - high / 2.0;
    let (away, aside) = ((out + AWAY) * size, (out + ASIDE) * size);
    let below = (Line::Middle, x - wide / 2.0, y + away);
    let above = (Line::Middle, x - wide / 2.0, y - away - high);
    let right = (Line::Start, x + aside, middle);
    let left = (Line::End, x - aside - wide, middle);
    let sides = if is_above {
        [above, right, left, below]
    } else {
        [below, above, right, left]
    };
    for (line, left, top) in sides {
        let wanted = Taken(left, top, left + wide, top + high);
        if taken.iter().any(|other| other.meets(&wanted)) {
            continue;
        }
        taken.push(wanted);
        let x = match line {
            Line::Start => left,
            Line::Middle => x,
            Line::End => left + wide,
        };
        let ground = top + size * GROUND;
        return Some(Name {
            at: (x, ground),
            line,
            lines,
            size,
        });
    }
    None
}

/// How high a line is, in pixels.
pub(crate) fn line_height(size: f64) -> f64 {
    LINE_HEIGHT * size
}

/// A title as the map writes it: pictographs have colours, which its letters have not; what steers or is not seen
/// is left out.
pub(crate) fn written(title: &str) -> String {
    let mut words = String::with_capacity(title.len());
    for c in title.chars() {
        let c = if is_pictograph(c) || c.is_control() {
            ' '
        } else {
            c
        };
        if !c.is_whitespace() {
            words.push(c);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c),
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x231A..=0x231B | 0x23E9..=0x23FF
        | 0xFE0F | 0x200D | 0x20E3 | 0xE0020..=0xE007F)
}

/// Broken between words where there are any; what has no room ends in an ellipsis.
fn lines(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let long = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + long <= LINE_MAX => {
                line.push(' ');
                line.push_str(word);
                length += 1 + long;
            }
            _ => {
                lines.push(word.to_owned());
                length = long;
            }
        }
    }
    let more = lines.len() > LINES_MAX;
    lines.truncate(LINES_MAX);
    let last = lines.len().saturating_sub(1);
    for (nth, line) in lines.iter_mut().enumerate() {
        let is_cut = more && nth == last;
        if line.chars().count() > LINE_MAX || is_cut {
            *line = line.chars().take(LINE_MAX - 1).collect();
            line.push('…');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_broken_and_cut_to_what_has_room() {
        for (title, expected) in [
            ("Fahrrad", "Fahrrad"),
            (
                "Apfelbaum hinter dem blauen Tor",
                "Apfelbaum hinter|dem blauen Tor",
            ),
            ("🍎 Äpfel\u{202e}\u{0} ☕", "Äpfel\u{202e}"),
            (" \t🍏 ", ""),
        ] {
            assert_eq!(lines(&written(title)).join("|"), expected);
        }
        let long = lines(&"W".repeat(300)).join("|");
        assert_eq!(long.chars().count(), LINE_MAX, "{long}");
        let many = lines(&"Wort ".repeat(60));
        assert_eq!(many.len(), LINES_MAX);
        assert!(many.iter().all(|line| line.chars().count() <= LINE_MAX));
        assert!(many[2].ends_with('…'), "{many:?}");
    }

    #[test]
    fn two_titles_never_lie_on_each_other() {
        let mut taken = vec![Taken::around((0.0, 0.0), 10.0)];
        let wanted = Wanted {
            text: "Apfelbaum",
            at: (0.0, 0.0),
            size: 12.0,
            out: 1.5,
            is_above: false,
        };
        let found: Vec<Option<Line>> = (0..5)
            .map(|_| place(&wanted, &mut taken).map(|name| name.line))
            .collect();
        assert_eq!(
            found,
            [
                Some(Line::Middle),
                Some(Line::Middle),
                Some(Line::Start),
                Some(Line::End),
                None
            ]
        );
        let unwritten = Wanted {
            text: "🍎",
            at: (500.0, 0.0),
            ..wanted
        };
        assert!(place(&unwritten, &mut taken).is_none());
        let above = Wanted {
            at: (900.0, 0.0),
            is_above: true,
            ..wanted
        };
        let above = place(&above, &mut taken).expect("there is room");
        assert!(above.at.1 < -12.0, "{above:?}");
    }
}
