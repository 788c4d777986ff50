//! Words to be searched: as many different ones as a neighbourhood has, some of them often.

use crate::random::Random;

const THINGS: [&str; 40] = [
    "Fahrrad",
    "Leiter",
    "Garten",
    "Werkstatt",
    "Apfel",
    "Bohrmaschine",
    "Nachbarn",
    "Kinder",
    "Straßen",
    "Sommer",
    "Fest",
    "Küche",
    "Brot",
    "Tisch",
    "Stuhl",
    "Saatgut",
    "Wolle",
    "Bücher",
    "Musik",
    "Schule",
    "Brunnen",
    "Hof",
    "Keller",
    "Fenster",
    "Hühner",
    "Honig",
    "Töpfer",
    "Boot",
    "Segel",
    "Deich",
    "Markt",
    "Kaffee",
    "Zelt",
    "Lampen",
    "Mühle",
    "Räder",
    "Tausch",
    "Treffen",
    "Kleider",
    "Gäste",
];
const OTHERS: [&str; 40] = [
    "der",
    "die",
    "und",
    "mit",
    "für",
    "im",
    "am",
    "zum",
    "wir",
    "noch",
    "reparieren",
    "leihen",
    "teilen",
    "kochen",
    "pflanzen",
    "suchen",
    "bringen",
    "lernen",
    "bauen",
    "singen",
    "alte",
    "neue",
    "große",
    "kleine",
    "gemeinsam",
    "freitags",
    "abends",
    "draußen",
    "heute",
    "immer",
    "gern",
    "schnell",
    "offene",
    "warme",
    "together",
    "repairing",
    "evening",
    "sharing",
    "old",
    "neighbours",
];
/// Of ten words so many are things; of those every second one is made of two.
const THINGS_OF_TEN: usize = 5;

/// A word.
pub fn word(random: &mut Random) -> String {
    if random.below(10) >= THINGS_OF_TEN {
        return OTHERS[random.below(OTHERS.len())].to_owned();
    }
    // The first ones are more common than the last.
    let common = random.below(THINGS.len()) + 1;
    let mut word = THINGS[random.below(common)].to_owned();
    if random.below(2) == 0 {
        word.push_str(&THINGS[random.below(THINGS.len())].to_lowercase());
    }
    word
}

/// So many words.
pub fn line(random: &mut Random, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| word(random)).collect();
    words.join(" ")
}

/// What somebody types: a beginning, one word, two, a word with a letter missing, or what nobody has.
pub fn question(random: &mut Random) -> String {
    let shortened = |text: String, letters: usize| text.chars().take(letters).collect::<String>();
    match random.below(5) {
        0 => {
            let letters = 2 + random.below(4);
            shortened(word(random), letters)
        }
        1 => word(random),
        2 => line(random, 2),
        3 => {
            let word = THINGS[random.below(THINGS.len())];
            let missing = 1 + random.below(word.chars().count() - 1);
            let kept = word.chars().enumerate().filter(|(at, _)| *at != missing);
            kept.map(|(_, letter)| letter).collect()
        }
        _ => format!("xylophon{}", random.below(1000)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_words_and_every_question_has_letters() {
        let mut random = Random::new(1);
        let all: BTreeSet<String> = (0..20_000).map(|_| word(&mut random)).collect();
        assert!(all.len() > 1000, "{}", all.len());
        for _ in 0..1000 {
            let asked = question(&mut random);
            assert!(asked.chars().any(char::is_alphabetic), "{asked}");
        }
    }
}
