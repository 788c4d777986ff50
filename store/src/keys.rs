//! Keys: one per role, with which its personal texts are sealed, and those of the house, for hashes that
//! nobody outside can compute.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::id::RoleId;
use domain::personal::{Personal, Text};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sqlx::PgConnection;

use crate::{StoreError, random};

const NONCE_BYTES: usize = 24;
/// Keys held in the process; at the bound all are forgotten and read anew.
const CACHED_MAX: usize = 10_000;
/// A key that was destroyed is forgotten by every process after so long.
const CACHED_FOR: Duration = Duration::from_secs(60);

/// A role's key.
#[derive(Clone, Copy)]
pub(crate) struct RoleKey(pub(crate) [u8; 32]);

impl RoleKey {
    pub(crate) fn random() -> Result<Self, StoreError> {
        random::bytes().map(Self)
    }

    /// Seals a readable text; what is sealed or erased stays as it is.
    pub(crate) fn seal(&self, personal: &mut Personal) -> Result<(), StoreError> {
        let Text::Open(text) = &personal.text else {
            return Ok(());
        };
        let nonce = random::bytes::<NONCE_BYTES>()?;
        let sealed = XChaCha20Poly1305::new(&self.0.into())
            .encrypt(
                XNonce::from_slice(&nonce),
                owned_by(&personal.of, text.as_bytes()),
            )
            .map_err(|error| StoreError::unreadable("a text to be sealed", error))?;
        personal.text = Text::Sealed(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()));
        Ok(())
    }

    /// Seals what is no text.
    pub(crate) fn seal_bytes(&self, of: RoleId, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = random::bytes::<NONCE_BYTES>()?;
        let sealed = XChaCha20Poly1305::new(&self.0.into())
            .encrypt(XNonce::from_slice(&nonce), owned_by(&of, bytes))
            .map_err(|error| StoreError::unreadable("bytes to be sealed", error))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`RoleKey::seal_bytes`] has sealed.
    pub(crate) fn open_bytes(&self, of: RoleId, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let unreadable = |reason: &dyn ToString| {
            StoreError::unreadable(format!("what is kept of role {of}"), reason.to_string())
        };
        let (nonce, sealed) = sealed
            .split_at_checked(NONCE_BYTES)
            .ok_or_else(|| unreadable(&"it is too short"))?;
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(XNonce::from_slice(nonce), owned_by(&of, sealed))
            .map_err(|error| unreadable(&error))
    }

    fn open(&self, of: RoleId, sealed: &str) -> Result<String, StoreError> {
        let unreadable = |reason: &dyn ToString| {
            StoreError::unreadable(format!("a text of role {of}"), reason.to_string())
        };
        let bytes = STANDARD_NO_PAD
            .decode(sealed)
            .map_err(|error| unreadable(&error))?;
        let (nonce, sealed) = bytes
            .split_at_checked(NONCE_BYTES)
            .ok_or_else(|| unreadable(&"it is too short"))?;
        let text = XChaCha20Poly1305::new(&self.0.into())
            .decrypt(XNonce::from_slice(nonce), owned_by(&of, sealed))
            .map_err(|error| unreadable(&error))?;
        String::from_utf8(text).map_err(|error| unreadable(&error))
    }
}

/// Bound to its owner: no sealed text can be passed off as another role's.
fn owned_by<'a>(of: &'a RoleId, msg: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg,
        aad: of.0.as_bytes(),
    }
}

/// Opens a sealed text with its owner's key; without one it is erased.
pub(crate) fn open(
    personal: &mut Personal,
    keys: &BTreeMap<RoleId, RoleKey>,
) -> Result<(), StoreError> {
    if let Text::Sealed(sealed) = &personal.text {
        personal.text = match keys.get(&personal.of) {
            Some(key) => Text::Open(key.open(personal.of, sealed)?),
            None => Text::Erased,
        };
    }
    Ok(())
}

/// The role keys that this process has at hand.
#[derive(Default)]
pub(crate) struct RoleKeys {
    cached: Mutex<BTreeMap<RoleId, (RoleKey, Instant)>>,
}

