//! Turns `words/{de,en}.json` into a struct with a field per key and a constant per language, so that an
//! unknown or missing key does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const LANGUAGES: [&str; 2] = ["de", "en"];

fn main() {
    let words: Vec<(&str, BTreeMap<String, String>)> = LANGUAGES
        .into_iter()
        .map(|language| (language, read(language)))
        .collect();
    let (first, keys) = &words[0];
    for (language, table) in &words[1..] {
        if let Some(key) = keys.keys().find(|key| !table.contains_key(*key)) {
            panic!("words/{language}.json has no {key:?}, which {first}.json has");
        }
        for (key, text) in table {
            let Some(other) = keys.get(key) else {
                panic!("words/{first}.json has no {key:?}, which {language}.json has");
            };
            assert_eq!(
                gaps(other),
                gaps(text),
                "{key:?} has other gaps in {language}.json than in {first}.json"
            );
        }
    }

    let mut code =
        String::from("/// Every text of the page, by key.\n#[derive(Debug)]\npub struct Words {\n");
    for (key, text) in keys {
        _ = write!(
            code,
            "    /// {}\n    pub {key}: &'static str,\n",
            text.replace('\n', " ")
        );
    }
    code.push_str("}\n");
    for (language, table) in &words {
        _ = write!(
            code,
            "\nstatic {}: Words = Words {{\n",
            language.to_uppercase()
        );
        for (key, text) in table {
            _ = writeln!(code, "    {key}: {text:?},");
        }
        code.push_str("};\n");
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR can be written");
}

fn read(language: &str) -> BTreeMap<String, String> {
    let file = format!("words/{language}.json");
    println!("cargo:rerun-if-changed={file}");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The names in braces, sorted.
fn gaps(text: &str) -> Vec<&str> {
    let mut gaps: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect();
    gaps.sort_unstable();
    gaps
}
