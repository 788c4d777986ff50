use std::io;
use std::path::PathBuf;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The authority can't be read or kept.
    #[error(
        "The certificate authority in {} can't be used: {source}. Fix: see that this user may read and write there.", folder.display()
    )]
    Folder {
        /// Where it is kept.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody put something else where its folder belongs.
    #[error(
        "Where the certificate authority belongs, {} is a link to elsewhere or no folder. Fix: remove it; a new authority is made \
         then, which every device has to be told to trust again.", folder.display()
    )]
    Link {
        /// Where it should be kept.
        folder: PathBuf,
    },
    /// What is kept is no authority, or half of one.
    #[error(
        "The certificate authority in {} is damaged. Fix: bring the folder back from a backup, or remove it; a new authority is \
         made then, which every device has to be told to trust again.", folder.display()
    )]
    Damaged {
        /// Where it is kept.
        folder: PathBuf,
    },
    /// The authority was made before this name was known, and vouches for it to nobody.
    #[error(
        "The certificate authority in {} may not vouch for {name}. Fix: leave that name out, or remove the folder; a new authority \
         is made then, which every device has to be told to trust again.", folder.display()
    )]
    OutOfScope {
        /// What was asked for.
        name: String,
        /// Where the authority is kept.
        folder: PathBuf,
    },
    /// It is neither a host name nor an address.
    #[error(
        "{name} is neither a host name nor an address. Fix: name it as people type it, for example weben.local."
    )]
    NoName {
        /// What was asked for.
        name: String,
    },
    /// A certificate could not be made.
    #[error("A certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
    /// The TLS library refuses what it was given.
    #[error("TLS can't be set up: {0}")]
    Library(#[from] rustls::Error),
}
