//! What comes of Markdown, whoever wrote it: elements of a short list, links of a few kinds, bounded in depth, time and size, and nothing
//! lost of what was written.

use domain::weave::is_marked;
use proptest::prelude::*;
use server::markdown::{html, plain};

/// Every element that may come of it.
const ELEMENTS: [&str; 18] = [
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "del",
    "a",
];

/// An element's name, and its attributes.
type Written = (String, Vec<(String, String)>);

/// The elements of `html` with their attributes, read without any leniency, and its text; panics where it is not what the writer may
/// write.
fn read(html: &str) -> (Vec<Written>, String) {
    let (mut elements, mut text, mut open) = (Vec::new(), String::new(), Vec::new());
    let mut deepest = 0;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&unescaped(&rest[..at]));
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in order: {html}");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&name), "{name}: {html}");
        elements.push((name.to_owned(), attributes_of(attributes)));
        if name == "br" {
            text.push('\n');
        }
        if !["br", "hr"].contains(&name) {
            open.push(name.to_owned());
            deepest = deepest.max(open.len());
        }
    }
    text.push_str(&unescaped(rest));
    assert!(open.is_empty(), "all is closed: {html}");
    assert!(deepest <= 30, "{deepest} deep");
    (elements, text)
}

fn attributes_of(mut rest: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").expect("a name and a value");
        let (value, after) = after.split_once('"').expect("a value ends");
        attributes.push((name.to_owned(), unescaped(value)));
        rest = after.trim_start_matches(' ');
    }
    attributes
}

