//! Which file lies at a path, so that one that was replaced or changed is noticed.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use sha2::{Digest, Sha256};

/// Everything that tells two files, or two states of one, apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
    bytes: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// How much of a file's beginning goes into its tag: both formats begin with what differs between two maps.
const HEAD_BYTES: usize = 4096;
/// Letters of a tag.
const TAG_LETTERS: usize = 20;

/// A name for what a file holds, the same for a faithful copy on another machine (`cp -p`, `rsync -a`).
pub(crate) fn tag(file: &File, metadata: &Metadata) -> io::Result<String> {
    let mut head = vec![0; HEAD_BYTES.min(usize::try_from(metadata.len()).unwrap_or(HEAD_BYTES))];
    file.read_exact_at(&mut head, 0)?;
    let hash = Sha256::new()
        .chain_update(metadata.len().to_le_bytes())
        .chain_update(metadata.mtime().to_le_bytes())
        .chain_update(metadata.mtime_nsec().to_le_bytes())
        .chain_update(head)
        .finalize();
    let mut tag: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    tag.truncate(TAG_LETTERS);
    Ok(tag)
}
