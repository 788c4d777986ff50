//! Which rows a batch of events changed, and how much of each.

use std::collections::BTreeMap;

/// How much of a row changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// What every act changes: times, counts, versions. Indexes hold none of it; the end alone takes a row out of some.
    Facts,
    /// Anything else, or the row is new.
    Whole,
}

/// The rows of one table that changed.
#[derive(Debug)]
pub(super) struct Changes<Id>(BTreeMap<Id, Extent>);

impl<Id> Default for Changes<Id> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<Id: Copy + Ord> Changes<Id> {
    /// Notes a change, beside what is known of that row.
    pub(super) fn note(&mut self, id: Id, extent: Extent) {
        let known = self.0.entry(id).or_insert(extent);
        *known = extent.max(*known);
    }

    /// The rows out of `rows` that changed to that extent.
    pub(super) fn of<'r, Row>(&self, extent: Extent, rows: &'r BTreeMap<Id, Row>) -> Vec<&'r Row> {
        self.0
            .iter()
            .filter(|(_, known)| **known == extent)
            .filter_map(|(id, _)| rows.get(id))
            .collect()
    }
}