fn unescaped(text: &str) -> String {
    assert!(!text.contains(['<', '>', '"', '\'']), "escaped: {text}");
    for entity in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(
            known.iter().any(|known| entity.starts_with(known)),
            "{text}"
        );
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Reads it and looks at its links.
fn checked(source: &str) -> (Vec<Written>, String) {
    let written = html(source);
    // What is too long to be read stands there as it is.
    let most = (7 * source.len()).max(600_000);
    assert!(written.len() <= most, "{} bytes", written.len());
    let (elements, text) = read(&written);
    for (name, attributes) in &elements {
        match &**name {
            "a" => {
                let (href, rest) = attributes.split_first().expect("an address");
                assert_eq!(href.0, "href");
                let address = href.1.to_lowercase();
                let is_harmless = ["https://", "http://", "mailto:", "geo:"]
                    .iter()
                    .any(|scheme| address.starts_with(scheme));
                assert!(is_harmless, "{address} of {source}");
                assert!(
                    !address.contains(char::is_whitespace) && !address.contains(char::is_control)
                );
                let names: Vec<&str> = rest.iter().map(|(name, _)| &**name).collect();
                assert!(names == ["rel"] || names == ["title", "rel"], "{names:?}");
                assert_eq!(rest.last().expect("rel").1, "nofollow noopener ugc");
            }
            "ol" => assert_eq!(attributes.len(), 1),
            _ => assert!(attributes.is_empty(), "{name}: {attributes:?}"),
        }
    }
    let links = written.split("<a ").skip(1);
    for link in links {
        let inside = link.split("</a>").next().expect("its inside");
        assert!(!inside.contains("<a "), "no link is in another one");
    }
    (elements, text)
}

#[test]
fn what_can_be_written_looks_like_it() {
    for (source, expected) in [
        ("", ""),
        ("Ein Satz.", "<p>Ein Satz.</p>"),
        (
            "Eine Zeile\nund noch eine\n\nEin Absatz",
            "<p>Eine Zeile<br>und noch eine</p><p>Ein Absatz</p>",
        ),
        (
            "**fett** *schräg* ~~weg~~ `<b>`",
            "<p><strong>fett</strong> <em>schräg</em> <del>weg</del> <code>&lt;b&gt;</code></p>",
        ),
        ("> Zitat", "<blockquote><p>Zitat</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
        (
            "```\na < b\n  c\n```",
            "<pre><code>a &lt; b\n  c\n</code></pre>",
        ),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        // Below the panel's title, and no level is left out.
        (
            "# eins\n### zwei\n# drei",
            "<h2>eins</h2><h3>zwei</h3><h2>drei</h2>",
        ),
        ("### tief", "<h2>tief</h2>"),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn links_lead_where_they_may_and_addresses_are_links() {
    let link = |href: &str, words: &str| {
        format!("<a href=\"{href}\" rel=\"nofollow noopener ugc\">{words}</a>")
    };
    for (source, expected) in [
        (
            "[Wort](https://a.example)",
            link("https://a.example", "Wort"),
        ),
        ("[Ort](geo:48.4,15.6)", link("geo:48.4,15.6", "Ort")),
        ("[Süden](geo:-33.4,-70.6)", link("geo:-33.4,-70.6", "Süden")),
        (
            "[Post](mailto:a@b.example)",
            link("mailto:a@b.example", "Post"),
        ),
        ("<a@b.example>", link("mailto:a@b.example", "a@b.example")),
        (
            "<HTTPS://A.example>",
            link("HTTPS://A.example", "HTTPS://A.example"),
        ),
        (
            "https://a.example/x_y_z?q=1&r=2",
            link(
                "https://a.example/x_y_z?q=1&amp;r=2",
                "https://a.example/x_y_z?q=1&amp;r=2",
            ),
        ),
        (
            "![Bild](https://a.example/b.png)",
            link("https://a.example/b.png", "Bild"),
        ),
    ] {
        assert_eq!(html(source), format!("<p>{expected}</p>"), "{source}");
    }
    assert_eq!(
        html("Siehe http://a.example/b (oder https://c.example/d_(e))."),
        format!(
            "<p>Siehe {} (oder {}).</p>",
            link("http://a.example/b", "http://a.example/b"),
            link("https://c.example/d_(e)", "https://c.example/d_(e)")
        )
    );
    assert_eq!(
        html("[Wort](https://a.example \"Mehr \\\"davon\\\"\")"),
        "<p><a href=\"https://a.example\" title=\"Mehr &quot;davon&quot;\" rel=\"nofollow noopener ugc\">Wort</a></p>"
    );
}

/// Each of these stands there as it was written.
#[test]
fn what_could_do_harm_is_shown_and_does_nothing() {
    for source in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href=\"https://a.example\" onclick=\"alert(1)\">x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<!-- <script>alert(1)</script> -->",
        "<style>*{display:none}</style>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](file:///etc/passwd)",
        "[x](//a.example)",
        "[x](/ich)",
        "[x](https://)",
        "[x](https:///a.example)",
        "<javascript:alert(1)>",
        "![x](data:image/svg+xml,<svg/>)",
        "[x]: javascript:alert(1)",
        "[Wichtig]: morgen",
        "<b>nicht fett",
        "</div></main>",
        "<",
        "a < b && c > d \" ' \\\\",
    ] {
        let (elements, text) = checked(source);
        let names: Vec<&str> = elements.iter().map(|(name, _)| &**name).collect();
        assert!(
            names.iter().all(|name| ["p", "br"].contains(name)),
            "{source}: {names:?}"
        );
        assert_eq!(text.trim(), source.replace("\\\\", "\\"), "{source}");
    }
    for source in [
        "[x](java\u{a}script:alert(1))",
        "[x](java&#x0A;script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript&colon;alert(1))",
        "[x]( \t javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](\u{1}javascript:alert(1))",
        "[x](https://a.example/&#10;b)",
        "[x](https://a.example/&#x202e;b)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[a [b](https://b.example)](https://a.example)",
        "[![a](https://b.example/c.png)](https://a.example)",
        "![a [b](https://b.example) ![c](javascript:1)](https://a.example)",
        "[x](https://a.example\"onmouseover=\"alert(1))",
        "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
        "[x](https://a.example/'onmouseover='alert(1))",
        "https://a.example/\"onmouseover=alert(1)",
        "https://a.example/<script>alert(1)</script>",
        "**<script>**alert(1)</script>",
        "`<script>`",
        "```html\n<script>alert(1)</script>\n```",
        "```\"><script>alert(1)</script>\nx",
        "1. <img src=x onerror=alert(1)>\n2. ***",
        "***bold *and **not closed",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ] {
        let (elements, _) = checked(source);
        assert!(
            elements.iter().all(|(name, _)| name != "script"),
            "{source}"
        );
    }
    // An entity spells what the door keeps out of every text.
    assert_eq!(html("a&#x202e;b&#7;c&#xad;d"), "<p>abcd</p>");
}

#[test]
fn whatever_goes_in_little_comes_out() {
    let deep = 10_000;
    for source in [
        ">".repeat(deep),
        "> ".repeat(deep),
        (0..150).map(|n| ">".repeat(n) + " a\n").collect(),
        "- ".repeat(deep),
        (0..150).map(|n| "  ".repeat(n) + "- a\n").collect(),
        "[".repeat(deep),
        "![".repeat(deep),
        "[a](".repeat(deep / 2),
        "*a **b ".repeat(deep / 4),
        "*".repeat(deep),
        "_a_".repeat(deep / 2),
        "~~a".repeat(deep / 2),
        "`".repeat(deep),
        (1..180).map(|n| "`".repeat(n) + " ").collect(),
        "<".repeat(deep),
        "<!--".repeat(deep / 2),
        "<a ".repeat(deep / 2),
        "&".repeat(deep),
        "http".repeat(deep / 2),
        "http://a ".repeat(deep / 5),
        "[a]:".repeat(deep / 2),
        "[a]: b\n".repeat(deep / 4),
        "\\".repeat(deep),
        "#\n".repeat(deep),
        "-\n".repeat(deep),
        "x".repeat(1_000_000),
        "> ".repeat(500_000),
    ] {
        checked(&source);
        let text = plain(&source);
        assert!(
            text.len() <= 8 * source.len() + 64,
            "{} of {}",
            text.len(),
            source.len()
        );
    }
}

#[test]
fn as_text_it_has_no_signs() {
    for (source, expected) in [
        ("**fett** und `so`", "fett und so"),
        ("# Titel\n\nText\nzwei", "Titel\n\nText\nzwei"),
        ("- a\n- b\n\nc", "– a\n– b\n\nc"),
        ("2. a\n3. b\n   - c", "2. a\n3. b\n– c"),
        ("> Zitat\n\nDanach", "Zitat\n\nDanach"),
        (
            "[Wort](https://a.example) <https://b.example>",
            "Wort (https://a.example) https://b.example",
        ),
        (
            "<b>kein</b> [Wichtig]: morgen",
            "<b>kein</b> [Wichtig]: morgen",
        ),
        ("", ""),
    ] {
        assert_eq!(plain(source), expected, "{source}");
    }
}

/// Pieces of which hostile texts are made.
fn piece() -> impl Strategy<Value = String> {
    let signs = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "`",
        "```",
        "~~",
        "#",
        "> ",
        "- ",
        "1. ",
        "\n",
        "\n\n",
        "    ",
        "[",
        "]",
        "(",
        ")",
        "](",
        "]:",
        "![",
        "<",
        ">",
        "</",
        "<script>",
        "<img src=x onerror=",
        "javascript:",
        "https://",
        "http://a.example",
        "mailto:",
        "geo:1,2",
        "data:",
        "&#x3c;",
        "&lt;",
        "&quot;",
        "&#0;",
        "\\",
        "\"",
        "'",
        "<!--",
        "-->",
        "---",
        "===",
        "|",
        "\u{202e}",
        "\u{fdd0}",
        "🧵",
        "ä",
    ]);
    prop_oneof![
        4 => signs.prop_map(str::to_owned),
        1 => "[a-z ]{0,6}",
        1 => any::<char>().prop_map(String::from),
    ]
}

fn hostile() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

/// The letters and digits of a text, in order: no sign of Markdown is one.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever is written: elements of the list alone, all closed in order, links to where they may lead.
    #[test]
    fn nothing_but_the_short_list_comes_of_it(source in hostile()) {
        checked(&source);
        prop_assert!(plain(&source).len() <= 8 * source.len() + 64);
    }

    /// Every word is there again: in the text, or in the address that it became.
    #[test]
    fn no_word_is_lost(words in prop::collection::vec("[a-zäöü]{1,5}", 1..20), signs in prop::collection::vec(
        prop::sample::select(vec![
            " ", " ", "\n", "\n\n", "*", "**", "_", "`", "~~", "> ", "\n- ", "\n# ", "<", ">", "](", "[", ")",
            "]: ", "![", "</", "<!-- ", " -->", "\n\n    ", "\n```\n", "](javascript:", "](https://a.example/",
        ]), 20)
    ) {
        let source: String = words.iter().zip(&signs).flat_map(|(word, sign)| [sign, &**word]).collect();
        let written = html(&source);
        // Of what an address has in it nothing stands in the text.
        let shown: String = written.replace("&lt;", " ").replace("&gt;", " ").replace("&quot;", " ").replace("&#39;", " ");
        for word in &words {
            prop_assert!(shown.contains(word.as_str()), "{word} of {source:?} in {written}");
        }
    }

    /// What the browser shows by itself, without asking for more, is what the server would write.
    #[test]
    fn what_is_not_marked_shows_the_same_without_the_server(source in "[a-zA-ZäöüÄÖÜß.,;:!?()\"'/ \n-]{0,200}") {
        let source = source.trim().to_owned();
        prop_assume!(!is_marked(&source));
        let (elements, text) = read(&html(&source));
        prop_assert!(elements.iter().all(|(name, _)| ["p", "br"].contains(&&**name)), "{elements:?}");
        prop_assert_eq!(letters(&text), letters(&source));
    }
}
