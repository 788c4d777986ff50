//! What an authority may vouch for. Its certificate says so itself, and browsers keep to it: whoever stole its key could
//! pretend to be a machine of the neighbourhood, never somebody's bank.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};
use serde::{Deserialize, Serialize};

use super::error::TlsError;

/// Networks that belong to nobody on the internet (RFC 1918, 3927, 4193, 4291, 6598).
const PRIVATE_NETWORKS: [&str; 9] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
];

/// Domains that belong to nobody on the internet (RFC 6761, 6762, 8375, and what home routers use).
const PRIVATE_DOMAINS: [&str; 6] = [
    "localhost",
    "local",
    "home.arpa",
    "internal",
    "lan",
    "fritz.box",
];

/// What a certificate can stand for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Name {
    Host(String),
    Address(IpAddr),
}

impl Name {
    /// As people type it: a host name or an address.
    pub(super) fn parse(text: &str) -> Result<Self, TlsError> {
        let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        let is_label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self::Host(text))
        } else {
            Err(TlsError::NoName { name: text })
        }
    }
}

/// Private networks and domains, and what was named or found when the authority was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scope {
    pub(super) hosts: BTreeSet<String>,
    pub(super) networks: BTreeSet<IpNet>,
}

impl Scope {
    /// Everything private, and these.
    pub(super) fn with(names: impl IntoIterator<Item = Name>) -> Self {
        let mut scope = Self {
            hosts: PRIVATE_DOMAINS.map(str::to_owned).into(),
            networks: PRIVATE_NETWORKS
                .iter()
                .filter_map(|net| net.parse().ok())
                .collect(),
        };
        for name in names {
            match name {
                name if scope.covers(&name) => {}
                Name::Host(host) => _ = scope.hosts.insert(host),
                Name::Address(address) => _ = scope.networks.insert(address.into()),
            }
        }
        scope
    }

    pub(super) fn covers(&self, name: &Name) -> bool {
        match name {
            Name::Host(host) => self.hosts.iter().any(|domain| {
                host.strip_suffix(domain.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }),
            Name::Address(address) => self.networks.iter().any(|net| net.contains(address)),
        }
    }

    /// As the certificate says it.
    pub(super) fn constraints(&self) -> NameConstraints {
        let hosts = self.hosts.iter().cloned().map(GeneralSubtree::DnsName);
        let networks = self.networks.iter().map(|net| {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(net.addr(), net.prefix_len()))
        });
        NameConstraints {
            permitted_subtrees: hosts.chain(networks).collect(),
            excluded_subtrees: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).expect("a name")
    }

    #[test]
    fn an_authority_vouches_for_the_neighbourhood_alone() {
        let scope = Scope::with([name("weben.example.org"), name("203.0.113.7")]);
        for own in [
            "localhost",
            "weben.local",
            "192.168.178.20",
            "fd00::1",
            "weben.example.org",
            "203.0.113.7",
        ] {
            assert!(scope.covers(&name(own)), "{own}");
        }
        for foreign in [
            "example.org",
            "notlocal",
            "xweben.example.org",
            "203.0.113.8",
            "2001:db8::1",
            "8.8.8.8",
        ] {
            assert!(!scope.covers(&name(foreign)), "{foreign}");
        }
    }

    #[test]
    fn nonsense_is_no_name() {
        for text in [
            "",
            "ü.local",
            "a b",
            "-a.local",
            "a..local",
            "*.local",
            "https://weben.local",
        ] {
            assert!(Name::parse(text).is_err(), "{text:?}");
        }
        assert_eq!(name("Weben.Local."), Name::Host("weben.local".into()));
        assert_eq!(name("::ffff:10.0.0.1"), Name::Address([10, 0, 0, 1].into()));
    }
}
