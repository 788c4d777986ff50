//! A feed as Atom (RFC 4287).

use app::feed::kind_of;
use domain::link::Panel;
use domain::time::Millis;
use store::marks::Listed;

use super::About;

/// The feed.
pub(super) fn feed(about: &About, knots: &[Listed]) -> String {
    let mut xml = Xml::default();
    xml.text
        .push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.open(
        "feed",
        &[
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xmlns:georss", "http://www.georss.org/georss"),
            ("xml:lang", about.lang.code()),
        ],
    );
    xml.element("id", &about.address);
    xml.element("title", &about.title);
    let written = knots.iter().map(|knot| knot.written_at).max();
    xml.element("updated", &moment(written.unwrap_or(Millis(0))));
    // Whoever knotted something is named on its page alone.
    xml.open("author", &[]);
    xml.element("name", "Weltgewebe");
    xml.close("author");
    xml.empty(
        "link",
        &[
            ("rel", "self"),
            ("type", "application/atom+xml"),
            ("href", &about.address),
        ],
    );
    xml.empty(
        "link",
        &[
            ("rel", "alternate"),
            ("type", "text/html"),
            ("href", &about.base),
        ],
    );
    for knot in knots {
        entry(&mut xml, about, knot);
    }
    xml.close("feed");
    xml.text
}

fn entry(xml: &mut Xml, about: &About, knot: &Listed) {
    let node = &knot.node;
    let address = [&*about.base, &Panel::Node(node.id).path()].concat();
    let place = format!(
        "{:.6} {:.6}",
        node.place.lat_degrees(),
        node.place.lon_degrees()
    );
    xml.open("entry", &[]);
    xml.element("id", &format!("urn:uuid:{}", node.id));
    xml.element("title", &node.title);
    xml.element("published", &moment(node.created_at));
    xml.element("updated", &moment(knot.written_at));
    xml.empty(
        "link",
        &[
            ("rel", "alternate"),
            ("type", "text/html"),
            ("href", &address),
        ],
    );
    xml.empty(
        "category",
        &[
            ("term", node.kind.code()),
            ("label", kind_of(about.lang, node.kind)),
        ],
    );
    if !node.text.is_empty() {
        xml.element("content", &node.text);
    }
    xml.element("georss:point", &place);
    xml.close("entry");
}

/// In UTC; what is told is whole minutes.
fn moment(at: Millis) -> String {
    let civil = at.civil();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:00Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute
    )
}

/// XML as it is written: names are ours, values are anybody's.
#[derive(Default)]
struct Xml {
    text: String,
}

impl Xml {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.text.push('>');
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.text.push_str("/>");
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.escape(value);
            self.text.push('"');
        }
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn element(&mut self, name: &str, value: &str) {
        self.open(name, &[]);
        self.escape(value);
        self.close(name);
    }

    /// Leaves out what XML 1.0 has no way to say: control characters, and the two code points that are none.
    fn escape(&mut self, value: &str) {
        for c in value.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                // Read as they are they would become line feeds or blanks.
                '\r' => self.text.push_str("&#13;"),
                '\n' | '\t' => self.text.push(c),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                _ => self.text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_somebody_writes_stays_a_text() {
        let mut xml = Xml::default();
        xml.element("title", "]]><script>&amp;\"'\u{0}\u{b}\u{fffe}🪑\r\n");
        assert_eq!(
            xml.text,
            "<title>]]&gt;&lt;script&gt;&amp;amp;&quot;&#39;🪑&#13;\n</title>\n"
        );
        let mut xml = Xml::default();
        xml.empty("link", &[("href", "a\" onload=\"x")]);
        assert_eq!(xml.text, "<link href=\"a&quot; onload=&quot;x\"/>");
    }

    #[test]
    fn moments_are_as_the_standard_wants_them() {
        assert_eq!(moment(Millis(1_795_630_530_000)), "2026-11-25T18:15:00Z");
    }
}
