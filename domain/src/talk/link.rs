//! The address of older messages, which works without script.

use crate::id::{MessageId, NodeId};
use crate::link::Panel;

/// Where in the page the conversation is.
pub const ANCHOR: &str = "gespraech";
const BEFORE: &str = "vor=";

/// Where the messages of a conversation stand that were said before that one.
#[must_use]
pub fn older(node: NodeId, before: MessageId) -> String {
    let mut address = Panel::Node(node).path();
    address.push('?');
    address.push_str(&query(before));
    address.push('#');
    address.push_str(ANCHOR);
    address
}

/// What stands in the query of such an address.
#[must_use]
pub fn query(before: MessageId) -> String {
    let mut query = String::from(BEFORE);
    query.push_str(&before.to_string());
    query
}

/// Where its newest messages stand.
#[must_use]
pub fn newest(node: NodeId) -> String {
    let mut address = Panel::Node(node).path();
    address.push('#');
    address.push_str(ANCHOR);
    address
}

/// The message that a query asks to go back from; nonsense is none.
#[must_use]
pub fn before(query: &str) -> Option<MessageId> {
    query
        .split('&')
        .find_map(|part| part.strip_prefix(BEFORE)?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_older_messages_is_read_back() {
        let node: NodeId = "0199aaaa-0000-7000-8000-000000000011"
            .parse()
            .expect("an id");
        let message: MessageId = "0199aaaa-0000-7000-8000-000000000031"
            .parse()
            .expect("an id");
        let address = older(node, message);
        let (path, rest) = address.split_once('?').expect("a query");
        let (query, anchor) = rest.split_once('#').expect("an anchor");
        assert_eq!(Panel::from_path(path), Panel::Node(node));
        assert_eq!((before(query), anchor), (Some(message), ANCHOR));
        assert_eq!(before("lang=en&vor=unsinn"), None);
    }
}
