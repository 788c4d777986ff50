//! The server's certificate, signed anew before it ends and when this machine has a new address.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use domain::time::{DAY_MS, Millis};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::Trust;
use super::authority::{Authority, fingerprint, host_name, valid};
use super::error::TlsError;
use super::scope::Name;

/// Browsers accept no certificate that lasts longer than 398 days; a short one is a habit.
const LASTS_MS: i64 = 90 * DAY_MS;
const RENEWED_BEFORE_MS: i64 = 30 * DAY_MS;
/// Addresses come and go with networks; the certificate stands for no more than this.
const NAMES_MAX: usize = 64;

/// The certificate in use and who signs the next one.
#[derive(Debug)]
pub struct Certificates {
    authority: Authority,
    now: RwLock<Signed>,
}

#[derive(Debug)]
struct Signed {
    names: BTreeSet<Name>,
    renew_at: Millis,
    config: Arc<ServerConfig>,
}

impl Certificates {
    pub(super) fn new(
        authority: Authority,
        own: Vec<IpAddr>,
        named: &[String],
        now: Millis,
    ) -> Result<Self, TlsError> {
        let mut names: BTreeSet<Name> = [Name::Host("localhost".into())].into();
        for text in named {
            let name = Name::parse(text)?;
            if !authority.scope.covers(&name) {
                return Err(TlsError::OutOfScope {
                    name: text.clone(),
                    folder: authority.folder.clone(),
                });
            }
            names.insert(name);
        }
        let found = own
            .into_iter()
            .map(|address| Name::Address(address.to_canonical()));
        let host = host_name()
            .into_iter()
            .flat_map(|host| [Name::Host(format!("{host}.local")), Name::Host(host)]);
        // What the machine is called may have changed since the authority was made.
        names.extend(
            found
                .chain(host)
                .filter(|name| authority.scope.covers(name))
                .take(NAMES_MAX),
        );
        let signed = sign(&authority, names, now)?;
        Ok(Self {
            authority,
            now: RwLock::new(signed),
        })
    }

    /// What devices have to be told.
    #[must_use]
    pub fn trust(&self) -> Trust {
        Trust {
            certificate: self.authority.certificate.clone(),
            fingerprint: fingerprint(&self.authority.certificate),
        }
    }

    /// The configuration for a connection that reached this machine at `local`.
    pub(super) fn config(&self, local: IpAddr, now: Millis) -> Arc<ServerConfig> {
        let local = Name::Address(local.to_canonical());
        let signed = self.now.read().unwrap_or_else(PoisonError::into_inner);
        let is_new = !signed.names.contains(&local)
            && self.authority.scope.covers(&local)
            && signed.names.len() < NAMES_MAX;
        if !is_new && now < signed.renew_at {
            return Arc::clone(&signed.config);
        }
        let mut names = signed.names.clone();
        drop(signed);
        if is_new {
            names.insert(local);
        }
        let mut signed = self.now.write().unwrap_or_else(PoisonError::into_inner);
        match sign(&self.authority, names, now) {
            Ok(new) => *signed = new,
            Err(error) => tracing::warn!(%error, "the old certificate stays: {error}"),
        }
        Arc::clone(&signed.config)
    }
}

fn sign(authority: &Authority, names: BTreeSet<Name>, now: Millis) -> Result<Signed, TlsError> {
    let mut params = CertificateParams::default();
    for name in &names {
        params.subject_alt_names.push(match name {
            Name::Host(host) => SanType::DnsName(host.as_str().try_into()?),
            Name::Address(address) => SanType::IpAddress(*address),
        });
    }
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Weltgewebe");
    valid(&mut params, now, now + LASTS_MS);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority.issuer)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate.der().to_vec())],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Signed {
        names,
        renew_at: now + (LASTS_MS - RENEWED_BEFORE_MS),
        config: Arc::new(config),
    })
}
