//! What the door would say as things stand, for work that is not worth beginning where it says no.

use std::collections::BTreeMap;

use domain::command::{Act, Command};
use domain::decide::decide;
use domain::refusal::Refusal;
use domain::weave::Uploaded;

use super::facts::AtTheDoor;
use super::transaction::streams;
use crate::{Store, StoreError};

/// Whether that command would be done by now, by all that is not about names. A picture that it shows counts as uploaded for it.
/// Nothing is promised: the door decides anew.
///
/// # Errors
/// When the database can't be reached.
pub async fn judge(store: &Store, command: &Command) -> Result<Result<(), Refusal>, StoreError> {
    let mut connection = store.reads().acquire().await?;
    let wanted = command.reads().into_iter().collect();
    let (states, _) = streams(&mut connection, &wanted).await?;
    let node = match command.act {
        Act::AddPicture { node, .. } => Some(node),
        _ => None,
    };
    let owner = command.by;
    let pictures = command.act.picture().into_iter();
    let uploaded: BTreeMap<_, _> = pictures
        .map(|picture| (picture, Uploaded { owner, node }))
        .collect();
    let facts = AtTheDoor {
        states: &states,
        uploaded: &uploaded,
    };
    Ok(decide(&facts, command, store.now()).map(drop))
}
