//! The language of a page: asked for, remembered, or the browser's.

use axum::http::{HeaderMap, header};
use domain::page::Lang;

use crate::sender::cookie;

/// The cookie that remembers a choice.
pub(super) const LANGUAGE_COOKIE: &str = "lang";

/// `?lang=`, else the cookie, else `Accept-Language`, else German.
pub(super) fn language(query: &str, headers: &HeaderMap) -> Lang {
    asked(query)
        .or_else(|| cookie(headers, LANGUAGE_COOKIE).and_then(from_code))
        .unwrap_or_else(|| accepted(headers))
}

/// The language that the query asks for.
pub(super) fn asked(query: &str) -> Option<Lang> {
    query
        .split('&')
        .find_map(|part| part.strip_prefix("lang="))
        .and_then(from_code)
}

fn from_code(code: &str) -> Option<Lang> {
    match code {
        "de" => Some(Lang::De),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The first language of the browser's list that we speak.
fn accepted(headers: &HeaderMap) -> Lang {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .into_iter()
        .flat_map(|list| list.split(','))
        .find_map(|item| from_code(item.trim().get(..2)?))
        .unwrap_or(Lang::De)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_wins_over_the_browser() {
        let mut headers = HeaderMap::new();
        assert_eq!(language("", &headers), Lang::De);
        headers.insert(
            header::ACCEPT_LANGUAGE,
            header::HeaderValue::from_static("fr, en-GB;q=0.9, de"),
        );
        assert_eq!(language("", &headers), Lang::En);
        headers.insert(
            header::COOKIE,
            header::HeaderValue::from_static("a=b; lang=de"),
        );
        assert_eq!(language("", &headers), Lang::De);
        assert_eq!(language("x=1&lang=en", &headers), Lang::En);
        assert_eq!(language("lang=xx", &headers), Lang::De);
    }
}
