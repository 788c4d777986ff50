//! Who runs the services: never root. Started by an ordinary user, that user; started by root, the owner of what is
//! already there, else the user that the package made.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Uid, User};

use super::error::EmbeddedError;
use crate::terminal::either;

/// An unprivileged user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The first of these names that exists and is not root.
    pub(super) fn first_of(names: &[&str]) -> Result<Self, EmbeddedError> {
        names
            .iter()
            .filter_map(|name| User::from_name(name).ok().flatten())
            .find(|user| !user.uid.is_root())
            .map(Self::from)
            .ok_or_else(|| EmbeddedError::NoAccount {
                wanted: names.join(", "),
            })
    }

    /// The owner of a file or folder; none when that is root.
    pub(super) fn owning(path: &Path) -> io::Result<Option<Self>> {
        let metadata = path.metadata()?;
        if metadata.uid() == 0 {
            return Ok(None);
        }
        let known = User::from_uid(Uid::from_raw(metadata.uid())).ok().flatten();
        Ok(Some(known.map_or_else(
            || Self {
                name: format!("{} {}", either("number", "Nummer"), metadata.uid()),
                uid: metadata.uid(),
                gid: metadata.gid(),
            },
            Self::from,
        )))
    }

    /// The user of this process.
    pub(super) fn own() -> Self {
        let uid = Uid::effective();
        let known = User::from_uid(uid).ok().flatten();
        known.map_or_else(
            || Self {
                name: format!("{} {uid}", either("number", "Nummer")),
                uid: uid.as_raw(),
                gid: Gid::effective().as_raw(),
            },
            Self::from,
        )
    }

    /// The first folder on the way to `folder`, itself included, that this user may not enter, judged by owner and mode.
    pub(super) fn stopped_at(&self, folder: &Path) -> Option<PathBuf> {
        let mut way: Vec<&Path> = folder.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|step| {
                step.metadata()
                    .is_ok_and(|metadata| !self.may_enter(&metadata))
            })
            .map(Path::to_path_buf)
    }

    fn may_enter(&self, metadata: &std::fs::Metadata) -> bool {
        let bit = if metadata.uid() == self.uid {
            0o100
        } else if metadata.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        }
    }
}

/// Who would run what lies in these folders of a data folder: its owner, else the owner of the data folder, else one of the
/// preferred. None: the user of this process.
pub(super) fn for_service(
    path: &Path,
    data: &Path,
    preferred: &[&str],
) -> Result<Option<Account>, EmbeddedError> {
    if !is_root() {
        return Ok(None);
    }
    for folder in [path, data] {
        if let Some(owner) = Account::owning(folder).ok().flatten() {
            return Ok(Some(owner));
        }
    }
    Account::first_of(preferred).map(Some)
}

/// The same in words, with a look whether each can come in.
pub(super) fn described(
    data: &Path,
    services: &[(&str, &[&str])],
) -> Result<String, EmbeddedError> {
    let mut names = Vec::new();
    for (folder, preferred) in services {
        let account =
            for_service(&data.join(folder), data, preferred)?.unwrap_or_else(Account::own);
        // What does not exist yet is made so that they can.
        let above = data.parent().and_then(|parent| account.stopped_at(parent));
        if let Some(parent) = above {
            return Err(EmbeddedError::NotEnterable {
                folder: data.to_path_buf(),
                parent,
                account: account.name,
            });
        }
        if !names.contains(&account.name) {
            names.push(account.name);
        }
    }
    Ok(names.join(either(" and ", " und ")))
}

/// Whether this process may become another user.
pub(super) fn is_root() -> bool {
    Uid::effective().is_root()
}
