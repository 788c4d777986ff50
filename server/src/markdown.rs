//! What people write of a knot is Markdown. Here it becomes HTML that can do nothing: of what the parser tells, each event that is
//! known writes elements from a short list, and everything else stands there as it was written. Nothing of a text is lost by that, no
//! markup in it is passed through, and what comes out is bounded in depth and size whatever goes in.

mod plain;

use std::ops::Range;

use domain::tidy::is_dropped;
use pulldown_cmark::{
    CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TextMergeWithOffset,
};

pub use plain::plain;

/// Bytes that are read as Markdown; a longer text stands there as it is. The longest that a knot has is half of it.
const TEXT_MAX: usize = 32 * 1024;
/// Bytes that are written of it; what would be more stands there as it is too.
const HTML_MAX: usize = 512 * 1024;
/// Elements within each other; what is deeper stands within the last of them.
const DEPTH_MAX: usize = 24;
/// Where a link may lead. Nothing that a page could run is among them.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "geo:"];
/// Stands in `]:` while it is parsed, so that no line is taken for the definition of a link, which would not be seen. It is no
/// character, and whoever writes it has written nothing.
const APART: char = '\u{fdd0}';

/// A text as HTML: paragraphs, headings below the panel's title, lists, quotes, emphasis, code, rules, and links to where
/// [`SCHEMES`] lead.
#[must_use]
pub fn html(text: &str) -> String {
    let source = guarded(text);
    if text.len() <= TEXT_MAX {
        let mut writer = Writer::new(&source);
        let is_written = events(&source).all(|(event, range)| {
            writer.take(event, range);
            writer.html.len() <= HTML_MAX
        });
        if is_written {
            return writer.html;
        }
    }
    let mut writer = Writer::new(&source);
    writer.html.push_str("<p>");
    writer.escape(&source);
    writer.html.push_str("</p>");
    writer.html
}

fn guarded(text: &str) -> String {
    text.replace(APART, "").replace("]:", "]\u{fdd0}:")
}

fn events(source: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let parser = Parser::new_ext(source, Options::ENABLE_STRIKETHROUGH);
    TextMergeWithOffset::new(parser.into_offset_iter())
}

struct Writer<'a> {
    source: &'a str,
    html: String,
    /// How each element ends that is open, the innermost last; nothing where none was written.
    open: Vec<Option<&'static str>>,
    /// How deep it is in something that stands there as it was written.
    verbatim: usize,
    is_in_link: bool,
    is_in_code: bool,
    /// The level of the last heading; none is skipped on the way down.
    level: u8,
}

/// How links end.
const LINK_END: &str = "</a>";
const CODE_END: &str = "</code></pre>";

