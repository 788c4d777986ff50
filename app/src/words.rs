//! The texts of the page in German and English; the table is made from `words/*.json` by `build.rs`.

use domain::page::Lang;

use crate::markup::Text;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A text with its one gap, `{name}`, filled.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    match text.split_once('{') {
        Some((before, rest)) => match rest.split_once('}') {
            Some((gap, after)) if gap == name => {
                let mut filled = String::from(before);
                filled.push_str(value);
                filled.push_str(after);
                filled
            }
            Some((gap, after)) => {
                let mut filled = String::from(before);
                filled.push('{');
                filled.push_str(gap);
                filled.push('}');
                filled.push_str(&fill(after, name, value));
                filled
            }
            None => text.to_owned(),
        },
        None => text.to_owned(),
    }
}

/// "1 thread" or "5 threads".
#[must_use]
pub fn counted(one: &'static str, many: &'static str, n: usize) -> Text {
    if n == 1 {
        Text::Borrowed(one)
    } else {
        Text::Owned(fill(many, "n", &n.to_string()))
    }
}
