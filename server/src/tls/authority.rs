//! The authority: made once, kept in the data folder, readable by its user alone.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, lchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::time::{DAY_MS, Millis};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::TlsError;
use super::scope::{Name, Scope};

/// How long devices need not be told again.
const LASTS_MS: i64 = 3650 * DAY_MS;

const KEY: &str = "authority.key";
const CERTIFICATE: &str = "authority.der";
const ABOUT: &str = "authority.json";

/// What is kept beside key and certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    name: String,
    made_at: Millis,
    scope: Scope,
    /// Of the certificate.
    fingerprint: String,
}

/// Signs this server's certificates.
#[derive(Debug)]
pub(super) struct Authority {
    pub(super) issuer: Issuer<'static, KeyPair>,
    /// X.509 in DER.
    pub(super) certificate: Vec<u8>,
    pub(super) scope: Scope,
    pub(super) folder: PathBuf,
}

impl Authority {
    /// That of the folder; a new one, which may vouch for these besides all that is private, where there is none.
    pub(super) fn load_or_make(
        folder: &Path,
        own: &[IpAddr],
        named: &[String],
        now: Millis,
    ) -> Result<Self, TlsError> {
        let failed = |source| TlsError::Folder {
            folder: folder.to_path_buf(),
            source,
        };
        let found = [KEY, CERTIFICATE, ABOUT].map(|file| folder.join(file).exists());
        match found {
            [true, true, true] => Self::load(folder),
            // The description is written last: without it nobody was told of this authority.
            [_, _, false] => {
                make_folder(folder)?;
                let made = Self::make(folder, own, named, now)?;
                give_to_its_owner(folder).map_err(failed)?;
                Ok(made)
            }
            _ => Err(TlsError::Damaged {
                folder: folder.to_path_buf(),
            }),
        }
    }

    fn load(folder: &Path) -> Result<Self, TlsError> {
        let failed = |source| TlsError::Folder {
            folder: folder.to_path_buf(),
            source,
        };
        let damaged = || TlsError::Damaged {
            folder: folder.to_path_buf(),
        };
        let about = fs::read_to_string(folder.join(ABOUT)).map_err(failed)?;
        let about: About = serde_json::from_str(&about).map_err(|_| damaged())?;
        let key = fs::read_to_string(folder.join(KEY)).map_err(failed)?;
        let key = KeyPair::from_pem(&key).map_err(|_| damaged())?;
        let certificate = fs::read(folder.join(CERTIFICATE)).map_err(failed)?;
        let key_in_it = key.public_key_raw();
        let is_whole = fingerprint(&certificate) == about.fingerprint
            && certificate
                .windows(key_in_it.len())
                .any(|part| part == key_in_it);
        if !is_whole {
            return Err(damaged());
        }
        Ok(Self {
            issuer: Issuer::new(params(&about), key),
            certificate,
            scope: about.scope,
            folder: folder.to_path_buf(),
        })
    }

    fn make(
        folder: &Path,
        own: &[IpAddr],
        named: &[String],
        now: Millis,
    ) -> Result<Self, TlsError> {
        let failed = |source| TlsError::Folder {
            folder: folder.to_path_buf(),
            source,
        };
        let host = host_name();
        let mut names: Vec<Name> = own
            .iter()
            .map(|address| Name::Address(address.to_canonical()))
            .collect();
        for text in named.iter().chain(&host) {
            names.push(Name::parse(text)?);
        }
        let mut about = About {
            name: format!("Weltgewebe ({})", host.as_deref().unwrap_or("localhost")),
            made_at: now,
            scope: Scope::with(names),
            fingerprint: String::new(),
        };
        let key = KeyPair::generate()?;
        let certificate = params(&about).self_signed(&key)?.der().to_vec();
        about.fingerprint = fingerprint(&certificate);
        write(&folder.join(KEY), key.serialize_pem().as_bytes()).map_err(failed)?;
        write(&folder.join(CERTIFICATE), &certificate).map_err(failed)?;
        let text = serde_json::to_string_pretty(&about).map_err(|error| failed(error.into()))?;
        write(&folder.join(ABOUT), text.as_bytes()).map_err(failed)?;
        Ok(Self {
            issuer: Issuer::new(params(&about), key),
            certificate,
            scope: about.scope,
            folder: folder.to_path_buf(),
        })
    }
}

