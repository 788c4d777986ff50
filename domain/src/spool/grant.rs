//! What is given and taken by whoever may: rights, and what the community asks for.

use super::{Confirmed, Right, RoleState, VOUCHES_NEEDED_MAX, draft};
use crate::event::{Body, Draft};
use crate::id::RoleId;
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::state::{Facts, StreamId};
use crate::tidy::{count, tidy_line};

/// Characters of a reason.
pub const REASON_MAX: u32 = 300;

/// The reason is about that role, and sealed with its key.
pub(crate) fn decide_grant(
    role: RoleId,
    state: Option<&RoleState>,
    right: Right,
    why: &str,
) -> Result<Vec<Draft>, Refusal> {
    let state = state.ok_or(Refusal::RoleUnknown)?;
    if state.has(right) {
        return Err(Refusal::RightHeld);
    }
    let reason = Personal::open(role, reason(why)?);
    let body = match right {
        Right::Weaver => Body::WeberBestaetigt {
            why: Confirmed::Grant { reason },
        },
        Right::Admin => Body::RechtVergeben { right, reason },
    };
    Ok(vec![draft(role, body)])
}

/// Who is a weaver no more begins as a guest again: the vouches that were there count no more.
pub(crate) fn decide_revoke(
    role: RoleId,
    state: Option<&RoleState>,
    right: Right,
    why: &str,
) -> Result<Vec<Draft>, Refusal> {
    let state = state.ok_or(Refusal::RoleUnknown)?;
    if !state.has(right) {
        return Err(Refusal::RightMissing);
    }
    let reason = Personal::open(role, reason(why)?);
    Ok(vec![draft(role, Body::RechtEntzogen { right, reason })])
}

/// How many vouches are needed from now on. Whoever has as many already is confirmed in the same breath, as by the last of them.
pub(crate) fn decide_vouches(facts: &dyn Facts, needed: u32) -> Result<Vec<Draft>, Refusal> {
    if needed > VOUCHES_NEEDED_MAX {
        return Err(Refusal::VouchesOutOfRange {
            max: VOUCHES_NEEDED_MAX,
            got: needed,
        });
    }
    if needed == facts.community().vouches_needed {
        return Err(Refusal::NothingChanged);
    }
    let mut drafts = vec![Draft {
        stream: StreamId::Community,
        cell: None,
        tie: None,
        body: Body::BuergschaftenFestgelegt { needed },
    }];
    for (guest, of) in facts.vouched(needed) {
        let why = match needed {
            0 => Confirmed::AtOnce,
            _ => Confirmed::Vouches { of },
        };
        drafts.push(draft(guest, Body::WeberBestaetigt { why }));
    }
    Ok(drafts)
}

/// A reason as it is kept: one line, and something to read.
///
/// # Errors
/// When it has control characters, nothing is left of it, or it is too long.
pub fn reason(asked: &str) -> Result<String, Refusal> {
    let reason = tidy_line(asked)?;
    match count(&reason) {
        got if got == 0 || got > REASON_MAX => Err(Refusal::ReasonLength {
            max: REASON_MAX,
            got,
        }),
        _ => Ok(reason),
    }
}