impl<'a> Writer<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            html: String::with_capacity(source.len() + source.len() / 4),
            open: Vec::new(),
            verbatim: 0,
            is_in_link: false,
            is_in_code: false,
            level: 1,
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.verbatim > 0 {
            match event {
                Event::Start(_) => self.verbatim += 1,
                Event::End(_) => self.verbatim -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.begin(tag, range),
            Event::End(_) => self.end(),
            Event::Text(text) if self.is_in_code => self.code(&text),
            Event::Text(text) => self.words(&text),
            Event::Code(text) => {
                self.html.push_str("<code>");
                self.code(&text);
                self.html.push_str("</code>");
            }
            Event::Html(text) | Event::InlineHtml(text) => self.escape(&text),
            Event::SoftBreak | Event::HardBreak => self.html.push_str("<br>"),
            Event::Rule => self.html.push_str("<hr>"),
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => self.written(range),
        }
    }

    fn begin(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let is_shallow = self.open.iter().flatten().count() < DEPTH_MAX;
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.element("<p>", "</p>"),
            Tag::Heading { level, .. } => {
                let (begin, end) = self.heading(level);
                self.element(begin, end);
            }
            Tag::CodeBlock(kind) => {
                self.element("<pre><code>", CODE_END);
                self.is_in_code = true;
                if let CodeBlockKind::Fenced(info) = kind
                    && !info.is_empty()
                {
                    self.code(&info);
                    self.html.push('\n');
                }
            }
            Tag::BlockQuote(_) if is_shallow => self.element("<blockquote>", "</blockquote>"),
            Tag::List(None) if is_shallow => self.element("<ul>", "</ul>"),
            Tag::List(Some(first)) if is_shallow => {
                self.html.push_str("<ol start=\"");
                self.html.push_str(&first.to_string());
                self.element("\">", "</ol>");
            }
            // Where its list is.
            Tag::Item if matches!(self.open.last(), Some(Some(_))) => {
                self.element("<li>", "</li>");
            }
            Tag::Emphasis if is_shallow => self.element("<em>", "</em>"),
            Tag::Strong if is_shallow => self.element("<strong>", "</strong>"),
            Tag::Strikethrough if is_shallow => self.element("<del>", "</del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let dest = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                self.link(&dest, &title, range);
            }
            // A picture is somewhere else, and the page speaks to its own origin alone: it becomes the way there.
            Tag::Image {
                dest_url, title, ..
            } => self.link(&dest_url, &title, range),
            Tag::BlockQuote(_) | Tag::Item => {
                self.html.push_str("<br>");
                self.open.push(None);
            }
            Tag::List(_) | Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.open.push(None),
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {
                self.written(range);
                self.verbatim = 1;
            }
        }
    }

    fn element(&mut self, begin: &str, end: &'static str) {
        self.html.push_str(begin);
        self.open.push(Some(end));
    }

    fn end(&mut self) {
        if let Some(Some(end)) = self.open.pop() {
            self.html.push_str(end);
            self.is_in_link &= end != LINK_END;
            self.is_in_code &= end != CODE_END;
        }
    }

    fn heading(&mut self, level: HeadingLevel) -> (&'static str, &'static str) {
        self.level = (level as u8 + 1).min(self.level + 1).min(6);
        match self.level {
            2 => ("<h2>", "</h2>"),
            3 => ("<h3>", "</h3>"),
            4 => ("<h4>", "</h4>"),
            5 => ("<h5>", "</h5>"),
            _ => ("<h6>", "</h6>"),
        }
    }

    /// A link; one that leads elsewhere than it may, or lies in another one, stands there as it was written.
    fn link(&mut self, dest: &str, title: &str, range: Range<usize>) {
        if self.is_in_link || !self.anchor(dest, title) {
            self.written(range);
            self.verbatim = 1;
            return;
        }
        self.open.push(Some(LINK_END));
        self.is_in_link = true;
    }

    /// Begins a link, where it may lead there.
    fn anchor(&mut self, dest: &str, title: &str) -> bool {
        if !is_harmless(dest) {
            return false;
        }
        self.html.push_str("<a href=\"");
        self.code(dest);
        if !title.is_empty() {
            self.html.push_str("\" title=\"");
            self.code(title);
        }
        self.html.push_str("\" rel=\"nofollow noopener ugc\">");
        true
    }

    /// What was written there, as it was.
    fn written(&mut self, range: Range<usize>) {
        let source = self.source.get(range).unwrap_or_default();
        self.escape(source);
    }

    /// Words, in which addresses become links.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while !self.is_in_link
            && let Some(range) = bare_address(rest)
        {
            self.escape(&rest[..range.start]);
            let address = &rest[range.clone()];
            if self.anchor(address, "") {
                self.escape(address);
                self.html.push_str(LINK_END);
            } else {
                self.escape(address);
            }
            rest = &rest[range.end..];
        }
        self.escape(rest);
    }

    /// A text of several lines.
    fn escape(&mut self, text: &str) {
        for (nth, line) in text.split('\n').enumerate() {
            if nth > 0 {
                self.html.push_str("<br>");
            }
            self.code(line);
        }
    }

    /// A text whose lines stay lines, or a value of an attribute.
    fn code(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                _ if is_unseen(c) => {}
                _ => self.html.push(c),
            }
        }
    }
}

/// What the door keeps out of every text: an entity spells it all the same.
fn is_unseen(c: char) -> bool {
    c == APART || is_dropped(c) || c.is_control() && c != '\n'
}

/// Whether a link may lead there: by one of [`SCHEMES`] to something, with nothing in it that nobody sees.
fn is_harmless(dest: &str) -> bool {
    let rest = SCHEMES.iter().find_map(|scheme| {
        let (begin, rest) = dest.split_at_checked(scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then_some(rest)
    });
    let is_odd = |c: char| c.is_whitespace() || c != APART && is_unseen(c);
    rest.is_some_and(|rest| {
        let first = rest.chars().next();
        first.is_some_and(|c| c.is_alphanumeric() || "[-+".contains(c)) && !rest.contains(is_odd)
    })
}

/// The first address of the web that stands in a text as such, without what ends the sentence.
fn bare_address(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(at) = text[from..].find("http").map(|at| from + at) {
        from = at + "http".len();
        let is_word = text[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let address = &text[at..];
        let begins = ["https://", "http://"]
            .into_iter()
            .any(|begin| address.starts_with(begin));
        if is_word || !begins {
            continue;
        }
        let end = address.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
        let mut address = &address[..end.unwrap_or(address.len())];
        while let Some(shorter) = address.strip_suffix(|c: char| ".,:;!?'*_)…“”»«".contains(c))
        {
            let count = |sign| address.matches(sign).count();
            if address.ends_with(')') && count('(') >= count(')') {
                break;
            }
            address = shorter;
        }
        if is_harmless(address) {
            return Some(at..at + address.len());
        }
    }
    None
}
