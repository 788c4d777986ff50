//! Whether two titles may mean the same thing: asked before one is knotted that is there already.

/// Letters of which a title has to have so many before it is compared: fewer are in everything.
const LETTERS_MIN: usize = 4;
/// How many hundredths of the shorter title's trigrams have to be in the longer one.
const SHARED_CENTI: usize = 60;

/// Whether most of the shorter title is in the longer one, in whatever order its words stand and with a letter wrong: by the
/// share of their trigrams, as PostgreSQL's pg_trgm has them.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (trigrams(one), trigrams(other));
    let (shorter, longer) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let shared = shorter.iter().filter(|part| longer.contains(part)).count();
    shorter.len() > LETTERS_MIN && shared * 100 >= shorter.len() * SHARED_CENTI
}

/// Every three letters in a row of each word, which begins after two gaps and ends before one; each once.
fn trigrams(title: &str) -> Vec<[char; 3]> {
    let mut parts = Vec::new();
    for word in title.split(|c: char| !c.is_alphanumeric()) {
        let mut last = [' ', ' '];
        if word.is_empty() {
            continue;
        }
        let letters = word.chars().flat_map(char::to_lowercase);
        for letter in letters.chain([' ']) {
            let part = [last[0], last[1], letter];
            last = [last[1], letter];
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_the_same_is_alike_and_the_rest_is_not() {
        for (one, other) in [
            ("Brot backen", "Gemeinsam Brot backen"),
            ("Bohrmaschine", "bohrmaschine, 800 Watt"),
            ("Bormaschine", "Bohrmaschine"),
            ("Lastenrad", "Ein Lastenrad zum Ausleihen"),
            ("Hof-Fest", "Fest im Hof"),
            ("GÄSTEBETT", "gästebett in der Hafnergasse"),
            ("Строй", "строй дом"),
        ] {
            assert!(alike(one, other), "{one}, {other}");
            assert!(alike(other, one), "{other}, {one}");
        }
        for (one, other) in [
            ("Brot backen", "Bretter gesucht"),
            ("Bohrmaschine", "Waschmaschine"),
            ("Bro", "Gemeinsam Brot backen"),
            ("", "Lastenrad"),
            ("🧵🧶", "🧵🧶"),
            ("Gästebett", "Hochbeet"),
        ] {
            assert!(!alike(one, other), "{one}, {other}");
        }
    }
}
