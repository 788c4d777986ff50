//! A map of a few things: a sorted list that takes no more memory than what is in it, and none when it is empty.

/// Sorted by its keys.
#[derive(Clone, Debug)]
pub(crate) struct Few<K, V>(Vec<(K, V)>);

impl<K: Ord, V> Few<K, V> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Puts it in, in the place of what is there; whether nothing was.
    pub(crate) fn insert(&mut self, key: K, value: V) -> bool {
        match self.place(&key) {
            Ok(at) => {
                self.0[at].1 = value;
                false
            }
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (key, value));
                true
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Ok(at) = self.place(key) {
            self.0.remove(at);
            self.0.shrink_to_fit();
        }
    }

    /// In the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_there_in_order_until_it_is_taken_out() {
        let mut few = Few::new();
        for key in [3, 1, 2, 5, 4] {
            assert!(few.insert(key, 'a'));
        }
        assert!(!few.insert(4, 'b'));
        few.remove(&1);
        few.remove(&7);
        assert!(few.contains(&2) && !few.contains(&1));
        let all: Vec<_> = few.iter().copied().collect();
        assert_eq!(all, [(2, 'a'), (3, 'a'), (4, 'b'), (5, 'a')]);
        for key in 2..=5 {
            few.remove(&key);
        }
        assert!(few.is_empty());
        assert_eq!(few.0.capacity(), 0);
    }
}
