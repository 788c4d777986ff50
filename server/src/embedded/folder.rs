//! The data folder: made, kept private, and held by one process at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{
    DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown,
};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use super::account::{Account, for_service, is_root};
use super::error::EmbeddedError;
use super::sockets;

/// Bytes of its path: PostgreSQL's own paths have 1,023, and its folder lies below this one.
const PATH_MAX: usize = 980;

/// A data folder that this process holds until it is dropped.
#[derive(Debug)]
pub(super) struct DataFolder {
    /// Absolute, without links.
    pub(super) path: PathBuf,
    /// Whose the folder is when root works on an ordinary user's: that user runs the services and gets every file.
    pub(super) owner: Option<Account>,
    /// The lock on it ends with this process, however it ends.
    _lock: File,
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        sockets::leave(&self.path);
    }
}

/// What a look at a data folder shows, without changing it.
#[derive(Debug, PartialEq, Eq)]
pub enum Inspection {
    /// It does not exist yet and can be made.
    Missing,
    /// It exists and nothing runs on it.
    Free,
    /// A `weltgewebe` runs on it; its process id where it is told.
    InUse(Option<u32>),
    /// It belongs to the named user.
    AnotherUsers(String),
}

/// How one service's folder is found.
#[derive(Debug)]
pub(super) struct ServiceFolder {
    pub(super) path: PathBuf,
    /// Who the service runs as; none: as the user of this process.
    pub(super) account: Option<Account>,
}

impl DataFolder {
    /// Makes the folder when it is missing, looks at its rights and takes its lock.
    pub(super) fn open(wanted: &Path) -> Result<Self, EmbeddedError> {
        let failed = |doing: &'static str| {
            move |source: io::Error| EmbeddedError::Folder {
                path: wanted.to_path_buf(),
                doing,
                source,
            }
        };
        let mode = if is_root() { 0o711 } else { 0o700 };
        let absolute = std::path::absolute(wanted).map_err(failed("reading it"))?;
        if absolute.as_os_str().len() > PATH_MAX {
            return Err(EmbeddedError::PathTooLong { path: absolute });
        }
        if !wanted.exists() {
            if let Some(parent) = wanted.parent() {
                fs::create_dir_all(parent).map_err(failed("making the folder above it"))?;
            }
            DirBuilder::new()
                .mode(mode)
                .create(wanted)
                .map_err(failed("making it"))?;
            // The umask may have taken the right to pass from the service's user.
            fs::set_permissions(wanted, Permissions::from_mode(mode))
                .map_err(failed("setting its rights"))?;
        }
        let path = wanted.canonicalize().map_err(failed("reading it"))?;
        let metadata = path.metadata().map_err(failed("reading it"))?;
        let own = Account::own();
        if !is_root() && metadata.uid() != own.uid {
            return Err(EmbeddedError::AnotherUsers {
                owner: Account::owning(&path)
                    .map_err(failed("reading it"))?
                    .map_or_else(|| "root".into(), |owner| owner.name),
                path,
            });
        }
        let owner = if is_root() {
            Account::owning(&path).map_err(failed("reading it"))?
        } else {
            None
        };
        let is_empty = path
            .read_dir()
            .map_err(failed("reading it"))?
            .next()
            .is_none();
        if is_empty && owner.is_none() {
            // An empty folder becomes ours, as if made by us; rights of one that holds things are left alone.
            fs::set_permissions(&path, Permissions::from_mode(mode))
                .map_err(failed("setting its rights"))?;
        }
        let lock = take_lock(&path, owner.as_ref())?;
        Ok(Self {
            path,
            owner,
            _lock: lock,
        })
    }

    /// The folder of one service, made when missing, owned by whom it runs as. `preferred` are the users to choose from when root
    /// starts on a folder of its own.
    pub(super) fn of_service(
        &self,
        name: &str,
        preferred: &[&str],
    ) -> Result<ServiceFolder, EmbeddedError> {
        let path = self.path.join(name);
        let failed = self.failed("preparing a service's folder");
        let account = for_service(&path, &self.path, preferred)?;
        if !path.exists() {
            DirBuilder::new()
                .mode(0o700)
                .create(&path)
                .map_err(&failed)?;
        }
        if let Some(account) = &account {
            if path.metadata().map_err(&failed)?.uid() != account.uid {
                give(&path, account).map_err(&failed)?;
            }
            if let Some(parent) = account.stopped_at(&path) {
                return Err(EmbeddedError::NotEnterable {
                    folder: self.path.clone(),
                    parent,
                    account: account.name.clone(),
                });
            }
        }
        Ok(ServiceFolder { path, account })
    }

    /// Writes a private file of the folder's owner, whole or not at all.
    pub(super) fn write_private(&self, name: &str, text: &str) -> Result<(), EmbeddedError> {
        let failed = self.failed("writing a file in it");
        let path = self.path.join(name);
        write_private(&path, text, self.owner.as_ref()).map_err(failed)
    }

    /// The error of something in this folder.
    pub(super) fn failed(
        &self,
        doing: &'static str,
    ) -> impl Fn(io::Error) -> EmbeddedError + use<> {
        let path = self.path.clone();
        move |source| EmbeddedError::Folder {
            path: path.clone(),
            doing,
            source,
        }
    }
}

/// Looks at a data folder without changing anything.
///
/// # Errors
/// When it cannot be read.
pub(super) fn inspect(path: &Path) -> io::Result<Inspection> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Inspection::Missing),
        Err(error) => return Err(error),
    };
    if !is_root() && metadata.uid() != Account::own().uid {
        let owner = Account::owning(path)?.map_or_else(|| "root".into(), |owner| owner.name);
        return Ok(Inspection::AnotherUsers(owner));
    }
    let Ok(mut lock) = File::open(path.join("lock")) else {
        return Ok(Inspection::Free);
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(Inspection::Free),
        Err(TryLockError::WouldBlock) => Ok(Inspection::InUse(pid_in(&mut lock))),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Writes beside and renames, so that a kill leaves the old file or the new one.
pub(super) fn write_private(path: &Path, text: &str, owner: Option<&Account>) -> io::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(text.as_bytes())?;
    if let Some(owner) = owner {
        fchown(&file, Some(owner.uid), Some(owner.gid))?;
    }
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn take_lock(folder: &Path, owner: Option<&Account>) -> Result<File, EmbeddedError> {
    let path = folder.join("lock");
    let failed = |source| EmbeddedError::Folder {
        path: folder.to_path_buf(),
        doing: "locking it",
        source,
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        // Root may work in another user's folder here, and must not be led out of it.
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(EmbeddedError::InUse {
                path: folder.to_path_buf(),
                pid: pid_in(&mut file),
            });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).map_err(failed)?;
    file.rewind().map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    if let Some(owner) = owner {
        fchown(&file, Some(owner.uid), Some(owner.gid)).map_err(failed)?;
    }
    Ok(file)
}

fn pid_in(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// Hands a folder and all in it to a user; links are not followed.
fn give(path: &Path, account: &Account) -> io::Result<()> {
    lchown(path, Some(account.uid), Some(account.gid))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in path.read_dir()? {
            give(&entry?.path(), account)?;
        }
    }
    Ok(())
}
