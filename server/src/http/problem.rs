//! The one mapping of what goes wrong to HTTP.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::problem::{Problem, ProblemKind};
use domain::refusal::Refusal;
use store::StoreError;
use store::door::{DoorError, Unavailable};

/// A problem on its way out.
#[derive(Debug)]
pub(super) struct Failure(pub(super) Problem);

pub(super) type Outcome<T> = Result<T, Failure>;

/// Seconds after which to try again when the database is away.
const UNAVAILABLE_RETRY_S: u32 = 2;
/// Seconds after which to try again when somebody has to make room first.
const DISK_FULL_RETRY_S: u32 = 10;

impl Failure {
    pub(super) fn new(kind: ProblemKind, title: impl Into<String>) -> Self {
        Self(Problem::new(kind, title))
    }

    pub(super) fn malformed(why: impl Into<String>) -> Self {
        Self::new(ProblemKind::Malformed, why)
    }

    pub(super) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "there is nothing at this address")
    }

    pub(super) fn not_a_cursor() -> Self {
        Self::new(
            ProblemKind::CursorUnknown,
            "not a cursor of this epoch of the log: read the whole state, or the log from its beginning",
        )
    }

    pub(super) fn signed_out() -> Self {
        Self::new(ProblemKind::SignedOut, "sign in first")
    }

    pub(super) fn unavailable() -> Self {
        let mut problem = Problem::new(
            ProblemKind::Unavailable,
            "not available just now, try again",
        );
        problem.retry_after_s = Some(UNAVAILABLE_RETRY_S);
        Self(problem)
    }

    pub(super) fn disk_full() -> Self {
        let mut problem = Problem::new(
            ProblemKind::Unavailable,
            "the server's disk is full: nothing new can be kept just now, try again",
        );
        problem.retry_after_s = Some(DISK_FULL_RETRY_S);
        Self(problem)
    }

    pub(super) fn too_many(retry_after_s: u32) -> Self {
        let mut problem = Problem::new(
            ProblemKind::TooMany,
            "too many in a short time, wait a little",
        );
        problem.retry_after_s = Some(retry_after_s.max(1));
        Self(problem)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (kind, retry_after) = (self.0.kind, self.0.retry_after_s);
        let mut response = (status, Json(self.0)).into_response();
        // For whoever puts it in words.
        response.extensions_mut().insert(kind);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

impl From<StoreError> for Failure {
    /// The inside is logged here, once, and not shown.
    fn from(error: StoreError) -> Self {
        if let StoreError::CursorForeign { .. } = error {
            return Self::not_a_cursor();
        }
        tracing::warn!(error = %error, "a request could not be served: {error}");
        match error {
            StoreError::DiskFull => Self::disk_full(),
            _ => Self::unavailable(),
        }
    }
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Refused(refusal) => refusal.into(),
            DoorError::Unavailable(reason) => {
                tracing::warn!(%reason, "a command could not be taken: {reason}");
                match reason {
                    Unavailable::DiskFull => Self::disk_full(),
                    _ => Self::unavailable(),
                }
            }
        }
    }
}
