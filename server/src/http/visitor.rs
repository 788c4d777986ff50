//! Who asks: session, address, language.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use domain::page::Lang;
use store::Store;
use store::spool::Session;

use super::host::is_trustworthy;
use super::language::language;
use super::problem::{Failure, Outcome};
use crate::sender::{self, SESSION_COOKIE, cookie};

/// The sender of a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// None when signed out; [`Visitor::session`] tells when the database could not be asked.
    session: Result<Option<Session>, ()>,
    pub(super) token: Option<String>,
    pub(super) address: IpAddr,
    pub(super) lang: Lang,
    /// Came unencrypted from another machine.
    pub(super) is_unprotected: bool,
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
        let address = sender::address(&parts.extensions);
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
            is_unprotected: !is_trustworthy(&parts.headers),
        })
    }
}
