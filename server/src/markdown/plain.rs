//! Markdown as text alone, for where nothing can be marked: previews, excerpts, calendars.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{TEXT_MAX, events, guarded, is_unseen};

/// A text without the signs that mark it up; where a link leads follows its words.
#[must_use]
pub fn plain(text: &str) -> String {
    if text.len() > TEXT_MAX {
        return text.to_owned();
    }
    let source = guarded(text);
    let mut plain = Plain::default();
    for (event, _) in events(&source) {
        plain.take(event);
    }
    plain.text.truncate(plain.text.trim_end().len());
    plain.text
}

#[derive(Default)]
struct Plain {
    text: String,
    /// The number of the next item of each list that is open; none: it has no numbers.
    lists: Vec<Option<u64>>,
    /// Where the words of each open link begin, and where it leads.
    links: Vec<(usize, String)>,
}

impl Plain {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.push(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.lines(2),
            Event::Start(Tag::List(first)) => {
                self.lines(1);
                self.lists.push(first);
            }
            Event::Start(Tag::Item) => {
                self.lines(1);
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.text.push_str(&number.to_string());
                        self.text.push_str(". ");
                        *number = number.saturating_add(1);
                    }
                    _ => self.text.push_str("– "),
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.links.push((self.text.len(), dest_url.into_string()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((from, leads)) = self.links.pop() {
                    self.leads(from, &leads);
                }
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                self.lines(if self.lists.is_empty() { 2 } else { 1 });
            }
            Event::End(TagEnd::Item) => self.lines(1),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::BlockQuote(_),
            ) => self.lines(if self.lists.is_empty() { 2 } else { 1 }),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|&c| !is_unseen(c)));
    }

    fn leads(&mut self, from: usize, leads: &str) {
        if self.text.get(from..) != Some(leads) {
            self.text.push_str(" (");
            self.push(leads);
            self.text.push(')');
        }
    }

    /// Goes on after so many line breaks, where anything stands before.
    fn lines(&mut self, breaks: usize) {
        if self.text.is_empty() {
            return;
        }
        let there = self.text.len() - self.text.trim_end_matches('\n').len();
        for _ in there..breaks {
            self.text.push('\n');
        }
    }
}
