//! What a request brings, read so that whatever is wrong with it is told as a problem.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::problem::ProblemKind;
use serde::de::DeserializeOwned;

use super::problem::Failure;

/// A JSON body.
pub(super) struct Sent<T>(pub(super) T);

/// A form.
pub(super) struct Filled<T>(pub(super) T);

/// The parameters of the address.
pub(super) struct Asked<T>(pub(super) T);

/// What the path of the address names.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(unread(rejection.status(), rejection.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Filled<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Form::<T>::from_request(request, state).await {
            Ok(Form(body)) => Ok(Self(body)),
            Err(rejection) => Err(unread(rejection.status(), rejection.body_text())),
        }
    }
}

fn unread(status: StatusCode, why: String) -> Failure {
    let kind = match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemKind::UnsupportedMedia,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TooLarge,
        _ => ProblemKind::Malformed,
    };
    Failure::new(kind, why)
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Query::<T>::from_request_parts(parts, state)
            .await
            .map(|Query(parameters)| Self(parameters))
            .map_err(|rejection| Failure::new(ProblemKind::Malformed, rejection.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(named)| Self(named))
            .map_err(|rejection| Failure::new(ProblemKind::Malformed, rejection.body_text()))
    }
}

/// How many are wanted: `usual` unless asked for otherwise, at least one and at most `max`.
pub(super) fn count(asked: Option<&str>, usual: u16, max: u16) -> Result<u16, Failure> {
    let Some(text) = asked else { return Ok(usual) };
    match text.parse::<u64>() {
        Ok(count) => Ok(u16::try_from(count).unwrap_or(max).clamp(1, max)),
        Err(_) => Err(Failure::new(
            ProblemKind::Malformed,
            format!("limit is a whole number from 1 to {max}"),
        )),
    }
}
