//! What goes wrong at the edge, as RFC 9457 problem details with stable types.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::view::NodeRow;

/// An answer that is not the wanted one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// A sentence for developers; people read words made from `type` and `refusal`.
    pub title: String,
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// The knot as it is now, beside the refusal that it was changed meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Box<NodeRow>>,
    /// Seconds after which a retry makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

/// The stable `type` of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProblemKind {
    /// A rule of the domain says no; `refusal` says which.
    #[serde(rename = "urn:weltgewebe:refused")]
    Refused,
    #[serde(rename = "urn:weltgewebe:malformed")]
    Malformed,
    /// No position of this log: forged, of another epoch, or of what has not happened. Reading begins anew.
    #[serde(rename = "urn:weltgewebe:cursor-unknown")]
    CursorUnknown,
    #[serde(rename = "urn:weltgewebe:too-large")]
    TooLarge,
    #[serde(rename = "urn:weltgewebe:unsupported-media")]
    UnsupportedMedia,
    #[serde(rename = "urn:weltgewebe:method-not-allowed")]
    MethodNotAllowed,
    #[serde(rename = "urn:weltgewebe:not-found")]
    NotFound,
    /// The address exists no more or does not accept what was sent (a stale link, a wrong code).
    #[serde(rename = "urn:weltgewebe:code-wrong")]
    CodeWrong,
    /// What was given as an e-mail address is none.
    #[serde(rename = "urn:weltgewebe:email-wrong")]
    EmailWrong,
    #[serde(rename = "urn:weltgewebe:signed-out")]
    SignedOut,
    /// Signed in, but not as whose act the command is.
    #[serde(rename = "urn:weltgewebe:foreign-role")]
    ForeignRole,
    /// The request came from another site.
    #[serde(rename = "urn:weltgewebe:foreign-origin")]
    ForeignOrigin,
    #[serde(rename = "urn:weltgewebe:too-many")]
    TooMany,
    #[serde(rename = "urn:weltgewebe:unavailable")]
    Unavailable,
    #[serde(rename = "urn:weltgewebe:internal")]
    Internal,
}

/// What becomes of an outbox entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The rule said no for good: it comes back to its act with the text kept.
    Refused,
    /// It can't be read by this server: set aside, shown with its text, the next one goes on.
    SetAside,
    /// Nothing was decided: it stays and is retried.
    Stays,
}

impl ProblemKind {
    /// The type decides about an outbox entry, never the status.
    #[must_use]
    pub const fn fate(self) -> Fate {
        match self {
            Self::Refused => Fate::Refused,
            Self::Malformed | Self::TooLarge => Fate::SetAside,
            Self::CursorUnknown
            | Self::UnsupportedMedia
            | Self::MethodNotAllowed
            | Self::NotFound
            | Self::CodeWrong
            | Self::EmailWrong
            | Self::SignedOut
            | Self::ForeignRole
            | Self::ForeignOrigin
            | Self::TooMany
            | Self::Unavailable
            | Self::Internal => Fate::Stays,
        }
    }

    const fn status(self) -> u16 {
        match self {
            Self::Refused | Self::CodeWrong | Self::EmailWrong => 422,
            Self::Malformed | Self::CursorUnknown => 400,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::MethodNotAllowed => 405,
            Self::NotFound => 404,
            Self::SignedOut => 401,
            Self::ForeignRole | Self::ForeignOrigin => 403,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

impl Problem {
    /// A problem with the status that belongs to its kind.
    #[must_use]
    pub fn new(kind: ProblemKind, title: impl Into<String>) -> Self {
        Self {
            kind,
            title: title.into(),
            status: kind.status(),
            refusal: None,
            node: None,
            retry_after_s: None,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            kind: ProblemKind::Refused,
            title: refusal.to_string(),
            status: refusal.status(),
            refusal: Some(refusal),
            node: None,
            retry_after_s: None,
        }
    }
}
