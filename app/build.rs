//! Turns `words/{de,en}.json` into a struct with a field per key and a constant per language, so that an
//! unknown or missing key does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const LANGUAGES: [&str; 2] = ["de", "en"];

/// Those of the page are carried by server and browser; those of letters and small documents by the server alone.
const TABLES: [(&str, &str, &str); 2] = [
    ("Words", "", "words"),
    ("PlainWords", "plain/", "plain_words"),
];

fn main() {
    let mut code = String::new();
    for (table, folder, function) in TABLES {
        write_table(&mut code, table, folder, function);
    }
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR can be written");
}

/// A struct with a field per key, a static per language, and the function that chooses one.
fn write_table(code: &mut String, table: &str, folder: &str, function: &str) {
    let words: Vec<(&str, BTreeMap<String, String>)> = LANGUAGES
        .into_iter()
        .map(|language| (language, read(folder, language)))
        .collect();
    let (first, keys) = &words[0];
    for (language, table) in &words[1..] {
        if let Some(key) = keys.keys().find(|key| !table.contains_key(*key)) {
            panic!("words/{folder}{language}.json has no {key:?}, which {first}.json has");
        }
        for (key, text) in table {
            let Some(other) = keys.get(key) else {
                panic!("words/{folder}{first}.json has no {key:?}, which {language}.json has");
            };
            assert_eq!(
                gaps(other),
                gaps(text),
                "{key:?} has other gaps in {folder}{language}.json than in {first}.json"
            );
        }
    }

    _ = write!(
        code,
        "\n/// Texts by key, from `words/{folder}`.\n#[derive(Debug)]\npub struct {table} {{\n"
    );
    for (key, text) in keys {
        _ = write!(
            code,
            "    /// {}\n    pub {key}: &'static str,\n",
            text.replace('\n', " ")
        );
    }
    code.push_str("}\n");
    let prefix = function.to_uppercase();
    for (language, texts) in &words {
        _ = write!(
            code,
            "\nstatic {prefix}_{}: {table} = {table} {{\n",
            language.to_uppercase()
        );
        for (key, text) in texts {
            _ = writeln!(code, "    {key}: {text:?},");
        }
        code.push_str("};\n");
    }
    _ = write!(
        code,
        "\n/// The texts of `words/{folder}` in a language.\n#[must_use]\npub const fn {function}(lang: Lang) -> &'static {table} {{\n    \
         match lang {{\n        Lang::De => &{prefix}_DE,\n        Lang::En => &{prefix}_EN,\n    }}\n}}\n"
    );
}

fn read(folder: &str, language: &str) -> BTreeMap<String, String> {
    let file = format!("words/{folder}{language}.json");
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
