//! Signing in and out by plain HTML forms and by the letter's link, for those without a script.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::problem::ProblemKind;

use super::problem::{Failure, Outcome};
use super::sent::{Filled, Named};
use super::session::{
    Ask, Code, ask_for_letter, clear_cookie, consume_code, end_session, set_cookie,
};
use super::visitor::Visitor;
use super::web::Web;

/// `POST /anmelden`: asks for a letter, then shows where to type its code.
pub(super) async fn ask(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Filled(form): Filled<Ask>,
) -> Response {
    match ask_for_letter(&web, &visitor, &headers, &form.email).await {
        Ok(()) => step("code", &form.email),
        Err(failure) => back_with(&failure, &form.email),
    }
}

/// `POST /anmelden/code`: signs in with the letter's code.
pub(super) async fn code(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Filled(form): Filled<Code>,
) -> Outcome<Response> {
    match consume_code(&web, &visitor, &form).await {
        Ok(Some(token)) => {
            Ok((set_cookie(&headers, &token)?, Redirect::to("/ich")).into_response())
        }
        Ok(None) => Ok(Redirect::to("/ich").into_response()),
        Err(failure) => Ok(back_with(&failure, &form.email)),
    }
}

/// `GET /anmelden/{token}`: a button. Scanners of letters fetch links; only a person presses it.
pub(super) async fn confirm(visitor: Visitor, Named(token): Named<String>) -> Response {
    Html(app::plain::confirm(
        visitor.lang,
        &token,
        super::site::assets(),
    ))
    .into_response()
}

/// `POST /anmelden/{token}`: the button was pressed.
pub(super) async fn follow(
    State(web): State<Web>,
    visitor: Visitor,
    Named(token): Named<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    web.limits.try_code(visitor.address)?;
    match store::spool::consume_token(&web.store, &token).await? {
        Some(session) => {
            Ok((set_cookie(&headers, &session)?, Redirect::to("/ich")).into_response())
        }
        None => {
            let page = app::plain::stale(visitor.lang, super::site::assets());
            Ok((StatusCode::GONE, Html(page)).into_response())
        }
    }
}

/// `POST /abmelden`: signs out.
pub(super) async fn sign_out(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Outcome<Response> {
    end_session(&web, &visitor).await?;
    Ok((clear_cookie(&headers)?, Redirect::to("/ich")).into_response())
}

/// Back to the form, which says in words what was wrong.
fn back_with(failure: &Failure, email: &str) -> Response {
    match failure.0.kind {
        ProblemKind::TooMany => step("zuviel", email),
        ProblemKind::EmailWrong => step("keine-adresse", email),
        ProblemKind::CodeWrong => step("falsch", email),
        _ => step("gestoert", email),
    }
}

/// The sign-in page at a step; [`super::page`] reads it back.
fn step(step: &str, email: &str) -> Response {
    Redirect::to(&format!("/anmelden?schritt={step}&email={}", encode(email))).into_response()
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
