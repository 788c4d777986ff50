//! Which tile lies where: a list of runs, read from numbers of variable length.

use super::super::vector_tile::varint;

/// A run of tiles with the same content, or (run 0) a leaf directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) run: u32,
    pub(super) bytes: u32,
    pub(super) offset: u64,
}

/// A directory: how many, then all ids (as steps), all runs, all lengths, all offsets (0: right after the one before).
pub(super) fn entries(mut bytes: &[u8]) -> Option<Vec<Entry>> {
    let bytes = &mut bytes;
    let count = usize::try_from(varint(bytes)?).ok()?;
    // Each takes at least four bytes.
    if count > bytes.len() / 4 {
        return None;
    }
    let mut entries = Vec::with_capacity(count);
    let mut id = 0_u64;
    for _ in 0..count {
        id = id.checked_add(varint(bytes)?)?;
        entries.push(Entry {
            id,
            run: 0,
            bytes: 0,
            offset: 0,
        });
    }
    for entry in &mut entries {
        entry.run = varint(bytes)?.try_into().ok()?;
    }
    for entry in &mut entries {
        entry.bytes = varint(bytes)?.try_into().ok()?;
    }
    let mut next = None;
    for entry in &mut entries {
        entry.offset = match varint(bytes)? {
            0 => next?,
            offset => offset - 1,
        };
        next = entry.offset.checked_add(u64::from(entry.bytes));
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_no_directory() {
        let sound = [2, 0, 1, 1, 0, 5, 9, 1, 0];
        let entries_of = |bytes: &[u8]| entries(bytes).map(|found| found.len());
        assert_eq!(entries_of(&sound), Some(2));
        assert_eq!(entries_of(&[]), None);
        for end in 0..sound.len() {
            assert_eq!(entries_of(&sound[..end]), None, "cut after {end}");
        }
        assert_eq!(
            entries_of(&[1, 0, 1, 5, 0]),
            None,
            "nothing stands before the first"
        );
        assert_eq!(
            entries_of(&[0xff, 0xff, 0xff, 0xff, 0x7f]),
            None,
            "more than there are"
        );
    }
}
