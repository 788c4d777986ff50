//! Where the sockets are: in the data folder, or in a run-time folder where the path would be too long for the kernel or
//! means something else to PostgreSQL.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::{Account, is_root};
use super::error::EmbeddedError;
use super::folder::DataFolder;

/// What a socket's path may have at most: `sun_path` without its closing zero.
const SOCKET_PATH_BYTES_MAX: usize = 107;

/// The longest of the socket names below, with the folders above it.
const LONGEST: &str = "run/postgres/.s.PGSQL.5432";

/// A private folder for the sockets of one service.
pub(super) fn folder_for(
    data: &DataFolder,
    service: &str,
    account: Option<&Account>,
) -> Result<PathBuf, EmbeddedError> {
    let base = base_for(&data.path);
    // Root's own folder lets the services' users pass, each to their own.
    let is_shared = is_root() && data.owner.is_none();
    let mode = if is_shared { 0o711 } else { 0o700 };
    private_folder(&base, mode, data.owner.as_ref())?;
    let folder = base.join(service);
    private_folder(&folder, 0o700, account)?;
    Ok(folder)
}

/// The folder that the sockets of this data folder are under.
pub(super) fn base_for(data: &Path) -> PathBuf {
    // A comma separates addresses in PostgreSQL's own tools, and nothing escapes it.
    let is_plain = !data.as_os_str().as_encoded_bytes().contains(&b',');
    if is_plain && data.join(LONGEST).as_os_str().len() <= SOCKET_PATH_BYTES_MAX {
        return data.join("run");
    }
    let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
    let name: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let base = if is_root() {
        Path::new("/run").is_dir().then(|| PathBuf::from("/run"))
    } else {
        env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute() && folder.is_dir())
    };
    let own = format!("weltgewebe-{}-{name}", Account::own().uid);
    let fits = |folder: &PathBuf| {
        let longest = folder.join(&own).join("postgres/.s.PGSQL.5432");
        longest.as_os_str().len() <= SOCKET_PATH_BYTES_MAX
    };
    // The environment may name folders that are too long themselves.
    base.into_iter()
        .chain([env::temp_dir()])
        .find(fits)
        .unwrap_or_else(|| PathBuf::from("/tmp"))
        .join(own)
}

/// Removes the sockets and lock files of a run that was killed. Only for when nothing of it runs.
pub(super) fn clear(folder: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        // What cannot be removed is told by the service that wants its place.
        let _ = fs::remove_file(entry.path());
    }
}

/// Removes the folders of the sockets where they are not in the data folder: what is in `/run` or `/tmp` is found by nobody
/// who removes that. Those in which something still runs stay.
pub(super) fn leave(data: &Path) {
    let base = base_for(data);
    // A link could lead into folders that are none of ours.
    let is_folder = || base.symlink_metadata().is_ok_and(|base| base.is_dir());
    if base.starts_with(data) || !is_folder() {
        return;
    }
    for folder in [base.join("redis"), base.join("postgres"), base] {
        // Only empty ones can be removed.
        let _ = fs::remove_dir(folder);
    }
}

/// A path as a part of an address.
pub(super) fn percent_encoded(path: &Path, keep_slashes: bool) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                text.push(char::from(*byte))
            }
            b'/' if keep_slashes => text.push('/'),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

/// Makes a folder, or takes one that is ours already. Somebody else's of that name is refused, which matters in `/tmp`.
fn private_folder(path: &Path, mode: u32, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let failed = |source| EmbeddedError::Folder {
        path: path.to_path_buf(),
        doing: "making the folder for the sockets",
        source,
    };
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let metadata = path.symlink_metadata().map_err(failed)?;
            let owner = metadata.uid();
            let is_ours =
                owner == Account::own().uid || account.is_some_and(|account| owner == account.uid);
            if !metadata.is_dir() || !is_ours {
                return Err(EmbeddedError::SocketFolderTaken {
                    path: path.to_path_buf(),
                });
            }
        }
        other => other.map_err(failed)?,
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(failed)?;
    match account {
        Some(account) => lchown(path, Some(account.uid), Some(account.gid)).map_err(failed),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_a_folder_elsewhere() {
        assert_eq!(base_for(Path::new("/data")), Path::new("/data/run"));
        let long = PathBuf::from(format!("/{}", "d".repeat(90)));
        let elsewhere = base_for(&long);
        assert!(!elsewhere.starts_with(&long));
        assert!(
            elsewhere.join("postgres/.s.PGSQL.5432").as_os_str().len() <= SOCKET_PATH_BYTES_MAX
        );
        assert_ne!(elsewhere, base_for(&long.join("other")));
        let comma = Path::new("/a, b");
        assert!(!base_for(comma).starts_with(comma));
    }

    #[test]
    fn what_is_no_folder_of_ours_is_not_taken_for_the_sockets() {
        let parent = tempfile::tempdir().expect("a folder");
        let (link, file) = (parent.path().join("link"), parent.path().join("file"));
        std::os::unix::fs::symlink(parent.path(), &link).expect("a link");
        fs::write(&file, "").expect("a file");
        for path in [link, file] {
            let error = private_folder(&path, 0o700, None).expect_err("it is no folder");
            assert!(
                matches!(error, EmbeddedError::SocketFolderTaken { path: taken } if taken == path)
            );
        }
        let folder = parent.path().join("folder");
        for _ in 0..2 {
            private_folder(&folder, 0o700, None).expect("it is ours");
        }
    }

    #[test]
    fn a_path_becomes_a_part_of_an_address() {
        assert_eq!(percent_encoded(Path::new("/a b"), true), "/a%20b");
        assert_eq!(percent_encoded(Path::new("/a b"), false), "%2Fa%20b");
    }
}
