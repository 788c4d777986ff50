//! What the server has written out of the texts of knots, kept for whoever opens one again: at once, and without a network.

use domain::id::NodeId;

/// So many are kept; of the longest texts that is some hundred KiB.
const KEPT_MAX: usize = 32;

/// What was written, the newest last.
#[derive(Debug, Default)]
pub struct Written(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    node: NodeId,
    /// What it was written out of.
    text: String,
    prose: String,
}

impl Written {
    /// Keeps what was written of a knot's text, if anything was; the oldest goes where there are too many.
    pub fn keep(&mut self, node: NodeId, text: &str, prose: &str) {
        if prose.is_empty() {
            return;
        }
        self.0.retain(|kept| kept.node != node);
        if self.0.len() == KEPT_MAX {
            self.0.remove(0);
        }
        self.0.push(Kept {
            node,
            text: text.to_owned(),
            prose: prose.to_owned(),
        });
    }

    /// What was written of that text of the knot; empty where that is not kept.
    #[must_use]
    pub fn of(&self, node: NodeId, text: &str) -> &str {
        let is_it = |kept: &&Kept| kept.node == node && kept.text == text;
        self.0.iter().find(is_it).map_or("", |kept| &kept.prose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(n: usize) -> NodeId {
        NodeId(uuid::Uuid::from_u128(n as u128))
    }

    #[test]
    fn what_was_written_is_of_one_text_of_one_knot() {
        let mut written = Written::default();
        written.keep(node(1), "**Brot**", "<p><strong>Brot</strong></p>");
        assert_eq!(
            written.of(node(1), "**Brot**"),
            "<p><strong>Brot</strong></p>"
        );
        assert_eq!(written.of(node(1), "**Kuchen**"), "");
        assert_eq!(written.of(node(2), "**Brot**"), "");
        written.keep(node(1), "Brot", "");
        assert_ne!(written.of(node(1), "**Brot**"), "", "nothing was written");
        written.keep(node(1), "*Kuchen*", "<p><em>Kuchen</em></p>");
        assert_eq!(
            written.of(node(1), "**Brot**"),
            "",
            "it says something else"
        );
        assert_eq!(written.of(node(1), "*Kuchen*"), "<p><em>Kuchen</em></p>");
    }

    #[test]
    fn the_oldest_go() {
        let mut written = Written::default();
        for n in 0..=KEPT_MAX {
            written.keep(node(n), "*a*", "<em>a</em>");
        }
        assert_eq!(written.0.len(), KEPT_MAX);
        assert_eq!(written.of(node(0), "*a*"), "");
        assert_ne!(written.of(node(1), "*a*"), "");
    }
}
