//! What became of commands.

use std::collections::BTreeMap;

use domain::id::{CommandId, RoleId};
use domain::refusal::Refusal;
use domain::time::{DAY_MS, Millis};
use sqlx::PgConnection;
use uuid::Uuid;

use super::work::Work;
use crate::StoreError;
use crate::moment::{millis, stamp};

/// How long receipts are kept, in milliseconds; an older command that is not known is refused.
pub const RECEIPTS_KEPT_MS: i64 = 90 * DAY_MS;

/// The position of the command's last event, or why not.
pub(super) type Outcome = Result<(Millis, i64), Refusal>;

/// A receipt as it is kept.
#[derive(Clone, Debug)]
pub(super) struct StoredReceipt {
    pub(super) hash: Vec<u8>,
    pub(super) outcome: Outcome,
}

/// A receipt to be kept.
#[derive(Clone, Debug)]
pub(super) struct NewReceipt {
    pub(super) command: CommandId,
    pub(super) role: Option<RoleId>,
    pub(super) hash: Vec<u8>,
    pub(super) outcome: Outcome,
    /// From when on it is kept for [`RECEIPTS_KEPT_MS`]: not before the time that the command itself names, so that it
    /// is there for as long as the command is not refused for its age.
    pub(super) at: Millis,
}

/// The receipts of a batch that exist already.
pub(super) async fn load(
    connection: &mut PgConnection,
    works: &[Work],
) -> Result<BTreeMap<CommandId, StoredReceipt>, StoreError> {
    let ids: Vec<_> = works.iter().map(|work| work.id().0).collect();
    let rows = sqlx::query!(
        "SELECT command_id, hash, event_id, event_at, refusal FROM receipts WHERE command_id = ANY($1)",
        &ids
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let outcome = match (row.event_at, row.event_id, row.refusal) {
                (Some(at), Some(id), None) => Ok((millis(at), id)),
                (_, _, Some(refusal)) => Err(serde_json::from_value(refusal)
                    .map_err(|error| StoreError::unreadable("a refusal in a receipt", error))?),
                _ => return Err(StoreError::unreadable("a receipt", "it has no outcome")),
            };
            let receipt = StoredReceipt {
                hash: row.hash,
                outcome,
            };
            Ok((CommandId(row.command_id), receipt))
        })
        .collect()
}

/// Keeps the receipts of a batch.
pub(super) async fn insert(
    connection: &mut PgConnection,
    receipts: &[NewReceipt],
) -> Result<(), StoreError> {
    if receipts.is_empty() {
        return Ok(());
    }
    let commands: Vec<Uuid> = receipts.iter().map(|receipt| receipt.command.0).collect();
    let roles: Vec<Option<Uuid>> = receipts
        .iter()
        .map(|receipt| receipt.role.map(|role| role.0))
        .collect();
    let hashes: Vec<Vec<u8>> = receipts
        .iter()
        .map(|receipt| receipt.hash.clone())
        .collect();
    let positions = receipts.iter().map(|receipt| receipt.outcome.ok());
    let event_ids: Vec<Option<i64>> = positions.clone().map(|at| Some(at?.1)).collect();
    let event_ats: Vec<_> = positions.map(|at| Some(stamp(at?.0))).collect();
    let refusals = receipts
        .iter()
        .map(|receipt| match receipt.outcome {
            Ok(_) => Ok(None),
            Err(refusal) => serde_json::to_string(&refusal).map(Some),
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| StoreError::unreadable("a refusal", error))?;
    let ats: Vec<_> = receipts.iter().map(|receipt| stamp(receipt.at)).collect();
    sqlx::query!(
        "INSERT INTO receipts (command_id, role, hash, event_id, event_at, refusal, at)
         SELECT command_id, role, hash, event_id, event_at, refusal::jsonb, at
         FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::int8[], $5::timestamptz[], $6::text[],
                     $7::timestamptz[])
             AS new (command_id, role, hash, event_id, event_at, refusal, at)",
        &commands,
        &roles as &[Option<Uuid>],
        &hashes,
        &event_ids as &[Option<i64>],
        &event_ats as &[Option<chrono::DateTime<chrono::Utc>>],
        &refusals as &[Option<String>],
        &ats
    )
    .execute(connection)
    .await?;
    Ok(())
}
