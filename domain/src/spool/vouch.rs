//! Vouching, and what it makes of a guest.

use super::{Confirmed, RoleState, draft};
use crate::event::{Body, Draft, Tie};
use crate::id::RoleId;
use crate::refusal::Refusal;
use crate::weave::ThreadKind;

/// `by` is a weaver. The vouch that is the last one needed confirms in the same breath.
pub(crate) fn decide_vouch(
    by: RoleId,
    guest: RoleId,
    state: Option<&RoleState>,
    needed: u32,
) -> Result<Vec<Draft>, Refusal> {
    let state = state.ok_or(Refusal::RoleUnknown)?;
    if by == guest {
        return Err(Refusal::VouchForOneself);
    }
    if state.vouched_by.contains(&by) {
        return Err(Refusal::VouchGiven);
    }
    if state.weaver_since.is_some() {
        return Err(Refusal::WeaverAlready);
    }
    let mut of = state.vouched_by.clone();
    of.push(by);
    let mut drafts = vec![tied(by, guest, Body::BuergschaftGegeben)];
    if of.len() >= needed as usize {
        let why = Confirmed::Vouches { of };
        drafts.push(draft(guest, Body::WeberBestaetigt { why }));
    }
    Ok(drafts)
}

/// Taken back only as long as it has confirmed nobody; one's own, whatever one is oneself by now.
pub(crate) fn decide_withdraw_vouch(
    by: RoleId,
    guest: RoleId,
    state: Option<&RoleState>,
) -> Result<Vec<Draft>, Refusal> {
    let state = state.ok_or(Refusal::RoleUnknown)?;
    if !state.vouched_by.contains(&by) {
        return Err(Refusal::VouchMissing);
    }
    match state.weaver_since.filter(|_| !state.is_granted) {
        Some(at) => Err(Refusal::VouchConfirmed { at }),
        None => Ok(vec![tied(by, guest, Body::BuergschaftZurueckgezogen)]),
    }
}

fn tied(by: RoleId, guest: RoleId, body: Body) -> Draft {
    Draft {
        tie: Some(Tie::new(by, ThreadKind::Vouch, guest)),
        ..draft(guest, body)
    }
}
