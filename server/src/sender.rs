//! What a request says about who sent it: cookies, the page it came from, and the address behind a proxy.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

/// The session's cookie.
pub(crate) const SESSION_COOKIE: &str = "wg_session";

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Browsers send `Origin` with everything that writes and with WebSockets; it must name this host.
pub(crate) fn is_from_own_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return text(header::HeaderName::from_static("sec-fetch-site"))
            .is_none_or(|site| matches!(site, "same-origin" | "none"));
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text(header::HOST)
}

/// The address that a request came from; loopback where nobody tells (in process).
pub(crate) fn address(extensions: &axum::http::Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip())
}

/// The proxies whose word is taken for who is behind them: this machine's own, and those that were named.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[IpNet]>);

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

impl Proxies {
    /// Loopback and these.
    #[must_use]
    pub fn new(named: &[IpNet]) -> Self {
        Self(named.into())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.0.iter().any(|net| net.contains(&address))
    }

    /// The address nearest to us that is no proxy of ours. Every proxy appends whom it heard, so what stands farther
    /// left may be invented.
    fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let list: Vec<IpAddr> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map_while(|address| address.trim().parse::<IpAddr>().ok())
            .map(|address| address.to_canonical())
            .collect();
        let near = list.iter().rev().find(|address| !self.trusts(**address));
        near.or(list.first()).copied()
    }
}

/// The connection itself was encrypted: marks each of its requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByTls;

/// Puts the address of the client in the place of its proxy's, and forgets what anybody else claims to forward.
pub(crate) async fn behind_proxies(
    State(proxies): State<Proxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(peer)) = peer.copied() {
        if !proxies.trusts(peer.ip().to_canonical()) {
            for name in [FORWARDED_FOR, FORWARDED_PROTO] {
                request.headers_mut().remove(name);
            }
        } else if let Some(client) = proxies.client(request.headers()) {
            let client = SocketAddr::new(client, peer.port());
            request.extensions_mut().insert(ConnectInfo(client));
        }
    }
    if request.extensions().get::<ByTls>().is_some() {
        request
            .headers_mut()
            .insert(FORWARDED_PROTO, HeaderValue::from_static("https"));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                let name = header::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn only_our_own_pages_write() {
        for (own, pairs) in [
            (
                true,
                &[
                    ("origin", "http://weben.test:8080"),
                    ("host", "weben.test:8080"),
                ][..],
            ),
            (
                false,
                &[("origin", "http://boese.test"), ("host", "weben.test:8080")],
            ),
            (false, &[("origin", "null"), ("host", "weben.test")]),
            (
                false,
                &[("sec-fetch-site", "cross-site"), ("host", "weben.test")],
            ),
            (true, &[("host", "weben.test")]),
        ] {
            assert_eq!(is_from_own_page(&headers(pairs)), own, "{pairs:?}");
        }
    }

    #[test]
    fn who_is_behind_a_proxy_is_told_by_trusted_proxies_alone() {
        let proxies = Proxies::new(&["10.1.0.0/16".parse().expect("a network")]);
        for (list, client) in [
            ("203.0.113.7", Some([203, 0, 113, 7])),
            // What the client wrote itself stands left of what our proxies saw.
            (
                "198.51.100.1, 203.0.113.7, 10.1.2.3",
                Some([203, 0, 113, 7]),
            ),
            ("::ffff:203.0.113.7", Some([203, 0, 113, 7])),
            ("10.1.2.3, 127.0.0.1", Some([10, 1, 2, 3])),
            ("unknown", None),
        ] {
            let said = proxies.client(&headers(&[(FORWARDED_FOR, list)]));
            assert_eq!(said, client.map(IpAddr::from), "{list}");
        }
        assert!(proxies.trusts(IpAddr::from([10, 1, 9, 9])));
        assert!(!proxies.trusts(IpAddr::from([10, 2, 0, 1])));
    }
}