impl RoleKeys {
    /// The keys of `roles` that exist. Only what is committed is ever remembered.
    pub(crate) async fn get(
        &self,
        connection: &mut PgConnection,
        roles: &BTreeSet<RoleId>,
    ) -> Result<BTreeMap<RoleId, RoleKey>, StoreError> {
        let mut keys = self.cached(roles);
        let missing: Vec<_> = roles
            .iter()
            .filter(|role| !keys.contains_key(role))
            .map(|role| role.0)
            .collect();
        if !missing.is_empty() {
            let rows = sqlx::query!(
                "SELECT role, key FROM keys.roles WHERE role = ANY($1)",
                &missing
            )
            .fetch_all(connection)
            .await?;
            for row in rows {
                let key = <[u8; 32]>::try_from(row.key.as_slice())
                    .map_err(|error| StoreError::unreadable("a role's key", error))?;
                keys.insert(RoleId(row.role), RoleKey(key));
            }
            self.remember(&keys);
        }
        Ok(keys)
    }

    fn cached(&self, roles: &BTreeSet<RoleId>) -> BTreeMap<RoleId, RoleKey> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        roles
            .iter()
            .filter_map(|role| cached.get(role).map(|known| (*role, *known)))
            .filter(|(_, (_, since))| since.elapsed() < CACHED_FOR)
            .map(|(role, (key, _))| (role, key))
            .collect()
    }

    fn remember(&self, keys: &BTreeMap<RoleId, RoleKey>) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() + keys.len() > CACHED_MAX {
            cached.clear();
        }
        let now = Instant::now();
        // What is known keeps its age, or a key in use would never be asked for again.
        for (role, key) in keys {
            let known = cached.entry(*role).or_insert((*key, now));
            if known.1.elapsed() >= CACHED_FOR {
                *known = (*key, now);
            }
        }
    }
}

/// The keys of the house.
pub(crate) struct HouseKeys {
    receipts: [u8; 32],
    logins: [u8; 32],
    feeds: [u8; 32],
}

impl HouseKeys {
    /// Reads them; makes those that are missing.
    pub(crate) async fn load(connection: &mut PgConnection) -> Result<Self, StoreError> {
        Ok(Self {
            receipts: house_key(&mut *connection, "receipts").await?,
            logins: house_key(&mut *connection, "logins").await?,
            feeds: house_key(connection, "feeds").await?,
        })
    }

    /// What a receipt keeps of role and command.
    pub(crate) fn receipt_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        keyed(&self.receipts, parts)
    }

    /// What opens the feeds of an area.
    pub(crate) fn feed_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        keyed(&self.feeds, parts)
    }

    /// What is kept of codes and askers.
    pub(crate) fn login_hash(&self, parts: &[&[u8]]) -> Vec<u8> {
        keyed(&self.logins, parts)
    }
}

async fn house_key(connection: &mut PgConnection, name: &str) -> Result<[u8; 32], StoreError> {
    sqlx::query!(
        "INSERT INTO keys.house (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        name,
        &random::bytes::<32>()?
    )
    .execute(&mut *connection)
    .await?;
    let key = sqlx::query_scalar!("SELECT key FROM keys.house WHERE name = $1", name)
        .fetch_one(connection)
        .await?;
    <[u8; 32]>::try_from(key.as_slice())
        .map_err(|error| StoreError::unreadable("a key of the house", error))
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC fills a short key with zeros up to the block of its hash.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_sealed_text_opens_with_its_owners_key_alone() {
        let (anna, bert) = (RoleId(Uuid::from_u128(1)), RoleId(Uuid::from_u128(2)));
        let key = RoleKey([7; 32]);
        let mut text = Personal::open(anna, "Anna Garn");
        key.seal(&mut text).expect("randomness");
        let Text::Sealed(sealed) = &text.text else {
            panic!("it is not sealed")
        };
        assert!(!sealed.contains("Anna"));

        let opened = |mut text: Personal, of: RoleId, key| {
            text.of = of;
            open(&mut text, &BTreeMap::from([(of, key)])).map(|()| text.text)
        };
        assert_eq!(
            opened(text.clone(), anna, key).expect("it opens"),
            Text::Open("Anna Garn".to_owned())
        );
        assert!(opened(text.clone(), anna, RoleKey([8; 32])).is_err());
        assert!(
            opened(text.clone(), bert, key).is_err(),
            "passed off as another's"
        );
        open(&mut text, &BTreeMap::new()).expect("no key is no error");
        assert_eq!(text.text, Text::Erased);
    }

    #[test]
    fn hashes_depend_on_the_key_and_on_where_parts_end() {
        assert_ne!(keyed(&[1; 32], &[b"ab"]), keyed(&[2; 32], &[b"ab"]));
        assert_ne!(
            keyed(&[1; 32], &[b"ab", b"c"]),
            keyed(&[1; 32], &[b"a", b"bc"])
        );
    }
}
