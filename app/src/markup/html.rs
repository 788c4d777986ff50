//! Markup as HTML.

use super::Markup;

/// Elements without an end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// Appends `markup` to `html`, escaped.
pub(super) fn write(markup: &Markup, html: &mut String) {
    match markup {
        Markup::Text(text) => escape(text, html),
        Markup::Element(element) => {
            html.push('<');
            html.push_str(element.tag);
            for (name, value) in &element.attributes {
                html.push(' ');
                html.push_str(name);
                if !value.is_empty() {
                    html.push_str("=\"");
                    escape(value, html);
                    html.push('"');
                }
            }
            html.push('>');
            if VOID.contains(&element.tag) {
                return;
            }
            if let Some(served) = &element.served {
                html.push_str(served);
            }
            for child in &element.children {
                write(child, html);
            }
            html.push_str("</");
            html.push_str(element.tag);
            html.push('>');
        }
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // HTML reads a carriage return as a line break and knows no null.
            '\r' | '\0' => {}
            _ => html.push(c),
        }
    }
}
