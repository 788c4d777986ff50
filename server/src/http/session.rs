//! `/api/session/…`: signing in by letter and code, and signing out, for the client's script.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::problem::ProblemKind;
use serde::Deserialize;
use store::spool::{AskError, Asker};

use super::host::{base_url, came_by_tls};
use super::limits::household;
use super::problem::{Failure, Outcome};
use super::sent::Sent;
use super::visitor::Visitor;
use super::web::Web;
use crate::sender::SESSION_COOKIE;

/// How long a session's cookie lives, in seconds: 90 days, renewed by use.
const COOKIE_MAX_AGE_S: u32 = 90 * 24 * 60 * 60;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct Ask {
    pub(super) email: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct Code {
    pub(super) email: String,
    /// Eight digits; blanks are ignored.
    pub(super) code: String,
}

/// Sends a letter with a link and a code to an address. The answer tells nothing about accounts.
#[utoipa::path(
    post, path = "/api/session/mail", request_body = Ask,
    responses(
        (status = 202, description = "a letter is on its way"),
        (status = 400, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 403, body = domain::problem::Problem, content_type = "application/problem+json", description = "the request came from another site"),
        (status = 415, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 422, body = domain::problem::Problem, content_type = "application/problem+json", description = "that is no e-mail address"),
        (status = 429, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn mail(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(ask): Sent<Ask>,
) -> Outcome<StatusCode> {
    ask_for_letter(&web, &visitor, &headers, &ask.email).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Signs in with the code of the letter.
#[utoipa::path(
    post, path = "/api/session/code", request_body = Code,
    responses(
        (status = 204, description = "signed in; the cookie is set"),
        (status = 400, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 403, body = domain::problem::Problem, content_type = "application/problem+json", description = "the request came from another site"),
        (status = 415, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 422, body = domain::problem::Problem, content_type = "application/problem+json", description = "wrong, used or too old"),
        (status = 429, body = domain::problem::Problem, content_type = "application/problem+json"),
        (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn code(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(code): Sent<Code>,
) -> Outcome<Response> {
    Ok(match consume_code(&web, &visitor, &code).await? {
        Some(token) => (StatusCode::NO_CONTENT, set_cookie(&headers, &token)?).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Signs out.
#[utoipa::path(post, path = "/api/session/end", responses(
    (status = 204, description = "signed out"),
    (status = 403, body = domain::problem::Problem, content_type = "application/problem+json", description = "the request came from another site"),
    (status = 503, body = domain::problem::Problem, content_type = "application/problem+json"),
))]
pub(super) async fn end(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Outcome<Response> {
    end_session(&web, &visitor).await?;
    Ok((StatusCode::NO_CONTENT, clear_cookie(&headers)?).into_response())
}

pub(super) async fn ask_for_letter(
    web: &Web,
    visitor: &Visitor,
    headers: &HeaderMap,
    email: &str,
) -> Outcome<()> {
    web.limits.ask_for_letter(visitor.address)?;
    let asker = Asker {
        address: &household(visitor.address).to_string(),
        letters_max: web.limits.letters_by_address(),
    };
    let base = base_url(headers);
    // Where letters go out, links lead to the configured address, never to what a request calls us.
    let base = web.public_url.as_deref().unwrap_or(&base);
    match store::spool::ask(&web.store, email, visitor.lang, base, asker).await {
        Ok(_) => Ok(()),
        Err(AskError::NotAnAddress(_)) => Err(Failure::new(
            ProblemKind::EmailWrong,
            "that is no e-mail address",
        )),
        Err(AskError::TooMany { retry_after_s }) => Err(Failure::too_many(retry_after_s)),
        Err(AskError::Store(error)) => Err(error.into()),
    }
}

/// The token of a new session. None: there is one already for that address, by the link of the same letter, say, which
/// uses up the code.
pub(super) async fn consume_code(
    web: &Web,
    visitor: &Visitor,
    code: &Code,
) -> Outcome<Option<String>> {
    web.limits.try_code(visitor.address)?;
    let digits: String = code.code.chars().filter(char::is_ascii_digit).collect();
    let token = store::spool::consume_code(&web.store, &code.email, &digits).await?;
    let is_signed_in = visitor.session()?.is_some_and(|session| {
        store::spool::email(&code.email).is_ok_and(|email| email == session.email)
    });
    if token.is_none() && !is_signed_in {
        return Err(Failure::new(
            ProblemKind::CodeWrong,
            "wrong, used or too old",
        ));
    }
    Ok(token)
}

pub(super) async fn end_session(web: &Web, visitor: &Visitor) -> Outcome<()> {
    if let Some(token) = &visitor.token {
        store::spool::end_session(&web.store, token).await?;
    }
    Ok(())
}

type Header = (header::HeaderName, HeaderValue);
type Cookies = AppendHeaders<[Header; 1]>;

/// The session's cookie, from now on for as long as a session lasts.
pub(super) fn cookie_that_lasts(headers: &HeaderMap, token: &str) -> Outcome<Header> {
    cookie_header(headers, token, COOKIE_MAX_AGE_S).ok_or_else(Failure::unavailable)
}

pub(super) fn set_cookie(headers: &HeaderMap, token: &str) -> Outcome<Cookies> {
    cookie_that_lasts(headers, token).map(|header| AppendHeaders([header]))
}

pub(super) fn clear_cookie(headers: &HeaderMap) -> Outcome<Cookies> {
    let header = cookie_header(headers, "", 0).ok_or_else(Failure::unavailable)?;
    Ok(AppendHeaders([header]))
}

/// `Secure` only where the request came by TLS: elsewhere the browser would drop it.
fn cookie_header(headers: &HeaderMap, token: &str, max_age_s: u32) -> Option<Header> {
    let secure = if came_by_tls(headers) { "; Secure" } else { "" };
    let text = format!(
        "{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}"
    );
    HeaderValue::from_str(&text)
        .ok()
        .map(|value| (header::SET_COOKIE, value))
}
