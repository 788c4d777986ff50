//! Who asks: session, address, language.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::page::Lang;
use store::Store;
use store::spool::Session;

use super::language::language;
use super::problem::{Failure, Outcome};

/// The session's cookie.
pub(super) const SESSION_COOKIE: &str = "wg_session";

/// The sender of a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// None when signed out; [`Visitor::session`] tells when the database could not be asked.
    session: Result<Option<Session>, ()>,
    pub(super) token: Option<String>,
    pub(super) address: IpAddr,
    pub(super) lang: Lang,
}

impl Visitor {
    /// The session, if there is one.
    pub(super) fn session(&self) -> Outcome<Option<&Session>> {
        self.session
            .as_ref()
            .map(Option::as_ref)
            .map_err(|()| Failure::unavailable())
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    Store: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip());
        let token = cookie(&parts.headers, SESSION_COOKIE).map(str::to_owned);
        let session = match &token {
            None => Ok(None),
            Some(token) => store::spool::session(&Store::from_ref(state), token)
                .await
                .map_err(|error| {
                    tracing::warn!(%error, "a session could not be looked up: {error}");
                }),
        };
        let lang = language(parts.uri.query().unwrap_or_default(), &parts.headers);
        Ok(Self {
            session,
            token,
            address,
            lang,
        })
    }
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}