/// SHA-256 in hexadecimal pairs, as devices show it.
pub(super) fn fingerprint(certificate: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(certificate)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    pairs.join(":")
}

/// The same from the same: what it signs names it by these.
fn params(about: &About) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, about.name.as_str());
    valid(&mut params, about.made_at, about.made_at + LASTS_MS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(about.scope.constraints());
    params
}

/// From a day before one moment, because phones' clocks lag, until another.
pub(super) fn valid(params: &mut CertificateParams, from: Millis, until: Millis) {
    let moment =
        |at: Millis| date_time_ymd(1970, 1, 1) + Duration::from_millis(at.0.max(0).unsigned_abs());
    params.not_before = moment(from + -DAY_MS);
    params.not_after = moment(until);
}

/// This machine's name, if it has one that can stand in a certificate.
pub(super) fn host_name() -> Option<String> {
    let name = nix::unistd::gethostname().ok()?.into_string().ok()?;
    Name::parse(&name).ok().map(|_| name)
}

fn make_folder(folder: &Path) -> Result<(), TlsError> {
    let path = || folder.to_path_buf();
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    // Root may work in another user's folder here, and must not be led out of it.
    match (made, folder.symlink_metadata()) {
        (_, Ok(metadata)) if !metadata.is_dir() => Err(TlsError::Link { folder: path() }),
        (Ok(()), Ok(_)) => Ok(()),
        (Err(source), _) | (_, Err(source)) => Err(TlsError::Folder {
            folder: path(),
            source,
        }),
    }
}

/// What root keeps in another user's data folder is that user's.
fn give_to_its_owner(folder: &Path) -> io::Result<()> {
    let Some(data) = folder.parent() else {
        return Ok(());
    };
    let owner = data.metadata()?;
    if owner.uid() == folder.metadata()?.uid() {
        return Ok(());
    }
    for path in [
        folder.join(KEY),
        folder.join(CERTIFICATE),
        folder.join(ABOUT),
        folder.to_path_buf(),
    ] {
        lchown(path, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

/// Whole or not at all, and for this user alone.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_790_000_000_000);

    fn load(data: &Path) -> Result<Authority, TlsError> {
        Authority::load_or_make(&data.join("tls"), &[[192, 0, 2, 7].into()], &[], NOW)
    }

    #[test]
    fn an_authority_is_made_once_and_kept_private() {
        let data = tempfile::tempdir().expect("a folder");
        let made = load(data.path()).expect("it is made");
        let found = load(data.path()).expect("it is found");
        assert_eq!(found.certificate, made.certificate);
        assert_eq!(found.scope, made.scope);
        for file in [KEY, CERTIFICATE, ABOUT] {
            let mode = data.path().join("tls").join(file).metadata();
            assert_eq!(mode.expect("it is there").mode() & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn a_link_in_its_place_is_not_followed() {
        let (data, other) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        std::os::unix::fs::symlink(other.path(), data.path().join("tls")).expect("a link");
        assert!(matches!(load(data.path()), Err(TlsError::Link { .. })));
        let mut inside = other.path().read_dir().expect("a folder");
        assert!(inside.next().is_none(), "nothing was written there");
    }

    #[test]
    fn half_an_authority_is_none() {
        for file in [KEY, CERTIFICATE] {
            let data = tempfile::tempdir().expect("a folder");
            load(data.path()).expect("it is made");
            let path = data.path().join("tls").join(file);
            let whole = fs::read(&path).expect("it is there");
            fs::write(&path, &whole[..whole.len() / 2]).expect("it is cut");
            assert!(
                matches!(load(data.path()), Err(TlsError::Damaged { .. })),
                "{file} cut"
            );
            fs::remove_file(&path).expect("it goes");
            assert!(
                matches!(load(data.path()), Err(TlsError::Damaged { .. })),
                "without {file}"
            );
        }
    }

    #[test]
    fn a_key_of_another_authority_is_damage() {
        let (data, other) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        load(data.path()).expect("it is made");
        load(other.path()).expect("it is made");
        fs::copy(
            other.path().join("tls").join(KEY),
            data.path().join("tls").join(KEY),
        )
        .expect("it is copied");
        assert!(matches!(load(data.path()), Err(TlsError::Damaged { .. })));
    }
}
